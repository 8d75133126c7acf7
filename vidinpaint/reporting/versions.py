"""`versions` and `command`: what ran, and how it was started."""

import platform
import shlex
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_LIBRARIES = ("numpy", "numba", "opencv-contrib-python-headless", "av")


def versions() -> dict[str, str]:
    """vidinpaint, Python, the system and the libraries that pixels go through, each with its version."""
    found = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for library in ("vidinpaint", *_LIBRARIES):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def command() -> str:
    """The command line of this process, as one could type it again; a script's name without its folder."""
    program, *arguments = sys.argv or [""]
    return shlex.join([Path(program).name, *arguments])
