"""Supervised workers: one bad document costs itself and nobody else."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import read_worker_tasks

from pipelines.read.limits import DEFAULT
from pipelines.read.workers import Outcome, Task, WorkerError, run_supervised

LIMITS = replace(DEFAULT, seconds=2.0, memory_mb=300)
FUNCTION = f"{read_worker_tasks.__name__}:do"


def outcomes(*calls: tuple[object, ...], workers: int = 2, limits: object = LIMITS) -> dict[str, Outcome]:
    tasks = [Task(str(number), call) for number, call in enumerate(calls)]
    found = list(run_supervised(FUNCTION, tasks, workers=workers, limits=limits))  # type: ignore[arg-type]
    assert sorted(outcome.key for outcome in found) == sorted(task.key for task in tasks)
    return {outcome.key: outcome for outcome in found}


def test_every_task_has_its_outcome() -> None:
    found = outcomes(*(("double", n) for n in range(50)), ("huge",))
    assert [found[str(n)].result for n in range(50)] == [2 * n for n in range(50)]
    assert len(found["50"].result) == 30 * 2**20
    assert all(outcome.status == "done" and outcome.peak_mb > 1 for outcome in found.values())


def test_bad_documents_are_quarantined_and_their_neighbours_done() -> None:
    bad = [("sleep",), ("spin",), ("eat",), ("die",), ("abort",), ("refuse",), ("stumble",)]
    found = outcomes(("double", 1), *bad, ("double", 2), limits=replace(LIMITS, seconds=6.0))  # "eat" needs the time to eat
    reasons = [found[str(number)].reason for number in range(9)]
    assert reasons == [None, "timeout", "timeout", "memory", "crashed", "crashed", "encrypted", "internal", None]
    assert all((outcome.detail is not None) == (outcome.status == "quarantined") for outcome in found.values())
    assert "李明" not in (found["7"].detail or "")
    assert "Segmentation fault" in (found["5"].detail or "")


def test_a_document_whose_worker_was_killed_is_tried_again(tmp_path: Path) -> None:
    found = outcomes(("die_once", str(tmp_path / "mark")), ("double", 4))
    assert (found["0"].status, found["0"].result) == ("done", "survived")


def test_workers_are_replaced_after_their_budget() -> None:
    found = outcomes(*[("process_id",)] * 9, workers=1, limits=replace(LIMITS, documents_per_worker=3))
    used = [found[str(n)].result for n in range(9)]
    assert [used.count(process) for process in dict.fromkeys(used)] == [3, 3, 3]


def test_a_function_that_cannot_be_imported_is_the_programs_fault() -> None:
    for function in ("nothing.of_the_kind:f", "os:nothing", "os.path"):
        with pytest.raises(WorkerError):
            list(run_supervised(function, [Task("a", ())], workers=1, limits=LIMITS))


def test_wrong_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="unique"):
        list(run_supervised(FUNCTION, [Task("a", ()), Task("a", ())], workers=1))
    with pytest.raises(ValueError, match="at least 1"):
        list(run_supervised(FUNCTION, [Task("a", ())], workers=0))
    assert list(run_supervised(FUNCTION, [], workers=2)) == []


def test_leaving_early_ends_the_workers() -> None:
    run = run_supervised(FUNCTION, [Task("a", ("process_id",)), Task("b", ("sleep",))], workers=2, limits=LIMITS)
    worker = next(run).result
    run.close()  # type: ignore[attr-defined]
    assert not psutil.pid_exists(worker)


PARENT = """
import sys
from dataclasses import replace
from pipelines.read.limits import DEFAULT
from pipelines.read.workers import Task, run_supervised
tasks = [Task("pid", ("process_id",)), Task("busy", ("spin",)), Task("idle", ("sleep",))]
for outcome in run_supervised("read_worker_tasks:do", tasks, workers=2, limits=replace(DEFAULT, seconds=60)):
    print(outcome.result, flush=True)
"""


def test_workers_end_when_their_parent_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout:
        parent.stdout.readline()
        workers = psutil.Process(parent.pid).children(recursive=True)
        assert len(workers) == 2
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers):
        time.sleep(0.1)
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
