"""`verdict`: runs vidinpaint on a clip and says what became of everything in it: kept, changed and said, or lost."""

import hashlib
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.formats.inventory import Facts, inventory
from tools.formats.newer import newer_facts
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
    "time": ("time code",),
    "alpha": ("opacity",),
    "field": ("interlaced",),
    "format": ("encoded as",),
    "samples": ("converted",),
}
"""Words of which a note has one if it speaks of a fact of this kind; the fact's own words count too."""

LANGUAGES = {"deu": "ger"}
"""Codes of ISO 639-2 for terminology, and those for bibliography, which MOV uses."""


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
    if pixels and "video samples" not in after:  # a lossy codec
        del before["video samples"]
    changed = [name for name in before if not _same(name, before, after)]
    newer = [] if pixels or not changed else _read_by_newer(changed, newer_facts(clip), newer_facts(made))
    made.unlink()
    changed = [name for name in changed if name not in newer]
    lost = [_difference(name, before, after) for name in changed if not _said(name, report.notes)]
    if lost:
        return Verdict("LOST", tuple(lost))
    notes = tuple(note.replace(str(clip.parent) + "/", "") for note in report.notes)
    if not changed:
        return Verdict("kept", ("read by newer FFmpeg only: " + ", ".join(newer),) if newer else ())
    return Verdict("changed", notes)


def _read_by_newer(names: Sequence[str], before: Facts, after: Facts) -> list[str]:
    """The facts that a newer FFmpeg reads in the result, where ffprobe does not."""
    return [name for name in names if name in before and before[name] == after.get(name)]


def _same(name: str, before: Facts, after: Facts) -> bool:
    """Whether a fact is as before.

    A tag may move from a stream to the file, numbers may have more digits, a last time that was missing may be there, a
    language may have its other code.
    """
    value, now = before[name], after.get(name, "")
    moved = after.get(f"tag {name.split()[-1]}") == value
    present = value == "present" and bool(now)
    language = name.endswith(" language") and LANGUAGES.get(value) == now
    return (
        _plain(value) == _plain(now)
        or moved
        or present
        or language
        or (name == "video times" and now.startswith(value))
    )


def _plain(value: str) -> str:
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number.group()):g}", value)


def _said(fact: str, notes: tuple[str, ...]) -> bool:
    words = [word for part in fact.lower().split() for word in (part, *WORDS.get(part, ()))]
    return any(word in note.lower() for note in notes for word in words if not word.isdigit())


def _difference(name: str, before: Facts, after: Facts) -> str:
    return f"{name}: {before[name][:60]} became {after.get(name, 'nothing')[:60]}"


def _pixels(path: Path, original: Path) -> Facts:
    """The pixel format and, of lossless files, the samples of the half without a mask, in the original's format.

    Decoders show grey H.264 as 4:2:0, whose chroma is then not stored.
    """
    codec, format = _codec_and_format(path)
    grey = "yuv420p" if _codec_and_format(original)[1].startswith("gray") and codec == "h264" else "gray"
    facts = {"video pixel format": format.replace("yuvj", "yuv").replace(grey, "gray")}
    if path == original or codec == "ffv1":
        _, wanted = _codec_and_format(original)
        samples = decoded(path, "-vf", "crop=iw/2:ih:iw/2:0", "-pix_fmt", wanted, "-f", "rawvideo")
        facts["video samples"] = hashlib.md5(samples).hexdigest()
    return facts


def _codec_and_format(path: Path) -> tuple[str, str]:
    """Of the video; opacity of VP9 is a second picture, of which only a tag of the stream speaks."""
    wanted = ("-select_streams", "v:0", "-show_entries", "stream=pix_fmt,codec_name:stream_tags=alpha_mode")
    command = ["ffprobe", "-v", "error", *wanted, "-of", "json", str(path)]
    (stream,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
    opacity = "alpha_mode" in {key.lower() for key in stream.get("tags", {})}
    return stream["codec_name"], stream["pix_fmt"].replace("yuv4", "yuva4") if opacity else stream["pix_fmt"]
