"""One thread for torch: see `tests.small_nets`."""

import tests.small_nets  # noqa: F401
