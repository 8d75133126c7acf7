"""Lists of clips: each is read or refused, and nothing is written outside the output folder."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing.honest import files, run
from tests.fuzzing.inputs import damaged, inputs

NAMES = st.sampled_from(
    ["clip.mp4", "../clip.mp4", "/etc/passwd", "a/../../b.mp4", "", ".", "-o", "%05d.png", "é☃", "x" * 300]
)
CELLS = st.one_of(NAMES, st.text(max_size=12), st.sampled_from(["1,2,3,4", "1,2,3,4@1-", "encode.crf=18", "1e999"]))
COLUMNS = st.sampled_from(["clip", "mask", "output", "settings", "start", "end", "rate", "config", "colour", ""])
ROWS = st.lists(st.dictionaries(COLUMNS, CELLS, max_size=6), min_size=0, max_size=4)
CSV = b'clip,mask,output,settings\na.mp4,"logo.png;1,2,3,4@0-5",one.mp4,encode.crf=18\nb.mp4,"1,2,3,4",two.mp4,\n'
TOML = b'[defaults]\nmask = "1,2,3,4"\n[[clip]]\nclip = "a.mp4"\n[clip.settings.encode]\ncrf = 18\n'


def written(rows: list[dict[str, str]]) -> tuple[str, bytes]:
    """The rows as JSON lines."""
    return ".jsonl", "\n".join(json.dumps(row) for row in rows).encode()


LISTS = st.one_of(
    ROWS.map(written),
    damaged(CSV).map(lambda content: (".csv", content)),
    damaged(TOML).map(lambda content: (".toml", content)),
    st.binary(max_size=60).map(lambda content: (".csv", content)),
    st.sampled_from(["utf-16", "utf-8-sig", "cp1252"]).map(lambda code: (".csv", CSV.decode().encode(code))),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


@inputs(15)
@given(content=LISTS)
def test_a_list_is_refused_and_leaves_nothing_outside_its_output(content: tuple[str, bytes], folder: Path) -> None:
    """None of the lists names a clip that exists, so none can end well."""
    suffix, text = content
    path = folder / f"list{suffix}"
    path.write_bytes(text)
    results, before = folder / "results", files(folder)
    outcome = run("batch", path, "-o", results, "--runner", "processes", "--workers", "1")
    assert outcome.code in (2, 4), outcome
    assert "Traceback" not in outcome.err
    assert outcome.err.startswith("vidinpaint: expected "), outcome
    assert all(line.startswith("  ") for line in outcome.err.splitlines()[1:]), outcome
    added = files(folder) - before
    assert all(path.is_relative_to(results) for path in added), added
    assert outcome.code == 4 or not added, added
    shutil.rmtree(results, ignore_errors=True)
    path.unlink()
