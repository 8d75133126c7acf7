# `make demo` and `make test` do all their own set-up on a fresh machine: a virtual environment in .venv.
PYTHON ?= python3
BIN := .venv/bin

# Tests run side by side, one process per core. All tests of a file run in one process: they share what the file sets up,
# and two processes seldom compile the same code. Plain `pytest` runs them one after the other.
PYTEST := $(BIN)/python -m pytest -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

.PHONY: demo test coverage fuzz formats docs check install bench clean

demo: .venv/installed
	$(BIN)/python sample_videos/demo.py demo

test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST)

# Which lines the tests run: a table of the files that are not wholly covered, and htmlcov/index.html with every line.
coverage: .venv/installed
	$(PYTEST) --cov --cov-report=term --cov-report=html

# Ten thousand damaged, odd and hostile inputs, new ones every time; `make test` tries 300, the same every time.
fuzz: .venv/installed
	FUZZ_INPUTS=10000 $(PYTEST) tests/fuzzing

# What is kept of clips of many kinds: docs/formats.md. Needs the programs ffmpeg and ffprobe.
formats: .venv/installed
	$(BIN)/python -m tools.generate_formats_page

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
	$(BIN)/python benchmarks/inpainters.py

docs: .venv/docs
	$(BIN)/mkdocs build --strict

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@

clean:
	rm -rf .venv demo build dist site htmlcov .coverage
