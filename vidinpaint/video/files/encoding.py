"""`Encoding`: how the result is compressed, and the pixel format of a codec that loses least."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av

from vidinpaint.core.clip import PixelFormat
from vidinpaint.core.errors import SettingError
from vidinpaint.core.settings import Settings, setting
from vidinpaint.video.pixels.planes import layout, planar

CODECS = {"h264": "libx264", "hevc": "libx265", "ffv1": "ffv1", "vp9": "libvpx-vp9"}
"""Every codec, and FFmpeg's name of its encoder."""
ALIASES = {"avc": "h264", "h265": "hevc", **{encoder: codec for codec, encoder in CODECS.items() if encoder != codec}}
"""Other accepted names of a codec: that of its encoder, and that of the other standard body."""
_MAX_CRF = {"h264": 51, "hevc": 51, "vp9": 63}
_PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow")
_TRIAL_OPTIONS = {"libx265": {"x265-params": "log-level=none"}, "libvpx-vp9": {"auto-alt-ref": "0"}}
_MIN_HEVC = 64  # pixels, a block: x265 damages its memory when it encodes smaller pictures
_THREADS = 4  # constant, because x264's result depends on it and a clip may be encoded on several machines
_PACKED_EQUIVALENTS = {"gbrp": "bgr0", "gbrap": "bgra"}  # FFV1 accepts 8-bit RGB only in these formats; same samples


@dataclass(frozen=True)
class Encoding(Settings):
    """How the result is compressed."""

    codec: str = setting("h264", "Video codec; ffv1 is lossless.", choices=(*CODECS, *ALIASES))
    crf: int = setting(16, "Quality: 0 is best; up to 51 for h264 and hevc, 63 for vp9.", low=0, high=63)
    preset: str = setting("medium", "Speed of the encoder: slower ones make smaller files.", choices=_PRESETS)
    container: str = setting(
        "suffix", "Container: that of the output's suffix; auto changes the suffix where another loses fewer streams.",
        choices=("suffix", "auto"),
    )  # fmt: skip
    options: Mapping[str, str] = setting({}, "Further options of FFmpeg's encoder, as strings.")

    def __post_init__(self) -> None:
        object.__setattr__(self, "codec", ALIASES.get(self.codec, self.codec))
        max_crf = _MAX_CRF.get(self.codec, 63)
        if not 0 <= self.crf <= max_crf:
            raise SettingError(f"a crf from 0 to {max_crf} for {self.codec}", str(self.crf), "Lower is better; try 16.")
        super().__post_init__()

    @property
    def encoder(self) -> str:
        """FFmpeg's name of the encoder."""
        return CODECS[self.codec]

    def encoder_options(self) -> dict[str, str]:
        """Options for FFmpeg. All segments of a clip get the same ones, so that they share one header."""
        quality = {"crf": str(self.crf)}
        codec_options = {
            # mbtree uses as many frames as the machine delivers in time, which is not reproducible
            "h264": quality | {"preset": self.preset, "mbtree": "0"},
            "hevc": quality | {"preset": self.preset, "x265-params": "log-level=none:open-gop=0:repeat-headers=0"},
            # FFmpeg chooses the number of slices: for some odd sizes it rejects a given one
            "ffv1": {"level": "3", "slicecrc": "1", "g": "1"},
            "vp9": quality | {"b": "0", "row-mt": "1", "cpu-used": "2", "auto-alt-ref": "0"},
        }[self.codec]
        return codec_options | {"threads": str(_THREADS)} | dict(self.options)

    def pixel_format(self, format: PixelFormat, width: int, height: int) -> tuple[str, str | None]:
        """FFmpeg's name of what a clip of this format is encoded as, and a note if that loses something."""
        if self.codec == "hevc" and min(width, height) < _MIN_HEVC:
            raise SettingError(
                f"at least {_MIN_HEVC} x {_MIN_HEVC} pixels for hevc", f"{width} x {height}", "Take another codec."
            )
        offered = [offer.name for offer in av.Codec(self.encoder, "w").video_formats or ()]
        suitable = [name for name in offered if self._may_hold(name, width, height)]
        for name in (format.name, _PACKED_EQUIVALENTS.get(format.name)):
            if name in suitable and _encodes(self.encoder, name, width % 2, height % 2):
                return name, None
        choices = [(name, offer) for name in suitable if (offer := planar(name)) and offer.kind in (format.kind, "yuv")]
        choices = [(name, offer) for name, offer in choices if "j" not in name and name != format.name]
        for name, offer in sorted(choices, key=lambda choice: _losses(format, choice[1])):
            if _encodes(self.encoder, name, width % 2, height % 2):
                return name, _note(format, offer, self.codec)
        raise SettingError(f"a codec that holds {format.name} of {width} x {height}", self.codec, "Try ffv1 or h264.")

    def _may_hold(self, name: str, width: int, height: int) -> bool:
        """H.264 and HEVC crop in whole chroma samples only, so an odd size needs full-size chroma along that axis.

        Builds of x265 list opacity but lack it, and to ask one for it damages its memory.
        """
        if self.codec not in ("h264", "hevc"):
            return True
        format = layout(name).format
        return not (format.alpha or (format.chroma_x and width % 2) or (format.chroma_y and height % 2))


@cache
def _encodes(encoder: str, name: str, odd_width: int, odd_height: int) -> bool:
    """Whether an encoder really encodes a pixel format: many are built without some of those that they list."""
    context = av.CodecContext.create(encoder, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 64 + odd_width, 64 + odd_height, name
    context.time_base = Fraction(1, 25)
    context.options = _TRIAL_OPTIONS.get(encoder, {})
    try:
        return bool([*context.encode(av.VideoFrame(context.width, context.height, name)), *context.encode(None)])
    except (av.FFmpegError, OSError):
        return False


def _losses(original: PixelFormat, offer: PixelFormat) -> tuple[int, ...]:
    """What is lost by storing `original` as `offer`, most important first; then what is wasted."""
    # RGB becomes 4:2:0, the one form of H.264 that every player shows; ffv1 keeps RGB as it is
    chroma = (1, 1) if original.kind == "rgb" else (original.chroma_x, original.chroma_y)
    coarser = max(0, offer.chroma_x - chroma[0]) + max(0, offer.chroma_y - chroma[1])
    finer = max(0, chroma[0] - offer.chroma_x) + max(0, chroma[1] - offer.chroma_y)
    return (
        int(original.alpha and not offer.alpha),
        int(offer.kind != original.kind),
        max(0, original.bits - offer.bits),
        coarser if original.kind != "grey" else 0,
        max(0, offer.bits - original.bits),
        finer,
        int(offer.alpha and not original.alpha),
    )


def _note(original: PixelFormat, offer: PixelFormat, codec: str) -> str:
    alpha, kind, bits, coarser, *_ = _losses(original, offer)
    lost = []
    if kind and original.kind == "rgb":
        lost.append("RGB became YUV (BT.709)")
    if alpha:
        lost.append("opacity is lost")
    if bits:
        lost.append(f"{original.bits} bits became {offer.bits}")
    if coarser:
        lost.append("chroma became coarser")
    return f"{codec} cannot hold {original.name}: encoded as {offer.name}, {', '.join(lost) or 'nothing is lost'}"
