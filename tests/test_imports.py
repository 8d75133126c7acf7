"""Nothing heavy is imported before it is used: help comes at once, and without the optional parts."""

import subprocess
import sys

import pytest

HEAVY = {
    "av", "cv2", "diffusers", "fsspec", "matplotlib", "numba", "ray", "s3fs", "torch", "torchvision", "transformers",
}  # fmt: skip


def imported(code: str) -> set[str]:
    """The heavy packages that are there after a new process ran this code."""
    at_exit = "import atexit, sys; atexit.register(lambda: sys.stderr.write('\\nimported: ' + ' '.join(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{at_exit}\n{code}"], capture_output=True, text=True, check=True)
    modules = done.stderr.rpartition("imported: ")[2].split()
    assert "vidinpaint" in modules
    return HEAVY & {*modules}


def test_import_of_the_package() -> None:
    assert imported("import vidinpaint") == set()


@pytest.mark.parametrize("words", ["--help", "--version", "inpaint --help", "image --help", "batch --help"])
def test_help(words: str) -> None:
    assert imported(f"from vidinpaint.cli import main; sys.exit(main({words.split()}))") == set()


def test_evaluation_without_networks_needs_no_torch() -> None:
    code = "import numpy, vidinpaint; a = numpy.zeros((2, 48, 64, 3), 'uint8'); vidinpaint.evaluate(a, a, '4,4,9,9')"
    found = imported(code)
    assert "cv2" in found
    assert "torch" not in found


def test_what_is_imported_is_seen() -> None:
    assert imported("import vidinpaint, av") == {"av"}
