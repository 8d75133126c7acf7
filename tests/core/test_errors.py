"""The errors: one message form, all of them survive pickling, and the documented tree is the real one."""

import pickle

import pytest

from vidinpaint.core import errors
from vidinpaint.core.errors import MaskCoverageError, MaskError, VidinpaintError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_three_things_and_can_be_pickled(kind: type[VidinpaintError]) -> None:
    error = kind("a box", "'1,2'", "Write x,y,w,h.")
    assert str(error) == "expected a box, found '1,2'. Write x,y,w,h."
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.expected, again.actual, again.remedy) == ("a box", "'1,2'", "Write x,y,w,h.")


def test_the_documented_tree_names_every_error() -> None:
    assert errors.__doc__ is not None
    assert all(kind.__name__ in errors.__doc__ for kind in KINDS)
    assert issubclass(MaskCoverageError, MaskError)
