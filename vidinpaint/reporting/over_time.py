"""Plots over time: what was inpainted, from where, and the measures of `vidinpaint.checking`, frame by frame."""

from collections.abc import Sequence

import numpy as np

from vidinpaint.core.report import Report
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.markup import Markup, element, section
from vidinpaint.reporting.plots import Band, Line, Time, line_plot, stack_plot
from vidinpaint.reporting.words import MEASURES, SOURCE_WORDS, Check


def over_time(report: Report, evidence: Evidence) -> Markup:
    """Warp error, flicker, sharpness and sources, frame by frame; doubtful windows shaded, cuts marked."""
    if not report.inpainted_pixels:
        return Markup()
    plan = evidence.plan
    bands = [
        Band(check["start"], check["stop"], check["verdict"], band_title(check))
        for check in report.checks
        if check["verdict"] != "good"
    ]
    time = Time(
        len(plan),
        [window.start for window in plan.windows if window.start],
        [start for start, _ in plan.shots if start],
        bands,
    )
    area = evidence.info.width * evidence.info.height
    layers = [
        Line(words, kind.name.lower(), 100 * evidence.counts[:, kind] / area)
        for kind, words in SOURCE_WORDS.items()
        if evidence.counts[:, kind].any()
    ]
    drawn = [stack_plot(time, "Inpainted", "% of the frame", layers)]
    for inside, ring, name in MEASURES:
        lines = [
            Line("inside the mask", "inside", _series(report.checks, inside, len(plan))),
            Line("around it", "ring", _series(report.checks, ring, len(plan))),
        ]
        if any(np.isfinite(line.values).any() for line in lines):
            drawn.append(line_plot(time, name, "grey levels", lines))
    single = [
        Line("seam", "seam", _series(report.checks, "seam", len(plan))),
        Line("sharpness", "sharpness", _series(report.checks, "sharpness", len(plan))),
    ]
    if any(np.isfinite(line.values).any() for line in single):
        drawn.append(line_plot(time, "Seam and sharpness", "1 is as around it", single))
    said = [
        "By frame number.",
        "Thin lines are borders of windows." if time.windows else None,
        "Dashed lines are cuts." if time.shots else None,
        "Windows that may be noticed are shaded amber, bad ones red." if bands else None,
    ]
    hint = element("p", " ".join(line for line in said if line), class_="hint")
    return section("Over time", element("div", *drawn, class_="plots"), hint)


def band_title(check: Check) -> str:
    """What a shaded window says when it is pointed at."""
    reasons = "; ".join(check["reasons"])
    return f"Frames {check['start']} to {check['stop'] - 1}: {check['verdict']}" + (f": {reasons}" if reasons else "")


def _series(checks: Sequence[Check], name: str, length: int) -> np.ndarray:
    """float (T,): one measure of every frame, NaN where there is none."""
    values = np.full(length, np.nan)
    for check in checks:
        for frame in check["frames"]:
            if frame[name] is not None:
                values[frame["index"]] = frame[name]
    return values
