"""`ProcessPool`: workers are processes of this machine."""

import logging
import multiprocessing
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from vidinpaint.core.errors import SettingError
from vidinpaint.execution.runners.thread_counts import set_thread_counts
from vidinpaint.execution.runners.worker_pool import Event, Ready, Reply, WorkerDied, WorkerFactory, make_callable


@dataclass
class ProcessPool:
    """Each worker is a process behind a pipe; it ends after its current task if this process ends.

    factory   makes the callable in each worker
    threads   number of threads that the libraries of one worker start
    """

    factory: WorkerFactory
    threads: int = 1
    _workers: dict[int, tuple[BaseProcess, Connection]] = field(default_factory=dict)
    _started: int = 0

    def start(self, kind: str) -> int:
        if kind != "cpu":
            raise SettingError("stages that need no GPU", f"stages that need {kind!r}", "Use --runner ray for them.")
        context = multiprocessing.get_context("spawn")  # threads of codecs do not survive a fork
        pipe, worker_pipe = context.Pipe()
        process = context.Process(target=_serve, args=(worker_pipe, self.factory, self.threads), daemon=True)
        process.start()
        worker_pipe.close()
        self._started += 1
        self._workers[self._started] = process, pipe
        return self._started

    def submit(self, worker: int, task: Any) -> None:
        with suppress(OSError):  # the worker has just died; `events` reports that
            self._workers[worker][1].send(task)

    def events(self, timeout: float) -> list[Event]:
        pipes = {pipe: worker for worker, (_, pipe) in self._workers.items()}
        ready = wait(list(pipes), timeout) if pipes else []
        return [self._event(pipes[pipe], pipe) for pipe in ready if isinstance(pipe, Connection)]

    def _event(self, worker: int, pipe: Connection) -> Event:
        try:
            kind, value = pipe.recv()
        except (EOFError, OSError):
            process, _ = self._workers.pop(worker)
            process.join(5)
            pipe.close()
            return WorkerDied(worker, f"its process ended with code {process.exitcode}")
        return Ready(worker) if kind == "ready" else Reply(worker, value)

    def kill(self, worker: int) -> None:
        if worker in self._workers:
            process, pipe = self._workers.pop(worker)
            process.kill()
            process.join()
            pipe.close()

    def close(self) -> None:
        for worker in list(self._workers):
            self.kill(worker)


def _serve(pipe: Connection, factory: WorkerFactory, threads: int) -> None:
    """The loop of a worker process, until its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that submits the tasks
    logging.basicConfig(level=logging.ERROR)  # what a user should know is in the reports
    set_thread_counts(threads)
    call = make_callable(factory)
    pipe.send(("ready", None))
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        reply = call(task)
        try:
            pipe.send(("reply", reply))
        except OSError:  # the receiver has ended; stored windows remain
            return
