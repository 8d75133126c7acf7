"""One pass over a clip gives its time stamps and shots."""

from fractions import Fraction

import numpy as np

from vidinpaint.planning.timeline import make_timeline


def test_timeline() -> None:
    rng = np.random.default_rng(0)
    one, other = (np.kron(rng.integers(0, 255, (9, 16)), np.ones((8, 8))).astype(np.uint8) for _ in range(2))
    stamps = [100, 140, 190, 230, 300]
    timeline = make_timeline(zip(stamps, [one, one, one, other, other], strict=True), Fraction(1, 1000))
    assert timeline.pts.dtype == np.int64
    assert timeline.pts.tolist() == stamps
    assert timeline.shots == ((0, 3), (3, 5))
    assert len(timeline) == 5
