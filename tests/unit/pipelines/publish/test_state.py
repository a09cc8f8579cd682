"""The state knows what was offered, what each stage has seen, and what therefore is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from made_products import USUAL, Made, ingest

from pipelines.publish.batches import Product, clear, compact, current, write_batch
from pipelines.publish.state import Offer, State, stage_version
from schemas import reference
from schemas.validation import SchemaMismatch

A, B, C = (Made(seed, entity=f"{seed}局", tables=USUAL) for seed in "abc")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "yusuan.duckdb") as opened:
        yield opened


def due(state: State, stage: str, version: str = "1", **narrowing) -> list[str]:
    return [each.document_id for each in state.pending(stage, version, **narrowing)]


def done(state: State, stage: str, *made: Made, version: str = "1") -> None:
    write_batch(state, stage, version, [Product(each.document_id) for each in made])


class TestOffers:
    def test_new_contents_are_reported_once(self, state: State) -> None:
        assert state.offer([A.offer(), B.offer(), A.offer("copy of a.pdf")]) == [A.document_id, B.document_id]
        assert state.offer([A.offer(), C.offer()]) == [C.document_id]
        assert [row.source_name for row in state.inputs()] == ["a.pdf", "b.pdf", "copy of a.pdf", "c.pdf"]
        assert [row.is_first for row in state.inputs()] == [True, True, False, True]

    def test_a_path_offered_again_keeps_its_row_and_its_first_date(self, state: State) -> None:
        state.offer([A.offer("x.pdf")])
        before = state.inputs()[0]
        state.offer([B.offer("x.pdf")])
        after = state.inputs()
        assert len(after) == 1
        assert after[0].document_id == B.document_id
        assert after[0].first_seen == before.first_seen
        assert after[0].last_seen >= before.last_seen

    def test_what_has_no_content_brings_its_own_status(self, state: State) -> None:
        state.offer([Offer("gone.pdf", None, status="quarantined", reason="unreadable", detail="it vanished")])
        row = state.inputs()[0]
        assert (row.document_id, row.status, row.reason, row.detail) == (None, "quarantined", "unreadable", "it vanished")
        assert due(state, "read") == []

    def test_names_that_are_no_text_are_kept_readable(self, state: State) -> None:
        state.offer([A.offer("b\udcffad\n<b>'\".pdf")])
        assert state.inputs()[0].source_name == "b\\udcffad\n<b>'\".pdf"

    def test_documents_are_found_by_id_beginning_or_name(self, state: State) -> None:
        state.offer([A.offer("folder/a.pdf"), B.offer("folder/ba.pdf")])
        for text in (A.document_id, A.document_id[:6], "a.pdf", "folder/a.pdf"):
            assert state.find(text) == [A.document_id]
        assert state.find(A.document_id[:5]) == []
        assert state.find("%") == []


class TestStages:
    def test_a_document_passes_the_stages_in_order(self, state: State) -> None:
        state.offer([A.offer(), B.offer()])
        assert due(state, "read") == [A.document_id, B.document_id]
        assert due(state, "understand") == []
        done(state, "read", A)
        assert due(state, "read") == [B.document_id]
        assert due(state, "understand") == [A.document_id]

    def test_a_new_version_makes_the_stage_due_again_and_leaves_the_earlier_one_alone(self, state: State) -> None:
        ingest(state, [A])
        assert due(state, "understand") == []
        assert due(state, "understand", "2") == [A.document_id]
        assert due(state, "read") == []

    def test_a_stage_done_again_makes_later_ones_due(self, state: State) -> None:
        ingest(state, [A])
        done(state, "read", A, version="2")
        assert due(state, "understand") == [A.document_id]
        assert current(state)["facts"] != []  # what was made stays until it is replaced

    def test_a_quarantine_takes_away_what_later_stages_made(self, state: State) -> None:
        ingest(state, [A])
        write_batch(state, "read", "2", [Product(A.document_id, status="quarantined", reason="timeout", detail="took too long")])
        assert current(state)["facts"] == []
        assert due(state, "read", "2") == due(state, "understand") == []

    def test_retry_makes_quarantined_documents_due(self, state: State) -> None:
        state.offer([A.offer(), B.offer(), C.offer()])
        write_batch(state, "read", "1", [
            Product(A.document_id, status="quarantined", reason="timeout"), Product(B.document_id, status="quarantined", reason="scanned"),
            Product(C.document_id),
        ])
        assert due(state, "read") == []
        assert state.retry(reasons=["scanned"]) == [B.document_id]
        assert due(state, "read") == [B.document_id]
        assert state.retry([A.document_id]) == [A.document_id]
        assert due(state, "read") == [A.document_id, B.document_id]

    def test_selections_narrow_what_is_due(self, state: State) -> None:
        ingest(state, [A, B])
        assert due(state, "understand", force=True) == [A.document_id, B.document_id]
        assert due(state, "understand", force=True, documents=[B.document_id]) == [B.document_id]
        later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=1)
        assert due(state, "understand", force=True, since=later) == []

    def test_a_later_stage_speaks_for_the_relations_it_gives(self, state: State) -> None:
        ingest(state, [A])
        understood = current(state)
        write_batch(state, "audit", "1", [Product(A.document_id, {"facts": A.product().frames["facts"]})])
        audited = current(state)
        assert audited["tables"] == understood["tables"]
        assert audited["facts"] != understood["facts"]
        ingest(state, [A], version="2")  # understood again: the audit before it is stale and gives way
        assert current(state)["facts"] == current(state)["tables"] != understood["tables"]

    def test_versions_follow_code_reference_and_upstream(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        version = stage_version("1.0", ["units.csv"], upstream="reader")
        assert version == stage_version("1.0", ["units.csv"], upstream="reader")
        (tmp_path / "units.csv").write_text("phrase,yuan\n", encoding="utf-8")
        monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
        assert version != stage_version("1.0", ["units.csv"], upstream="reader")
        assert stage_version("1.0", ["regions.csv"]) != stage_version("1.1", ["regions.csv"])
        assert stage_version("1.0", [], "a") != stage_version("1.0", [], "b")


class TestRemoval:
    def test_a_removed_document_is_gone_with_all_its_results(self, state: State) -> None:
        ingest(state, [A, B])
        state.offer([A.offer("again.pdf")])
        assert state.remove([A.document_id, "0" * 16]) == 1
        assert [row.document_id for row in state.inputs()] == [B.document_id]
        assert {document_id for document_id, _ in current(state)["facts"]} == {B.document_id}

    def test_it_comes_back_when_a_person_offers_it_but_not_by_schedule(self, state: State) -> None:
        ingest(state, [A])
        state.remove([A.document_id])
        assert state.offer([A.offer()], revive=False) == []
        assert state.inputs() == []
        assert state.offer([A.offer()]) == [A.document_id]
        assert state.offer([A.offer()], revive=False) == []
        assert due(state, "read") == [A.document_id]

    def test_a_result_that_comes_after_the_removal_is_dropped(self, state: State) -> None:
        ingest(state, [A])
        state.remove([A.document_id])
        write_batch(state, "understand", "1", [A.product()])
        assert current(state)["facts"] == []


class TestBatches:
    def test_refused_rows_become_rejects_and_the_counts_follow(self, state: State) -> None:
        state.offer([A.offer()])
        done(state, "read", A)
        product = A.product()
        facts = product.frames["facts"]
        bad = facts.with_columns(trust=facts["trust"].scatter(0, "perhaps"))
        written = write_batch(state, "understand", "1", [Product(A.document_id, {**product.frames, "facts": bad})])
        assert written.refused == 1
        assert written.rows["facts"] == facts.height - 1
        assert written.rows["rejects"] == 1
        files = state.paths.batches / str(written.batch_id)
        document = pl.read_parquet(files / "documents.parquet").row(0, named=True)
        assert (document["numbers_facts"], document["numbers_rejected"]) == (facts.height - 1, 1)
        assert document["numbers_total"] == facts.height
        tables = pl.read_parquet(files / "tables.parquet")
        assert tables["n_rejected"].to_list() == [1, 0, 0, 0]
        rejects = pl.read_parquet(files / "rejects.parquet").row(0, named=True)
        assert (rejects["document_id"], rejects["rule"], rejects["relation"]) == (A.document_id, "isin(trust)", "facts")

    def test_a_frame_that_does_not_fit_stores_nothing(self, state: State) -> None:
        state.offer([A.offer()])
        done(state, "read", A)
        product = A.product()
        with pytest.raises(SchemaMismatch):
            write_batch(state, "understand", "1", [Product(A.document_id, {"facts": product.frames["cells"]})])
        with pytest.raises(ValueError, match="unknown relations"):
            write_batch(state, "understand", "1", [Product(A.document_id, {"v_income": product.frames["cells"]})])
        assert due(state, "understand") == [A.document_id]

    def test_superseded_batches_are_cleared(self, state: State) -> None:
        ingest(state, [A])
        ingest(state, [A], version="2")
        (state.paths.batches / ".half-written").mkdir()
        assert clear(state) == 2
        assert len(list(state.paths.batches.iterdir())) == 1

    def test_compacting_changes_no_result(self, state: State) -> None:
        for made in (A, B, C):
            ingest(state, [made])
        before = {relation: sorted(document for document, _ in pairs) for relation, pairs in current(state).items()}
        assert compact(state, above=2) == 3
        pairs = current(state)
        assert {relation: sorted(document for document, _ in found) for relation, found in pairs.items()} == before
        assert len({batch for _, batch in pairs["facts"]}) == 1
        assert len(list(state.paths.batches.iterdir())) == 1

    def test_whether_anything_is_unpublished(self, state: State) -> None:
        state.offer([A.offer()])
        assert state.unpublished()
        state.add_version(1, datetime(2026, 1, 1), "0" * 64, "0" * 64, 1)
        state.paths.current.touch()
        assert state.unpublished()  # finished, but not in place
        state.mark_published()
        assert not state.unpublished()
        state.paths.current.unlink()
        assert state.unpublished()
        state.paths.current.touch()
        state.offer([B.offer()])
        assert state.unpublished()
