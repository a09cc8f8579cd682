"""Supervised worker processes: each document alone in a process with a deadline, a memory watch and a budget of documents.

Here: starting, feeding, watching and ending workers, and turning what goes wrong into outcomes. Not here: what the function does
(reading, understanding and recognition are all served by the same pool), or the worker's own loop (worker_process).

A worker has one document at a time, so whoever dies names the guilty one. A document whose worker died is tried once more, alone, after
all others; one that is over its time or memory is not. Neighbours never notice.
"""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import IO, Any, Final

import psutil

from pipelines.read import worker_process
from pipelines.read.limits import DEFAULT, MIB, Limits

_POLL_SECONDS: Final = 0.1  # between two looks at memory and deadlines
_START_SECONDS: Final = 120.0  # for imports; a loaded machine is slow
_RECYCLE_SHARE: Final = 0.6  # of the memory limit: a worker that holds more after a document is replaced

_LAST_WORDS: Final = re.compile(r"^.*(?:Fatal Python error|panicked at|terminate called|[Oo]ut of memory|\w+Error: ).*$", re.MULTILINE)


@dataclass(frozen=True)
class Task:
    """One call of the served function. `key` names it in its outcome and must be unique in a run; `args` must pickle."""

    key: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """How one task ended. `status`: `done` (`result` is set) or `quarantined` (`reason` and `detail` are).

    `seconds` is wall time, `peak_mb` the most memory seen in use by the worker (its imports included) and its children.
    """

    key: str
    status: str
    result: Any = None
    reason: str | None = None
    detail: str | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0


class WorkerError(RuntimeError):
    """Workers cannot work at all: the function cannot be imported, or processes die before their first document."""


def run_supervised(
    function: str, tasks: Sequence[Task], *, workers: int, limits: Limits = DEFAULT,
) -> Iterator[Outcome]:
    """Call `function` ("package.module:callable") once for each task; outcomes come as they are ready, one a task.

    Raises ValueError (keys not unique, no worker), WorkerError (see there). Ending the iteration early ends the workers.
    """
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if len({task.key for task in tasks}) != len(tasks):
        raise ValueError("task keys must be unique")
    failed: list[Task] = []
    with _Pool(function, limits) as pool:
        yield from pool.run(deque(tasks), min(workers, len(tasks)), failed)
    for task in failed:
        # alone, in a fresh process and with nothing beside it: the machine's shortage of memory is not this document's fault
        with _Pool(function, limits) as pool:
            yield from pool.run(deque([task]), 1, None)


@dataclass
class _Worker:
    """One process and what it is doing."""

    process: subprocess.Popen[bytes]
    pipe: Connection
    errors: IO[bytes]
    ready: bool = False
    task: Task | None = None
    since: float = field(default_factory=time.monotonic)
    peak: float = 0.0
    done: int = 0

    def resident_mb(self, *, family: bool = True) -> float:
        """Memory in use by the process (and its children, whose search costs milliseconds), in MiB; 0 when it is gone."""
        try:
            own = psutil.Process(self.process.pid)
            total = own.memory_info().rss
            for child in own.children(recursive=True) if family else ():
                try:
                    total += child.memory_info().rss
                except psutil.Error:
                    continue
        except psutil.Error:
            return 0.0
        return total / MIB

    def kill(self) -> None:
        """End the process and its children at once, and close what belongs to it."""
        try:
            family = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            family = []
        self.process.kill()
        for child in family:
            try:
                child.kill()
            except psutil.Error:
                continue
        self.process.wait()
        self.pipe.close()
        self.errors.close()

    def last_words(self) -> str:
        """What the process wrote to its error stream about its own end: Python's or a library's abort message, or nothing."""
        self.errors.seek(0, os.SEEK_END)
        self.errors.seek(max(0, self.errors.tell() - 4000))
        found = _LAST_WORDS.search(self.errors.read().decode("utf-8", "replace"))
        return found.group().strip()[:200] if found else ""


