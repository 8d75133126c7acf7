"""`write_mask_video` and `write_mask_folder`: masks as files, for inspection and editing."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from vidinpaint.video.containers.muxing_errors import output_errors

MASK_SUFFIXES = (".mkv", ".mov", ".avi", ".nut")
"""Of files that hold FFV1 and times."""


def write_mask_folder(folder: Path, masks: Iterable[np.ndarray], names: Sequence[str]) -> None:
    """Write each mask, bool (H, W), as a grey PNG, 255 = inpaint, in an existing folder; names have no suffix."""
    with output_errors(folder):
        for name, mask in zip(names, masks, strict=True):
            encoded = cv2.imencode(".png", mask.astype(np.uint8) * 255)[1]
            (folder / f"{name}.png").write_bytes(encoded.tobytes())


def write_mask_video(path: Path, masks: Iterable[np.ndarray], pts: np.ndarray, time_base: Fraction) -> None:
    """Write masks, each bool (H, W), as a grey FFV1 video, 255 = inpaint; pts int64 (T,) in time_base seconds."""
    with output_errors(path), av.open(str(path), "w") as container:
        stream: VideoStream | None = None
        for stamp, mask in zip((pts - pts[0]).tolist(), masks, strict=True):
            if stream is None:
                height, width = mask.shape
                stream = container.add_stream("ffv1", time_base=time_base, width=width, height=height, pix_fmt="gray")
                assert isinstance(stream, VideoStream)
                stream.time_base = stream.codec_context.time_base = time_base
            frame = av.VideoFrame.from_ndarray(mask.astype(np.uint8) * 255, "gray")
            frame.pts, frame.time_base = stamp, time_base
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
