"""The versions of a published warehouse: going back to one, documents that are withdrawn, and the Parquet twin of each."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest
from made_products import EXPENDITURE, Made
from published import DOCUMENTS, ask, put

from pipelines.publish.state import State
from pipelines.publish.warehouse import PublishError, current_version, rollback
from schemas.registry import EVERY_RELATION


class TestGoingBack:
    def test_rollback_shows_the_version_before_and_the_next_publication_everything(self, warehouse: Path, state: State) -> None:
        first, second = put(state, DOCUMENTS[0]), put(state, DOCUMENTS[1])
        back = rollback(state)
        assert (back.version, back.content_hash) == (first.version, first.content_hash)
        assert ask(warehouse, "select n_documents from publication") == [(1,)]
        assert current_version(state.paths) == 1
        assert (warehouse.parent / "parquet").resolve() == state.paths.version_parquet(1)
        assert rollback(state, 2).content_hash == second.content_hash
        assert rollback(state, 2).version == 2  # already there
        rollback(state, 1)
        third = put(state, DOCUMENTS[2])
        assert third.version == 3
        assert ask(warehouse, "select n_documents from publication") == [(3,)]

    def test_there_must_be_such_a_version_and_it_must_be_what_was_published(self, warehouse: Path, state: State) -> None:
        with pytest.raises(PublishError, match="no version before the current one"):
            rollback(state)
        put(state, DOCUMENTS[0])
        with pytest.raises(PublishError, match="no version before the current one"):
            rollback(state)
        put(state, DOCUMENTS[1])
        with pytest.raises(PublishError, match=r"no version 7 .* kept are \[1, 2\]"):
            rollback(state, 7)
        first = state.paths.version(1)
        first.chmod(0o644)
        with first.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"x")
        with pytest.raises(PublishError, match="has been changed since"):
            rollback(state, 1)
        assert ask(warehouse, "select version from publication") == [(2,)]

    def test_a_removed_document_is_in_no_relation_of_the_next_version(self, warehouse: Path, state: State) -> None:
        put(state, *DOCUMENTS[:2])
        state.remove(state.find("d1.pdf"))
        put(state)
        document_id = DOCUMENTS[1].document_id
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            for name, relation in EVERY_RELATION.items():
                if "document_id" in relation.polars_schema:
                    assert connection.execute(f"select count(*) from {name} where document_id = ?", [document_id]).fetchone() == (0,), name
            assert connection.sql("select count(*) from cells where table_id not in (select table_id from tables)").fetchone() == (0,)
            assert connection.sql("select list(name) from dim_entity").fetchone() == (["0局"],)


class TestParquetTwin:
    def test_it_holds_the_same_rows_and_facts_by_year(self, warehouse: Path, state: State) -> None:
        put(state, DOCUMENTS[1], Made("old", year=2024, tables=[EXPENDITURE]))
        twin = warehouse.parent / "parquet"
        assert sorted(path.name for path in (twin / "facts").iterdir()) == ["fiscal_year=2024", "fiscal_year=2026"]
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            for relation in ("documents", "tables", "cells", "inputs", "publication", "dim_subject"):
                rows = connection.read_parquet(str(twin / f"{relation}.parquet"))
                assert rows.columns == connection.table(relation).columns
                assert sorted(map(str, rows.fetchall())) == sorted(map(str, connection.table(relation).fetchall()))
            facts = connection.read_parquet(str(twin / "facts" / "**" / "*.parquet"), hive_partitioning=True)
            sql = "select fiscal_year::integer, count(*), sum(amount_yuan) from {} group by 1 order by 1"
            assert facts.query("twin", sql.format("twin")).fetchall() == connection.sql(sql.format("facts")).fetchall()

    def test_the_link_is_replaced_in_one_step_and_old_twins_go(self, warehouse: Path, state: State) -> None:
        for made in DOCUMENTS[:4]:
            put(state, made)
            assert (warehouse.parent / "parquet" / "publication.parquet").exists()
        assert sorted(path.name for path in state.paths.versions.glob("*.parquet")) == ["yusuan-3.parquet", "yusuan-4.parquet"]
        rollback(state, 1)
        assert not (warehouse.parent / "parquet").exists()  # that twin is gone: better none than another version's

    def test_two_warehouses_in_one_folder_have_a_twin_each(self, tmp_path: Path) -> None:
        for name in ("a", "b", "a"):
            with State.open(tmp_path / f"{name}.duckdb") as state:
                put(state, DOCUMENTS[0])
        assert os.readlink(tmp_path / "parquet") == "versions/a-2.parquet"
        assert os.readlink(tmp_path / "b-parquet") == "versions/b-1.parquet"
