"""`FileWriter`: results as a video file, by way of one closed segment a window."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import OutputError
from vidinpaint.video.atomic_output import check_output, publish, temporary_folder
from vidinpaint.video.containers import container_kind
from vidinpaint.video.decoder import Decoder
from vidinpaint.video.demuxing import main_video, open_container
from vidinpaint.video.encoder import encode_segment, encoded_tags
from vidinpaint.video.encoding import Encoding
from vidinpaint.video.info import FULL_RANGE, UNSPECIFIED, Tags, VideoInfo
from vidinpaint.video.mux import can_copy_video, mux, remux
from vidinpaint.video.planes import layout
from vidinpaint.video.probing import probe
from vidinpaint.video.readers import Reader


@dataclass(frozen=True, eq=False)
class Segment:
    """The encoded frames of one window.

    pts     int64 (T,), their time stamps
    tags    colour tags of the encoded pictures
    pixels  sha256 of the planes that went into the encoder
    """

    path: Path
    pts: np.ndarray
    tags: Tags
    pixels: str = ""


class FileWriter:
    """Segments lie in a folder beside the output until `finish` has put them together and checked the file.

    segments   by the number of their window; who has them from elsewhere may put them in before `finish`
    """

    def __init__(
        self,
        output: Path,
        reader: Reader,
        encoding: Encoding,
        overwrite: bool = False,
        scratch: Callable[[str], Path] | None = None,
    ) -> None:
        """scratch   gives a new file name for a suffix; without it, all are in a hidden folder that `abort` removes"""
        self._kind = container_kind(output)
        check_output(output, reader.info.path, overwrite)
        self._kind.check_codec(encoding.codec)
        self._output, self._reader, self._encoding = output, reader, encoding
        self._own = None if scratch else temporary_folder(output)
        self._scratch = scratch or self._in_own
        path = reader.info.path
        self._source = Path(path) if path and Path(path).is_file() else None
        self._cut = reader.start is not None or reader.end is not None
        self._unfinished: set[Path] = set()
        self.segments: dict[int, Segment] = {}

    def write(self, index: int, clip: Clip) -> None:
        path = self._new_file(".nut")
        encode_segment(path, clip, self._reader.info, self._encoding)
        tags = encoded_tags(self._reader.info, clip, self._encoding)
        self.segments[index] = Segment(path, clip.pts, tags, hash_planes(clip))

    def finish(self) -> list[str]:
        try:
            return self._finish()
        finally:
            self.abort()

    def _finish(self) -> list[str]:
        info = self._reader.info
        segments = [self.segments[index] for index in sorted(self.segments)]
        if not segments:
            raise OutputError("at least one window of frames", "none", "Report this: it should not happen.")
        tags = segments[-1].tags
        whole = self._new_file(self._output.suffix)
        paths = [segment.path for segment in segments]
        notes = mux(paths, info, tags, whole, self._output, self._source, self._cut)
        _, lossy = self._encoding.pixel_format(info.format, info.width, info.height)
        pts = np.concatenate([segment.pts for segment in segments])
        step = verify_frames(whole, pts - pts[0] * self._cut, info.time_base)
        notes += lost_metadata(whole, info, tags)
        if step:
            notes.append(f"{self._kind.name} keeps times in steps of {step} s: time stamps are rounded to that")
        publish(whole, self._output)
        return [lossy, *notes] if lossy else notes

    @property
    def copies(self) -> bool:
        """Whether `copy` can do it: only a whole file, and only where the container holds its pictures."""
        return self._source is not None and not self._cut and can_copy_video(self._source, self._output)

    def copy(self) -> list[str] | None:
        if self._source is None or not self.copies:
            return None
        whole = self._new_file(self._output.suffix)
        try:
            notes = remux(self._source, whole, self._output)
            notes += lost_metadata(whole, self._reader.info, self._reader.info.tags)
            publish(whole, self._output)
        finally:
            self.abort()
        return notes

    def __enter__(self) -> "FileWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def abort(self) -> None:
        for path in self._unfinished:
            path.unlink(missing_ok=True)
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    def _in_own(self, suffix: str) -> Path:
        assert self._own is not None
        return self._own / f"{uuid4().hex}{suffix}"

    def release(self, index: int) -> Segment:
        """The segment just written for a window; from now on it is the caller's."""
        segment = self.segments.pop(index)
        self._unfinished.discard(segment.path)
        return segment

    def _new_file(self, suffix: str) -> Path:
        path = self._scratch(suffix)
        self._unfinished.add(path)
        return path


def hash_planes(clip: Clip) -> str:
    """sha256 of all planes of a clip."""
    digest = hashlib.sha256()
    for plane in clip.planes:
        digest.update(np.ascontiguousarray(plane).data)
    return digest.hexdigest()


def verify_frames(file: Path, pts: np.ndarray, time_base: Fraction) -> Fraction | None:
    """Raise `OutputError` unless `file` has just the frames expected; the step its times are rounded to, if they are.

    pts: int64 (T,) in units of `time_base`
    """
    container = open_container(file)
    try:
        stream = main_video(container, file)
        found = sorted(packet.pts for packet in container.demux(stream) if packet.size and packet.pts is not None)
        base = stream.time_base
    finally:
        container.close()
    assert base is not None
    wanted = [int(stamp) * time_base for stamp in pts]
    errors = [abs(stamp * base - time) for stamp, time in zip(found, wanted)]
    if len(found) != len(wanted) or max(errors, default=Fraction(0)) > base / 2:
        raise OutputError(
            f"{len(wanted)} frames at their exact times in the finished file",
            f"{len(found)} frames, off by up to {float(max(errors, default=Fraction(0))):.4f} s",
            "This container cannot hold the clip's time stamps; write to .mp4, .mov or .mkv.",
        )
    return base if any(errors) else None


def lost_metadata(file: Path, info: VideoInfo, tags: Tags) -> list[str]:
    """One line for each thing said about the pictures that cannot be read back from the finished file."""
    with closing(Decoder(file)) as decoder:
        _, frame = next(decoder.from_start())
        found = probe(file, decoder.stream, frame, layout(frame.format.name))
    kind = file.suffix[1:]
    notes = []
    if (tags.range == FULL_RANGE) != (found.tags.range == FULL_RANGE):  # untagged means limited, nothing is lost
        notes.append(f"{kind} does not keep the colour range of this codec")
    for name in ("primaries", "transfer", "matrix"):
        wanted, actual = getattr(tags, name), getattr(found.tags, name)
        if wanted != actual and wanted not in (0, UNSPECIFIED):
            notes.append(f"{kind} does not keep the colour {name} {wanted} of this codec")
    if found.sample_aspect != info.sample_aspect:
        notes.append(f"{kind} does not keep the sample aspect ratio {info.sample_aspect}")
    if found.rotation != info.rotation:
        notes.append(f"{kind} does not keep the rotation by {info.rotation} degrees")
    return notes
