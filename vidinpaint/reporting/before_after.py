"""Before and after: a slider, which a script brings to life, and all moments side by side, which need none.

Every picture is in the page once: the slider takes its pictures from the contact sheet.
"""

from collections.abc import Sequence

from vidinpaint.core.report import Report
from vidinpaint.reporting.evidence import Evidence, Moment
from vidinpaint.reporting.markup import Markup, element, section
from vidinpaint.reporting.pictures import data_uri
from vidinpaint.reporting.words import SOURCE_WORDS, Check, clock


def before_and_after(report: Report, evidence: Evidence) -> Markup:
    """The slider, which a script brings to life, and all moments side by side, which need none."""
    if not evidence.moments:
        return Markup()
    kinds = [kind for kind in SOURCE_WORDS if evidence.counts[:, kind].any()]
    legend = [
        element("span", element("i", class_=f"key {kind.name.lower()}"), SOURCE_WORDS[kind], class_="legend-item")
        for kind in kinds
    ]
    switch = element(
        "label", element("input", type="checkbox", id="sources"), element("span", "Show where pixels came from")
    )
    return section(
        "Before and after",
        element("div", switch, element("div", *legend, class_="legend"), class_="switches"),
        _stage(evidence.moments[0]),
        element("div", *(_pair(moment, report.checks) for moment in evidence.moments), class_="sheet"),
        _hint(evidence),
    )


def _hint(evidence: Evidence) -> Markup:
    said = (
        f"{len(evidence.moments)} of {int((evidence.counts.sum(1) > 0).sum())} inpainted frames, spread over the clip."
    )
    view = evidence.view
    if (view.width, view.height) != (evidence.info.width, evidence.info.height):
        said += f" Shown is the part around the masks: {view.width} × {view.height} pixels at {view.x}, {view.y}."
    return element("p", said, class_="hint")


def _stage(first: Moment) -> Markup:
    pictures = [element("img", class_=kind, alt=kind.capitalize()) for kind in ("after", "source", "before")]
    slider = element(
        "input", type="range", class_="range", min=0, max=100, step="0.5", value=50,
        aria_label="How much of the picture is shown as it was before",
    )  # fmt: skip
    compare = element(
        "div", *pictures, element("span", "before", class_="tag left"), element("span", "after", class_="tag right"),
        element("i", class_="handle"), slider, class_="compare",
    )  # fmt: skip
    earlier = element("button", "‹", type="button", class_="step", data_step=-1, aria_label="Earlier moment")
    later = element("button", "›", type="button", class_="step", data_step=1, aria_label="Later moment")
    bar = element("div", earlier, element("p", class_="caption", aria_live="polite"), later, class_="steps")
    shape = f"--width:{first.width};--height:{first.height}"
    return element("div", compare, bar, id="stage", style=shape, hidden=True)


def _pair(moment: Moment, checks: Sequence[Check]) -> Markup:
    size = {"width": moment.width, "height": moment.height}
    where = f"frame {moment.frame}, {clock(moment.seconds)}"

    def picture(kind: str, file: str, data: bytes, alt: str) -> Markup:
        return element("img", class_=kind, src=data_uri(file, data), alt=alt, **size)

    before = element("div", picture("before", "jpeg", moment.before, f"Before, {where}"), class_="shown")
    after = picture("after", "jpeg", moment.after, f"After, {where}")
    source = picture("source", "png", moment.source, "")
    verdict = next((c["verdict"] for c in checks if c["start"] <= moment.frame < c["stop"]), None)
    caption = element(
        "figcaption",
        element("b", clock(moment.seconds)),
        element("span", f"frame {moment.frame}"),
        element("span", verdict, class_=f"badge {verdict}") if verdict else None,
    )
    both = element("div", before, element("div", after, source, class_="shown"), class_="pair")
    return element("figure", both, caption, class_="moment", data_middle=f"{100 * moment.middle:.1f}")
