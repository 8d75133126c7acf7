"""`versions` and `command`: versions of the software, and the command line."""

import platform
import shlex
import sys
from pathlib import Path

from vidinpaint.core.presets import version

_LIBRARIES = ("numpy", "numba", "opencv-contrib-python-headless", "av")


def versions() -> dict[str, str]:
    """Versions of vidinpaint, Python, the operating system and the libraries that process pixels, by name."""
    system = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    return system | {package: version(package) for package in ("vidinpaint", *_LIBRARIES)}


def command() -> str:
    """The command line of this process, quoted for a shell; the program's name without its folder."""
    program, *arguments = sys.argv or [""]
    return shlex.join([Path(program).name, *arguments])
