"""One writer at a time, whoever it is and however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines.publish.lock import WriterBusy, holder, writer

HOLD = """
import sys, time
from pipelines.publish.lock import writer
with writer(sys.argv[1], task="holding"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    assert holder(warehouse) is None
    with writer(warehouse, task="ingest") as mine:
        assert mine.pid == os.getpid()
        assert holder(warehouse) == mine
        with pytest.raises(WriterBusy, match=f"process {os.getpid()} on .*, ingest since") as busy, writer(warehouse):
            pytest.fail("two writers")
        assert busy.value.holder == mine
    assert holder(warehouse) is None
    with writer(warehouse):
        pass


def test_other_warehouses_are_free(tmp_path: Path) -> None:
    with writer(tmp_path / "a.duckdb"), writer(tmp_path / "b.duckdb"):
        assert holder(tmp_path / "a.duckdb") is not None


def test_one_can_wait(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    order: list[str] = []

    def second() -> None:
        with writer(warehouse, wait=None):
            order.append("second")

    with writer(warehouse):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]


def test_waiting_ends_after_its_time(tmp_path: Path) -> None:
    with writer(tmp_path / "w.duckdb"):
        begun = time.monotonic()
        with pytest.raises(WriterBusy), writer(tmp_path / "w.duckdb", wait=0.2):
            pytest.fail("two writers")
        assert 0.2 <= time.monotonic() - begun < 5


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(warehouse)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        seen = holder(warehouse)
        assert seen is not None
        assert (seen.pid, seen.task) == (process.pid, "holding")
        process.send_signal(signal.SIGKILL)
    assert holder(warehouse) is None
    with writer(warehouse):
        pass
