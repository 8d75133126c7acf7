"""`set_thread_counts`: how many threads the libraries of one worker start; one, if there is one worker per core."""

import os
import sys

_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def set_thread_counts(threads: int) -> None:
    """Must be called first in a new process: some libraries read the count only once. Results do not depend on it."""
    for variable in _VARIABLES:
        if variable != "NUMBA_NUM_THREADS" or "numba" not in sys.modules:  # Numba refuses to change it later
            os.environ[variable] = str(threads)
    import cv2
    import numba

    cv2.setNumThreads(threads)
    available: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
    numba.set_num_threads(min(threads, available))
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)
