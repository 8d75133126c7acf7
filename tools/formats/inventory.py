"""`inventory`: what a media file holds as ffprobe sees it, not as the code under test does: facts by their names."""

import hashlib
import json
import re
import subprocess
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

from tools.formats.programs import decoded

Facts = dict[str, str]
"""Values by names such as "audio 1", "audio 1 language", "chapter 2", "video rotation", "tag title"."""

VIDEO_FIELDS = {
    "width": "size", "height": "size", "sample_aspect_ratio": "sample aspect", "color_range": "colour",
    "color_space": "colour", "color_transfer": "colour", "color_primaries": "colour", "field_order": "field order",
}  # fmt: skip
TECHNICAL = (
    "encoder", "encoded_by", "software", "major_brand", "minor_version", "compatible_brands", "handler_name",
    "vendor_id", "duration", "bps", "number_of_", "_statistics_", "metadatacreator", "isft", "wm/encodingsettings",
    "wmfsdk", "isvbr", "packetsize", "service_", "devicemodel", "has", "audiodatarate", "operational_pattern", "uid",
    "generation_uid", "company_name", "product_", "application_platform", "toolkit_", "material_", "file_package",
)  # fmt: skip
"""Beginnings of the names of tags that speak of the program or the file and not of the content."""
STAMP = "best_effort_timestamp_time"
PLAIN = ("unknown", "N/A", "1:1", "0:1", "progressive", "und", "tv")  # the same as not to be there


def inventory(path: Path) -> Facts:
    """The facts of a file; streams count from 1 within their kind."""
    shown = _ffprobe(path, "-show_streams", "-show_format", "-show_chapters")
    facts = {f"tag {key}": value for key, value in _tags(shown.get("format", {})).items()}
    codes = [tags["timecode"] for tags in map(_all_tags, [shown["format"], *shown["streams"]]) if "timecode" in tags]
    facts["time code"] = codes[0] if codes else "unknown"
    numbers: Counter[str] = Counter()
    for stream in shown["streams"]:
        kind = _kind(stream)
        if kind == "data" and "timecode" in _all_tags(stream):
            continue  # containers keep time codes as streams or as tags
        numbers[kind] += 1
        name = f"{kind} {numbers[kind]}"
        facts |= _main_video(path, stream) if name == "video 1" else _other(path, name, stream)
    for number, chapter in enumerate(shown.get("chapters", []), 1):
        title = chapter.get("tags", {}).get("title", "")
        facts[f"chapter {number}"] = f"{float(chapter['start_time']):.2f} {float(chapter['end_time']):.2f} {title}"
    return {name: value for name, value in facts.items() if value not in PLAIN}


def _kind(stream: dict[str, Any]) -> str:
    return "cover" if stream["disposition"].get("attached_pic") else stream.get("codec_type", "data")


def _main_video(path: Path, stream: dict[str, Any]) -> Facts:
    facts: Facts = {}
    for field, name in VIDEO_FIELDS.items():
        facts[f"video {name}"] = " ".join(filter(None, (facts.get(f"video {name}"), str(stream.get(field, "unknown")))))
    facts["video colour"] = " ".join(word for word in facts["video colour"].split() if word not in PLAIN) or "unknown"
    frames = _ffprobe(
        path,
        "-select_streams",
        "v:0",
        "-show_frames",
        "-show_entries",
        "frame=best_effort_timestamp_time,side_data_list",
    )
    stamps = [float(frame[STAMP]) for frame in frames["frames"] if STAMP in frame]
    facts["video times"] = " ".join(f"{stamp - stamps[0]:.2f}" for stamp in stamps)
    first = frames["frames"][0] if frames["frames"] else {}
    for side in stream.get("side_data_list", []) + first.get("side_data_list", []):
        if not side["side_data_type"].startswith(("H.26", "CPB", "Encoder")):
            facts[f"video {side['side_data_type']}"] = _values(side) or "present"
    if "alpha_mode" in {key.lower() for key in stream.get("tags", {})}:
        facts["video alpha"] = "1"
    return facts | _labels("video", stream)


def _other(path: Path, name: str, stream: dict[str, Any]) -> Facts:
    content = stream.get("codec_name", stream.get("codec_tag_string", ""))
    if name.startswith("audio"):
        bare = ("-bsf:a", "aac_adtstoasc") if content == "aac" else ()
        start = round(float(stream["start_time"]), 1) + 0.0
        content = f"packets {_packets(path, stream['index'], *bare)} from {start} s"
    elif name.startswith("subtitle"):
        content = _text(path, stream["index"])
    return {name: content} | _labels(name, stream)


def _labels(name: str, stream: dict[str, Any]) -> Facts:
    chosen = [key for key, value in stream["disposition"].items() if value and key not in ("default", "attached_pic")]
    facts = {f"{name} {key}": value for key, value in _tags(stream).items()}
    return facts | ({f"{name} disposition": " ".join(sorted(chosen))} if chosen else {})


def _all_tags(owner: dict[str, Any]) -> dict[str, str]:
    return {key.lower(): value for key, value in owner.get("tags", {}).items()}


def _tags(owner: dict[str, Any]) -> dict[str, str]:
    left_out = (*TECHNICAL, "alpha_mode", "timecode")
    return {key: value for key, value in _all_tags(owner).items() if not key.startswith(left_out)}


def _values(side: dict[str, Any]) -> str:
    """The values in words, fractions as numbers; ffprobe shows some side data of frames without values: "present"."""
    values = (str(value) for key, value in sorted(side.items()) if key not in ("side_data_type", "displaymatrix"))
    return " ".join(
        f"{float(Fraction(value)):g}" if re.fullmatch(r"\d+/[1-9]\d*", value) else value for value in values
    )


def _text(path: Path, index: int) -> str:
    """What the subtitles say, without the markup that differs between formats; pictures by their number."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", f"0:{index}", "-f", "srt", "-"]
    found = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    if found.returncode:
        packets = _ffprobe(path, "-select_streams", str(index), "-show_packets", "-show_entries", "packet=pts_time")
        return f"{len(packets['packets'])} packets"
    return " ".join(found.stdout.decode(errors="replace").split())


def _packets(path: Path, index: int, *options: str) -> str:
    """A hash of the packets, without what containers put around them."""
    packets = decoded(path, "-map", f"0:{index}", "-c", "copy", *options, "-f", "data")
    return hashlib.md5(packets).hexdigest()[:8]


def _ffprobe(path: Path, *options: str) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-of", "json", *options, str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found
