"""`decoded`: what FFmpeg writes to its standard output."""

import subprocess
from pathlib import Path


def decoded(path: Path, *words: str) -> bytes:
    """The output of FFmpeg for a file; empty where it fails."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), *words, "-"]
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).stdout
