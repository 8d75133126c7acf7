"""Codecs are accepted under all of their usual names."""

import av
import pytest

from vidinpaint.core.errors import SettingError
from vidinpaint.stages.encode import Encode
from vidinpaint.video.files.encoding import ALIASES, CODECS, Encoding
from vidinpaint.video.pixels.planes import planar


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("libx264", "h264"), ("avc", "h264"), ("libx265", "hevc"), ("h265", "hevc"), ("libvpx-vp9", "vp9"),
        *((codec, codec) for codec in CODECS),
    ],
)  # fmt: skip
def test_the_name_of_an_encoder_is_an_alias_of_its_codec(name: str, codec: str) -> None:
    assert Encoding(name).codec == codec
    assert Encode(codec=name) == Encode(codec=codec)  # the same settings under either name


def test_every_encoder_exists_and_every_alias_names_a_codec() -> None:
    assert set(ALIASES.values()) <= set(CODECS)
    assert set(CODECS.values()) <= set(ALIASES) | set(CODECS)
    for encoder in CODECS.values():
        assert av.Codec(encoder, "w").name == encoder


def test_an_unknown_codec_is_an_error_that_lists_all_names() -> None:
    with pytest.raises(SettingError) as caught:
        Encoding("prores_ks")
    for name in (*CODECS, *ALIASES):
        assert name in caught.value.expected
    with pytest.raises(SettingError, match="crf from 0 to 51 for hevc"):
        Encoding("libx265", crf=60)


@pytest.mark.parametrize("name", ["gbrap", "yuva444p12le", "yuva420p"])
def test_vp9_keeps_opacity_in_the_one_format_that_its_encoder_takes(name: str) -> None:
    format = planar(name)
    assert format is not None
    assert Encoding("vp9").pixel_format(format, 64, 48)[0] == "yuva420p"
