"""How numeric kernels are compiled, and how they are run on several threads.

Numba's own threads (`parallel=True`) multiply the time it takes to compile a kernel, and the first run on a machine
waits for that. So kernels are compiled for one thread and work on a range of their items. `run_in_ranges` runs the
ranges in parallel on as many threads as `numba.get_num_threads()` says. To keep compiling quick, a kernel

- gets its output as an argument instead of allocating arrays,
- sees the same types at every call, whoever calls it, so that it is compiled once; np.int64(1) instead of 1, for which
  Numba compiles a function of its own,
- calls each inner function in one place, since every call is compiled again,
- leaves sorting, assignment to slices and other array operations to NumPy, outside of the kernel.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba

RANGES = 4
"""Ranges per thread: more than one, since some ranges take longer than others."""

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}

kernel = numba.njit(**_OPTIONS)
"""Decorator of a kernel: compiled at the first call, then kept in Numba's cache; runs without the interpreter."""

inner = numba.njit(**_OPTIONS | {"no_cpython_wrapper": True})
"""Decorator of a function that only kernels call: quicker to compile, as Python cannot call it."""


def run_in_ranges(function: Callable[..., None], count: int, *arguments: Any) -> None:
    """Call function(start, stop, *arguments) for ranges that together are 0 to count, on several threads.

    function   a kernel, or anything else that spends its time without the interpreter; ranges may run in any order
               and at the same time, so what it writes for one item must not be read for another
    count      items, 0 or more

    An exception of any call is raised here.
    """
    threads = min(numba.get_num_threads(), count)
    if threads <= 1:
        function(0, count, *arguments)
        return
    step = -(-count // (RANGES * threads))
    with ThreadPoolExecutor(threads) as pool:
        calls = [pool.submit(function, start, min(start + step, count), *arguments) for start in range(0, count, step)]
    for call in calls:
        call.result()
