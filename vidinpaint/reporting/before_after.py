"""Before and after: a slider, which needs a script, and a contact sheet of all moments, which needs none.

Every image is in the page once: the slider takes its images from the contact sheet.
"""

from collections.abc import Sequence

from vidinpaint.core.report import SOURCE_WORDS, Report
from vidinpaint.reporting.evidence import Evidence, Moment
from vidinpaint.reporting.images import data_uri
from vidinpaint.reporting.markup import Markup, element, section
from vidinpaint.reporting.words import Check, clock


def before_and_after(report: Report, evidence: Evidence) -> Markup:
    """The section with the slider and the contact sheet."""
    if not evidence.moments:
        return Markup()
    sources = [source for source in SOURCE_WORDS if evidence.counts[:, source].any()]
    legend = [
        element("span", element("i", class_=f"key {source.name.lower()}"), SOURCE_WORDS[source], class_="legend-item")
        for source in sources
    ]
    switch = element(
        "label", element("input", type="checkbox", id="sources"), element("span", "Show where the pixels came from")
    )
    return section(
        "Before and after",
        element("div", switch, element("div", *legend, class_="legend"), class_="switches"),
        _slider(evidence.moments[0]),
        element("div", *(_pair(moment, report.checks) for moment in evidence.moments), class_="sheet"),
        _hint(evidence),
    )


def _hint(evidence: Evidence) -> Markup:
    inpainted = int((evidence.counts.sum(1) > 0).sum())
    hint = f"{len(evidence.moments)} of {inpainted} inpainted frames, evenly spread over the clip."
    info = evidence.info
    view = info.turn.box(evidence.view, info.width, info.height)
    if (view.width, view.height) != info.shown_size:
        hint += f" Shown is the region around the masks: {view.width} × {view.height} pixels at {view.x}, {view.y}."
    return element("p", hint, class_="hint")


def _slider(first: Moment) -> Markup:
    images = [element("img", class_=kind, alt=kind.capitalize()) for kind in ("after", "source", "before")]
    slider = element(
        "input", type="range", class_="range", min=0, max=100, step="0.5", value=50,
        aria_label="Position of the border between before and after",
    )  # fmt: skip
    compare = element(
        "div", *images, element("span", "before", class_="tag left"), element("span", "after", class_="tag right"),
        element("i", class_="handle"), slider, class_="compare",
    )  # fmt: skip
    earlier = element("button", "‹", type="button", class_="step", data_step=-1, aria_label="Earlier moment")
    later = element("button", "›", type="button", class_="step", data_step=1, aria_label="Later moment")
    bar = element("div", earlier, element("p", class_="caption", aria_live="polite"), later, class_="steps")
    shape = f"--width:{first.width};--height:{first.height}"
    return element("div", compare, bar, id="stage", style=shape, hidden=True)


def _pair(moment: Moment, checks: Sequence[Check]) -> Markup:
    size = {"width": moment.width, "height": moment.height}
    position = f"frame {moment.frame}, {clock(moment.seconds)}"

    def image(kind: str, file: str, data: bytes, alt: str) -> Markup:
        return element("img", class_=kind, src=data_uri(file, data), alt=alt, **size)

    before = element("div", image("before", "jpeg", moment.before, f"Before, {position}"), class_="shown")
    after = image("after", "jpeg", moment.after, f"After, {position}")
    source = image("source", "png", moment.source, "")
    verdict = next((c["verdict"] for c in checks if c["start"] <= moment.frame < c["stop"]), None)
    caption = element(
        "figcaption",
        element("b", clock(moment.seconds)),
        element("span", f"frame {moment.frame}"),
        element("span", verdict, class_=f"badge {verdict}") if verdict else None,
    )
    both = element("div", before, element("div", after, source, class_="shown"), class_="pair")
    return element("figure", both, caption, class_="moment", data_middle=f"{100 * moment.middle:.1f}")
