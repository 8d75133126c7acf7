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
