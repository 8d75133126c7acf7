"""Plots over time: the inpainted area by source, and the measures of `vidinpaint.checking`, for each frame."""

from collections.abc import Sequence

import numpy as np

from vidinpaint.core.report import SOURCE_WORDS, Report
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.markup import Markup, element, section
from vidinpaint.reporting.plots import Band, Line, Time, line_plot, stack_plot
from vidinpaint.reporting.words import MEASURES, Check


def over_time(report: Report, evidence: Evidence) -> Markup:
    """Plots of sources, warping error, flicker, seam and sharpness, cuts, and shaded windows that are not good."""
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
        Line(words, source.name.lower(), 100 * evidence.counts[:, source] / area)
        for source, words in SOURCE_WORDS.items()
        if evidence.counts[:, source].any()
    ]
    plots = [stack_plot(time, "Inpainted", "% of the frame", layers)]
    for inside, ring, name in MEASURES:
        lines = [
            Line("inside the mask", "inside", _series(report.checks, inside, len(plan))),
            Line("around the mask", "ring", _series(report.checks, ring, len(plan))),
        ]
        if any(np.isfinite(line.values).any() for line in lines):
            plots.append(line_plot(time, name, "grey levels", lines))
    ratios = [
        Line("seam", "seam", _series(report.checks, "seam", len(plan))),
        Line("sharpness", "sharpness", _series(report.checks, "sharpness", len(plan))),
    ]
    if any(np.isfinite(line.values).any() for line in ratios):
        plots.append(line_plot(time, "Seam and sharpness", "1 is equal to the area around it", ratios))
    sentences = [
        "The horizontal axis is the frame number.",
        "Thin lines are window borders." if time.windows else None,
        "Dashed lines are cuts." if time.shots else None,
        "Suspect windows are shaded amber, bad ones red." if bands else None,
    ]
    hint = element("p", " ".join(sentence for sentence in sentences if sentence), class_="hint")
    return section("Over time", element("div", *plots, class_="plots"), hint)


def band_title(check: Check) -> str:
    """The tooltip of a shaded window."""
    reasons = "; ".join(check["reasons"])
    return f"Frames {check['start']} to {check['stop'] - 1}: {check['verdict']}" + (f": {reasons}" if reasons else "")


def _series(checks: Sequence[Check], name: str, length: int) -> np.ndarray:
    """float (T,): one measure of every frame, NaN where it was not measured."""
    values = np.full(length, np.nan)
    for check in checks:
        for frame in check["frames"]:
            if frame[name] is not None:
                values[frame["index"]] = frame[name]
    return values
