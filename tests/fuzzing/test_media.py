"""Damaged clips, photos and masks: whatever comes out is whole, and the same as the input outside the mask."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing.honest import assert_honest, files, run
from tests.fuzzing.inputs import damaged, inputs
from tests.video.clips import Recipe, write

PTS = tuple(range(0, 8 * 512, 512))
FRAMES = tuple(range(8))
RATE = Fraction(1, 25)
CLIPS = {
    "a.mp4": Recipe(pts=PTS, audio=("eng",), options={"crf": "20", "preset": "veryfast", "g": "4"}),
    "b.mkv": Recipe(pts=PTS, codec="ffv1", options={}, audio=("eng",), subtitles=("eng",), chapters=True),
    "c.ts": Recipe(pts=FRAMES, base=RATE, codec="mpeg2video", options={"g": "4"}, audio=("eng",)),
    "d.avi": Recipe(pts=FRAMES, base=RATE, codec="mpeg4", options={"bf": "2"}),
    "e.mov": Recipe(pts=PTS, codec="prores_ks", format="yuv422p10le", options={}),
    "f.webm": Recipe(
        pts=PTS, codec="libvpx-vp9", options={"crf": "30", "b": "0", "cpu-used": "8", "deadline": "realtime"}
    ),
}
MASK = np.zeros((48, 64), np.uint8)
MASK[10:22, 20:36] = 255


def clip_of(name: str, folder: Path) -> bytes:
    path = folder / name
    write(path, CLIPS[name])
    content = path.read_bytes()
    path.unlink()
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media")
    cv2.imwrite(str(path / "mask.png"), MASK)
    cv2.imwrite(str(path / "photo.png"), photo())
    return path


@pytest.fixture(scope="module")
def clips(folder: Path) -> dict[str, bytes]:
    return {name: clip_of(name, folder) for name in CLIPS}


def photo() -> np.ndarray:
    y, x = np.mgrid[:48, :64]
    return np.stack([x * 4, y * 5, (x + y) * 2], 2).astype(np.uint8)


@inputs(20)
@given(data=st.data())
def test_a_damaged_clip_gives_all_its_pictures_or_one_line(
    data: st.DataObject, clips: dict[str, bytes], folder: Path
) -> None:
    name = data.draw(st.sampled_from(sorted(clips)))
    clip, output = folder / name, folder / "result.mkv"
    clip.write_bytes(data.draw(damaged(clips[name])))
    before = files(folder)
    words = ("--mask", "20,10,16,12", "--config", "preview", "--method", "telea", "--runner", "serial", "--quiet")
    outcome = run("inpaint", clip, *words, "--codec", "ffv1", "-o", output)
    if assert_honest(outcome, folder, output, before):
        assert pictures_of(output) >= pictures_of(clip)
        output.unlink()
    clip.unlink()


@inputs(8)
@given(content=damaged(cv2.imencode(".png", MASK)[1].tobytes()))
def test_a_damaged_mask_is_used_whole_or_refused(content: bytes, folder: Path) -> None:
    mask, output = folder / "damaged.png", folder / "result.png"
    mask.write_bytes(content)
    before = files(folder)
    outcome = run("image", folder / "photo.png", "--mask", mask, "--method", "telea", "-o", output, "--quiet")
    if assert_honest(outcome, folder, output, before):
        read = cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE)
        changed = (cv2.imread(str(output)) != photo()).any(2)
        assert not changed[read <= 127].any()
        output.unlink()
    mask.unlink()


@inputs(7)
@given(data=st.data())
def test_a_damaged_photo_gives_one_of_its_size_or_one_line(data: st.DataObject, folder: Path) -> None:
    suffix = data.draw(st.sampled_from([".png", ".jpg", ".tif", ".webp"]))
    path, output = folder / f"damaged{suffix}", folder / "result.png"
    path.write_bytes(data.draw(damaged(cv2.imencode(suffix, photo())[1].tobytes())))
    before = files(folder)
    outcome = run("image", path, "--mask", folder / "mask.png", "--method", "telea", "-o", output, "--quiet")
    if assert_honest(outcome, folder, output, before):
        assert cv2.imread(str(output)).shape == (48, 64, 3)
        output.unlink()
    path.unlink()


def pictures_of(path: Path) -> int:
    """How many pictures FFmpeg decodes, whatever else is wrong with the file."""
    count = 0
    with av.open(str(path), metadata_errors="ignore") as container:
        for packet in container.demux(video=0):
            try:
                count += len(packet.decode())
            except av.FFmpegError:
                continue
    return count
