"""Writes docs/formats.md: what is kept of clips of many kinds, found by making them and looking at the results.

Exits with 1 if anything was lost without a word. Needs the programs ffmpeg and ffprobe, and some minutes.

python -m tools.generate_formats_page [TABLE ...]
"""

import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from tools.formats.clips import Clip, clips
from tools.formats.verdict import Verdict, verdict

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
HEAD = """\
# Formats

What becomes of clips of many kinds. The tables are made by `python -m tools.generate_formats_page` (`make formats`):
FFmpeg makes a small clip of each kind, vidinpaint removes a box from it, and ffprobe looks at both. *kept*: everything
that is looked at is the same. *changed*: something is not, and the summary and the report say so in the words below.
*refused*: nothing was written, for the reason below. Looked at are all streams (sound as it is decoded, subtitles by
their text and times), labels of streams, tags, chapters, attachments, the size and shape of pixels, colour, rotation,
side data of the video and of its first picture, and the times of all pictures. What stands in boxes that this ffprobe
does not know yet is read by the FFmpeg in PyAV instead, and the note says so.

FFmpeg: {version}.
"""
EXPLANATIONS = {
    "Containers": "Rows: the input; columns: the output, with `--codec vp9` for .webm. `auto` is `--container auto`.",
    "Audio": "Rows: the sound of the input; columns: the output.",
    "Subtitles": "Rows: the subtitles of the input; columns: the output.",
    "Everything else": "Rows: what the input has; columns: the output.",
    "Pixel formats": "Rows: the input; columns: the codec of the output. For ffv1, which is lossless, all samples of"
    " the half of the picture that the mask does not touch are compared too.",
}
Results = dict[tuple[str, str], Verdict]


def main(names: Sequence[str]) -> int:
    """Make the page, or print only the tables named."""
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        sys.stderr.write("expected the programs ffmpeg and ffprobe, found none. Install FFmpeg.\n")
        return 2
    tables = dict(_results(names))
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True).stdout.split()[2].partition("-")[0]
    text = "\n".join([HEAD.format(version=version), *(_table(name, results) for name, results in tables.items())])
    if names:
        sys.stdout.write(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    lost = [line for name, results in tables.items() for line in _lost(name, results)]
    sys.stderr.write("".join(lost))
    return int(bool(lost))


def _lost(table: str, results: Results) -> list[str]:
    found = ((key, verdict) for key, verdict in results.items() if verdict.word == "LOST")
    return [f"{table}: {row} to {column}: {'; '.join(verdict.lines)}\n" for (row, column), verdict in found]


def _results(names: Sequence[str]) -> Iterator[tuple[str, Results]]:
    with tempfile.TemporaryDirectory() as folder:
        chosen = [clip for clip in clips(Path(folder)) if not names or clip.table in names]
        bar = tqdm(total=sum(len(clip.outputs) * len(clip.codecs) for clip in chosen), desc="formats")
        for table, group in itertools.groupby(chosen, key=lambda clip: clip.table):
            results: Results = {}
            for clip in group:
                results |= _of_clip(clip, Path(folder))
                bar.update(len(clip.outputs) * len(clip.codecs))
            yield table, results
        bar.close()


def _of_clip(clip: Clip, folder: Path) -> Results:
    path = clip.make(folder)
    found = {}
    for suffix, codec in itertools.product(clip.outputs, clip.codecs):
        column = codec if len(clip.codecs) > 1 else suffix if suffix == "auto" else f".{suffix}"
        default = "vp9" if suffix == "webm" else codec
        found[clip.row, column] = verdict(path, folder / f"result.{suffix}", default, clip.table == "Pixel formats")
    path.unlink()
    return found


def _table(name: str, results: Results) -> str:
    rows, columns = (list(dict.fromkeys(key[at] for key in results)) for at in (0, 1))
    notes: dict[tuple[str, ...], int] = {}
    lines = [
        f"## {name}\n",
        EXPLANATIONS[name] + "\n",
        "| |" + "|".join(columns) + "|",
        "|---" * (len(columns) + 1) + "|",
    ]
    for row in rows:
        cells = [_cell(results[row, column], notes) if (row, column) in results else "" for column in columns]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    lines += ["", *(f"{number}. {' '.join(words)}" for words, number in notes.items()), ""]
    return "\n".join(lines)


def _cell(found: Verdict, notes: dict[tuple[str, ...], int]) -> str:
    if not found.lines:
        return found.word
    return f"{found.word} ({notes.setdefault(found.lines, len(notes) + 1)})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
