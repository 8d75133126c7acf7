"""`Processes`: a pool of processes of this machine, with nothing but Python."""

import logging
import multiprocessing
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from vidinpaint.errors import SettingError
from vidinpaint.execution.runners.thread_counts import set_thread_counts
from vidinpaint.execution.runners.worker_pool import Answer, Dead, Event, Make, Ready, made_by


@dataclass
class Processes:
    """A worker is a process at the other end of a pipe; it ends with its work when this process is gone.

    threads   that the libraries of one worker start
    """

    make: Make
    threads: int = 1
    _workers: dict[int, tuple[BaseProcess, Connection]] = field(default_factory=dict)
    _hired: int = 0

    def hire(self, kind: str) -> int:
        if kind != "cpu":
            raise SettingError("workers without a GPU", f"stages that need {kind!r}", "Use --runner ray for them.")
        context = multiprocessing.get_context("spawn")  # threads of codecs do not survive a fork
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, self.make, self.threads), daemon=True)
        process.start()
        there.close()
        self._hired += 1
        self._workers[self._hired] = process, here
        return self._hired

    def give(self, worker: int, work: Any) -> None:
        with suppress(OSError):  # it may have just died; `events` says so
            self._workers[worker][1].send(work)

    def events(self, timeout: float) -> list[Event]:
        pipes = {pipe: worker for worker, (_, pipe) in self._workers.items()}
        heard = wait(list(pipes), timeout) if pipes else []
        return [self._event(pipes[pipe], pipe) for pipe in heard if isinstance(pipe, Connection)]

    def _event(self, worker: int, pipe: Connection) -> Event:
        try:
            word, value = pipe.recv()
        except (EOFError, OSError):
            process, _ = self._workers.pop(worker)
            process.join(5)
            pipe.close()
            return Dead(worker, f"its process ended with code {process.exitcode}")
        return Ready(worker) if word == "ready" else Answer(worker, value)

    def dismiss(self, worker: int) -> None:
        if worker in self._workers:
            process, pipe = self._workers.pop(worker)
            process.kill()
            process.join()
            pipe.close()

    def close(self) -> None:
        for worker in list(self._workers):
            self.dismiss(worker)


def _serve(pipe: Connection, make: Make, threads: int) -> None:
    """The life of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that gives out the work
    logging.basicConfig(level=logging.ERROR)  # what users should hear about is in the reports
    set_thread_counts(threads)
    work = made_by(make)
    pipe.send(("ready", None))
    while True:
        try:
            given = pipe.recv()
        except EOFError:
            return
        answer = work(given)
        try:
            pipe.send(("answer", answer))
        except OSError:  # nobody is there any more; what was committed stays
            return
