"""Runs a script again in its own network and process namespace, because Ray listens on all interfaces."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.alone import SPACE, UP, can_be_alone

MARK = "VIDINPAINT_APART"


def run_apart() -> None:
    """Call this first: it returns only inside the namespace, and exits with a reason if there cannot be one."""
    if MARK in os.environ:
        return
    if reason := can_be_alone():
        sys.exit(f"this benchmark starts Ray and needs its own network namespace: {reason}")
    os.environ |= {MARK: "1", "RAY_USAGE_STATS_ENABLED": "0"}
    os.execvp(SPACE[0], [*SPACE, sys.executable, "-c", UP, *sys.argv])
