"""The process that compiles alongside a first run is started once something is compiled, and ends with the run."""

import subprocess
import sys
from typing import Any

import pytest

from vidinpaint.execution import compile_alongside as module
from vidinpaint.execution.compile_alongside import compile_alongside


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started; each would run for a minute."""
    processes: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def record(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        processes.append(popen(*arguments, **options))
        return processes[-1]

    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", "import time; time.sleep(60)"))
    monkeypatch.setattr(module, "_cores", lambda: 2)
    monkeypatch.setattr(module.subprocess, "Popen", record)
    return processes


def test_nothing_is_started_unless_something_is_compiled(started: list[subprocess.Popen[bytes]]) -> None:
    with compile_alongside(True):
        pass
    assert not started


def test_the_process_ends_with_the_run(started: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(ValueError, match="stop"), compile_alongside(True) as start:  # noqa: PT012
        start()
        (process,) = started
        assert process.poll() is None
        raise ValueError("stop")
    assert process.poll() is not None


@pytest.mark.parametrize(("allowed", "cores"), [(False, 2), (True, 1)])
def test_one_core_or_another_runner_starts_nothing(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, allowed: bool, cores: int
) -> None:
    monkeypatch.setattr(module, "_cores", lambda: cores)
    with compile_alongside(allowed) as start:
        start()
    assert not started
