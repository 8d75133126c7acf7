"""One thread for torch: see `tests.small_networks`."""

import tests.small_networks  # noqa: F401
