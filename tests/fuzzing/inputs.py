"""`inputs`: how many inputs a test tries; `damaged`: what becomes of a file in bad hands."""

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FEW = 300
TOTAL = int(os.environ.get("FUZZ_INPUTS", FEW))
"""Inputs of all tests of this folder together."""


def inputs(percent: int) -> Callable[[Any], Any]:
    """Let a test try this share of all inputs; the few of `make test` are the same every time."""
    return settings(
        max_examples=max(1, TOTAL * percent // 100),
        derandomize=TOTAL == FEW,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content after one to four accidents: bytes changed, lost, added, repeated, or the end cut off."""
    accident = st.tuples(
        st.sampled_from([_changed, _changed, _lost, _added, _repeated, _cut]),
        st.integers(0, max(0, len(content) - 1)),
        st.binary(min_size=1, max_size=12),
    )
    return st.lists(accident, min_size=1, max_size=4).map(lambda accidents: _after(content, accidents))


def _after(content: bytes, accidents: list[tuple[Callable[[bytes, int, bytes], bytes], int, bytes]]) -> bytes:
    for accident, at, extra in accidents:
        content = accident(content, at, extra)
    return content


def _changed(content: bytes, at: int, extra: bytes) -> bytes:
    return content[:at] + extra + content[at + len(extra) :]


def _lost(content: bytes, at: int, extra: bytes) -> bytes:
    return content[:at] + content[at + 16 * len(extra) :]


def _added(content: bytes, at: int, extra: bytes) -> bytes:
    return content[:at] + extra + content[at:]


def _repeated(content: bytes, at: int, extra: bytes) -> bytes:
    return content[: at + 16 * len(extra)] + content[at:]


def _cut(content: bytes, at: int, extra: bytes) -> bytes:
    return content[:at]
