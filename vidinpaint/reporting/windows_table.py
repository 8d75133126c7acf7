"""The table of windows: frames, verdict, measures, the attempt that was kept, and reasons."""

from vidinpaint.checking.record import VERDICTS
from vidinpaint.core.report import Report
from vidinpaint.reporting.markup import Markup, element, join, section
from vidinpaint.reporting.words import MEASURES, Check, percent

MAX_ROWS = 200  # a long clip has thousands of windows, and the page must stay small


def windows_table(report: Report) -> Markup:
    """One row per checked window; at most `MAX_ROWS`, the worst ones."""
    checks = report.checks
    if not checks:
        return Markup()
    worst = sorted(checks, key=lambda check: (-VERDICTS.index(check["verdict"]), -check["score"]))[:MAX_ROWS]
    rows = [_row(check) for check in sorted(worst, key=lambda check: check["start"])]
    numeric = ("Warping error", "Flicker", "Seam", "Sharpness", "Propagated", "Synthesised")
    names = ("Frames", "Verdict", *numeric, "Attempt")
    heads = [element("th", name, class_="number" if name in numeric else None, scope="col") for name in names]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    hint = (
        "Warping error and flicker: inside the mask / around it, in grey levels. Seam and sharpness: 1 is as around it."
    )
    if len(checks) > MAX_ROWS:
        hint += f" The {MAX_ROWS} worst of {len(checks)} windows; report.json holds all of them."
    return section("Windows", element("div", table, class_="wide", tabindex=0), element("p", hint, class_="hint"))


def _row(check: Check) -> Markup:
    shares = check["shares"]
    tried = [name for name in check["attempts"] if name != check["attempt"]]
    numbers = [f"{_number(check[inside])} / {_number(check[ring])}" for inside, ring, _ in MEASURES]
    numbers += [_number(check["seam"]), _number(check["sharpness"])]
    numbers += [percent(shares.get(source, 0.0)) for source in ("propagated", "synthesised")]
    row = element(
        "tr",
        element("td", f"{check['start']}–{check['stop'] - 1}", class_="nowrap"),
        element("td", element("span", check["verdict"], class_=f"badge {check['verdict']}")),
        *(element("td", number, class_="number") for number in numbers),
        element("td", check["attempt"], class_="nowrap"),
    )
    remarks = [*check["reasons"]]
    if check["mostly_synthesised"]:
        remarks.append("No frame shows most of the masked area here.")
    if tried:
        remarks.append(f"Other attempts: {', '.join(tried)}.")
    cell = element("div", *(element("p", line) for line in remarks))
    return join([row, element("tr", element("td", cell, colspan=9), class_="remarks") if remarks else None])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