class _Pool:
    """The workers of one run."""

    def __init__(self, function: str, limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._workers: list[_Worker] = []

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()

    def run(self, queue: deque[Task], workers: int, failed: list[Task] | None) -> Iterator[Outcome]:
        """Work off the queue. Tasks whose worker died go to `failed`, or are quarantined where that is None."""
        while queue or any(worker.task for worker in self._workers):
            idle = sum(1 for worker in self._workers if worker.task is None)
            for _ in range(min(workers - len(self._workers), len(queue) - idle)):
                self._workers.append(self._start())
            ready = wait([worker.pipe for worker in self._workers], timeout=_POLL_SECONDS)
            for worker in list(self._workers):
                outcome = self._receive(worker, failed) if worker.pipe in ready else self._watch(worker)
                if outcome is not None:
                    yield outcome
            for worker in self._workers:
                if worker.ready and worker.task is None and queue:
                    self._hand_over(worker, queue.popleft())

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker, which closes it
        # every module that we can import, the worker can too; -P keeps the current folder out
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [
            sys.executable, "-P", "-m", worker_process.__name__, str(theirs.fileno()), self._function, str(os.getpid()),
            str(self._limits.seconds),
        ]
        process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        )
        theirs.close()
        return _Worker(process, ours, errors)

    def _hand_over(self, worker: _Worker, task: Task) -> None:
        worker.task, worker.since, worker.peak = task, time.monotonic(), 0.0
        try:
            worker.pipe.send(task.args)
        except (BrokenPipeError, ConnectionResetError):
            return  # died between two documents: the closed pipe is noticed in the next round, and the task is tried once more

    def _receive(self, worker: _Worker, failed: list[Task] | None) -> Outcome | None:
        """What a worker says: that it is ready, or its answer; or that its pipe broke because it died."""
        try:
            kind, payload, seconds = worker.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._bury(worker, failed)
        if kind == worker_process.UNUSABLE:
            raise WorkerError(f"Workers cannot serve {self._function}: {payload}")
        if kind == worker_process.READY:
            worker.ready = True
            return None
        memory = worker.resident_mb(family=False)
        worker.peak = max(worker.peak, memory)
        outcome = _answered(worker, kind, payload, seconds)
        worker.task = None
        worker.done += 1
        if worker.done >= self._limits.documents_per_worker or memory > _RECYCLE_SHARE * self._limits.memory_mb:
            self._remove(worker)
        return outcome

    def _watch(self, worker: _Worker) -> Outcome | None:
        """Deadline and memory of a silent worker."""
        elapsed = time.monotonic() - worker.since
        if worker.task is None:
            if not worker.ready and elapsed > _START_SECONDS:
                raise WorkerError(f"A worker for {self._function} did not start within {_START_SECONDS:.0f} s: {worker.last_words()}")
            return None
        memory = worker.resident_mb()
        worker.peak = max(worker.peak, memory)
        limits = self._limits
        if worker.pipe.poll():
            return None  # it answered while the caller was busy with another outcome
        if memory > limits.memory_mb:
            found = f"Reading took {memory:.0f} MB of memory, more than the limit of {limits.memory_mb} MB"
            return self._quarantine(worker, "memory", f"{found}; raise the limit or split the file.")
        if elapsed > limits.seconds:
            detail = f"Reading was ended after {elapsed:.0f} s, the limit being {limits.seconds:.0f} s; raise the limit or split the file."
            return self._quarantine(worker, "timeout", detail)
        return None

    def _bury(self, worker: _Worker, failed: list[Task] | None) -> Outcome | None:
        """A worker that died: its task is put aside for a second try, or quarantined when this was that."""
        code = worker.process.wait()
        words = worker.last_words()
        if not worker.ready:
            self._remove(worker)
            raise WorkerError(f"A worker for {self._function} died while starting (exit status {code}): {words}")
        task = worker.task
        if task is None:
            self._remove(worker)
            return None
        if failed is not None:
            failed.append(task)
            self._remove(worker)
            return None
        status = f"exit status {code}: {words}" if words else f"exit status {code}"
        return self._quarantine(worker, "crashed", f"The process that read it died twice ({status}); the file may be malicious or damaged.")

    def _quarantine(self, worker: _Worker, reason: str, detail: str) -> Outcome:
        task = worker.task
        if task is None:
            raise RuntimeError("only a worker with a task can have its task quarantined")
        outcome = Outcome(
            task.key, "quarantined", reason=reason, detail=detail, seconds=time.monotonic() - worker.since, peak_mb=round(worker.peak, 1),
        )
        self._remove(worker)
        return outcome

    def _remove(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.kill()


def _answered(worker: _Worker, kind: str, payload: Any, seconds: float) -> Outcome:
    """The outcome of a task whose worker answered."""
    key = worker.task.key if worker.task else ""
    seconds, peak = round(seconds, 4), round(worker.peak, 1)
    if kind == worker_process.DONE:
        return Outcome(key, "done", result=payload, seconds=seconds, peak_mb=peak)
    if kind == worker_process.REFUSED:
        reason, detail = payload
        return Outcome(key, "quarantined", reason=reason, detail=detail, seconds=seconds, peak_mb=peak)
    name, where = payload
    detail = f"Reading failed with {name} at {where}; this is a fault of the program: report it with the file."
    return Outcome(key, "quarantined", reason="internal", detail=detail, seconds=seconds, peak_mb=peak)
