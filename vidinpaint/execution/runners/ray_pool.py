"""`RayPool`: workers are Ray actors, on this machine or on a cluster. No other module imports Ray.

Ray restarts no actor here: the scheduler replaces an actor that dies, alone or with its node, and submits its task
again. With restarts by Ray, the loss of a node could hang a run.
"""

import logging
import os
import signal
import socket
import threading
from dataclasses import dataclass, field
from typing import Any

from vidinpaint.core.errors import SettingError, WorkerError
from vidinpaint.execution.runners.thread_counts import set_thread_counts
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied, WorkerFactory, make_callable

CONNECT_TIMEOUT = 10.0  # seconds to wait until a cluster accepts a connection


class _Actor:
    """Holds the callable of one worker."""

    def __init__(self, factory: WorkerFactory, threads: int) -> None:
        set_thread_counts(threads)
        self._call = make_callable(factory)

    def ready(self) -> None: ...

    def run(self, task: Any) -> Any:
        return self._call(task)


@dataclass
class RayPool:
    """Actors of one cluster.

    factory          makes the callable in each worker
    address          "local" (start a Ray that `close` ends), "auto" (the one running here), HOST:PORT, ray://HOST:PORT
    gpus_per_worker  GPUs of each worker of kind "gpu"; with 0.5 two workers share a GPU
    threads          number of threads that the libraries of one worker start
    options          further arguments of `ray.init`
    """

    factory: WorkerFactory
    address: str = "local"
    gpus_per_worker: float = 1.0
    threads: int = 1
    options: dict[str, Any] = field(default_factory=dict)
    _actors: dict[int, Any] = field(default_factory=dict)
    _waiting: dict[Any, tuple[int, bool]] = field(default_factory=dict)
    _started: int = 0

    def __post_init__(self) -> None:
        self._ray = _start(self.address, self.options)

    def resources(self) -> dict[str, float]:
        """The resources of the cluster, such as {"CPU": 8.0, "GPU": 1.0}."""
        return dict(self._ray.cluster_resources())

    def start(self, kind: str) -> int:
        gpus = self.gpus_per_worker if kind == "gpu" else 0
        remote = self._ray.remote(num_cpus=1, num_gpus=gpus, max_restarts=0, max_task_retries=0)(_Actor)
        actor = remote.remote(self.factory, self.threads)
        self._started += 1
        self._actors[self._started] = actor
        self._waiting[actor.ready.remote()] = self._started, True
        return self._started

    def submit(self, worker: int, task: Any) -> None:
        self._waiting[self._actors[worker].run.remote(task)] = worker, False

    def events(self, timeout: float) -> list[Event]:
        if not self._waiting:
            return []
        references = list(self._waiting)
        done, remaining = self._ray.wait(references, num_returns=1, timeout=timeout)
        if done and remaining:
            more, _ = self._ray.wait(remaining, num_returns=len(remaining), timeout=0)
            done = [*done, *more]
        return [self._event(reference) for reference in done]

    def _event(self, reference: Any) -> Event:
        worker, starting = self._waiting.pop(reference)
        try:
            value = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            self.kill(worker)
            return WorkerDied(worker, _first_line(error))
        return Ready(worker) if starting else Reply(worker, value)

    def kill(self, worker: int) -> None:
        actor = self._actors.pop(worker, None)
        self._waiting = {reference: value for reference, value in self._waiting.items() if value[0] != worker}
        if actor is not None:
            self._ray.kill(actor, no_restart=True)

    def close(self) -> None:
        for worker in list(self._actors):
            self.kill(worker)
        self._ray.shutdown()


def _start(address: str, options: dict[str, Any]) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # an optional dependency, imported only where it is used
        import ray.exceptions
    except ImportError as error:
        remedy = "Install it with pip install 'vidinpaint[ray]', or use --runner processes."
        raise SettingError("Ray for --runner ray", "an installation without it", remedy) from error
    _check_connection(address)
    handler = signal.getsignal(signal.SIGTERM)
    local: dict[str, Any] = {}
    if address == "local":
        local = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        # always with an address: without one, Ray joins any cluster that it finds
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **local, **options)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        actual = f"{address!r}: {_first_line(error)}"
        remedy = "Start it with `ray start --head`, check the address and the token, or use --address local."
        raise WorkerError("a Ray cluster that answers", actual, remedy) from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)  # Ray's own handler exits without an exception
    return ray


def _check_connection(address: str) -> None:
    """Fail early: Ray itself waits for minutes if nothing listens at an address."""
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if not colon or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=CONNECT_TIMEOUT).close()
    except OSError as error:
        remedy = "Start it with `ray start --head`, or check the address."
        raise WorkerError("a Ray cluster that answers", f"{address!r}: {error}", remedy) from error


def _first_line(error: BaseException) -> str:
    text = " ".join(str(error).split("\n\tclass_name")[0].split())
    return text[:200] or type(error).__name__
