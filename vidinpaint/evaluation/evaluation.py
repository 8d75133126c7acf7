"""`Evaluation`: what was measured of one output against its truth, as text and as JSON."""

import dataclasses
import math
from dataclasses import dataclass

PERCEPTUAL = {
    "deep_feature_distance": "deep feature distance (EfficientNet-Lite0)",
    "lpips_alex": "LPIPS (AlexNet)",
    "lpips_vgg": "LPIPS (VGG16)",
}
"""Titles of the figures of networks, by field; the table shows those that were measured."""


@dataclass(frozen=True)
class Evaluation:
    """Measurements of one output against its truth. Every mean is over all pixels of the clip, not over frames' means.

    "Masked" means over masked pixels only; "output" and "truth" say which of the two clips was measured. PSNR and the
    similarities are better the higher they are, distances and errors the lower.

    frames                    number of frames compared
    psnr                      dB, from the mean squared error of all samples of all frames; inf for identical clips
    psnr_masked               the same, over masked pixels
    ssim                      mean over frames, on grey, of 11 x 11 Gaussian windows that lie wholly inside the frame
    ms_ssim                   SSIM at five scales, mean over frames, on grey; None below 161 x 161 pixels
    haarpsi                   similarity of Haar wavelet coefficients, mean over frames, in colour
    haarpsi_masked            the same, over masked pixels
    warp_error_output         mean squared difference, samples in [0, 1], between a frame and the next one warped back
    warp_error_truth          to it along the truth's motion, without occlusions; compare the output with the truth
    warp_error_masked_output  the same, where the first frame of each pair is masked
    warp_error_masked_truth
    flicker_output            mean absolute difference, in grey levels 0..255, between consecutive frames where both
    flicker_truth             are masked
    deep_feature_distance     squared distance between directions of EfficientNet-Lite0's features, over masked pixels,
                              mean over masked frames; None unless measured
    lpips_alex                LPIPS of whole frames, mean over frames, with AlexNet; None unless measured
    lpips_vgg                 the same with VGG16
    notes                     one line for each figure that could not be measured, and what to do
    """

    frames: int
    psnr: float
    psnr_masked: float | None
    ssim: float
    ms_ssim: float | None
    haarpsi: float | None
    haarpsi_masked: float | None
    warp_error_output: float | None
    warp_error_truth: float | None
    warp_error_masked_output: float | None
    warp_error_masked_truth: float | None
    flicker_output: float | None
    flicker_truth: float | None
    deep_feature_distance: float | None = None
    lpips_alex: float | None = None
    lpips_vgg: float | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, float | str | list[str] | None]:
        """Fields by name. JSON has no infinity: it becomes the string "inf"; what could not be measured is null."""
        fields = dataclasses.asdict(self)
        numbers = {name: "inf" if value == math.inf else value for name, value in fields.items()}
        return {**numbers, "notes": list(self.notes)}

    def table(self) -> str:
        """Aligned lines of plain text, the output next to the truth where both were measured, and the notes."""
        perceptual = {title: getattr(self, field) for field, title in PERCEPTUAL.items()}
        rows = [
            ("", "output", "truth"),
            ("frames", str(self.frames), ""),
            ("PSNR, dB", _text(self.psnr, 2), ""),
            ("PSNR masked, dB", _text(self.psnr_masked, 2), ""),
            ("SSIM", _text(self.ssim, 4), ""),
            ("MS-SSIM", _text(self.ms_ssim, 4), ""),
            ("HaarPSI", _text(self.haarpsi, 4), ""),
            ("HaarPSI masked", _text(self.haarpsi_masked, 4), ""),
            *((title, _text(value, 4), "") for title, value in perceptual.items() if value is not None),
            ("warping error x 1000", _x1000(self.warp_error_output), _x1000(self.warp_error_truth)),
            (
                "warping error masked x 1000",
                _x1000(self.warp_error_masked_output),
                _x1000(self.warp_error_masked_truth),
            ),
            ("flicker masked", _text(self.flicker_output, 2), _text(self.flicker_truth, 2)),
        ]
        width = max(len(name) for name, _, _ in rows)
        lines = [f"{name:<{width}}{output:>11}{truth:>10}".rstrip() for name, output, truth in rows]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _x1000(value: float | None) -> str:
    return _text(None if value is None else value * 1000, 3)
