"""Lines in a probability map: boxes undo the shrinking, sloping regions and specks are left out."""

import cv2
import numpy as np
import pytest

from vidinpaint.core.window import Box
from vidinpaint.detection.text.probability_map import line_boxes


def test_the_box_of_a_line_is_its_region_expanded_by_what_it_was_shrunk() -> None:
    probability = np.zeros((60, 200), np.float32)
    probability[20:30, 40:161] = 0.9
    (line,) = line_boxes(probability, 0.5)
    distance = 1.6 * 120 * 9 / (2 * (120 + 9))  # area * r / perimeter
    margin = int(np.ceil(distance))
    assert line.box == Box(40 - margin, 20 - margin, 121 + 2 * margin, 10 + 2 * margin)
    assert line.score == pytest.approx(0.9)


def test_lines_are_listed_from_top_to_bottom_and_doubtful_ones_left_out() -> None:
    probability = np.zeros((90, 200), np.float32)
    probability[60:70, 20:100] = 0.8
    probability[10:20, 90:180] = 0.8
    probability[35:45, 20:100] = 0.4
    assert [line.box.y < 30 for line in line_boxes(probability, 0.5)] == [True, False]


def test_sloping_text_and_specks_are_no_lines() -> None:
    probability = np.zeros((200, 200), np.float32)
    cv2.line(probability, (20, 180), (180, 20), 1.0, 12)
    probability[5, 5] = 1.0
    assert line_boxes(probability, 0.5) == []
