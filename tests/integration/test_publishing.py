"""Publishing as its readers and rivals see it: always a whole file, whoever reads, writes, dies or interferes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from made_products import USUAL, Made, ingest
from published import DOCUMENTS, ask, put

from pipelines.publish.batches import Product, write_batch
from pipelines.publish.lock import writer
from pipelines.publish.paths import warehouse_paths
from pipelines.publish.state import Offer, State
from pipelines.publish.warehouse import PublishError, current_version, foreign_logs, kept_versions, publish
from schemas.registry import EVERY_RELATION

WRITERS = """
import os, sys
from made_products import USUAL, Made, ingest
from pipelines.publish.lock import writer
from pipelines.publish.paths import warehouse_paths
from pipelines.publish.state import State
from pipelines.publish.warehouse import publish

def run(warehouse, numbers):
    with writer(warehouse, wait=None), State.open(warehouse) as state:
        ingest(state, [Made(f"d{n}", entity=f"{n}局", tables=USUAL if n % 2 else USUAL[:1]) for n in numbers])
        publish(state, code_version="test")

for line in sys.stdin:  # each line: wait PID, or WAREHOUSE NUMBERS; the answer is the code a child left with, or its id
    warehouse, numbers = line.rstrip("\\n").split("\\t")
    if warehouse == "wait":
        print(os.waitpid(int(numbers), 0)[1], flush=True)
    elif child := os.fork():
        print(child, flush=True)
    else:
        code = 1
        try:
            run(warehouse, [int(n) for n in numbers.split(",")])
            code = 0
        finally:
            os._exit(code)
"""


class Writers:
    """Processes that ingest and publish, started from one that has everything imported and has not begun any thread."""

    def __init__(self) -> None:
        folders = [Path(__file__).resolve().parents[1] / "support", Path(__file__).resolve().parents[2]]
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
        )

    def ask(self, first: str, second: str) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{first}\t{second}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def start(self, warehouse: Path, numbers: list[int]) -> int:
        """Begin a run; returns its process id."""
        return self.ask(str(warehouse), ",".join(map(str, numbers)))

    def finish(self, pid: int) -> int:
        """Wait for a run's end; returns its wait status, 0 when all went well."""
        return self.ask("wait", str(pid))


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    made = Writers()
    with made.process:
        yield made
        assert made.process.stdin is not None
        made.process.stdin.close()


class TestTheFile:
    def test_it_is_whole_read_only_and_without_a_log(self, warehouse: Path, state: State) -> None:
        made = put(state, *DOCUMENTS[:2])
        assert made.version == 1
        assert made.path == warehouse.parent / "versions" / "yusuan-1.duckdb"
        for path in (made.path, warehouse):
            assert path.stat().st_mode & 0o777 == 0o444
            assert not path.with_name(path.name + ".wal").exists()
        published = ask(warehouse, "select version, n_documents, content_hash, code_version from publication")
        assert published == [(1, 2, made.content_hash, "test")]
        shown = {name for (name,) in ask(warehouse, "select table_name from information_schema.tables")}
        assert shown == set(EVERY_RELATION)
        assert not list(state.paths.building.iterdir())

    def test_versions_are_named_after_the_warehouse_and_only_some_are_kept(self, tmp_path: Path) -> None:
        with State.open(tmp_path / "other.db") as state:
            for made in DOCUMENTS[:4]:
                put(state, made, keep=2, parquet=False)
        assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["other-3.db", "other-4.db"]
        assert kept_versions(tmp_path / "other.db") == [3, 4]

    def test_a_release_that_fails_on_most_documents_does_not_replace_what_readers_have(self, warehouse: Path, state: State) -> None:
        put(state, *DOCUMENTS[:3])
        before = ask(warehouse, "select count(*) from facts")

        def fail(documents: list[Made], reason: str) -> None:
            write_batch(state, "understand", "2", [
                Product(made.document_id, status="quarantined", reason=reason, detail="TypeError") for made in documents
            ])

        fail(DOCUMENTS[:2], "internal")
        with pytest.raises(PublishError, match="2 of the 3 documents"):
            publish(state, code_version="test")
        assert (current_version(state.paths), ask(warehouse, "select count(*) from facts")) == (1, before)
        write_batch(state, "understand", "3", [DOCUMENTS[0].product()])
        assert publish(state, code_version="test").n_documents == 3  # one of three: the others are worth having
        fail(DOCUMENTS[1:3], "corrupt")  # bad files are no fault of the program
        assert publish(state, code_version="test").rows["facts"] < before[0][0]  # type: ignore[operator]

    def test_inputs_and_documents_have_their_final_status(self, warehouse: Path, state: State) -> None:
        broken = Made("broken")
        state.offer([
            DOCUMENTS[0].offer("a.pdf"), DOCUMENTS[0].offer("copy.pdf"), broken.offer("broken.pdf"), Made("unread").offer("later.pdf"),
            Offer("gone.pdf", None, status="quarantined", reason="unreadable", detail="no permission"),
        ])
        write_batch(state, "read", "1", [
            Product(DOCUMENTS[0].document_id), Product(broken.document_id, status="quarantined", reason="corrupt", detail="no pages"),
        ])
        write_batch(state, "understand", "1", [DOCUMENTS[0].product()])
        publish(state, code_version="test")
        assert ask(warehouse, "select source_name, status, reason, detail from inputs order by 1") == [
            ("a.pdf", "loaded", None, None), ("broken.pdf", "quarantined", "corrupt", "no pages"),
            ("copy.pdf", "duplicate", None, "same content as a.pdf"), ("gone.pdf", "quarantined", "unreadable", "no permission"),
        ]
        assert ask(warehouse, "select source_name, status, reason, is_current from documents order by 1") == [
            ("a.pdf", "loaded", None, True), ("broken.pdf", "quarantined", "corrupt", False),
        ]

    def test_an_empty_state_can_be_published(self, warehouse: Path, state: State) -> None:
        assert publish(state, code_version="test").n_documents == 0
        assert ask(warehouse, "select count(*) from v_expenditure") == [(0,)]

    def test_integers_grow_with_ingestion(self, warehouse: Path, state: State) -> None:
        put(state, DOCUMENTS[2], DOCUMENTS[0], parquet=False)
        before = ask(warehouse, "select fact_no, fact_id from facts order by 1")
        put(state, DOCUMENTS[1], parquet=False)
        found = ask(warehouse, "select document_id from documents order by document_no")
        assert found == [(DOCUMENTS[n].document_id,) for n in (2, 0, 1)]
        after = ask(warehouse, "select fact_no, fact_id from facts order by 1")
        assert after[:len(before)] == before
        assert len(set(after)) == len(after) > len(before)


