"""Temporary folders of runs that were killed disappear at the next start; all others stay."""

import os
import tempfile
from pathlib import Path

import pytest

from vidinpaint.execution.storage.temporary_folder import TemporaryFolder, clear_abandoned


def test_only_the_folders_of_killed_runs_are_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living = TemporaryFolder()
    killed, early, new = (tmp_path / f"vidinpaint-{name}" for name in ("killed00", "early000", "new00000"))
    others = [tmp_path / "vidinpaint-cache-me", tmp_path / "vidinpaint-results", tmp_path / "other000"]
    for folder in (killed, early, new, *others):
        folder.mkdir()
        (folder / "file").touch()
    (killed / "owner.lock").touch()
    for folder in (early, *others):
        os.utime(folder, (0, 0))
    clear_abandoned()
    assert sorted(tmp_path.iterdir()) == sorted([living.path, new, *others])
    living.close()
    assert not living.path.exists()
