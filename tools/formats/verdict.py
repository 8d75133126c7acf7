"""`verdict`: runs vidinpaint on a clip and says what became of everything in it: kept, changed and said, or lost."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.formats.inventory import Facts, inventory
from tools.formats.programs import decoded
from vidinpaint import VidinpaintError, inpaint

MASK = "20,16,20,16"
WORDS = {
    "audio": ("sound", "audio", "stream", "track"),
    "subtitle": ("subtitle", "stream", "track"),
    "attachment": ("attachment", "attached", "stream"),
    "cover": ("cover", "picture", "stream"),
    "data": ("time code", "timecode", "data", "stream"),
    "chapter": ("chapter",),
    "tag": ("tag", "metadata", "title"),
    "video": ("video", "picture"),
}
"""Words of which a note has one if it speaks of a fact of this kind; the fact's own words count too."""


@dataclass(frozen=True)
class Verdict:
    """What became of a clip.

    word   "kept", "changed" (and every change is said), "refused" or "LOST"
    lines  the notes, the error, or what was lost
    """

    word: str
    lines: tuple[str, ...] = ()


def verdict(clip: Path, output: Path, codec: str, pixels: bool) -> Verdict:
    """Inpaint a clip; an output with the suffix .auto leaves the container to the program.

    pixels: the table is about pixel formats, and everything else about the picture is left aside
    """
    container = "auto" if output.suffix == ".auto" else None
    output = output.with_suffix(".mp4") if container else output
    options = {"settings": {"inpaint": {"method": "telea"}}, "config": "preview", "runner": "serial", "overwrite": True}
    try:
        report = inpaint(clip, MASK, output, codec=codec or None, container=container, **options)  # type: ignore[arg-type]
    except VidinpaintError as error:
        return Verdict("refused", (f"{error}".replace(str(clip.parent) + "/", ""),))
    made = Path(report.output)
    before, after = (_pixels(path, clip) if pixels else inventory(path) for path in (clip, made))
    made.unlink()
    changed = [name for name in before if not _same(name, before, after)]
    lost = [_difference(name, before, after) for name in changed if not _said(name, report.notes)]
    if lost:
        return Verdict("LOST", tuple(lost))
    notes = tuple(note.replace(str(clip.parent) + "/", "") for note in report.notes)
    return Verdict("changed" if changed else "kept", notes if changed else ())


def _same(name: str, before: Facts, after: Facts) -> bool:
    """Whether a fact is as before; a stream may give its title to the file, and get a last time that was missing."""
    value, now = before[name], after.get(name, "")
    titled = name.endswith(" title") and after.get("tag title") == value
    return value == now or titled or (name == "video times" and now.startswith(value))


def _said(fact: str, notes: tuple[str, ...]) -> bool:
    words = (*WORDS.get(fact.split()[0], ()), *fact.lower().split()[1:])
    return any(word in note.lower() for note in notes for word in words if not word.isdigit())


def _difference(name: str, before: Facts, after: Facts) -> str:
    return f"{name}: {before[name][:60]} became {after.get(name, 'nothing')[:60]}"


def _pixels(path: Path, clip: Path) -> Facts:
    """The pixel format, and for lossless results the samples of the half that the mask does not touch."""
    codec, format = _codec_and_format(path)
    facts = {"video pixel format": format.replace("yuvj", "yuv")}
    if path == clip or codec == "ffv1":
        _, original = _codec_and_format(clip)
        samples = decoded(path, "-vf", "crop=iw/2:ih:iw/2:0", "-pix_fmt", original, "-f", "rawvideo")
        facts["video samples"] = hashlib.md5(samples).hexdigest()
    return facts


def _codec_and_format(path: Path) -> tuple[str, str]:
    wanted = ("-select_streams", "v:0", "-show_entries", "stream=pix_fmt,codec_name", "-of", "csv=p=0")
    shown = subprocess.run(["ffprobe", "-v", "error", *wanted, str(path)], capture_output=True, check=True, text=True)
    codec, format = shown.stdout.strip().split(",")[:2]
    return codec, format
