"""`FolderWriter`: writes the result as PNG files in a folder, with 8 or 16 bits and opacity as in the source."""

import shutil
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from vidinpaint.core.clip import Clip
from vidinpaint.core.errors import OutputError
from vidinpaint.core.orientation import UPRIGHT, exif_turn, upright_block
from vidinpaint.video.arrays.writer import rgb8
from vidinpaint.video.atomic_output import check_output, publish, temporary_folder
from vidinpaint.video.containers.muxing_errors import output_errors
from vidinpaint.video.folders.still_metadata import names_of_chunks, png_chunks, still_metadata, with_chunks
from vidinpaint.video.readers import Reader

_OF_FILE_MANAGERS = (".DS_Store", "Thumbs.db", "desktop.ini")  # files that they put into every folder


class FolderWriter:
    """Files have the names of the source's frames, else the frame index. YUV becomes 8-bit RGB.

    Colour profile, resolution, EXIF and texts of the source's frames are kept, frame by frame.
    """

    def __init__(self, output: Path, reader: Reader, overwrite: bool = False) -> None:
        check_output_folder(output, reader.info.path, overwrite)
        self._output, self._reader = output, reader
        self._sources: list[Path] = getattr(reader, "files", [])
        self._lost: Counter[str] = Counter()
        self._folder = temporary_folder(output)
        self._frames = self._folder / "frames"
        with output_errors(output):
            self._frames.mkdir()

    def write(self, index: int, clip: Clip) -> None:
        turn = self._reader.info.turn  # images have no tag that keeps it
        with output_errors(self._output):
            for t, stamp in enumerate(clip.pts.tolist()):
                name = self._sources[stamp].stem if self._sources else f"{clip.first + t:06d}"
                image = np.ascontiguousarray(turn(_bgr(clip.cut(clip.first + t, clip.first + t + 1))))
                data = cv2.imencode(".png", image)[1].tobytes()
                if self._sources:
                    data = self._with_metadata(data, self._sources[stamp], grey=image.ndim == 2)
                (self._frames / f"{name}.png").write_bytes(data)

    def _with_metadata(self, png: bytes, source: Path, grey: bool) -> bytes:
        found = still_metadata(source)
        found.turn(exif_turn(found.exif))
        chunks = png_chunks(found, grey)
        if exif := upright_block(found.exif):
            chunks.append((b"eXIf", exif))
        self._lost.update(set(found.names) - names_of_chunks(chunks))
        return with_chunks(png, chunks)

    def finish(self) -> list[str]:
        try:
            publish(self._frames, self._output)
        finally:
            self.abort()
        format = self._reader.info.format
        notes = ["a folder of frames keeps no sound, subtitles or time stamps"] if not self._sources else []
        notes += [
            f"frames as PNG do not keep {name} ({count} frame{'s' * (count != 1)})"
            for name, count in sorted(self._lost.items())
        ]
        if format.kind == "yuv" or (format.kind == "rgb" and format.bits not in (8, 16)):
            notes.append(f"{format.name} became RGB with 8 bits")
        if self._reader.info.turn != UPRIGHT:
            notes.append("frames are written upright, as players show the clip")
        return notes

    def copy(self) -> None:
        return None

    def __enter__(self) -> "FolderWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.abort()

    def abort(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def check_output_folder(output: Path, source: str, overwrite: bool) -> None:
    """Raise `OutputError` unless frames may be written to the folder `output`; `source` is the input.

    A folder is replaced as a whole, so that one with other files in it than frames is not replaced.
    """
    if output.exists() and not output.is_dir():
        raise OutputError("a folder for frames", f"the file '{output}'", "Give a new name.")
    check_output(output, source, overwrite)
    if not output.is_dir():
        return
    with output_errors(output):
        others = [
            entry.name
            for entry in output.iterdir()
            if not (entry.is_file() and (entry.suffix.lower() == ".png" or entry.name in _OF_FILE_MANAGERS))
        ]
    if others:
        raise OutputError(
            "a new folder, or one with PNG frames only, which --overwrite replaces",
            f"'{output}', which also holds '{others[0]}'",
            "Give the name of a new folder.",
        )


def _bgr(clip: Clip) -> np.ndarray:
    """A clip of one frame as OpenCV stores it: B, G, R (, A) or grey."""
    exact = clip.format.kind != "yuv" and clip.format.bits in (8, 16)
    if not exact:
        return np.ascontiguousarray(rgb8(clip)[0][..., ::-1])
    planes: list[np.ndarray] = [plane[0] for plane in clip.planes]
    if clip.format.kind == "grey":
        return planes[0]
    return np.asarray(cv2.merge([planes[2], planes[1], planes[0], *planes[3:]]))
