"""Runs tests in a network and a process space of their own, where nobody else can reach what they start.

Ray listens on all interfaces and leaves processes behind when it is killed: neither may concern the machine.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

UP = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
    fcntl.ioctl(plug, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: loopback is up and running
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
SPACE = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
ROOT = Path(__file__).parent.parent


@cache
def can_be_alone() -> str:
    """Why tests cannot be run apart from the machine; empty where they can."""
    try:
        done = subprocess.run([*SPACE, sys.executable, "-c", UP, "-c", ""], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"no unshare here: {error}"
    return "" if done.returncode == 0 else f"unshare is not allowed here: {done.stderr.strip()[:200]}"


def run_alone(cases: str, folder: Path, *modules: str, seconds: int = 600) -> None:
    """Run the tests of a file, which pytest does not find by itself, or skip where that cannot be."""
    for module in modules:
        pytest.importorskip(module)
    if reason := can_be_alone():
        pytest.skip(reason)
    home = folder / "home"
    home.mkdir()
    tests = ["-m", "pytest", "-x", "-p", "no:cacheprovider", "--basetemp", str(folder / "t"), str(ROOT / cases)]
    environment = {
        "HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    }  # fmt: skip
    done = subprocess.run(
        [*SPACE, sys.executable, "-c", UP, *tests], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-2000:]