class TestContentHash:
    def test_the_order_and_number_of_runs_do_not_matter(self, tmp_path: Path) -> None:
        with State.open(tmp_path / "a" / "yusuan.duckdb") as state:
            ingest(state, DOCUMENTS[:4])
            state.offer([DOCUMENTS[0].offer("z copy.pdf")])
            hashes = [publish(state, code_version="1", parquet=False).content_hash]
        with State.open(tmp_path / "b" / "yusuan.duckdb") as state:
            state.offer([DOCUMENTS[0].offer("z copy.pdf")])
            for n in (2, 0, 3, 1):
                ingest(state, [DOCUMENTS[n]])
            hashes.append(publish(state, code_version="2", parquet=False).content_hash)
            ingest(state, DOCUMENTS[:4])
            hashes.append(publish(state, code_version="2", parquet=False).content_hash)
        assert len(set(hashes)) == 1

    def test_any_change_of_content_shows(self, tmp_path: Path) -> None:
        with State.open(tmp_path / "w.duckdb") as state:
            before = put(state, *DOCUMENTS[:2], parquet=False).content_hash
            changed = Made("d0", entity="0局", tables=USUAL[:1], changes={"pages": 3})
            write_batch(state, "understand", "2", [changed.product()])
            assert publish(state, code_version="test", parquet=False).content_hash != before
            write_batch(state, "understand", "3", [DOCUMENTS[0].product()])
            assert publish(state, code_version="test", parquet=False).content_hash == before


