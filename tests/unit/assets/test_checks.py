"""The checks find what is wrong in a published file, and say nothing of what is right."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.checks import account_gaps, key_repeats, model_failures, quarantine_rate
from assets.resources import Place
from schemas.ddl import create_table
from schemas.registry import RELATIONS

DOCUMENT = {
    "document_id": "'0123456789abcdef'", "sha256": f"'{'a' * 64}'", "bytes": "1", "media_type": "'text/plain'", "status": "'loaded'",
    "numbers_total": "10", "numbers_facts": "6", "numbers_other": "4", "numbers_rejected": "0", "numbers_not_understood": "0",
    "numbers_indicators": "1", "numbers_statistics": "1",
}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A file with all relations, empty."""
    with duckdb.connect(str(tmp_path / "w.duckdb")) as opened:
        for relation in RELATIONS.values():
            opened.execute(create_table(relation))
        yield opened


def put(connection: duckdb.DuckDBPyConnection, relation: str, **values: str) -> None:
    connection.execute(f"insert into {relation} ({', '.join(values)}) values ({', '.join(values.values())})")


def test_good_rows_pass(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, "documents", **DOCUMENT)
    assert model_failures(connection, RELATIONS["documents"]) == {}
    assert key_repeats(connection, RELATIONS["documents"]) == 0
    assert account_gaps(connection) == []


def test_empty_relations_pass(connection: duckdb.DuckDBPyConnection) -> None:
    for relation in RELATIONS.values():
        assert model_failures(connection, relation) == {}
        assert key_repeats(connection, relation) == 0


def test_a_word_outside_its_vocabulary_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, "documents", **DOCUMENT | {"status": "'fine'"})
    assert model_failures(connection, RELATIONS["documents"]) == {"isin(status)": 1}


def test_a_repeated_key_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    put(connection, "documents", **DOCUMENT)
    put(connection, "documents", **DOCUMENT)
    assert key_repeats(connection, RELATIONS["documents"]) == 1


@pytest.mark.parametrize("change", [{"numbers_total": "11"}, {"numbers_other": "3"}, {"numbers_indicators": "4"}])
def test_an_account_that_does_not_add_up_is_found(connection: duckdb.DuckDBPyConnection, change: dict[str, str]) -> None:
    put(connection, "documents", **DOCUMENT | change)
    assert [gap[0] for gap in account_gaps(connection)] == ["0123456789abcdef"]


@pytest.mark.parametrize(("quarantined", "passed"), [(1, True), (2, False)])
def test_the_quarantine_rate_warns_above_a_quarter(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, quarantined: int, passed: bool,
) -> None:
    for n in range(4):
        status = "'quarantined'" if n < quarantined else "'loaded'"
        put(connection, "inputs", input_id=f"'{n:016x}'", source_name=f"'{n}'", status=status, reason="'scanned'",
            first_seen="now()::timestamp", last_seen="now()::timestamp")
    connection.close()
    result = quarantine_rate(Place(warehouse=str(tmp_path / "w.duckdb")))
    assert result.passed is passed
