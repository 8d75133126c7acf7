"""Which settings are tried, in this order, for a window that the check finds bad."""

from collections.abc import Mapping
from typing import Any

RETRIES: tuple[tuple[str, Mapping[str, Mapping[str, Any]]], ...] = (
    ("closed borders", {"finish": {"border": 12.0}}),
    ("closed borders, two flow passes", {"finish": {"border": 12.0}, "flow": {"passes": 2}}),
)
"""Name of the attempt, and settings by stage that replace the run's own; a retry that changes nothing is left out."""
