"""Runs a script again in a network and process space of its own: Ray listens on all interfaces."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.alone import SPACE, UP, can_be_alone

MARK = "VIDINPAINT_APART"


def run_apart() -> None:
    """To be called first; returns only inside of the space, or where there can be none, with a word about it."""
    if MARK in os.environ:
        return
    if reason := can_be_alone():
        sys.exit(f"this benchmark starts Ray, and wants a network of its own: {reason}")
    os.environ |= {MARK: "1", "RAY_USAGE_STATS_ENABLED": "0"}
    os.execvp(SPACE[0], [*SPACE, sys.executable, "-c", UP, *sys.argv])
