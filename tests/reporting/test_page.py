"""The page as text: its contents, that it is self-contained, and that user text never becomes markup."""

import json
import re
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.reporting.runs import StaticMasks, check, evidence, info, plan, report
from tests.video.clips import Recipe, write
from vidinpaint.api import inpaint
from vidinpaint.cli import main
from vidinpaint.core.errors import OutputError
from vidinpaint.core.report import Report
from vidinpaint.reporting.evidence import Evidence
from vidinpaint.reporting.markup import element, text
from vidinpaint.reporting.page import page, write_report
from vidinpaint.reporting.words import clock, percent, sentence

EVIL = "<script>alert(1)</script>"
VOID = {"img", "input", "br", "meta", "link"}


class Outline(HTMLParser):
    """Checks that tags are closed in order; collects the elements and the text of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text += data + " "


def test_element_escapes_all_but_markup() -> None:
    assert element("b", "a < b", element("i", 1), None) == "<b>a &lt; b<i>1</i></b>"
    assert element("img", alt='"quoted" & more', hidden=True, title=None) == (
        '<img alt="&quot;quoted&quot; &amp; more" hidden>'
    )
    assert element("p", class_="x", data_step=-1) == '<p class="x" data-step="-1"></p>'
    assert text("half \ud83d pair") == "half \\ud83d pair"


def test_contents_of_the_page() -> None:
    outline = Outline(page(report(), evidence()))
    for text_on_page in (
        "clip.mp4", "Bad in places", "1 is good, 1 is suspect and 1 is bad",
        "50\u00a0% were propagated from other frames",
        "The mask flickers.", "A seam shows.", "Other attempts: requested.", "an attachment was left out", "ab" * 32,
        "cd" * 32, "vidinpaint inpaint clip.mp4", "frame 28", "20–29",
    ):  # fmt: skip
        assert text_on_page in outline.text, text_on_page
    images = [attributes for tag, attributes in outline.elements if tag == "img" and "src" in attributes]
    assert len(images) == 3 * 12
    assert sum(tag == "svg" for tag, _ in outline.elements) == 4


def test_the_page_is_self_contained() -> None:
    html = page(report(), evidence())
    for _, attributes in Outline(html).elements:
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:")
    assert "url(" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_user_text_never_becomes_markup() -> None:
    hostile = check(1, "bad", EVIL, attempt=EVIL, attempts=(EVIL, "requested"))
    hostile_report = report(
        clip=f"{EVIL}.mp4", output=EVIL, version=EVIL, pipeline=EVIL, config=EVIL, runner=EVIL, notes=(EVIL, "\ud800"),
        settings={EVIL: {EVIL: EVIL, "list": [EVIL]}}, seconds={EVIL: 1.0}, command=EVIL, started=EVIL,
        versions={EVIL: EVIL}, source_sha256=EVIL, checks=(asdict(hostile),),
    )  # fmt: skip
    html = page(hostile_report, evidence())
    assert EVIL not in html
    assert html.count("<script") == 1
    assert "alert(1)" in Outline(html).text
    html.encode("utf-8")


def test_a_hostile_name_on_disk(tmp_path: Path) -> None:
    source = tmp_path / f"{EVIL}.mp4"  # a folder and a file in it, because the name contains a slash
    source.parent.mkdir()
    write(source, Recipe(size=(48, 64), pts=tuple(range(0, 6 * 512, 512))))
    code = main(["inpaint", str(source), "--mask", "10,8,14,12", "-o", str(tmp_path / "out.mkv"), "--config", "preview",
                 "--report", str(tmp_path / EVIL.replace("/", "")), "--quiet"])  # fmt: skip
    assert code == 0
    html = (tmp_path / EVIL.replace("/", "") / "index.html").read_text()
    assert EVIL not in html
    assert html.count("<script") == 1
    assert len(html) < 4_000_000


def test_report_of_a_run(tmp_path: Path) -> None:
    source, folder = tmp_path / "in.mp4", tmp_path / "report"
    write(source, Recipe(size=(48, 64)))
    result = inpaint(source, "10,8,14,12", tmp_path / "out.mp4", report=folder, config="preview")
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "report.json"]
    written = json.loads((folder / "report.json").read_text())
    assert written["output_sha256"] == result.output_sha256
    assert len(written["output_sha256"]) == 64
    assert written["versions"]["numpy"]
    assert written["started"].startswith("2")
    outline = Outline((folder / "index.html").read_text())
    assert "in.mp4" in outline.text
    assert sum(tag == "figure" and "moment" in (a.get("class") or "") for tag, a in outline.elements) == 12


def test_an_empty_mask_and_arrays_have_a_page_too(tmp_path: Path) -> None:
    empty = report(
        inpainted_pixels=0, share={}, checks=(), seconds={}, notes=(), total_seconds=0.0, clip="", command=""
    )
    outline = Outline(page(empty, Evidence(plan(), info(), StaticMasks(frames=range(0)))))
    assert "nothing was inpainted" in outline.text
    assert "Frames in memory" in outline.text
    assert not any(tag == "img" for tag, _ in outline.elements)


def test_destinations_that_cannot_take_a_report(tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    write(source, Recipe(size=(48, 64)))
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "r.json").mkdir()
    for name in ("taken", "r.json", "no/where"):
        with pytest.raises(OutputError):
            inpaint(source, "10,8,14,12", tmp_path / "out.mp4", report=tmp_path / name)
    assert not (tmp_path / "out.mp4").exists()
    with pytest.raises(OutputError, match="folder"):
        write_report(tmp_path / "taken", report(), evidence())


def test_a_run_without_a_check_has_a_page_without_measures() -> None:
    outline = Outline(page(report(checks=()), evidence()))
    assert "Not checked" in outline.text
    assert "Warping error" not in outline.text
    assert sum(tag == "svg" for tag, _ in outline.elements) == 1


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (report(checks=()), "50\u00a0% were propagated from other frames and 50\u00a0% were synthesised."),
        (report(checks=(asdict(check(0, "good")),), share={"propagated": 1.0}), "The one inpainted window is good."),
        (report(checks=(asdict(check(0, "good")), asdict(check(1, "good")))), "All 2 inpainted windows are good."),
        (
            report(checks=(asdict(check(0, "good", mostly_synthesised=True)),)),
            "No frame shows most of the masked area in all windows",
        ),
        (report(inpainted_pixels=0), "nothing was inpainted"),
    ],
)
def test_the_sentence(result: Report, expected: str) -> None:
    assert expected in sentence(result)


def test_numbers_in_words() -> None:
    shares = [percent(share).replace("\u00a0", " ") for share in (0, 0.001, 0.07, 0.999, 1)]
    assert shares == ["0 %", "under 1 %", "7 %", "over 99 %", "100 %"]
    assert [clock(seconds) for seconds in (0.04, 83.44, 3599.99)] == ["0:00.0", "1:23.4", "1:00:00.0"]


def test_every_colour_and_rule_is_used() -> None:
    """Every class in the style occurs in the page, so that unused rules are noticed."""
    html = page(report(), evidence())
    style, rest = html.split("</style>")
    classes = set(re.findall(r"\.([a-z][a-z-]+)[\s:.,{>]", style.split("<style>")[1]))
    sources = {"original", "propagated", "unblended", "synthesised", "unfilled"}
    for name in classes - sources - {"alive", "chosen", "none"}:
        assert re.search(rf'["\s]{name}["\s]', rest), name
