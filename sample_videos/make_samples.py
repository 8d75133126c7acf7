"""Renders the sample clips, their masks and their truths into this folder: python make_samples.py [NAME ...]

The seeds determine all frames. Clip and truth get the same grain, so before encoding they differ only where
the object, its shadow, the logo or the letters are.
"""

import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import flight
import garden
import lake
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from scene import HEIGHT, WIDTH, Frame
from textures import band
from tune import SAMPLE_RATE, play

HERE = Path(__file__).parent
GRAIN = 1.7  # grey levels


class Sample(NamedTuple):
    """A scene and how it is encoded; `masks` names a folder of PNG files, one PNG file or a lossless video."""

    scene: type[garden.Garden] | type[flight.Flight] | type[lake.Lake]
    frames: int
    rate: int
    crf: int
    masks: str
    audio: bool = False


SAMPLES = {
    "garden": Sample(garden.Garden, garden.FRAMES, garden.RATE, 17, "garden_mask"),
    "flight": Sample(flight.Flight, flight.FRAMES, flight.RATE, 19, "flight_mask.png", audio=True),
    "lake": Sample(lake.Lake, lake.FRAMES, lake.RATE, 19, "lake_mask.mp4"),
}


def main(names: list[str]) -> None:
    for name in names or SAMPLES:
        write(SAMPLES[name], name, HERE)


def write(sample: Sample, name: str, folder: Path) -> None:
    """Render every frame once, then write clip, truth and masks."""
    scene = sample.scene()
    frames = [add_grain(scene.frame(index), index) for index in range(sample.frames)]
    tune = play(sample.frames / sample.rate) if sample.audio else None
    encode(folder / f"{name}.mp4", (frame.clip for frame in frames), sample, tune)
    encode(folder / f"{name}_truth.mp4", (frame.truth for frame in frames), sample, tune)
    write_masks(folder / sample.masks, [frame.mask for frame in frames], sample)


def add_grain(frame: Frame, index: int) -> Frame:
    """Add the same film grain to clip and truth, and round to uint8."""
    random = np.random.default_rng((20, index))
    fine, coarse = random.standard_normal((HEIGHT, WIDTH), dtype=np.float32), band(HEIGHT, WIDTH, 4, random)
    grain = np.float32(GRAIN) * (0.5 * fine + 0.85 * coarse)[..., None]

    def rounded(picture: np.ndarray) -> np.ndarray:
        return np.clip(np.round(picture + grain), 0, 255).astype(np.uint8)

    return Frame(rounded(frame.clip), rounded(frame.truth), frame.mask)


def encode(path: Path, frames: Iterable[np.ndarray], sample: Sample, tune: np.ndarray | None) -> None:
    """Encode H.264 in limited-range BT.709, and AAC if a tune is given.

    With one thread and without macroblock tree, x264 writes the same bytes on every run.
    """
    options = {"crf": str(sample.crf), "preset": "veryslow", "x264-params": "mbtree=0"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=sample.rate, options=options)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.thread_count = 1
        video.codec_context.colorspace, video.codec_context.color_range = Colorspace.ITU709, ColorRange.MPEG
        video.codec_context.color_primaries, video.codec_context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo") if tune is not None else None
        if audio is not None:
            audio.bit_rate = 96_000
        for index, rgb in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = index, Fraction(1, sample.rate)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None and tune is not None:
            for block in audio_frames(tune):
                container.mux(audio.encode(block))
            container.mux(audio.encode())


def audio_frames(tune: np.ndarray) -> Iterator[av.AudioFrame]:
    """A tune (2, N) in blocks of 1024 samples, the frame size of AAC."""
    for start in range(0, tune.shape[1], 1024):
        block = av.AudioFrame.from_ndarray(np.ascontiguousarray(tune[:, start : start + 1024]), "fltp", "stereo")
        block.sample_rate, block.pts, block.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        yield block


def write_masks(path: Path, masks: list[np.ndarray], sample: Sample) -> None:
    """Write masks uint8, 255 = inpaint."""
    images = [mask.astype(np.uint8) * 255 for mask in masks]
    if path.suffix == ".png":
        cv2.imwrite(str(path), np.maximum.reduce(images))
    elif not path.suffix:
        path.mkdir(exist_ok=True)
        for index, image in enumerate(images):
            cv2.imwrite(
                str(path / f"{index:04d}.png"), image, [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_BILEVEL, 1]
            )
    else:
        with av.open(str(path), "w") as container:
            video = container.add_stream("libx264", rate=sample.rate, options={"qp": "0", "preset": "veryslow"})
            video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "gray"
            video.codec_context.thread_count, video.codec_context.color_range = 1, ColorRange.JPEG
            for index, image in enumerate(images):
                frame = av.VideoFrame.from_ndarray(image, "gray")
                frame.pts, frame.time_base = index, Fraction(1, sample.rate)
                container.mux(video.encode(frame))
            container.mux(video.encode())


if __name__ == "__main__":
    main(sys.argv[1:])
