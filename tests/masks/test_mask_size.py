"""A turned mask is called turned; scaling that distorts is noted."""

from fractions import Fraction

import numpy as np
import pytest

from vidinpaint.core.errors import MaskError
from vidinpaint.masks.mask_size import MaskSize


@pytest.mark.parametrize("resize", [False, True])
@pytest.mark.parametrize("shape", [(32, 18), (64, 36)])
def test_exchanged_sides_are_a_turn(shape: tuple[int, int], resize: bool) -> None:
    with pytest.raises(MaskError, match="turned by 90 degrees") as caught:
        MaskSize(32, 18, resize).fit(np.zeros(shape, bool), "'m.png'")
    assert "resize" not in str(caught.value)


@pytest.mark.parametrize(
    ("shape", "aspect", "noted"),
    [((36, 64), 1, False), ((18, 24), 1, True), ((18, 43), Fraction(4, 3), False), ((40, 40), 1, True)],
)
def test_a_change_of_the_aspect_ratio_is_noted(shape: tuple[int, int], aspect: int | Fraction, noted: bool) -> None:
    notes: list[str] = []
    size = MaskSize(32, 18, True, Fraction(aspect), notes.append)
    assert size.fit(np.ones(shape, bool), "'m.png'").shape == (18, 32)
    assert bool(notes) == noted
    assert all("aspect" in note for note in notes)
