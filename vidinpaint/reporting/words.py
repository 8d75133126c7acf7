"""The verdict on a run in words, for the badge and as a sentence; formats for times and shares."""

from collections.abc import Mapping, Sequence
from typing import Any

from vidinpaint.checking.record import VERDICTS
from vidinpaint.core.report import SOURCE_WORDS, Report

Check = Mapping[str, Any]
"""One window as report.json holds it: the fields of `vidinpaint.checking.record.WindowCheck`."""

MEASURES = (("warp_error_inside", "warp_error_ring", "Warping error"), ("flicker_inside", "flicker_ring", "Flicker"))
"""Names of the measure inside the mask and around it in a check, and its title on the page."""


def overall(checks: Sequence[Check]) -> str:
    """The worst verdict of all windows; "" if none was checked."""
    return max((str(check["verdict"]) for check in checks), key=VERDICTS.index, default="")


def badge(checks: Sequence[Check]) -> str:
    """The worst verdict, and whether all windows have it."""
    worst = overall(checks)
    if not worst:
        return "Not checked"
    same = all(check["verdict"] == worst for check in checks)
    return worst.capitalize() + ("" if same else " in places")


def sentence(report: Report) -> str:
    """The result in one to three plain sentences."""
    if not report.inpainted_pixels:
        return "The masks mark nothing, so nothing was inpainted."
    sentences = [_verdicts(report.checks), _sources(report.share)]
    unseen = sum(bool(check["mostly_synthesised"]) for check in report.checks)
    if unseen:
        where = "in all windows" if unseen == len(report.checks) else f"in {unseen} of {len(report.checks)} windows"
        sentences.append(f"No frame shows most of the masked area {where}, so it was synthesised.")
    return " ".join(part for part in sentences if part)


def _verdicts(checks: Sequence[Check]) -> str:
    counts = {verdict: sum(check["verdict"] == verdict for check in checks) for verdict in VERDICTS}
    found = {verdict: count for verdict, count in counts.items() if count}
    if not found:
        return ""
    if len(checks) == 1:
        return f"The one inpainted window is {next(iter(found))}."
    if len(found) == 1:
        return f"All {len(checks)} inpainted windows are {next(iter(found))}."
    parts = [f"{count} {'is' if count == 1 else 'are'} {verdict}" for verdict, count in found.items()]
    return f"Of {len(checks)} inpainted windows, {_listed(parts)}."


def _sources(share: Mapping[str, float]) -> str:
    shares = {words: share.get(source.name.lower(), 0.0) for source, words in SOURCE_WORDS.items()}
    parts = [f"{percent(part)} were {words}" for words, part in shares.items() if part]
    return f"Of the inpainted pixels, {_listed(parts)}." if parts else ""


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(([", ".join(parts[:-1])] if len(parts) > 1 else []) + [parts[-1]])


def percent(share: float) -> str:
    """0.934 as "93 %" with a non-breaking space; what rounds to 0 or 100 is "under 1 %" or "over 99 %"."""
    if 0 < share < 0.005:
        return "under 1\u00a0%"
    if 0.995 <= share < 1:
        return "over 99\u00a0%"
    return f"{100 * share:.0f}\u00a0%"


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 83.4 as "1:23.4"."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    short = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{short}" if hours else f"{minutes}:{short}"
