"""Reports of progress reach the `Progress` of the surrounding task, in steps that never go back."""

import gc

import numba
import pytest

from vidinpaint.core.jit_notice import STAGE, show_compilation
from vidinpaint.core.progress import ProgressBar, SilentProgress, forward_progress, progress_range, report_progress


class Recorder(SilentProgress):
    def __init__(self) -> None:
        self.steps: list[int] = []
        self.stages: list[str] = []

    def advance(self, count: int) -> None:
        self.steps.append(count)

    def stage(self, name: str) -> None:
        self.stages.append(name)


def test_shares_become_steps_and_never_go_back() -> None:
    recorder = Recorder()
    with forward_progress(recorder, 100):
        with progress_range(0, 0.5):
            report_progress(0.5)
            with progress_range(0.5, 1):
                report_progress(0.5)
        report_progress(0.1)
        report_progress(1)
    report_progress(0.3)  # outside of the context: no effect
    assert recorder.steps == [25, 12, 0, 63]


def test_reports_have_no_effect_after_a_failure() -> None:
    recorder = Recorder()
    with pytest.raises(ZeroDivisionError), forward_progress(recorder, 10), progress_range(0, 0.5):
        raise ZeroDivisionError
    report_progress(1)
    assert recorder.steps == []


def test_compilation_is_named_once_and_then_ends() -> None:
    @numba.njit
    def inner(x):  # type: ignore[no-untyped-def]
        return x + 1

    @numba.njit
    def outer(x):  # type: ignore[no-untyped-def]
        return inner(x) * 2

    recorder = Recorder()
    with show_compilation(recorder):
        assert outer(3) == 8
        assert outer(4) == 10
    assert recorder.stages == [STAGE, ""]
    assert gc.isenabled()  # it pauses while compiling


def test_the_bar_shows_units(capsys: pytest.CaptureFixture[str]) -> None:
    bar = ProgressBar()
    bar.begin("telea", 3, unit="pixel")
    bar.advance(3)
    bar.end()
    assert "telea: 100%" in capsys.readouterr().err
