"""Manifests: their forms, and that all mistakes in one are reported at once."""

import json
import os
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.video.clips import Recipe, write
from vidinpaint.core.errors import BatchError, ClipError, SettingError
from vidinpaint.execution.batch.batch_run import rows_of
from vidinpaint.execution.batch.layout import Layout
from vidinpaint.execution.batch.rows import read_rows
from vidinpaint.execution.batch.validation import BatchEntry, Defaults, validated_jobs

MASK = "4,4,10,8"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three clips and a mask."""
    for name in ("a", "b", "c"):
        write(tmp_path / f"{name}.mp4", Recipe(pts=(0, 512), size=(32, 32)))
    cv2.imwrite(str(tmp_path / "logo.png"), np.full((32, 32), 255, np.uint8))
    (tmp_path / "out").mkdir()
    return tmp_path


def jobs(folder: Path, name: str, text: str, **defaults: Any) -> dict[str, BatchEntry]:
    (folder / name).write_text(text)
    rows = read_rows(folder / name)
    entries = validated_jobs(rows, Layout(str(folder / "out")), Defaults(**defaults), name)
    return {entry.name: entry for entry in entries}


def mistakes(folder: Path, name: str, text: str, **defaults: Any) -> list[str]:
    with pytest.raises(BatchError) as caught:
        jobs(folder, name, text, **defaults)
    assert caught.value.exit_code == 2
    assert not list((folder / "out").iterdir())
    return list(caught.value.details)


CSV = """clip,mask,output,settings,start
a.mp4,"logo.png;4,4,10,8@0-1",one.mp4,encode.crf=18; plan.length=10,
b.mp4,logo.png,deep/two.mkv,,1:00.5
"""
JSONL = """{"clip": "a.mp4", "mask": ["logo.png", "4,4,10,8@0-1"], "output": "one.mp4",
 "settings": {"encode": {"crf": 18}, "plan": {"length": 10}}}

