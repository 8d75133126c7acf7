"""A synthetic finished run to report on: a few frames, a mask, checked windows."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

import numpy as np

from tests.scenes import pan
from vidinpaint.checking.record import FrameCheck, Verdict, WindowCheck
from vidinpaint.core.canvas import Canvas, Source
from vidinpaint.core.clip import Clip, Colour, PixelFormat
from vidinpaint.core.report import Report
from vidinpaint.core.window import Box, Plan, Window
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.video.info import VideoInfo

FRAMES, HEIGHT, WIDTH = 30, 96, 160
MASK = Box(60, 30, 40, 36)
CROP = Box(40, 10, 80, 76)
FORMAT, COLOUR, BASE = PixelFormat("gbrp", "rgb"), Colour("rgb", True), Fraction(1, 25)


class StaticMasks:
    """Masks with one box in a range of frames."""

    def __init__(self, box: Box = MASK, frames: range = range(FRAMES)) -> None:
        self.box, self.frames = box, frames

    def boxes(self, index: int) -> tuple[Box, ...]:
        return (self.box,) if index in self.frames else ()


def plan(length: int = 10) -> Plan:
    starts = range(0, FRAMES, length)
    windows = tuple(
        Window(index, 0, start, start + length, start, start + length, (CROP,)) for index, start in enumerate(starts)
    )
    return Plan(np.arange(FRAMES), BASE, ((0, 18), (18, FRAMES)), windows)


def info(**changes: Any) -> VideoInfo:
    return replace(VideoInfo("clip.mp4", WIDTH, HEIGHT, FORMAT, COLOUR, BASE, 1 / BASE), **changes)


def clip(frames: np.ndarray, first: int = 0) -> Clip:
    planes = tuple(np.ascontiguousarray(frames[..., index]) for index in range(3))
    return Clip(planes, FORMAT, COLOUR, np.arange(first, first + len(frames)), BASE, first)


def results(window: Window) -> tuple[Mapping[str, Any], tuple[Canvas, ...]]:
    """The values of a window: the masked area is red before and black after, its left half is synthesised.

    The source map covers more than the mask, as it does if chroma is stored at half resolution.
    """
    frames = (255 * pan(FRAMES, HEIGHT, WIDTH, 1.0)[window.start : window.stop]).astype(np.uint8)
    before, after = frames.copy(), frames.copy()
    before[:, *MASK.slices] = (255, 0, 0)
    after[:, *MASK.slices] = 0
    source = np.zeros((len(window), CROP.height, CROP.width), np.uint8)
    source[:, 19:57, 19:40] = Source.SYNTHESISED
    source[:, 19:57, 40:61] = Source.PROPAGATED
    mask = np.zeros((len(window), HEIGHT, WIDTH), bool)
    mask[:, *MASK.slices] = True
    canvas = Canvas(np.zeros((*source.shape, 3), np.float32), source)
    return {"clip": clip(before, window.start), "mask": mask, "result": clip(after, window.start)}, (canvas,)


def evidence(order: tuple[int, ...] = (0, 1, 2), **changes: Any) -> Evidence:
    result = Evidence(plan(), info(**changes), StaticMasks())
    for index in order:
        window = result.plan.windows[index]
        result.collect(window, *results(window), None)
    return result


def check(index: int, verdict: Verdict, *reasons: str, **changes: Any) -> WindowCheck:
    start, stop = 10 * index, 10 * index + 10
    frames = tuple(
        FrameCheck(t, 1440, warp_error_inside=2.0 + t % 3, warp_error_ring=2.0, seam=1.1, sharpness=0.9,
                   flicker_inside=None if t == stop - 1 else 3.0, flicker_ring=2.5) for t in range(start, stop)
    )  # fmt: skip
    record = WindowCheck(index, start, stop, 14400, verdict, reasons, frames=frames, warp_error_inside=3.0,
                         warp_error_ring=2.0, shares={"propagated": 0.5, "synthesised": 0.5})  # fmt: skip
    return replace(record, **changes)


def report(**changes: Any) -> Report:
    checks = (
        check(0, "good"),
        check(1, "suspect", "The mask flickers."),
        check(2, "bad", "A seam shows.", attempt="planes", attempts=("requested", "planes"), mostly_synthesised=True),
    )
    result = Report(
        clip="holiday/clip.mp4", output="clean.mp4", version="1", pipeline="object_removal", config="balanced",
        runner="threads", frames=FRAMES, width=WIDTH, height=HEIGHT, shots=2, windows=3, inpainted_pixels=43200,
        share={"propagated": 0.5, "unblended": 0.0, "synthesised": 0.5, "unfilled": 0.0},
        seconds={"flow": 2.0, "inpaint": 0.5}, total_seconds=3.0, notes=("an attachment was left out",),
        settings={"flow": {"method": "dis", "passes": 2}}, source_sha256="ab" * 32, output_sha256="cd" * 32,
        checks=tuple(asdict(one) for one in checks), started="2026-01-01 00:00:00+00:00",
        command="vidinpaint inpaint clip.mp4", versions={"Python": "3.11"},
    )  # fmt: skip
    return replace(result, **changes)