class TestReaders:
    def test_readers_never_see_a_part_during_twenty_publications(self, warehouse: Path, state: State) -> None:
        put(state, DOCUMENTS[0], parquet=False)
        keeper = duckdb.connect(str(warehouse), read_only=True)
        stop, seen, failures = threading.Event(), set(), []
        script = (
            "import duckdb, sys\n"
            "seen = set()\n"
            "for _ in sys.stdin:\n"
            "    with duckdb.connect(sys.argv[1], read_only=True) as c:\n"
            "        version, n = c.execute('select version, n_documents from publication').fetchone()\n"
            "        found = c.execute('select count(*), (select count(*) from summable_totals) from documents').fetchone()\n"
            "        assert found[0] == n and found[1] >= n, (version, n, found)\n"
            "        c.execute('select sum(amount_yuan) from v_expenditure').fetchone()\n"
            "    print(version, flush=True)\n"
        )
        pipe = subprocess.PIPE
        reader = subprocess.Popen([sys.executable, "-c", script, str(warehouse)], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        assert reader.stdin is not None
        assert reader.stdout is not None

        def loop() -> None:
            assert reader.stdin is not None
            assert reader.stdout is not None
            while not stop.is_set():
                reader.stdin.write("again\n")
                reader.stdin.flush()
                line = reader.stdout.readline()
                if not line:
                    failures.append("the reader ended")
                    return
                seen.add(int(line))
                time.sleep(0.02)

        thread = threading.Thread(target=loop)
        thread.start()
        for n in range(20):
            if n < 8:
                ingest(state, [DOCUMENTS[n]])
            assert publish(state, code_version="test", parquet=False).version == n + 2
            assert keeper.execute("select version, n_documents from publication").fetchone() == (1, 1)
            assert keeper.execute("select sum(amount_yuan) from v_expenditure").fetchone() == (1_000_000,)
        stop.set()
        thread.join(timeout=30)
        _, errors = reader.communicate(timeout=30)
        keeper.close()
        assert (failures, errors, reader.returncode) == ([], "", 0)
        assert len(seen) >= 3
        assert ask(warehouse, "select version, n_documents from publication") == [(21, 8)]

    def test_a_strangers_log_is_moved_aside_and_not_replayed(self, warehouse: Path, state: State, tmp_path: Path) -> None:
        put(state, DOCUMENTS[0])
        stranger = tmp_path / "stranger" / "yusuan.duckdb"
        stranger.parent.mkdir()
        shutil.copyfile(warehouse, stranger)
        script = (
            "import duckdb, os, sys\n"
            "c = duckdb.connect(sys.argv[1])\n"
            "c.execute('set wal_autocheckpoint = \\'1GB\\'')\n"
            "c.execute('create table intruder as select 1 as x')\n"
            "c.execute('delete from facts')\n"
            "os.kill(os.getpid(), 9)\n"
        )
        subprocess.run([sys.executable, "-c", script, str(stranger)], check=False)
        log = stranger.with_name("yusuan.duckdb.wal")
        assert log.stat().st_size > 0
        shutil.copyfile(log, warehouse.with_name("yusuan.duckdb.wal"))
        assert foreign_logs(state.paths) == [warehouse.with_name("yusuan.duckdb.wal")]
        made = put(state, DOCUMENTS[1])
        assert len(made.warnings) == 1
        assert "yusuan.duckdb.wal" in made.warnings[0]
        assert foreign_logs(state.paths) == []
        assert len(list(state.paths.foreign.iterdir())) == 1
        assert ask(warehouse, "select count(*) > 0, count(distinct document_id) from facts") == [(True, 2)]
        assert ask(warehouse, "select count(*) from information_schema.tables where table_name = 'intruder'") == [(0,)]


class TestWriters:
    def test_four_writers_at_once_lose_nothing(self, warehouse: Path, writers: Writers) -> None:
        running = [writers.start(warehouse, [n, n + 4]) for n in range(4)]
        assert [writers.finish(pid) for pid in running] == [0] * 4
        assert ask(warehouse, "select count(*), count(distinct document_id), bool_and(status = 'loaded') from inputs") == [(8, 8, True)]
        assert ask(warehouse, "select version, n_documents from publication") == [(4, 8)]

    def test_killed_at_ten_moments_the_file_is_whole_and_the_end_the_same(self, tmp_path: Path, writers: Writers) -> None:
        with State.open(tmp_path / "calm" / "yusuan.duckdb") as state:
            expected = put(state, *DOCUMENTS).content_hash
        warehouse, numbers = tmp_path / "killed" / "yusuan.duckdb", list(range(8))
        begun = time.monotonic()
        assert writers.finish(writers.start(warehouse, numbers[:1])) == 0
        length = time.monotonic() - begun
        chance = random.Random(20261121)
        for moment in sorted(chance.uniform(0, 1.2 * length) for _ in range(10)):
            running = writers.start(warehouse, numbers)
            time.sleep(moment)
            os.kill(running, signal.SIGKILL)
            writers.finish(running)
            assert ask(warehouse, "select (select count(*) from documents) = n_documents from publication") == [(True,)]
            assert not foreign_logs(warehouse_paths(warehouse))
        assert writers.finish(writers.start(warehouse, numbers)) == 0
        assert ask(warehouse, "select content_hash from publication") == [(expected,)]
        with State.open(warehouse) as state:
            publish(state, code_version="test", parquet=False)
            known = {row["batch_id"] for row in state.query("select * from batches")}
            assert {path.name for path in state.paths.batches.iterdir()} == known
            assert not list(state.paths.building.iterdir())


def test_publishing_is_quick(warehouse: Path, state: State) -> None:
    """A hundred publications of this size would be a day's work at a crawl; one must not take seconds."""
    with writer(warehouse):
        put(state, *DOCUMENTS)
        begun = time.process_time()
        put(state)
    assert time.process_time() - begun < 5
