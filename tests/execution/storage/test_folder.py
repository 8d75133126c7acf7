"""One contract for folders on a disk and in an object store."""

from pathlib import Path

import pytest

from vidinpaint.core.errors import SettingError, StorageError
from vidinpaint.execution.storage.folder import Folder, open_folder
from vidinpaint.execution.storage.places import exists, find, join, stamp


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "disk":
        return str(tmp_path / "deep" / "work")
    return f"{request.getfixturevalue('bucket')}/deep/work"


def put(folder: Folder, name: str, data: bytes) -> None:
    file = folder.scratch(".bin")
    file.write_bytes(data)
    folder.put(file, name)
    assert not file.exists()


def test_files_come_back_as_they_were_put(place: str) -> None:
    folder = open_folder(place)
    assert folder.names() == []
    assert folder.file("a.bin") is None
    assert folder.text("a.json") is None
    assert folder.size("a.bin") is None
    put(folder, "a.bin", b"\0one")
    folder.put_text("schön", "a.json")
    other = open_folder(place)  # as another machine sees it
    assert other.names() == ["a.bin", "a.json"]
    file = other.file("a.bin")
    assert file is not None
    assert file.read_bytes() == b"\0one"
    assert other.text("a.json") == "schön"
    assert other.size("a.bin") == 4
    put(other, "a.bin", b"two, longer")
    again = folder.file("a.bin")
    assert again is not None
    assert again.read_bytes() == b"two, longer"
    assert folder.size("a.bin") == 11


def test_a_scratch_file_is_not_stored(place: str) -> None:
    folder = open_folder(place)
    file = folder.scratch(".nut")
    file.write_bytes(b"half")
    assert open_folder(place).names() == []


def test_clear_removes_the_folder_and_nothing_beside_it(place: str) -> None:
    folder, beside = open_folder(place), open_folder(f"{place}2")
    put(folder, "a.bin", b"1")
    put(beside, "b.bin", b"2")
    folder.clear()
    folder.clear()
    assert folder.names() == []
    assert beside.names() == ["b.bin"]


def test_invalid_text_is_none(place: str) -> None:
    folder = open_folder(place)
    put(folder, "a.json", b"\xff\xfe")
    assert folder.text("a.json") is None


def test_places(place: str) -> None:
    folder = open_folder(place)
    put(folder, "a.mp4", b"1")
    put(folder, "b.mp4", b"22")
    assert exists(join(place, "a.mp4"))
    assert exists(place)
    assert not exists(join(place, "c.mp4"))
    assert [found.rpartition("/")[2] for found in find(join(place, "*.mp4"))] == ["a.mp4", "b.mp4"]
    assert all(exists(found) for found in find(join(place, "*.mp4")))
    before = stamp(place)
    assert before[0] == 3
    assert stamp(place) == before
    put(folder, "b.mp4", b"333")
    assert stamp(place) != before
    with pytest.raises(StorageError, match="does not exist"):
        stamp(join(place, "c.mp4"))


def test_links_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "precious").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(StorageError, match="link"):
        open_folder(str(tmp_path / "link")).clear()
    assert (tmp_path / "real" / "precious").exists()


@pytest.mark.parametrize(("url", "kind"), [("zip://a::s3://b/c", SettingError), ("nosuch://a/b", StorageError)])
def test_invalid_urls(url: str, kind: type[Exception]) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(kind):
        open_folder(url)


def test_a_bucket_that_does_not_exist(monkeypatch: pytest.MonkeyPatch, bucket: str) -> None:
    with pytest.raises(StorageError):
        open_folder("s3://no-such-bucket/x").put_text("a", "b")
