# `make demo` and `make test` do all their own set-up on a fresh machine: a virtual environment in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check install picture bench docs clean

demo: .venv/installed
	$(BIN)/python sample_videos/demo.py demo

test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

check: test

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

bench: .venv/installed
	$(BIN)/python benchmarks/quality.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/fillers.py

docs: .venv/docs
	$(BIN)/mkdocs build --strict

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

clean:
	rm -rf .venv demo build dist site
