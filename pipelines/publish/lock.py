"""One writer at a time: a lock file that the kernel releases when its holder ends, however it ends.

Here: taking and showing the lock. Not here: what is done under it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from pipelines.publish.paths import warehouse_paths

POLL_SECONDS = 0.05


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock, as he wrote it himself."""

    pid: int
    host: str
    since: str
    task: str = ""


class WriterBusy(RuntimeError):
    """Another writer holds the warehouse: worth a retry, or wait for it. `holder` is null when he has not yet said who he is."""

    def __init__(self, warehouse: Path, holder: Holder | None) -> None:
        who = f"process {holder.pid} on {holder.host}, {holder.task or 'writing'} since {holder.since}" if holder else "another process"
        super().__init__(f"{warehouse} is being written by {who}; try again later, or wait for it with --wait")
        self.warehouse = warehouse
        self.holder = holder


@contextmanager
def writer(warehouse: Path | str, *, wait: float | None = 0.0, task: str = "") -> Iterator[Holder]:
    """Hold the warehouse's lock. `wait` is in seconds, `None` without end. Raises `WriterBusy` when it is not free by then."""
    paths = warehouse_paths(warehouse)
    paths.state.mkdir(parents=True, exist_ok=True)
    with paths.lock.open("a+", encoding="utf-8") as file:
        if not _acquire(file, wait):
            raise WriterBusy(paths.current, _read(file))
        mine = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"), task)
        file.truncate(0)
        file.write(json.dumps(msgspec.to_builtins(mine), ensure_ascii=False))
        file.flush()
        try:
            yield mine
        finally:
            file.truncate(0)  # closing the file gives the lock back


def holder(warehouse: Path | str) -> Holder | None:
    """Who writes this warehouse now; `None` when nobody does."""
    path = warehouse_paths(warehouse).lock
    if not path.exists() or path.stat().st_size == 0:  # a holder that ended well left the file empty
        return None
    with path.open("a+", encoding="utf-8") as file:
        return None if _acquire(file, 0.0) else _read(file)


def _acquire(file: IO[str], wait: float | None) -> bool:
    deadline = None if wait is None else time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if deadline is not None and time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def _read(file: IO[str]) -> Holder | None:
    file.seek(0)
    try:
        return msgspec.json.decode(file.read().encode(), type=Holder)
    except msgspec.DecodeError:
        return None
