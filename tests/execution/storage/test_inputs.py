"""Inputs by URL are downloaded once, and again when they have changed."""

import os
import time
from pathlib import Path

import pytest

from vidinpaint.core.errors import StorageError
from vidinpaint.execution.storage.folder import open_folder
from vidinpaint.execution.storage.inputs import CACHE, LIMIT, cache_folder, local_copy


def put(bucket: str, name: str, data: bytes) -> str:
    folder = open_folder(bucket)
    file = folder.scratch(".bin")
    file.write_bytes(data)
    folder.put(file, name)
    return f"{bucket}/{name}"


def test_a_path_stays_a_path(tmp_path: Path) -> None:
    assert local_copy(str(tmp_path / "none.mp4")) == tmp_path / "none.mp4"


def test_an_unchanged_file_is_downloaded_once(bucket: str) -> None:
    url = put(bucket, "a b.mp4", b"one")
    copy = local_copy(url)
    assert copy.read_bytes() == b"one"
    assert copy.name == "a b.mp4"
    written = copy.stat().st_mtime_ns
    assert local_copy(url) == copy
    assert copy.stat().st_mtime_ns == written
    put(bucket, "a b.mp4", b"two")
    other = local_copy(url)
    assert other.read_bytes() == b"two"
    assert copy.read_bytes() == b"one"  # a reader of it is not disturbed
    assert not [path for path in cache_folder().iterdir() if path.name.startswith(".")]


def test_a_folder(bucket: str) -> None:
    for number in range(3):
        put(bucket, f"masks/{number}.png", bytes([number]))
    put(bucket, "masks/deeper/no.png", b"x")
    copy = local_copy(f"{bucket}/masks")
    assert sorted(path.name for path in copy.iterdir()) == ["0.png", "1.png", "2.png"]


def test_a_file_that_does_not_exist(bucket: str) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        local_copy(f"{bucket}/no.mp4")


def test_the_cache_keeps_its_limit_and_inputs_in_use(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = (local_copy(put(bucket, name, b"x" * 600)) for name in ("old.mp4", "young.mp4"))
    monkeypatch.setenv(LIMIT, "1e-6")  # 1000 bytes
    hours = time.time() - 7200
    os.utime(old.parent, (hours, hours))
    last = local_copy(put(bucket, "last.mp4", b"x" * 600))
    assert not old.exists()
    assert young.exists()
    assert last.exists()


def test_a_cache_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    monkeypatch.setenv(CACHE, str(tmp_path / "link"))
    with pytest.raises(StorageError, match="cache"):
        cache_folder()
