"""From measures to a verdict, and from crops to a window."""

import dataclasses
import json

import pytest

from vidinpaint.checking.record import FrameCheck
from vidinpaint.checking.verdict import FAULTS, CropCheck, average, join, judge
from vidinpaint.core.window import Box, Window

WINDOW = Window(3, 0, 40, 50, 38, 60, (Box(0, 0, 8, 8),))
FINE = {
    "warp_inside": 1.0, "warp_ring": 1.0, "flicker_inside": 2.0, "flicker_ring": 2.0, "seam": 1.0, "sharpness": 1.0
}  # fmt: skip


def frames(shares: dict[str, float] | None = None, **measures: float | None) -> tuple[FrameCheck, ...]:
    one = {**FINE, **measures}
    return tuple(FrameCheck(40 + t, 100, **one, shares=shares or {"propagated": 1.0}) for t in range(3))


@pytest.mark.parametrize(
    ("fault", "measures"),
    [
        ("seam", {"seam": 4.0}),
        ("unsteady", {"warp_inside": 20.0}),
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


def test_verdicts_are_in_order_of_the_amount() -> None:
    limit = FAULTS["seam"]
    seams = (0.99 * limit.suspect, 0.5 * (limit.suspect + limit.bad), 1.01 * limit.bad)
    checks = [judge(frames(seam=seam), 1.0) for seam in seams]
    assert [check.verdict for check in checks] == ["good", "suspect", "bad"]
    assert checks[0].score < checks[1].score < 1 < checks[2].score
    assert [len(check.reasons) for check in checks] == [0, 1, 1]


def test_what_nothing_shows_may_be_soft_but_not_torn() -> None:
    unseen = {"synthesised": 0.9, "propagated": 0.1}
    assert judge(frames(unseen, sharpness=0.02), 1.0).verdict == "suspect"
    assert judge(frames(unseen, seam=4.0), 1.0).verdict == "bad"


def test_unpainted_is_bad() -> None:
    checked = judge(frames({"propagated": 0.9, "unfilled": 0.1}), 1.0)
    assert checked.verdict == "bad"
    assert checked.reasons == ("10% was left unpainted",)


def test_missing_measures_are_no_faults() -> None:
    checked = judge(frames(**dict.fromkeys(FINE)), 1.0)
    assert (checked.verdict, checked.score, checked.reasons) == ("good", 0.0, ())
    assert judge((), 1.0).verdict == "good"


def test_means_are_weighted_by_what_was_inpainted() -> None:
    small, large = FrameCheck(0, 10, seam=1.0), FrameCheck(1, 30, seam=2.0, sharpness=0.5)
    assert average((small, large)).seam == 1.75
    assert average((small, large)).sharpness == 0.5
    assert average((small, large)).warp_ring is None


def test_a_window_is_as_good_as_its_worst_box() -> None:
    good, bad = judge(frames(), 1.0), judge(frames(seam=4.0, shares={"synthesised": 1.0}), 1.0)
    joined = join(WINDOW, [good, bad])
    assert (joined.window, joined.start, joined.stop) == (3, 40, 50)
    assert (joined.verdict, joined.score, joined.reasons) == ("bad", bad.score, bad.reasons)
    assert joined.seam == 2.5
    assert joined.shares == {"propagated": 0.5, "synthesised": 0.5}
    assert [frame.inpainted for frame in joined.frames] == [200, 200, 200]
    assert [frame.index for frame in joined.frames] == [40, 41, 42]
    assert not joined.nothing_seen
    assert join(WINDOW, [bad]).nothing_seen


def test_boxes_that_begin_and_end_at_other_frames_are_joined_by_frame() -> None:
    early, late = FrameCheck(40, 10, seam=1.0), FrameCheck(41, 10, seam=2.0)
    joined = join(WINDOW, [CropCheck((late,), "good", 0.0, ()), CropCheck((early, late), "good", 0.0, ())])
    assert [(frame.index, frame.inpainted) for frame in joined.frames] == [(40, 10), (41, 20)]


def test_a_record_is_plain_json() -> None:
    record = dataclasses.asdict(join(WINDOW, [judge(frames(), 1.0)]))
    assert json.loads(json.dumps(record))["frames"][0]["index"] == 40
