"""`run_alone`: runs tests in a network and a process namespace of their own.

Ray listens on all interfaces and leaves processes behind when it is killed; neither may affect the machine.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    fcntl.ioctl(probe, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: loopback is up and running
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
SPACES = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
ROOT = Path(__file__).parent.parent


@cache
def unavailable_reason() -> str:
    """Why tests cannot run in namespaces of their own; empty if they can."""
    try:
        command = [*SPACES, sys.executable, "-c", LOOPBACK, "-c", ""]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return f"unshare is not installed: {error}"
    return "" if done.returncode == 0 else f"unshare is not permitted: {done.stderr.strip()[:200]}"


def run_alone(cases: str, folder: Path, *modules: str, seconds: int = 600) -> None:
    """Run the tests of a file that pytest does not collect by itself; skip if a module or the rights are missing."""
    for module in modules:
        pytest.importorskip(module)
    if reason := unavailable_reason():
        pytest.skip(reason)
    home = folder / "home"
    home.mkdir()
    tests = ["-m", "pytest", "-x", "-p", "no:cacheprovider", "--basetemp", str(folder / "t"), str(ROOT / cases)]
    environment = {
        "HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    }  # fmt: skip
    done = subprocess.run(
        [*SPACES, sys.executable, "-c", LOOPBACK, *tests], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout.splitlines()[-1], done.stdout[-2000:]
