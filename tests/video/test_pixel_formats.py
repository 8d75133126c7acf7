"""Every codec encodes clips of every pixel format as something, and says what that loses."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import vidinpaint
from tests.video.clips import Recipe, pixel_format, write
from vidinpaint.core.clip import Clip, Colour
from vidinpaint.core.errors import SettingError
from vidinpaint.video.files.encoder import encode_segment
from vidinpaint.video.files.encoding import CODECS, Encoding
from vidinpaint.video.info import Tags, VideoInfo

OPTIONS = {"config": "preview", "method": "telea", "runner": "serial"}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", ["gray", "yuva420p", "yuva444p10le", "gbrap", "gbrp12le", "yuv411p"])
def test_a_format_that_a_codec_lists_but_does_not_encode_is_not_chosen(tmp_path: Path, codec: str, name: str) -> None:
    format = pixel_format(name)
    planes = tuple(
        np.full((2, *format.plane_shape(index, 64, 96)), 2 ** (format.bits - 1), format.dtype)
        for index in range(format.colour_planes + format.alpha)
    )
    tags = Tags(matrix=0 if format.kind != "yuv" else 2)  # as PNG decoders tag grey
    colour = Colour("bt709" if format.kind == "yuv" else "rgb", format.kind != "yuv")
    clip = Clip(planes, format, colour, np.arange(2), Fraction(1, 25))
    info = VideoInfo("", 96, 64, format, colour, Fraction(1, 25), Fraction(25), tags)
    encoding = Encoding(codec)
    encode_segment(tmp_path / "segment.nut", clip, info, encoding)
    with av.open(str(tmp_path / "segment.nut")) as container:
        assert len(list(container.decode(video=0))) == 2
    stored, note = encoding.pixel_format(format, 96, 64)
    if format.alpha and not pixel_format({"bgra": "gbrap"}.get(stored, stored)).alpha:
        assert note is not None
        assert "opacity is lost" in note


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_mastering_display_and_light_level_of_the_frames_go_into_the_header(tmp_path: Path, suffix: str) -> None:
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
    parameters = f"log-level=none:hdr10=1:repeat-headers=1:max-cll=1000,400:master-display={display}"
    source, result = tmp_path / "clip.mp4", tmp_path / f"out.{suffix}"
    write(source, Recipe(size=(64, 96), codec="libx265", format="yuv420p10le", options={"x265-params": parameters}))
    report = vidinpaint.inpaint(source, "10,10,20,20", result, codec="hevc", **OPTIONS)
    assert not [note for note in report.notes if note.startswith("not kept")]
    expected = ([0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329, 0.0001, 1000], (1000, 400))
    assert _hdr(source) == expected
    assert _hdr(result) == expected


def _hdr(path: Path) -> tuple[list[float], tuple[int, ...]]:
    """Mastering display (primaries red, green, blue, white; luminance) and light level, as FFmpeg's structures are."""
    with av.open(str(path)) as container:
        found = {str(data.type): bytes(data) for data in next(container.decode(video=0)).side_data}
    display = np.frombuffer(next(data for kind, data in found.items() if "MASTERING" in kind), "<i4")
    level = np.frombuffer(next(data for kind, data in found.items() if "LIGHT_LEVEL" in kind), "<u4")
    return [round(float(top / bottom), 4) for top, bottom in display[:20].reshape(10, 2)], tuple(level[:2].tolist())


def test_a_full_size_clap_box_of_uncompressed_video_is_no_crop(tmp_path: Path) -> None:
    source = tmp_path / "clip.mov"
    write(source, Recipe(codec="rawvideo", format="yuv422p", options={}))
    report = vidinpaint.inpaint(source, "10,10,20,20", tmp_path / "out.mov", **OPTIONS)
    assert not [note for note in report.notes if "crop" in note]


def test_hevc_of_tiny_pictures_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "clip.mp4", Recipe(size=(48, 64)))
    with pytest.raises(SettingError, match="at least 64 x 64 pixels for hevc, found 64 x 48"):
        vidinpaint.inpaint(tmp_path / "clip.mp4", "10,10,20,20", tmp_path / "out.mp4", codec="hevc", **OPTIONS)
    assert not (tmp_path / "out.mp4").exists()
