"""A folder with one image per frame of the clip, or with one image for all frames."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.core.numbering import missing_numbers, numbers_of, ranges_in_words, ranges_of
from vidinpaint.masks.mask_image import EXTENSIONS, read_mask_image
from vidinpaint.masks.sources.interface import MaskSource, ReadMasks, TargetClip


@dataclass(frozen=True)
class Folder(MaskSource):
    """A folder of images, one per frame of the clip in natural order or, for numbered frames, by the numbers."""

    path: Path

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, Path) and source.is_dir()

    def open(self, clip: TargetClip) -> np.ndarray | ReadMasks:
        """See `MaskSource`."""
        images = self._images(clip)
        if len(images) == 1:
            return read_mask_image(images[0], clip.size)
        of_frame = self._by_number(images, clip) or self._in_order(images, clip)

        def read(start: int, stop: int) -> np.ndarray:
            return np.stack([read_mask_image(of_frame[frame], clip.size) for frame in range(start, stop)])

        return read

    def _by_number(self, images: list[Path], clip: TargetClip) -> Mapping[int, Path] | None:
        """The image of each frame that the mask applies to; None unless both frames and masks are numbered."""
        numbers = numbers_of([image.stem for image in images])
        if numbers is None or clip.numbers is None:
            return None
        by_number = dict(zip(numbers, images))
        wanted = dict(enumerate(clip.numbers[clip.processed][clip.first : clip.stop], clip.first))
        missing = [number for number in wanted.values() if number not in by_number]
        astray = sorted(set(numbers) - set(clip.numbers))
        if missing:
            found = f"none for {ranges_in_words(ranges_of(missing))} in {str(self.path)!r}"
            if astray:
                found += f", and some for {ranges_in_words(ranges_of(astray))}, of which there is no frame"
            raise MaskError(
                "a mask of the same number for each frame",
                found,
                "Rename the masks to the numbers of their frames; for a frame without anything to inpaint, add a black "
                "mask.",
            )
        if astray:
            clip.note(
                f"masks in {self.path.name!r} that are not used, because no frame has their number: "
                f"{ranges_in_words(ranges_of(astray))}"
            )
        return {frame: by_number[number] for frame, number in wanted.items()}

    def _in_order(self, images: list[Path], clip: TargetClip) -> Mapping[int, Path]:
        if len(images) == clip.total:
            self._note_gaps(images, clip)
            images = images[clip.processed]
        if len(images) != len(clip.pts):
            raise MaskError(
                f"a folder with one image or with {clip.total}, one for each frame of the clip",
                f"{len(images)} images in {str(self.path)!r}",
                "Write one mask for each frame; limit a mask to a part of the clip with @START-END.",
            )
        return dict(enumerate(images))

    def _note_gaps(self, images: list[Path], clip: TargetClip) -> None:
        gaps = missing_numbers(numbers_of([image.stem for image in images]) or ())
        if gaps:
            clip.note(
                f"missing in the numbers of the masks in {self.path.name!r}: {ranges_in_words(gaps)}; they are paired "
                "with the frames in order"
            )

    def _images(self, clip: TargetClip) -> list[Path]:
        try:
            files = natural_order(file for file in self.path.iterdir() if file.is_file())
        except OSError as error:
            actual = f"{str(self.path)!r}, which cannot be read"
            raise MaskError("a folder of masks", actual, "Check its permissions.") from error
        shown = [file for file in files if not file.name.startswith(".")]
        images = [file for file in shown if file.suffix.lower() in EXTENSIONS]
        others = [file.name for file in shown if file not in images]
        if others:
            names = ", ".join(map(repr, others[:3])) + (f" and {len(others) - 3} more" if others[3:] else "")
            if not images:
                actual = f"{str(self.path)!r} with nothing but {names}"
                raise MaskError("a folder with images that can be read", actual, "Convert the masks to .png.")
            clip.note(f"files in {self.path.name!r} that are not used, because they cannot be read as images: {names}")
        return images
