"""What is tried, in this order, for a window that the check finds bad."""

from collections.abc import Mapping
from typing import Any

RETRIES: tuple[tuple[str, Mapping[str, Mapping[str, Any]]], ...] = ()
"""Name, and settings by stage that replace the run's own; a retry that changes nothing is left out."""
