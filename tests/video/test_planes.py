"""Frames to planes and back: every sample in every pixel format."""

import av
import numpy as np
import pytest

from tests.video.clips import pixel_format
from vidinpaint.video.pixels.planes import fits, frame_of, layout, layout_of, planar, planes_of

PLANAR = ["yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuv420p9le", "yuv422p10le", "yuv444p12le",
          "yuv420p16le", "yuva420p", "yuva444p10le", "gbrp", "gbrap", "gbrp10le", "gbrap16le", "gray", "gray10le",
          "gray16le"]  # fmt: skip


@pytest.mark.parametrize("size", [(1, 1), (15, 17), (35, 21), (16, 32)])
@pytest.mark.parametrize("name", PLANAR)
def test_planar_samples_are_unchanged(name, size):
    format = pixel_format(name)
    random = np.random.default_rng(1)
    planes = [
        random.integers(0, 2**format.bits, format.plane_shape(index, *size)).astype(format.dtype)
        for index in range(format.colour_planes + format.alpha)
    ]
    found = planes_of(frame_of(planes, format, name), layout(name))
    assert layout(name).note is None
    for plane, actual in zip(planes, found):
        np.testing.assert_array_equal(actual, plane)


def test_red_green_blue_is_the_order_of_planes():
    planes = [np.full((2, 2), value, np.uint8) for value in (10, 20, 30)]
    frame = frame_of(planes, pixel_format("gbrp"), "gbrp")
    assert frame.to_ndarray(format="rgb24")[0, 0].tolist() == [10, 20, 30]


@pytest.mark.parametrize("name", ["rgb24", "bgr24", "rgba", "bgra", "argb", "abgr", "bgr0", "rgb48le", "rgba64le"])
def test_packed_colours_are_split(name):
    depth = 16 if "le" in name else 8
    pixels = np.random.default_rng(2).integers(0, 2**depth, (5, 7, 3)).astype(f"uint{depth}")
    planar_frame = frame_of(list(np.moveaxis(pixels, -1, 0)), pixel_format("gbrp16le" if depth == 16 else "gbrp"),
                            "gbrp16le" if depth == 16 else "gbrp")  # fmt: skip
    frame = planar_frame.reformat(format=name)  # FFmpeg's own packing is the reference
    found = planes_of(frame, layout(name))
    np.testing.assert_array_equal(np.stack(found[:3], -1), pixels)


@pytest.mark.parametrize(
    ("packed", "equivalent"),
    [("nv12", "yuv420p"), ("nv21", "yuv420p"), ("nv16", "yuv422p"), ("nv24", "yuv444p"), ("yuyv422", "yuv422p"),
     ("uyvy422", "yuv422p"), ("p010le", "yuv420p10le"), ("p210le", "yuv422p10le"), ("p016le", "yuv420p16le")],
)  # fmt: skip
def test_interleaved_chroma_is_split(packed, equivalent):
    format = pixel_format(equivalent)
    random = np.random.default_rng(3)
    planes = [
        random.integers(0, 2**format.bits, format.plane_shape(index, 6, 8)).astype(format.dtype) for index in range(3)
    ]
    frame = frame_of(planes, format, equivalent).reformat(format=packed)
    for plane, actual in zip(planes, planes_of(frame, layout(packed))):
        np.testing.assert_array_equal(actual, plane)
    assert "no sample changed" in (layout(packed).note or "")


def test_full_range_names_are_plain_formats():
    assert layout("yuvj420p").format.name == "yuv420p"
    assert not layout("yuvj420p").converted


@pytest.mark.parametrize("name", ["pal8", "monob", "rgb565le", "grayf32le", "xyz12le", "gbrpf32le", "x2rgb10le"])
def test_anything_else_is_converted_and_noted(name):
    found = layout(name)
    assert found.converted
    assert name in (found.note or "")
    assert len(planes_of(av.VideoFrame(8, 6, name), found)) == found.format.colour_planes + found.format.alpha


@pytest.mark.parametrize("opacity", [255, 90])
def test_the_opacity_of_a_palette_is_kept_where_it_is_used(opacity):
    frame = av.VideoFrame(8, 6, "pal8")
    palette = np.zeros((256, 4), np.uint8)  # B, G, R, A; the last one is not used
    palette[0], palette[1], palette[2] = (1, 2, 3, 255), (50, 60, 70, opacity), (9, 9, 9, 0)
    frame.planes[0].update(np.resize(np.array([0, 1], np.uint8), frame.planes[0].buffer_size).tobytes())
    frame.planes[1].update(palette.tobytes())
    found = layout_of(frame)
    assert found.format.alpha == (opacity < 255)
    assert fits(frame, found)
    assert fits(frame, layout("pal8")) == (opacity == 255)
    assert [int(plane[0, 1]) for plane in planes_of(frame, found)][:3] == [70, 60, 50]
    assert int(planes_of(frame, found)[-1][0, 1]) == (opacity if found.format.alpha else 50)


def test_every_format_of_ffmpeg_has_a_layout():
    for codec in sorted(av.codecs_available):
        try:
            formats = av.Codec(codec, "w").video_formats or []
        except (av.FFmpegError, ValueError):
            continue
        for format in formats:
            if format.components:  # formats without any are in the memory of a hardware device
                assert planar(layout(format.name).format.name) is not None
