"""The clips of docs/formats.md: what FFmpeg is told to make, by table, row and the suffixes that results get."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=1")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1:sample_rate=48000")
H264 = ("-c:v", "libx264", "-crf", "20", "-preset", "veryfast", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac")
VP9 = ("-c:v", "libvpx-vp9", "-cpu-used", "8")
VIDEO_SUFFIXES = ("mp4", "mov", "mkv", "webm")


@dataclass(frozen=True)
class Clip:
    """One input.

    table, row   where its results stand in the page
    suffix       of the input
    options      of FFmpeg, between its inputs and the name of the output
    inputs       of FFmpeg
    copied       options of a second call that copies all streams, for what FFmpeg sets only then; none: no second call
    outputs      suffixes of results; "auto": the container is chosen
    codecs       codecs of results; empty: the default
    """

    table: str
    row: str
    suffix: str
    options: tuple[str, ...]
    inputs: tuple[str, ...] = (*PICTURE, *SOUND)
    copied: tuple[str, ...] = ()
    outputs: tuple[str, ...] = VIDEO_SUFFIXES
    codecs: tuple[str, ...] = ("",)

    def make(self, folder: Path) -> Path:
        """Write the clip; raises CalledProcessError where this FFmpeg cannot make it."""
        path = folder / f"clip.{self.suffix}"
        target = folder / f"first.{self.suffix}" if self.copied else path
        _ffmpeg(*self.inputs, *self.options, str(target))
        if self.copied:
            _ffmpeg("-i", str(target), "-map", "0", "-c", "copy", *self.copied, str(path))
            target.unlink()
        return path


def _ffmpeg(*words: str) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *words]
    subprocess.run(command, check=True, capture_output=True)


def clips(folder: Path) -> list[Clip]:
    """All clips; text that some of them need is written into the folder."""
    return [*_containers(), *_audio(), *_subtitles(folder), *_extras(folder), *_pixel_formats()]


def _containers() -> list[Clip]:
    makers = {
        "mp4": (*H264, *AAC), "mov": (*H264, *AAC), "m4v": (*H264, *AAC), "mkv": (*H264, *AAC),
        "webm": (*VP9, "-c:a", "libopus"),
        "avi": ("-c:v", "mpeg4", "-q:v", "4", "-bf", "2", "-c:a", "libmp3lame"),
        "ts": (*H264, *AAC), "mpg": ("-c:v", "mpeg2video", "-q:v", "4", "-c:a", "mp2"),
        "wmv": ("-c:v", "wmv2", "-q:v", "4", "-c:a", "wmav2"),
        "flv": ("-c:v", "flv", "-ar", "44100", "-c:a", "libmp3lame"),
        "ogv": ("-c:v", "libtheora", "-c:a", "libvorbis"), "3gp": ("-c:v", "h263", "-s", "176x144", *AAC),
        "mxf": ("-c:v", "mpeg2video", "-q:v", "4", "-c:a", "pcm_s16le"),
        "gif": ("-map", "0:v"), "nut": ("-c:v", "ffv1", "-c:a", "flac"),
    }  # fmt: skip
    tags = ("-metadata", "title=A title", "-metadata:s:a", "language=deu")
    outputs = (*VIDEO_SUFFIXES, "auto")
    return [
        Clip("Containers", f".{suffix}", suffix, (*options, *tags[: 2 if suffix == "gif" else 4]), outputs=outputs)
        for suffix, options in makers.items()
    ]


def _audio() -> list[Clip]:
    suffixes = {
        "aac": "mkv", "libmp3lame": "mkv", "ac3": "mkv", "eac3": "mkv", "dca": "mkv", "truehd": "mkv", "libopus": "mkv",
        "libvorbis": "mkv", "flac": "mkv", "alac": "mkv", "mp2": "mkv", "pcm_s16le": "mkv", "pcm_s24le": "mov",
        "pcm_mulaw": "mov", "adpcm_ms": "avi", "wmav2": "wmv", "wavpack": "mkv", "libspeex": "nut",
    }  # fmt: skip
    names = {"libmp3lame": "mp3", "libopus": "opus", "libvorbis": "vorbis", "dca": "dts", "libspeex": "speex"}
    video = {"wmv": ("-c:v", "wmv2"), "avi": ("-c:v", "mpeg4"), "nut": ("-c:v", "ffv1")}
    special = {
        "truehd": ("-strict", "-2", "-ac", "2"),
        "dca": ("-strict", "-2", "-ac", "2"),
        "libspeex": ("-ar", "16000"),
    }
    return [
        Clip(
            "Audio", f"{names.get(codec, codec)} in .{suffix}", suffix,
            (*video.get(suffix, H264), "-c:a", codec, *special.get(codec, ())), outputs=(*VIDEO_SUFFIXES, "auto"),
        )
        for codec, suffix in suffixes.items()
    ]  # fmt: skip


def _subtitles(folder: Path) -> list[Clip]:
    text = folder / "lines.srt"
    text.write_text("1\n00:00:00,100 --> 00:00:00,400\nfirst line\n\n2\n00:00:00,500 --> 00:00:00,900\nsecond\n\n")
    inputs = (*PICTURE, *SOUND, "-i", str(text))
    kinds = {"subrip": "mkv", "ass": "mkv", "webvtt": "mkv", "mov_text": "mp4"}
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:s", "-metadata:s:s", "language=eng", "-disposition:s:0", "forced")
    return [
        Clip(
            "Subtitles",
            f"{kind} in .{suffix}",
            suffix,
            (*H264, *AAC, *maps, "-c:s", kind),
            inputs,
            outputs=(*VIDEO_SUFFIXES, "auto"),
        )
        for kind, suffix in kinds.items()
    ]


def _extras(folder: Path) -> list[Clip]:
    chapters = folder / "chapters.txt"
    marks = "".join(f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={at}\nEND={at + 500}\ntitle=Part {at}\n" for at in (0, 500))
    chapters.write_text(f";FFMETADATA1\n{marks}")
    notes = folder / "notes.txt"
    notes.write_text("notes")
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
    hdr = f"hdr10=1:repeat-headers=1:max-cll=1000,400:master-display={display}"
    hevc = (
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p10le",
        "-x265-params",
        f"log-level=none:{hdr}",
    )
    bt2020 = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-color_range", "tv")
    bt601 = (
        "-color_primaries",
        "smpte170m",
        "-color_trc",
        "smpte170m",
        "-colorspace",
        "smpte170m",
        "-color_range",
        "pc",
    )
    still = ("-f", "lavfi", "-i", "color=red:size=32x32:rate=1:duration=1")
    cover = (
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-map",
        "2:v",
        *H264,
        "-c:v:1",
        "png",
        *AAC,
        "-disposition:v:1",
        "attached_pic",
    )
    two = ("-map", "0:v", "-map", "1:a", "-map", "1:a", "-disposition:a:1", "comment")
    alpha = ("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=1,format=yuva420p,geq=lum='p(X,Y)':a='2*X'")
    variable = ("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=1,select='not(eq(mod(n,3),1))'")
    taken = ("-metadata", "creation_time=2020-01-02T03:04:05Z", "-metadata", "location=+52.5+013.4/")
    rows: dict[str, tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]] = {
        "rotation": ("mp4", (*H264, *AAC), {"copied": ("-metadata:s:v", "rotate=90")}),
        "sample aspect 4:3": ("mp4", (*H264, *AAC, "-vf", "setsar=4/3"), {}),
        "colour of SD video, full range": ("mkv", (*H264, *AAC, *bt601), {}),
        "HDR10 (mastering display, light level)": ("mp4", (*hevc, *AAC, *bt2020), {"codecs": ("hevc",)}),
        "chapters": ("mkv", (*H264, *AAC, "-map_metadata", "2"), {"inputs": (*PICTURE, *SOUND, "-i", str(chapters))}),
        "attachment": ("mkv", (*H264, *AAC, "-attach", str(notes), "-metadata:s:t", "mimetype=text/plain"), {}),
        "cover picture": ("mp4", cover, {"inputs": (*PICTURE, *SOUND, *still)}),
        "two sound tracks, one a comment": ("mkv", (*H264, *AAC, *two, "-metadata:s:a:1", "title=Director"), {}),
        "time code": ("mov", (*H264, *AAC, "-timecode", "01:00:00:00"), {}),
        "date and place": ("mov", (*H264, *AAC, *taken), {}),
        "opacity (VP9)": ("webm", (*VP9, "-pix_fmt", "yuva420p", "-c:a", "libopus"), {"inputs": (*alpha, *SOUND)}),
        "stereo pictures side by side": ("mkv", (*H264, *AAC, "-x264-params", "frame-packing=3"), {}),
        "variable frame rate": ("mp4", (*H264, *AAC, "-vsync", "vfr"), {"inputs": (*variable, *SOUND)}),
        "sound that starts later": ("mkv", (*H264, *AAC), {"inputs": (*PICTURE, "-itsoffset", "0.3", *SOUND)}),
        "interlaced": ("mp4", (*H264, *AAC, "-flags", "+ildct+ilme", "-x264-params", "tff=1"), {}),
    }  # fmt: skip
    return [
        Clip("Everything else", row, suffix, options, outputs=(*VIDEO_SUFFIXES, "auto"), **more)  # type: ignore[arg-type]
        for row, (suffix, options, more) in rows.items()
    ]


def _pixel_formats() -> list[Clip]:
    ffv1 = (
        "yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le", "yuv444p16le",
        "gray", "gray10le", "bgr0", "gbrp10le", "gbrp16le", "rgb48le", "bgra", "yuva420p", "yuva444p10le",
    )  # fmt: skip
    made = [(name, "mkv", ("-c:v", "ffv1")) for name in ffv1]
    made += [("yuvj420p", "avi", ("-c:v", "mjpeg", "-q:v", "2")), ("rgb24", "mov", ("-c:v", "qtrle"))]
    made += [("argb", "mov", ("-c:v", "qtrle")), ("pal8", "mkv", ("-c:v", "png")), ("monob", "mkv", ("-c:v", "png"))]
    made += [("yuyv422", "avi", ("-c:v", "rawvideo")), ("uyvy422", "mov", ("-c:v", "rawvideo"))]
    made += [("nv12", "nut", ("-c:v", "rawvideo")), ("rgb555le", "avi", ("-c:v", "rawvideo"))]
    codecs = ("h264", "hevc", "vp9", "ffv1")
    return [
        Clip("Pixel formats", name, suffix, (*codec, "-pix_fmt", name), PICTURE, outputs=("mkv",), codecs=codecs)
        for name, suffix, codec in made
    ]
