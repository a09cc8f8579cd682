"""A run that is killed at any moment leaves the published file whole, and the next one ends where an undisturbed one would have."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = 10
SAMPLES = ("02-unit-budget-split-codes.xlsx", "07-declared-empty.html", "08-tab-separated.txt")


class Runs:
    """The program of forked runs, for as long as a test needs it."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "support" / "forked_runs.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=None)

    def run(self, warehouse: Path, path: Path, kill_after: float = -1.0) -> tuple[str, float]:
        """`finished`, `killed` or `failed`, and the seconds."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(f"{kill_after}\t{warehouse}\t{path}\n")
        self._program.stdin.flush()
        status, seconds = self._program.stdout.readline().split()
        return status, float(seconds)

    def close(self) -> None:
        self._program.communicate(timeout=60)


@pytest.fixture
def runs() -> Iterator[Runs]:
    program = Runs()
    yield program
    program.close()


def published(warehouse: Path) -> tuple[int, str] | None:
    """Version and content hash of the published file, None when there is none; fails when it is not whole."""
    if not warehouse.exists():
        return None
    assert not warehouse.stat().st_mode & 0o222, "readers get a read-only file"
    assert not warehouse.with_name(warehouse.name + ".wal").exists()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((version, content),) = connection.sql("select version, content_hash from publication").fetchall()
        connection.sql("select count(*), sum(amount_yuan) from facts").fetchall()
        ((documents,),) = connection.sql("select count(*) from documents").fetchall()
        assert connection.sql("select n_documents from publication").fetchall() == [(documents,)]
    return version, content


def test_killed_ten_times_the_end_is_the_same(runs: Runs, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in SAMPLES[:2]:
        shutil.copy(ROOT / "data" / "samples" / name, folder)
    undisturbed, disturbed = tmp_path / "a" / "w.duckdb", tmp_path / "b" / "w.duckdb"
    status, seconds = runs.run(undisturbed, folder)
    assert status == "finished"
    moments = random.Random(20261121)
    seen: list[tuple[int, str] | None] = []
    for n in range(KILLS):
        if n == KILLS // 2:  # new work and a published version to lose, whatever was reached so far
            assert runs.run(disturbed, folder)[0] == "finished"
            shutil.copy(ROOT / "data" / "samples" / SAMPLES[2], folder)
        status, _ = runs.run(disturbed, folder, kill_after=moments.uniform(0.0, seconds))
        assert status in ("finished", "killed")
        seen.append(published(disturbed))
    assert [entry[0] for entry in seen if entry] == sorted(entry[0] for entry in seen if entry), "versions only grow"
    assert runs.run(undisturbed, folder)[0] == runs.run(disturbed, folder)[0] == "finished"
    whole, same = published(undisturbed), published(disturbed)
    assert whole is not None
    assert same is not None
    assert whole[1] == same[1]
    state = disturbed.with_name("w.state")
    assert not [path for path in state.rglob(".*") if path.is_file() or any(path.iterdir())], "nothing unfinished is left"
