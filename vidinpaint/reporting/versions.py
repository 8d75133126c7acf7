"""`versions` and `command`: versions of the software, and the command line."""

import platform
import shlex
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("numpy", "numba", "opencv-contrib-python-headless", "av")


def versions() -> dict[str, str]:
    """Versions of vidinpaint, Python, the operating system and the libraries that process pixels, by name."""
    found = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for library in ("vidinpaint", *_LIBRARIES):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def command() -> str:
    """The command line of this process, quoted for a shell; the program's name without its folder."""
    program, *arguments = sys.argv or [""]
    return shlex.join([Path(program).name, *arguments])
