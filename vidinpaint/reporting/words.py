"""The verdict on a run in words: one for the badge, one plain sentence, and how times and shares are written."""

from collections.abc import Mapping, Sequence
from typing import Any

from vidinpaint.core.canvas import Source
from vidinpaint.core.report import Report

Check = Mapping[str, Any]
"""One window as report.json holds it: the fields of `vidinpaint.checking.record.WindowCheck`."""

VERDICTS = ("good", "suspect", "bad")
MEASURES = (("warp_inside", "warp_ring", "Warp error"), ("flicker_inside", "flicker_ring", "Flicker"))
"""Inside the mask, around it, and what both are called."""
SOURCE_WORDS = {
    Source.PROPAGATED: "propagated from other frames",
    Source.UNBLENDED: "un-blended",
    Source.SYNTHESISED: "synthesised",
    Source.UNFILLED: "left unfilled",
}


def overall(checks: Sequence[Check]) -> str:
    """The worst verdict of all windows; "" where none was checked."""
    return max((str(check["verdict"]) for check in checks), key=VERDICTS.index, default="")


def badge(checks: Sequence[Check]) -> str:
    """The worst verdict, and whether all is like that."""
    worst = overall(checks)
    if not worst:
        return "Not checked"
    alike = all(check["verdict"] == worst for check in checks)
    return worst.capitalize() + ("" if alike else " in places")


def sentence(report: Report) -> str:
    """What happened, in one or two plain sentences."""
    if not report.inpainted_pixels:
        return "The masks mark nothing, so nothing was inpainted."
    said = [_verdicts(report.checks), _sources(report.share)]
    unseen = sum(bool(check["nothing_seen"]) for check in report.checks)
    if unseen:
        where = "in all windows" if unseen == len(report.checks) else f"in {unseen} of {len(report.checks)} windows"
        said.append(f"Most of what was hidden {where} is shown by no frame, so it had to be synthesised.")
    return " ".join(part for part in said if part)


def _verdicts(checks: Sequence[Check]) -> str:
    counts = {verdict: sum(check["verdict"] == verdict for check in checks) for verdict in VERDICTS}
    some = {verdict: count for verdict, count in counts.items() if count}
    if not some:
        return ""
    if len(checks) == 1:
        return f"The one inpainted window is {next(iter(some))}."
    if len(some) == 1:
        return f"All {len(checks)} inpainted windows are {next(iter(some))}."
    parts = [f"{count} {'is' if count == 1 else 'are'} {verdict}" for verdict, count in some.items()]
    return f"Of {len(checks)} inpainted windows, {_listed(parts)}."


def _sources(share: Mapping[str, float]) -> str:
    shares = {word: share.get(kind.name.lower(), 0.0) for kind, word in SOURCE_WORDS.items()}
    parts = [f"{percent(part)} were {word}" for word, part in shares.items() if part]
    return f"Of the inpainted pixels, {_listed(parts)}." if parts else ""


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(([", ".join(parts[:-1])] if len(parts) > 1 else []) + [parts[-1]])


def percent(share: float) -> str:
    """0.934 as "93 %", with a space that no line breaks at; what is there but rounds to nothing is "under 1 %"."""
    if 0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 <= share < 1:
        return "over 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def clock(seconds: float) -> str:
    """83.4 as "1:23.4"."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    small = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{small}" if hours else f"{minutes}:{small}"
