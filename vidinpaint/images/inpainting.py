"""`inpaint`: inpaints one image in any layout of channels with an inpainter that takes RGB only."""

import numpy as np

from vidinpaint.core.errors import ImageError
from vidinpaint.core.progress import Progress, forward_progress
from vidinpaint.inpainters.interface import WHITE, ImageInpainter, inpaint_array


def inpaint(inpainter: ImageInpainter, image: np.ndarray, mask: np.ndarray, progress: Progress) -> np.ndarray:
    """A copy of image with its mask inpainted; the alpha channel stays as it is. Progress counts mask pixels.

    image  (H, W) or (H, W, 1) grey, (H, W, 2) grey and alpha, (H, W, 3) RGB, (H, W, 4) RGBA; uint8 or uint16 in their
           full range, float32 or float64 in [0, 1]
    mask   bool (H, W), True = inpaint

    Raises MaskCoverageError if the mask covers the whole image.
    """
    colours = _colours(image)
    with forward_progress(progress, int(mask.sum())):
        inpainted = inpaint_array(inpainter, np.broadcast_to(colours, (*mask.shape, 3)), mask)
    if inpainted.shape == image.shape:
        return inpainted
    result = image.copy(order="C")
    _colours(result)[...] = inpainted[..., : colours.shape[-1]]  # grey was inpainted as three equal channels
    return result


def check_image(image: np.ndarray) -> None:
    """Raise an ImageError for an array that `inpaint` does not take."""
    remedy = "Give (H, W), (H, W, 3) RGB or (H, W, 4) RGBA."
    if not isinstance(image, np.ndarray):
        raise ImageError("a path or a NumPy array", type(image).__name__, "Convert it with numpy.asarray.")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] not in (1, 2, 3, 4)) or not image.size:
        raise ImageError("an array with the pixels of one image", f"an array of shape {image.shape}", remedy)
    if image.dtype not in WHITE:
        remedy = "Convert it with .astype; floats range from 0 to 1."
        raise ImageError("an array of uint8, uint16, float32 or float64", str(image.dtype), remedy)


def check_range(image: np.ndarray, mask: np.ndarray) -> None:
    """Raise an ImageError if a known float is outside [0, 1]; values under the mask are not checked."""
    if WHITE[image.dtype] != 1:
        return
    known = ~mask if image.ndim == 2 else ~mask[..., None]
    low, high = image.min(where=known, initial=0), image.max(where=known, initial=1)
    if not (low >= 0 and high <= 1):  # also catches NaN
        raise ImageError("floats from 0 to 1", f"{low:g} to {high:g}", "Divide by the largest possible value.")


def _colours(image: np.ndarray) -> np.ndarray:
    """A view (H, W, 1) or (H, W, 3) of the image without its alpha channel."""
    if image.ndim == 2:
        return image[..., None]
    return image[..., :-1] if image.shape[2] in (2, 4) else image
