"""Words of the command line: masks, times and settings."""

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzzing.honest import limited_time
from tests.fuzzing.inputs import inputs
from vidinpaint.core.errors import MaskError, SettingError
from vidinpaint.core.presets import load_config, load_pipeline
from vidinpaint.core.settings import describe
from vidinpaint.core.times import parse_time
from vidinpaint.execution.options import resolved_settings
from vidinpaint.masks.specs import MaskSpec, parse_mask

SIGNS = st.text(st.sampled_from("0123456789@-+:;,./=~ eE_%\\\0\n'\"x٣½²∞"), max_size=30)
ANY = st.one_of(SIGNS, st.text(max_size=40))
NUMBERS = st.one_of(st.integers(-(10**6), 10**6), st.floats(), st.sampled_from(["", "1e999", "0x10", "1_0", "٣"]))
BOXES = st.lists(NUMBERS.map(str), min_size=1, max_size=6).map(",".join)
RANGES = st.lists(NUMBERS.map(str), min_size=1, max_size=4).flatmap(
    lambda words: st.sampled_from([":", "-", ",", "."]).map(lambda sign: sign.join(words))
)
MASKS = st.one_of(ANY, BOXES, st.tuples(st.one_of(ANY, BOXES), st.one_of(SIGNS, RANGES)).map("@".join))
KEYS = sorted(info.key for info in describe(load_pipeline("object_removal"), methods=True))
VALUES = st.one_of(SIGNS, NUMBERS.map(str), st.sampled_from(["true", "[1]", "{a=1}", "nan", "-inf", "1e400", '"x"']))
ASSIGNMENTS = st.one_of(ANY, st.tuples(st.one_of(st.sampled_from(KEYS), ANY), VALUES).map("=".join))


@inputs(25)
@given(MASKS)
@example("10,20,30,40@1-1:60")
def test_a_mask_is_read_or_refused(text: str) -> None:
    with limited_time():
        try:
            spec = parse_mask(text)
        except (MaskError, SettingError):
            return
    assert isinstance(spec, MaskSpec)
    assert spec.start >= 0
    assert spec.stop is None or spec.stop > spec.start


@inputs(10)
@given(st.one_of(ANY, RANGES, NUMBERS))
def test_a_time_is_read_or_refused(value: str | int | float) -> None:
    with limited_time():
        try:
            seconds = parse_time(value)
        except SettingError:
            return
    assert isinstance(seconds, Fraction)
    assert seconds >= 0


@inputs(15)
@given(st.lists(ASSIGNMENTS, min_size=1, max_size=3))
def test_settings_are_read_or_refused(assignments: list[str]) -> None:
    with limited_time():
        try:
            tables, _ = resolved_settings("object_removal", "preview", assignments, {})
        except SettingError:
            return
    assert set(tables) >= set(load_config("preview"))
