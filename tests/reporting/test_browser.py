"""The page in a real browser: no errors, no requests, a working slider, no overflow."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.reporting.browser import Browser, executable
from tests.reporting.runs import check, evidence, report
from vidinpaint.reporting.page import page

pytestmark = pytest.mark.skipif(executable is None, reason="no Chromium on this machine")

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"
AT = "getComputedStyle(document.getElementById('stage')).getPropertyValue('--at')"
OUTSIDE = """
    [...document.querySelectorAll('main, main *:not(.wide *)')]
        .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
        .map(element => element.outerHTML)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(page(report(), evidence()), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def clean(browser: Browser) -> Iterator[None]:
    """After every test: no error was logged, and only the file and its own data were loaded."""
    browser.console.clear()
    browser.requests.clear()
    yield
    browser.value("0")  # receives all earlier events
    assert browser.console == []
    assert all(address.startswith(("file://", "data:")) for address in browser.requests)
    assert len({address for address in browser.requests if address.startswith("file://")}) == 1


def centre(browser: Browser, selector: str) -> tuple[float, float]:
    """The centre of an element in the view."""
    box = f"document.querySelector('{selector}').getBoundingClientRect()"
    x, y = browser.value(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({box})")
    return float(x), float(y)


def test_the_slider_follows_mouse_finger_and_keys(browser: Browser, path: Path) -> None:
    browser.open(path)
    assert browser.value(AT) == "50%"
    browser.value("document.getElementById('stage').scrollIntoView()")
    left, right = browser.value("(b => [b.left, b.right])(document.querySelector('.compare').getBoundingClientRect())")
    x, y = centre(browser, ".compare")
    browser.drag((x, y), (left + 0.2 * (right - left), y))
    assert 15 < float(browser.value(AT).rstrip("%")) < 25
    browser.touch(left + 0.8 * (right - left), y)
    assert 75 < float(browser.value(AT).rstrip("%")) < 85
    browser.value("document.querySelector('.range').focus()")
    browser.key("End", 35)
    assert browser.value(AT) == "100%"
    browser.key("ArrowLeft", 37)
    assert browser.value(AT) == "99.5%"


def test_the_slider_shows_before_and_after(browser: Browser, path: Path) -> None:
    browser.open(path)
    shot = cv2.imdecode(np.frombuffer(browser.screenshot(), np.uint8), cv2.IMREAD_COLOR).astype(int)
    x, y = (round(value) for value in centre(browser, ".compare"))
    width = browser.value("document.querySelector('.compare').clientWidth")
    before, after = shot[y + 60, x - round(0.06 * width)], shot[y + 60, x + round(0.06 * width)]
    assert np.abs(before - (0, 0, 255)).max() < 25  # BGR: the mask is red before and black after
    assert after.max() < 25


def test_moments_are_selected_by_buttons_images_and_keys(browser: Browser, path: Path) -> None:
    browser.open(path)
    caption = "document.querySelector('.caption').textContent"
    selected = "[...document.querySelectorAll('.moment')].findIndex(m => m.classList.contains('chosen'))"
    same_image = "document.querySelector('#stage .after').src === document.querySelector('.moment.chosen .after').src"
    assert "frame 1" in browser.value(caption)
    browser.value("document.querySelector('[data-step=\"-1\"]').click()")
    assert "frame 28" in browser.value(caption)
    browser.value("document.querySelectorAll('.pair')[3].click()")
    assert browser.value(selected) == 3
    browser.value("document.querySelectorAll('.pair')[5].focus()")
    browser.key("Enter", 13)
    assert browser.value(selected) == 5
    assert browser.value(same_image) is True


def test_provenance_colours_are_laid_over(browser: Browser, path: Path) -> None:
    browser.open(path)
    visibility = "getComputedStyle(document.querySelector('{}')).visibility"
    for kind in ("#stage .source", ".moment .source"):
        assert browser.value(visibility.format(kind)) == "hidden"
    browser.value("document.getElementById('sources').click()")
    for kind in ("#stage .source", ".moment .source"):
        assert browser.value(visibility.format(kind)) == "visible"


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_overflows_and_nothing_is_blank(browser: Browser, path: Path, width: int, dark: bool) -> None:
    browser.open(path, width=width, dark=dark)
    assert browser.value(OUTSIDE) == []
    shot = cv2.imdecode(np.frombuffer(browser.screenshot(), np.uint8), cv2.IMREAD_COLOR)
    assert (shot[2, 2].mean() < 60) == dark
    assert shot.std() > 20


def test_without_scripts_all_images_are_side_by_side(browser: Browser, path: Path) -> None:
    browser.open(path, script=False)
    shot = cv2.imdecode(np.frombuffer(browser.screenshot(whole=True), np.uint8), cv2.IMREAD_COLOR).astype(int)
    red = (np.abs(shot - (0, 0, 255)).max(-1) < 25).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(red)
    assert (stats[1:, cv2.CC_STAT_AREA] > 500).sum() == 12


def test_hostile_text_is_not_executed_and_a_long_name_fits(browser: Browser, tmp_path: Path) -> None:
    hostile = report(
        clip=EVIL + "w" * 300, notes=(EVIL, "w" * 300), settings={EVIL: {EVIL: "w" * 300}}, seconds={EVIL: 1.0},
        checks=(asdict(check(0, "bad", EVIL + "w" * 300, attempt=EVIL)),), command=EVIL,
    )  # fmt: skip
    path = tmp_path / "index.html"
    path.write_text(page(hostile, evidence()), encoding="utf-8")
    browser.open(path, width=390)
    assert browser.value("document.scripts.length") == 1
    assert browser.value("document.querySelectorAll('img:not([class])').length") == 0
    assert browser.value(OUTSIDE) == []
