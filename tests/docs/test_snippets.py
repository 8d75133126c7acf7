"""README's and the guides' commands and Python snippets run as they are printed, on a tiny clip and a photo."""

import csv
import re
import shlex
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from tests.docs.blocks import Block, blocks
from vidinpaint.cli import main

ROOT = Path(__file__).parents[2]
LISTINGS = ("extending.md", "pipelines.md")
"""Pages whose blocks are parts of files, not snippets to run."""
PAGES = sorted(
    [
        ROOT / "README.md",
        *(page for page in (ROOT / "docs").glob("*.md") if page.name not in LISTINGS),
        *(ROOT / "docs" / "guides").glob("*.md"),
    ]
)
EXECUTED = ("python", "bash")
SHOWN = ("", "text", "toml", "yaml", "dockerfile", "csv", "json", "diff", "mermaid")
"""Languages of blocks that show something and are nothing to execute."""
WIDTH, HEIGHT, FRAMES = 960, 540, 4
RATE = Fraction(1, 2)  # frames per second: few frames, but with room for the boxes and times that the pages name
SLOW = {"inpaint", "batch"}
"""Commands that run with the config `preview` here where the page names none."""
MASK = (slice(300, 320), slice(400, 440))


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def scene() -> np.ndarray:
    """uint8 (T, H, W, 3): smooth noise that moves by 4 pixels per frame."""
    noise = np.random.default_rng(0).integers(0, 256, (HEIGHT // 8, WIDTH // 4, 3), np.uint8)
    wide = cv2.resize(noise, (2 * WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.stack([wide[:, 4 * t : 4 * t + WIDTH] for t in range(FRAMES)])


def mask_picture() -> np.ndarray:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    picture[MASK] = 255
    return picture


def write_video(path: Path, frames: np.ndarray) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that pages name: clip.mp4, mask.png, masks/, photo.jpg, clips/, list.csv ..."""
    folder = tmp_path_factory.mktemp("inputs")
    frames, mask = scene(), mask_picture()
    for name in ("clips", "masks"):
        (folder / name).mkdir()
    for name in ("clip.mp4", "original.mp4", "clips/one.mp4", "clips/two.mp4"):
        write_video(folder / name, frames)
    write_video(folder / "mask.mp4", np.repeat(mask[None, :, :, None], 3, -1).repeat(FRAMES, 0))
    for name in ("mask.png", "logo.png"):
        cv2.imwrite(str(folder / name), mask)
    cv2.imwrite(str(folder / "photo.jpg"), frames[0])
    with (folder / "list.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["clip", "mask", "settings"], ["clips/one.mp4", "mask.png", "flow.passes=1"]])
    return folder


@pytest.fixture
def folder(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the inputs as the current folder."""
    place = tmp_path / "work"
    shutil.copytree(inputs, place)
    monkeypatch.chdir(place)
    return place


def prepare_masks(command: str) -> None:
    """masks/ holds one picture per clip where a page names masks/{stem}.png, and one per frame elsewhere."""
    names = ["one", "two"] if "{stem}" in command else [f"{number:04}" for number in range(FRAMES)]
    shutil.rmtree("masks")
    Path("masks").mkdir()
    for name in names:
        shutil.copy("mask.png", f"masks/{name}.png")


def remove(path: Path) -> None:
    """Results of earlier commands go, for every command of a page stands for itself."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def run_command(command: str) -> None:
    words = shlex.split(command, comments=True)
    assert words[0] == "vidinpaint", f"only commands of vidinpaint can be executed here, not {words[0]!r}"
    if "-o" in words:
        remove(Path(words[words.index("-o") + 1]))
    if words[1] in SLOW and "-o" in words and "--config" not in words:
        words += ["--config", "preview"]
    prepare_masks(command)
    code: Any = 0
    try:
        code = main(words[1:])
    except SystemExit as stop:
        code = stop.code
    assert not code, f"{command!r} ended with {code}"


def run_python(text: str, names: dict[str, Any]) -> None:
    remove(Path("clean.mp4"))
    remove(Path("clean.png"))
    exec(compile(text, "<snippet>", "exec"), names)


def run_block(block: Block, names: dict[str, Any]) -> None:
    if block.language == "python":
        run_python(block.text, names)
    else:
        for command in block.commands():
            run_command(command)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_snippets_of_a_page_run(page: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mask = mask_picture() > 127
    names = {"frames": scene()[:4], "mask": mask, "image": scene()[0], "image_mask": mask}
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language in EXECUTED and block.reason is None:
            try:
                run_block(block, names)
            except BaseException as error:
                error.add_note(f"in {page_id(page)}, block at line {block.line}\n{capsys.readouterr().err}")
                raise


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_block_is_executed_or_says_why_not(page: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8")):
        where = f"{page_id(page)}, line {block.line}"
        assert block.language in (*EXECUTED, *SHOWN), f"{where}: unknown language {block.language!r}"
        assert block.reason is None or len(block.reason) > 10, f"{where}: a reason is missing"


def test_readme_is_one_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 135  # with the table of all methods
    assert sum(block.reason is None for block in blocks(readme)) >= 5


def test_links_of_readme_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