{"clip": "b.mp4", "mask": "logo.png", "output": "deep/two.mkv", "start": 60.5}
""".replace('",\n', '",')
TOML = """[defaults]
mask = "logo.png"
[[clip]]
clip = "a.mp4"
mask = ["logo.png", "4,4,10,8@0-1"]
output = "one.mp4"
settings = {encode = {crf = 18}, plan = {length = 10}}
[[clip]]
clip = "b.mp4"
output = "deep/two.mkv"
start = "1:00.5"
"""


@pytest.mark.parametrize(("name", "text", "lines"), [("l.csv", CSV, (2, 3)), ("l.jsonl", JSONL, (1, 3)), ("l.toml", TOML, (3, 8))])  # fmt: skip # noqa: E501
def test_csv_json_and_toml_give_the_same_jobs(folder: Path, name: str, text: str, lines: tuple[int, int]) -> None:
    found = jobs(folder, name, text, settings=("encode.preset=fast",))
    one, two = found["one.mp4"], found["deep/two.mkv"]
    assert (one.line, two.line) == lines
    assert one.job.clip == str(folder / "a.mp4")
    assert one.job.masks == (str(folder / "logo.png"), "4,4,10,8@0-1")
    assert two.job.masks == (str(folder / "logo.png"),)
    assert one.job.settings["encode"] == {"crf": 18, "preset": "fast"}
    assert one.job.settings["plan"] == {"length": 10}
    assert two.job.start == 60.5
    assert two.job.output == str(folder / "out" / "deep" / "two.mkv")
    assert one.job.work != two.job.work


PLAIN = "clip,mask,start\na.mp4,logo.png,0.5\n"
BY_SEMICOLONS = PLAIN.replace(",", ";")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("l.csv", PLAIN.encode("utf-8-sig")),
        ("l.csv", BY_SEMICOLONS.replace("\n", "\r\n").encode()),
        ("l.csv", f"sep=;\n{BY_SEMICOLONS}".encode()),
        ("l.csv", BY_SEMICOLONS.replace("\n", ";;;\n").encode()),
        ("l.csv", BY_SEMICOLONS.replace("0.5", "00:00:00,500").encode()),
        ("l.csv", PLAIN.replace(",", "\t").encode("utf-16")),
        ("l.tsv", PLAIN.replace(",", "\t").encode()),
        ("l.csv", PLAIN.replace("\n", "\r").encode()),
        ("l.csv", PLAIN.title().replace("A.Mp4,Logo.Png", '"a.mp4","logo.png"').encode()),
    ],
    ids=["BOM", "semicolons", "sep=", "empty cells", "SRT", "UTF-16", "TSV", "CR", "quotes"],
)
def test_lists_as_spreadsheets_save_them(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    (row,) = read_rows(folder / name)
    assert not row.problems
    assert row.values.pop("start") in ("0.5", "00:00:00,500")
    assert row.values == {"clip": "a.mp4", "mask": ["logo.png"]}


def test_a_box_without_quotes_is_named_with_the_separator(folder: Path) -> None:
    (folder / "l.csv").write_text("clip,mask\na.mp4,4,4,10,8\n")
    assert "Put quotes around cells with commas" in read_rows(folder / "l.csv")[0].problems[0]
    (folder / "l.csv").write_bytes(b"clip,mask\ncaf\xe9.mp4,logo.png\n")
    with pytest.raises(SettingError, match="line 2 is not in UTF-8; save it again, in a spreadsheet as 'CSV UTF-8'"):
        read_rows(folder / "l.csv")


def test_all_clips_of_a_strict_batch_are_read_strictly(folder: Path) -> None:
    assert all(entry.job.strict for entry in jobs(folder, "l.csv", CSV, strict=True).values())
    assert not any(entry.job.strict for entry in jobs(folder, "l.csv", CSV).values())


def test_small_clips_come_first(folder: Path) -> None:
    write(folder / "b.mp4", Recipe(size=(96, 96)))
    found = jobs(folder, "l.csv", f'clip,mask\nb.mp4,"{MASK}"\na.mp4,"{MASK}"\n')
    assert list(found) == ["a.mp4", "b.mp4"]


def test_a_pattern_is_a_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "masks").mkdir()
    for name in ("a", "b", "c"):
        (folder / "masks" / f"{name}.png").write_bytes((folder / "logo.png").read_bytes())
    rows = rows_of(str(folder / "*.mp4"))
    defaults = Defaults(masks=["masks/{stem}.png"], name="{stem}_clean.mp4")
    entries = validated_jobs(rows, Layout("out"), defaults, "*.mp4")
    assert {entry.name for entry in entries} == {"a_clean.mp4", "b_clean.mp4", "c_clean.mp4"}
    masks = sorted(mask for entry in entries for mask in entry.job.masks)
    assert masks == ["masks/a.png", "masks/b.png", "masks/c.png"]
    with pytest.raises(ClipError, match="none for"):
        rows_of(str(folder / "*.avi"))


@pytest.mark.parametrize("column", ["method", "fill"])
def test_a_column_names_the_method(folder: Path, column: str) -> None:
    text = f'clip,mask,{column}\na.mp4,"{MASK}",telea\nb.mp4,"{MASK}",\n'
    entries = jobs(folder, "l.csv", text, options={"method": "harmonic"})
    methods = {name: entry.job.settings["inpaint"]["method"] for name, entry in entries.items()}
    assert methods == {"a.mp4": "telea", "b.mp4": "harmonic"}


@pytest.mark.parametrize(
    "output",
    [
        "../x.mp4", "a/../../x.mp4", "/etc/x.mp4", "~/x.mp4", "C:/x.mp4", "C:x.mp4", "a\\x.mp4", "s3://b/x.mp4",
        ".vidinpaint/done/x.mp4", ".x.mp4", "x.exe", "summary.html", "noending", "a\tb.mp4", f"{'x' * 300}.mp4",
        "link/x.mp4", "circle/x.mp4",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(folder: Path, output: str) -> None:
    os.symlink(folder, folder / "out" / "link")
    os.symlink("circle", folder / "out" / "circle")
    (folder / "l.jsonl").write_text(json.dumps({"clip": "a.mp4", "mask": MASK, "output": output}) + "\n")
    with pytest.raises(BatchError) as caught:
        validated_jobs(read_rows(folder / "l.jsonl"), Layout(str(folder / "out")), Defaults(), "l.jsonl")
    assert len(caught.value.details) == 1
    assert "line 1" in caught.value.details[0]
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["circle", "link"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"clip": "no.mp4"}, "'.*no.mp4', which does not exist"),
        ({"mask": "no.png"}, "no.png', which does not exist"),
        ({"mask": "1,2,3"}, "four whole numbers"),
        ({"mask": "logo.png@5-2"}, "ends after it starts"),
        ({"mask": 7}, "mask as text"),
        ({"mask": None}, "at least one mask"),
        ({"mask": []}, "at least one mask"),
        ({"clip": None}, "clip"),
        ({"clip": ""}, "expected a clip"),
        ({"colour": "red"}, "a column of a manifest, found 'colour'"),
        ({"settings": {"encode": {"crf": 900}}}, "crf from 0 to 51"),
        ({"settings": {"encode": {"crf": "good"}}}, "crf"),
        ({"settings": {"nothing": {"crf": 1}}}, "'nothing'"),
        ({"settings": {"plan": {"length": -3}}}, "length of 2"),
        ({"settings": "plan.length"}, "stage.key=value"),
        ({"pipeline": "magic"}, "'magic'"),
        ({"config": "nowhere.toml"}, "nowhere.toml"),
        ({"start": "soon"}, "12.5"),
        ({"start": 9, "end": 3}, "ends after it starts, found 9.00 to 3.00 s"),
        ({"start": "1:75"}, "part after a colon below 60"),
        ({"end": "0:00.5", "start": "0:01"}, "found 1.00 to 0.50 s"),
        ({"rate": 0}, "rate"),
        ({"settings": {"encode": {"codec": "ffv1"}}, "output": "a.mov"}, "mov can hold"),
        ({"method": "magic"}, "'magic'"),
        ({"method": "telea", "fill": "harmonic"}, "one of the columns method and fill"),
    ],
)
def test_a_mistake_in_a_row_is_one_line(folder: Path, row: dict[str, Any], expected: str) -> None:
    good = {"clip": "b.mp4", "mask": MASK}
    text = json.dumps(good) + "\n" + json.dumps({"clip": "a.mp4", "mask": MASK, **row}) + "\n"
    details = mistakes(folder, "l.jsonl", text)
    assert len(details) == 1
    assert details[0].startswith("line 2: expected ")
    assert re.search(expected, details[0]), details[0]


def test_all_mistakes_are_reported_at_once(folder: Path) -> None:
    text = "\n".join(
        [
            "clip,mask,output,tempo",
            f'a.mp4,"{MASK}",one.mp4,',
            "no.mp4,no.png,../one.mp4,fast",
            f'b.mp4,"{MASK}",./ONE.mp4,',
            f'c.mp4,"{MASK}",two.mp4,,x,y',
        ]
    )
    details = mistakes(folder, "l.csv", text)
    assert [detail.partition(":")[0] for detail in details] == ["line 2", *["line 3"] * 4, "line 4", "line 5"]
    text = "\n".join(details)
    for part in (
        "'one.mp4' as in line 4",
        "tempo",
        "no.mp4",
        "no.png",
        "which leads out of the folder",
        "as in line 2",
        "2 more",
    ):
        assert part in text, part


def test_outputs_are_apart_from_inputs_and_from_other_files(folder: Path) -> None:
    (folder / "out" / "theirs.mp4").write_text("precious")
    with pytest.raises(BatchError) as caught:
        validated_jobs(
            rows_of(str(folder / "a.mp4")), Layout(str(folder / "out")), Defaults([MASK], name="theirs.mp4"), "x"
        )
    assert "--overwrite" in caught.value.details[0]
    with pytest.raises(BatchError) as caught:
        validated_jobs(rows_of(str(folder / "a.mp4")), Layout(str(folder)), Defaults([MASK], overwrite=True), "x")
    assert "an output that is not an input" in caught.value.details[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.csv", ""), ("l.csv", "clip,mask\n"), ("l.csv", 'clip\n"a'), ("l.toml", "[[clip]\n"), ("l.toml", "[cli]\n"),
        ("l.toml", "clip = 3\n"), ("l.jsonl", "\n"), ("l.jsonl", "\udcff"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_manifest(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, errors="surrogateescape")
    with pytest.raises(SettingError, match="manifest"):
        read_rows(folder / name)


@pytest.mark.parametrize("text", ["{", "[1]", '"a"', "null"])
def test_a_line_that_is_not_an_object(folder: Path, text: str) -> None:
    assert len(mistakes(folder, "l.jsonl", text + "\n")) == 1
