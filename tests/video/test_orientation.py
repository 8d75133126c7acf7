"""Clips that are stored turned, and frames with an EXIF orientation: masks refer to what is shown."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.images.files import exif, scene
from tests.video.clips import pixel_format
from tests.video.test_results import decoded
from vidinpaint import inpaint
from vidinpaint.core.orientation import matrix_turn
from vidinpaint.video.mask_video import MaskVideo
from vidinpaint.video.pixels.planes import frame_of
from vidinpaint.video.readers import open_reader

ONE = 1 << 16
MATRICES = {
    "right": (0, ONE, 0, -ONE, 0, 0, 0, 0, 1 << 30),
    "half": (-ONE, 0, 0, 0, -ONE, 0, 0, 0, 1 << 30),
    "mirrored": (-ONE, 0, 0, 0, ONE, 0, 0, 0, 1 << 30),
}


def write_clip(path: Path, matrix: tuple[int, ...], count: int = 3) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25, width=96, height=64)
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "yuv420p"
        stream.set_display_matrix(matrix)
        for t in range(count):
            grey = np.roll(scene(64, 96)[..., 0], 2 * t, 1)
            chroma = np.full((32, 48), 128, np.uint8)
            container.mux(stream.encode(frame_of([grey, chroma, chroma], pixel_format("yuv420p"), "yuv420p")))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("name", MATRICES)
def test_boxes_count_in_the_picture_as_shown(tmp_path: Path, name: str) -> None:
    matrix = MATRICES[name]
    turn = matrix_turn(matrix)
    assert turn is not None
    source, output = tmp_path / "in.mkv", tmp_path / "out.mkv"
    write_clip(source, matrix)
    report = inpaint(source, "8,20,16,12", output, codec="ffv1", config="preview")
    assert any("as it is shown" in note for note in report.notes)
    width, height = turn.size(96, 64)
    shown = np.zeros((height, width), bool)
    shown[20:32, 8:24] = True
    stored = turn.inverse()(shown)
    before, after = decoded(source)[0], decoded(output)[0]
    assert (before != after).any(0)[stored].mean() > 0.5
    assert np.array_equal(before[:, ~stored], after[:, ~stored])
    with open_reader(output) as reader:
        assert reader.info.display_matrix[:5] == matrix[:5]
    inpaint(source, "8,20,16,12", tmp_path / "out", config="preview")
    first = cv2.imread(str(tmp_path / "out" / "000000.png"))
    assert first.shape[:2] == (height, width)


@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_frames_and_masks_are_upright(tmp_path: Path, orientation: int) -> None:
    block = np.frombuffer(exif(orientation), np.uint8)
    stored_mask = np.zeros((40, 60), np.uint8)
    stored_mask[5:15, 30:50] = 255
    for folder, picture in (("in", scene(40, 60)), ("masks", stored_mask)):
        (tmp_path / folder).mkdir()
        for t in range(2):
            _, data = cv2.imencodeWithMetadata(".png", picture, [cv2.IMAGE_METADATA_EXIF], [block])
            (tmp_path / folder / f"{t}.png").write_bytes(data.tobytes())
    inpaint(tmp_path / "in", tmp_path / "masks", tmp_path / "out", config="preview")
    before, after = (cv2.imread(str(tmp_path / folder / "1.png")) for folder in ("in", "out"))  # OpenCV turns it
    mask = cv2.imread(str(tmp_path / "masks" / "1.png"), cv2.IMREAD_GRAYSCALE) > 0
    assert before.shape == after.shape
    assert np.array_equal(before[~mask], after[~mask])
    assert (before != after)[mask].any()


def test_a_mask_video_with_opacity(tmp_path: Path) -> None:
    marked = np.zeros((64, 96), np.uint16)
    marked[20:40, 30:60] = 4095
    with av.open(str(tmp_path / "mask.mov"), "w") as container:
        stream = container.add_stream("prores_ks", rate=25, width=96, height=64)
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "yuva444p10le"
        format = pixel_format("yuva444p10le")
        flat = np.full((64, 96), 512, np.uint16)
        for t in range(3):  # black strokes over nothing, which is white
            luma = np.where(marked > 0, 64, 940).astype(np.uint16)
            opacity = (marked >> 2) * np.uint16(t > 0)
            container.mux(stream.encode(frame_of([luma, flat, flat, opacity], format, "yuva444p10le")))
        container.mux(stream.encode(None))
    truth = scene(64, 96)
    clip = np.repeat(truth[None], 3, 0)
    clip[1:, marked > 0] = 255 - truth[marked > 0]
    result = inpaint(clip, tmp_path / "mask.mov", config="preview")
    assert [frame.shape for frame in MaskVideo(tmp_path / "mask.mov").read(0, 2)] == [(64, 96, 4)] * 2
    changed = (result != clip).any(-1)
    assert not changed[0].any()
    assert changed[1:, marked > 0].mean() > 0.9
    assert not changed[:, marked == 0].any()
