"""Tags of files in older encodings than UTF-8."""

from pathlib import Path

import av
import pytest

from tests.video.clips import Recipe, write
from vidinpaint.video.readers import open_reader


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("caf\xe9".encode("latin-1"), "caf\xe9"),
        ("\u043c\u0438\u0440!".encode("cp1251"), "\xec\xe8\xf0!"),
        ("\u65e5\u672c".encode("shift-jis"), "\u201c\xfa\u2013{"),
        ("\u30fc!!".encode("shift-jis"), "\x81[!!"),
        ("\xe9\xe8".encode(), "\xe9\xe8"),
    ],
    ids=["Latin-1", "Windows-1251", "Shift JIS", "no Windows-1252", "UTF-8"],
)
def test_a_title_in_any_encoding_is_read_and_said(tmp_path: Path, suffix: str, stored: bytes, read: str) -> None:
    path = tmp_path / f"clip{suffix}"
    write(path, Recipe(pts=(0, 512)))
    with av.open(str(path)) as source, av.open(str(tmp_path / f"tagged{suffix}"), "w") as target:
        target.metadata["title"] = "QQQQ"
        target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux():
            if packet.size:
                packet.stream = target.streams.video[0]
                target.mux(packet)
    data = (tmp_path / f"tagged{suffix}").read_bytes()
    assert data.count(b"QQQQ") == 1
    path.write_bytes(data.replace(b"QQQQ", stored))
    with open_reader(path) as reader:
        notes = reader.info.notes
        assert reader._decoder.container.metadata["title"] == read  # type: ignore[attr-defined]
    assert any("not in UTF-8 are read as" in note for note in notes) == (stored != read.encode())
