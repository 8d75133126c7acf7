"""Small batches of clips for tests."""

import json
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from tests.video.clips import Recipe, write
from vidinpaint.video.files.decoder import Decoder

MASK = "20,16,24,20"
QUICK = ["--pipeline", "inpaint_each_frame", "--fill", "telea", "--set", "plan.length=6", "--set", "plan.context=1",
         "--set", "encode.preset=ultrafast", "--quiet"]  # fmt: skip


def clips(folder: Path, count: int, frames: int = 12) -> None:
    """Write the clips 00.mp4 ...; they differ in the time of the first frame or in size, so that no two are equal."""
    folder.mkdir(exist_ok=True)
    write(folder / "00.mp4", Recipe(pts=tuple(range(0, frames * 512, 512)), size=(64, 96)))
    for number in range(1, count):
        pts = tuple(range(512 * (number % 7), (frames + number % 7) * 512, 512))
        write(folder / f"{number:02d}.mp4", Recipe(pts=pts, size=(64, 96 + 2 * (number % 5))))


def damage(folder: Path, numbers: list[int]) -> dict[str, str]:
    """Damage three clips and give invalid masks to two; returns these masks by the name of the clip."""
    whole = (folder / f"{numbers[1]:02d}.mp4").read_bytes()
    (folder / f"{numbers[0]:02d}.mp4").write_bytes(b"")
    (folder / f"{numbers[1]:02d}.mp4").write_bytes(whole[: len(whole) // 2])
    (folder / f"{numbers[2]:02d}.mp4").write_bytes(b"this is text, not video\n" * 50)
    return {f"{numbers[3]:02d}.mp4": "0,0,999,999", f"{numbers[4]:02d}.mp4": "500,500,5,5"}


def listing(folder: Path, masks: dict[str, str] | None = None) -> Path:
    """A manifest of all clips of a folder."""
    manifest = folder / "list.jsonl"
    names = sorted(path.name for path in folder.glob("*.mp4"))
    rows = [{"clip": name, "mask": (masks or {}).get(name, MASK)} for name in names]
    manifest.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return manifest


def pixels(out: Path) -> dict[str, list[str]]:
    """Hashes of the encoded planes, by the name of the record."""
    return {path.name: json.loads(path.read_text())["pixels"] for path in (out / ".vidinpaint" / "done").glob("*.json")}


def decoded(out: Path) -> dict[str, bytes]:
    """All frames of all results."""
    frames_of = {}
    for path in sorted(out.glob("*.mp4")):
        with closing(Decoder(path)) as decoder:
            frames_of[path.name] = np.stack([frame.to_ndarray() for _, frame in decoder.from_start()]).tobytes()
    return frames_of


def stable_records(out: Path, seconds: float = 2.0) -> list[Path]:
    """The stored records, once no orphaned worker has added one for some seconds."""
    records: list[Path] = []
    since = time.monotonic()
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        current = sorted(out.glob(".vidinpaint/clips/*/??????.json"))
        if current != records:
            records, since = current, time.monotonic()
    return records


def events(out: Path, kind: str) -> list[dict[str, Any]]:
    lines = (out / ".vidinpaint" / "events.jsonl").read_text().splitlines()
    return [event for event in map(json.loads, lines) if event["event"] == kind]
