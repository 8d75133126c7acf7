"""`FileWriter`: writes the result as a video file, from one closed segment per window."""

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
from vidinpaint.video.containers.inventory import compared
from vidinpaint.video.containers.kinds import container_kind
from vidinpaint.video.containers.mux import can_copy_video, first_stamp, mux, remux
from vidinpaint.video.files.decoder import Decoder
from vidinpaint.video.files.demuxing import main_video, open_container
from vidinpaint.video.files.encoder import encode_segment, encoded_tags
from vidinpaint.video.files.encoding import Encoding
from vidinpaint.video.files.probing import probe
from vidinpaint.video.folders.still_metadata import still_metadata
from vidinpaint.video.info import FULL_RANGE, UNSPECIFIED, Tags, VideoInfo
from vidinpaint.video.pixels.planes import layout
from vidinpaint.video.readers import Reader


@dataclass(frozen=True, eq=False)
class Segment:
    """The encoded frames of one window.

    pts     int64 (T,), time stamps of the frames
    tags    colour tags of the encoded frames
    pixels  sha256 of the planes that were encoded
    """

    path: Path
    pts: np.ndarray
    tags: Tags
    pixels: str = ""


class FileWriter:
    """Segments are kept in a temporary folder until `finish` has joined them and verified the file.

    segments   by index of their window; segments that were encoded elsewhere may be added before `finish`
    """

    def __init__(
        self,
        output: Path,
        reader: Reader,
        encoding: Encoding,
        overwrite: bool = False,
        scratch: Callable[[str], Path] | None = None,
    ) -> None:
        """scratch: returns a new path for a suffix. Default: None, in a hidden folder that `abort` removes."""
        self._container = container_kind(output)
        check_output(output, reader.info.path, overwrite)
        self._container.check_codec(encoding.codec)
        self._output, self._reader, self._encoding = output, reader, encoding
        self._folder = None if scratch else temporary_folder(output)
        self._scratch = scratch or self._in_folder
        path = reader.info.path
        self._source = Path(path) if path and Path(path).is_file() else None
        self._is_part = reader.start is not None or reader.end is not None
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
        complete = self._new_file(self._output.suffix)
        paths = [segment.path for segment in segments]
        notes = mux(paths, info, tags, complete, self._output, self._source, self._is_part)
        name, loss = self._encoding.pixel_format(info.format, info.width, info.height)
        pts = np.concatenate([segment.pts for segment in segments])
        step = verify_frames(complete, pts - first_stamp(pts, self._is_part), info.time_base)
        notes += [*lost_metadata(complete, info, tags, layout(name).format.alpha), *lost_from_frames(self._reader)]
        if self._source:
            part = pts if self._is_part else None
            notes += compared(self._source, complete, notes, part)
        if step:
            notes.append(
                f"{self._container.name} stores times in steps of {float(step):.3g} s: time stamps are rounded to that"
            )
        publish(complete, self._output)
        return [loss, *notes] if loss else notes

    @property
    def copies(self) -> bool:
        """Whether `copy` can be used: only for a whole file whose video stream the container can hold."""
        return self._source is not None and not self._is_part and can_copy_video(self._source, self._output)

    def copy(self) -> list[str] | None:
        if self._source is None or not self.copies:
            return None
        complete = self._new_file(self._output.suffix)
        try:
            notes = remux(self._source, complete, self._output)
            info = self._reader.info
            notes += lost_metadata(complete, info, info.tags, info.format.alpha)
            notes += compared(self._source, complete, notes)
            publish(complete, self._output)
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
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _in_folder(self, suffix: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{uuid4().hex}{suffix}"

    def release(self, index: int) -> Segment:
        """The segment just written for a window; its file now belongs to the caller and is not removed."""
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
    """Raise `OutputError` unless `file` has exactly the expected frames.

    pts: int64 (T,) in units of `time_base`. Returns the step in seconds that times are rounded to, None if exact.
    """
    with closing(open_container(file)) as container:
        stream = main_video(container, file)
        found = sorted(packet.pts for packet in container.demux(stream) if packet.size and packet.pts is not None)
        base = stream.time_base
    assert base is not None
    expected = [int(stamp) * time_base for stamp in pts]
    errors = [abs(stamp * base - time) for stamp, time in zip(found, expected)]
    if len(found) != len(expected) or max(errors, default=Fraction(0)) > base / 2:
        raise OutputError(
            f"{len(expected)} frames at their exact times in the finished file",
            f"{len(found)} frames, off by up to {float(max(errors, default=Fraction(0))):.4f} s",
            "This container cannot hold the clip's time stamps; write to .mp4, .mov or .mkv.",
        )
    return base if any(errors) else None


def lost_from_frames(reader: Reader) -> list[str]:
    """One line about what the files of a folder of frames hold beside their pixels; none for other sources."""
    names = {name: None for file in getattr(reader, "files", ()) for name in still_metadata(file).names}
    return [f"a video does not keep what the files of the frames hold: {', '.join(names)}"] if names else []


def lost_metadata(file: Path, info: VideoInfo, tags: Tags, opacity: bool) -> list[str]:
    """One line for each property of the video stream that cannot be read back from the finished file.

    opacity: whether the encoded frames have it
    """
    with closing(Decoder(file)) as decoder:
        _, frame = next(decoder.from_start())
        found = probe(file, decoder.stream, frame, layout(frame.format.name))
    container = file.suffix[1:]
    notes = []
    if opacity and not found.format.alpha:
        notes.append(f"{container} does not keep the opacity of this codec: write to .webm or .mkv")
    # no tag means limited range, so nothing is lost without it
    if (tags.range == FULL_RANGE) != (found.tags.range == FULL_RANGE):
        notes.append(f"{container} does not keep the colour range of this codec")
    for name in ("primaries", "transfer", "matrix"):
        expected, actual = getattr(tags, name), getattr(found.tags, name)
        if expected != actual and expected not in (0, UNSPECIFIED):
            notes.append(f"{container} does not keep the colour {name} {expected} of this codec")
    if found.sample_aspect != info.sample_aspect:
        notes.append(f"{container} does not keep the sample aspect ratio {info.sample_aspect}")
    if found.turn != info.turn:
        notes.append(f"{container} does not keep that players show the clip {info.turn}")
    return notes
