"""The table of windows: frames, verdict, measures, which attempt was kept and why."""

from vidinpaint.core.report import Report
from vidinpaint.reporting.markup import Markup, element, join, section
from vidinpaint.reporting.words import MEASURES, VERDICTS, Check, percent

ROWS = 200  # windows at most; a long clip has thousands, and the page is to stay small


def windows_table(report: Report) -> Markup:
    """One row a checked window; of very many only the worst."""
    checks = report.checks
    if not checks:
        return Markup()
    worst = sorted(checks, key=lambda check: (-VERDICTS.index(check["verdict"]), -check["score"]))[:ROWS]
    rows = [_row(check) for check in sorted(worst, key=lambda check: check["start"])]
    names = ("Frames", "Verdict", "Warp error", "Flicker", "Seam", "Sharpness", "Carried", "Synthesised", "Kept")
    numeric = ("Warp error", "Flicker", "Seam", "Sharpness", "Carried", "Synthesised")
    heads = [element("th", name, class_="number" if name in numeric else None, scope="col") for name in names]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    hint = "Warp error and flicker: inside the mask / around it, in grey levels."
    if len(checks) > ROWS:
        hint += f" The {ROWS} worst of {len(checks)} windows; report.json holds all of them."
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
    said = [*check["reasons"]]
    if check["mostly_synthesised"]:
        said.append("Most of what is hidden here is shown by no frame.")
    if tried:
        said.append(f"Tried besides: {', '.join(tried)}.")
    words = element("div", *(element("p", line) for line in said))
    return join([row, element("tr", element("td", words, colspan=9), class_="said") if said else None])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
