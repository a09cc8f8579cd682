"""Every sample against what is true of it: the document, its tables, facts and indicators."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import duckdb
import golden_truth as truth
import pytest

Connection = duckdb.DuckDBPyConnection


def rows(con: Connection, query: str, *values: object) -> list[dict[str, Any]]:
    cursor = con.execute(query, list(values))
    names = [c[0] for c in cursor.description or ()]
    return [dict(zip(names, r, strict=True)) for r in cursor.fetchall()]


def of_document(con: Connection, relation: str, sample: str) -> list[dict[str, Any]]:
    """The rows of a relation that belong to one sample."""
    return rows(con, f"from {relation} semi join (from documents where source_name = ?) using (document_id)", truth.about(sample)["file"])


def plain(value: object) -> str:
    """Printed text without white space; a number without the zeros that say nothing."""
    text = re.sub(r"\s+", "", "" if value is None else str(value))
    return re.sub(r"\.?0+$", "", text) if re.fullmatch(r"\d+\.\d+", text) else text


@pytest.mark.parametrize("sample", truth.SAMPLES)
def test_document(connection: Connection, sample: str) -> None:
    """Whose it is, of where, of which year and kind, and that all of it was understood."""
    known = truth.about(sample)
    (found,) = of_document(connection, "documents", sample)
    said = {k: found[k] for k in ("status", "entity_name", "region_code", "fiscal_year")}
    assert said == {"status": "loaded", **{k: known[k] for k in ("entity_name", "region_code", "fiscal_year")}}
    assert found["document_kind"] in known["document_kind"].split("|")
    assert found["numbers_not_understood"] == 0
    assert found["numbers_rejected"] == 0


@pytest.mark.parametrize("sample", truth.SAMPLES)
def test_tables(connection: Connection, sample: str) -> None:
    """The logical tables in their order: kind, unit, pages, and which are declared empty."""
    columns = ("table_kind", "declared_unit", "first_page", "last_page", "emptiness")
    known = truth.read(sample, "tables")
    paged = [c for c in columns if any(t[c] for t in known)]
    found = sorted(of_document(connection, "tables", sample), key=lambda t: t["table_no"])
    shown = [{c: str(t[c] if t[c] is not None else "") for c in paged} for t in found]
    assert shown == [{c: t[c] for c in paged} for t in known]


@pytest.mark.parametrize("sample", truth.SAMPLES)
def test_facts(connection: Connection, sample: str) -> None:
    """Every printed amount with its whole meaning, no more and no fewer."""
    wrong = truth.differences(truth.read(sample, "expected"), of_document(connection, "facts", sample))
    assert not wrong, f"{len(wrong)} differences:\n" + "\n".join(wrong[:60])


@pytest.mark.parametrize("sample", [s for s in truth.SAMPLES if truth.read(s, "indicators")])
def test_indicators(connection: Connection, sample: str) -> None:
    """Every performance indicator as printed."""
    names = {"indicator": "indicator", "target": "target_text", "actual": "actual_text", "points": "points", "score": "score"}

    def shown(row: dict[str, Any], keys: dict[str, str]) -> tuple[str, ...]:
        return (truth.label(row["scope"]), *(plain(row[k]) for k in keys.values()))

    want = Counter(shown(r, {k: k for k in names}) for r in truth.read(sample, "indicators"))
    have = Counter(shown(r, names) for r in of_document(connection, "indicators", sample))
    assert have == want


def test_nothing_else_was_loaded(connection: Connection) -> None:
    """The folder holds the samples and nothing else."""
    files = {truth.about(s)["file"] for s in truth.SAMPLES}
    assert {r["source_name"] for r in rows(connection, "select source_name from inputs")} == files
