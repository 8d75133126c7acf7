"""The report shows the marks that were un-blended, and nothing where there are none."""

import numpy as np

from tests.reporting.runs import StaticMasks, info, plan
from vidinpaint.marks.placed import Marks, PlacedMark
from vidinpaint.marks.template import Template
from vidinpaint.reporting.estimated_marks import estimated_marks
from vidinpaint.reporting.evidence import Evidence


def _mark(known: bool) -> PlacedMark:
    alpha = np.zeros((20, 30), np.float32)
    alpha[5:10, 6:26] = 0.5
    template = Template(alpha, np.ones((20, 30, 3), np.float32), 0.1 * alpha)
    return PlacedMark(template, alpha > 0, alpha > -1, 3, 4, 0, 8, np.ones(8, np.float32), 0.625, known)


def test_each_mark_has_pictures_and_words() -> None:
    marks = Marks((_mark(False), _mark(True)))
    shown = estimated_marks(Evidence(plan(), info(), StaticMasks(), marks))
    assert shown.count("<img") == 6
    assert "frames 0 to 7, at 9, 9: opacity 0.50, estimated, confidence 0.62" in shown
    assert "from the given template" in shown


def test_without_marks_there_is_no_section() -> None:
    assert estimated_marks(Evidence(plan(), info(), StaticMasks())) == ""
