"""A folder with one image per frame of the clip, or with one image for all frames."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vidinpaint.core.errors import MaskError
from vidinpaint.core.natural_order import natural_order
from vidinpaint.masks.mask_image import EXTENSIONS, read_mask_image
from vidinpaint.masks.sources.interface import MaskSource, ReadMasks, TargetClip


@dataclass(frozen=True)
class Folder(MaskSource):
    """A folder of images in natural order, one per frame of the clip, or one for all frames."""

    path: Path

    @classmethod
    def accepts(cls, source: object) -> bool:
        return isinstance(source, Path) and source.is_dir()

    def open(self, clip: TargetClip) -> np.ndarray | ReadMasks:
        """See `MaskSource`."""
        images = self._images(clip)
        if len(images) == 1:
            return read_mask_image(images[0], clip.size)
        if len(images) == clip.total:
            images = images[clip.processed]
        if len(images) != len(clip.pts):
            raise MaskError(
                f"a folder with one image or with {clip.total}, one for each frame of the clip",
                f"{len(images)} images in {str(self.path)!r}",
                "Write one mask for each frame; limit a mask to a part of the clip with @START-END.",
            )

        def read(start: int, stop: int) -> np.ndarray:
            return np.stack([read_mask_image(path, clip.size) for path in images[start:stop]])

        return read

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
            clip.note(f"{len(others)} files in {self.path.name!r} are not images and are not used: {others[0]!r} ...")
        return images
