"""Verdicts from measures, and the check of a window from those of its crops."""

import dataclasses
import json

import pytest

from vidinpaint.checking.record import FrameCheck
from vidinpaint.checking.verdict import FAULTS, CropCheck, average, join_crops, judge
from vidinpaint.core.window import Box, Window

WINDOW = Window(3, 0, 40, 50, 38, 60, (Box(0, 0, 8, 8),))
GOOD = {
    "warp_error_inside": 1.0, "warp_error_ring": 1.0, "flicker_inside": 2.0, "flicker_ring": 2.0,
    "seam": 1.0, "sharpness": 1.0,
}  # fmt: skip


def frames(shares: dict[str, float] | None = None, **measures: float | None) -> tuple[FrameCheck, ...]:
    shares = shares or {"propagated": 1.0}
    return tuple(FrameCheck(40 + t, 100, shares, **{**GOOD, **measures}) for t in range(3))


@pytest.mark.parametrize(
    ("fault", "measures"),
    [
        ("seam", {"seam": 4.0}),
        ("unsteady", {"warp_error_inside": 20.0}),
        ("frozen", {"flicker_inside": 0.0, "flicker_ring": 20.0}),
        ("soft", {"sharpness": 0.02}),
        ("harsh", {"sharpness": 40.0}),
    ],
)
def test_every_fault_is_bad_alone_and_is_named(fault: str, measures: dict[str, float]) -> None:
    checked = judge(frames(**measures), 1.0)
    assert checked.verdict == "bad"
    assert checked.score >= 1
    (reason,) = checked.reasons
    assert reason.startswith(FAULTS[fault].sentence.split("{")[0])
    assert judge(frames(**measures), 100.0).verdict == "good"


def test_verdicts_are_in_order_of_the_ratio() -> None:
    fault = FAULTS["seam"]
    seams = (0.99 * fault.suspect, 0.5 * (fault.suspect + fault.bad), 1.01 * fault.bad)
    checks = [judge(frames(seam=seam), 1.0) for seam in seams]
    assert [check.verdict for check in checks] == ["good", "suspect", "bad"]
    assert checks[0].score < checks[1].score < 1 < checks[2].score
    assert [len(check.reasons) for check in checks] == [0, 1, 1]


def test_synthesised_pixels_may_be_soft_but_must_not_have_a_seam() -> None:
    synthesised = {"synthesised": 0.9, "propagated": 0.1}
    assert judge(frames(synthesised, sharpness=0.02), 1.0).verdict == "suspect"
    assert judge(frames(synthesised, seam=4.0), 1.0).verdict == "bad"


def test_unfilled_pixels_are_bad() -> None:
    checked = judge(frames({"propagated": 0.9, "unfilled": 0.1}), 1.0)
    assert checked.verdict == "bad"
    assert checked.reasons == ("10% of the masked pixels were not inpainted",)


def test_missing_measures_are_no_faults() -> None:
    checked = judge(frames(**dict.fromkeys(GOOD)), 1.0)
    assert (checked.verdict, checked.score, checked.reasons) == ("good", 0.0, ())
    assert judge((), 1.0).verdict == "good"


def test_means_are_weighted_by_inpainted_pixels() -> None:
    small, large = FrameCheck(0, 10, seam=1.0), FrameCheck(1, 30, seam=2.0, sharpness=0.5)
    assert average((small, large)).seam == 1.75
    assert average((small, large)).sharpness == 0.5
    assert average((small, large)).warp_error_ring is None


def test_a_window_is_as_good_as_its_worst_crop() -> None:
    good, bad = judge(frames(), 1.0), judge(frames(seam=4.0, shares={"synthesised": 1.0}), 1.0)
    joined = join_crops(WINDOW, [good, bad])
    assert (joined.window, joined.start, joined.stop) == (3, 40, 50)
    assert (joined.verdict, joined.score, joined.reasons) == ("bad", bad.score, bad.reasons)
    assert joined.seam == 2.5
    assert joined.shares == {"propagated": 0.5, "synthesised": 0.5}
    assert [frame.inpainted for frame in joined.frames] == [200, 200, 200]
    assert [frame.index for frame in joined.frames] == [40, 41, 42]
    assert not joined.mostly_synthesised
    assert join_crops(WINDOW, [bad]).mostly_synthesised


def test_crops_with_different_frames_are_joined_by_frame() -> None:
    early, late = FrameCheck(40, 10, seam=1.0), FrameCheck(41, 10, seam=2.0)
    joined = join_crops(WINDOW, [CropCheck((late,), "good", 0.0, ()), CropCheck((early, late), "good", 0.0, ())])
    assert [(frame.index, frame.inpainted) for frame in joined.frames] == [(40, 10), (41, 20)]


def test_a_record_is_plain_json() -> None:
    record = dataclasses.asdict(join_crops(WINDOW, [judge(frames(), 1.0)]))
    assert json.loads(json.dumps(record))["frames"][0]["index"] == 40
