"""Plots: exact positions of a few points."""

import re

import numpy as np

from vidinpaint.reporting.plots import HEIGHT, WIDTH, Band, Line, Time, line_plot, nice_ticks, stack_plot


def test_nice_ticks() -> None:
    assert nice_ticks(0.0) == [0.0, 1.0]
    assert nice_ticks(4.0) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert nice_ticks(0.37) == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert nice_ticks(100.0) == [0.0, 25.0, 50.0, 75.0, 100.0]
    for largest in np.geomspace(1e-4, 1e6, 200):
        ticks = nice_ticks(float(largest))
        assert ticks[-1] >= largest * 0.999
        assert 4 <= len(ticks) <= 6


def test_a_line_is_interrupted_where_values_are_missing() -> None:
    values = np.array([0.0, 4.0, np.nan, 2.0])
    plot = line_plot(Time(4), "Error", "grey levels", [Line("inside", "inside", values)])
    (path,) = re.findall(r'class="line inside" d="([^"]*)"', plot)
    eighth = WIDTH / 8
    assert path == f"M{eighth} {HEIGHT:.1f}h.01L{3 * eighth} 0.0M{7 * eighth} {HEIGHT / 2:.1f}h.01"


def test_layers_are_stacked() -> None:
    layers = [Line("a", "one", np.array([10.0, 20.0])), Line("b", "two", np.array([10.0, 0.0]))]
    plot = stack_plot(Time(2), "Inpainted", "%", layers)
    one, two = (re.findall(rf'class="area {kind}" d="M([^"]*)Z"', plot)[0].split("L") for kind in ("one", "two"))
    assert one[:4] == ["0.0 80.0", "500.0 80.0", "500.0 0.0", "1000.0 0.0"]
    assert two[:4] == ["0.0 0.0", "500.0 0.0", "500.0 0.0", "1000.0 0.0"]


def test_long_clips_are_averaged() -> None:
    values = np.arange(100_000) % 2.0
    plot = line_plot(Time(100_000), "Error", "", [Line("inside", "inside", values)])
    assert len(plot) < 20_000
    borders, means = Time(100_000).binned(values)
    assert len(means) == 500
    assert np.allclose(means, 0.5)
    assert borders[-1] == WIDTH


def test_positions_of_bands_cuts_and_windows() -> None:
    time = Time(10, windows=[5], shots=[2], bands=[Band(5, 10, "bad", "Frames 5 to 9: <bad>")])
    plot = line_plot(time, "Error", "", [])
    assert 'class="band bad" x="500.0" y="0" width="500.0"' in plot
    assert "<title>Frames 5 to 9: &lt;bad&gt;</title>" in plot
    assert 'class="border" d="M500.0 0' in plot
    assert 'class="cut" d="M200.0 0' in plot


def test_one_frame_and_no_values() -> None:
    assert "area one" in stack_plot(Time(1), "Inpainted", "%", [Line("a", "one", np.array([10.0]))])
    assert 'class="line inside" d=""' in line_plot(Time(3), "", "", [Line("", "inside", np.full(3, np.nan))])
