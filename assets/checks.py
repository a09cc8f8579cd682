"""What Dagster checks after every publication: one multi-check a relation, the account of numbers, quarantine rate,
freshness, new findings against our own reading.

Here: the checks as Dagster shows them. Not here: the rules themselves, which stand in `schemas`, nor the audit of the amounts.
A check reads the published file and writes nothing; a failing one is shown, it does not unpublish.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from assets import inbox
from assets.comparison import compare
from assets.names import markdown
from assets.resources import Place
from pipelines.publish.paths import warehouse_paths
from schemas.registry import RELATIONS, Relation
from schemas.validation import SchemaMismatch, validate

TARGET = dg.AssetKey("warehouse")
CHUNK_ROWS = 1_000_000  # rows validated at a time: the memory of a check does not grow with the warehouse
QUARANTINE_RATE = 0.25
MAX_AGE = timedelta(hours=26)  # a daily schedule, and two hours of grace
ACCOUNT = "numbers_total = numbers_facts + numbers_other + numbers_rejected + numbers_not_understood"


def _open(file: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(file), read_only=True)


def model_failures(connection: duckdb.DuckDBPyConnection, relation: Relation) -> dict[str, int]:
    """Rows of a published relation that its model refuses, by rule; `schema` where the columns themselves do not fit."""
    found: dict[str, int] = {}
    reader = connection.table(relation.name).to_arrow_reader(CHUNK_ROWS)
    for batch in reader:
        frame = pl.DataFrame(batch)
        try:
            refused = validate(relation.name, frame).refused
        except SchemaMismatch as mismatch:
            return {f"schema: {mismatch}": frame.height}
        for rule, rows in refused.group_by("rule").len().iter_rows():
            found[rule] = found.get(rule, 0) + rows
    return found


def key_repeats(connection: duckdb.DuckDBPyConnection, relation: Relation) -> int:
    """Rows of a published relation whose key another row has too."""
    key = relation.about.key
    if not key:
        return 0
    table = connection.table(relation.name)
    distinct = table.project(*(duckdb.ColumnExpression(name) for name in key)).distinct()
    return table.shape[0] - distinct.shape[0]


def account_gaps(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int]]:
    """(document, source name, numbers in its tables, numbers accounted for) of the documents whose account does not add up."""
    return connection.sql(
        "select document_id, source_name, numbers_total,"
        " numbers_facts + numbers_other + numbers_rejected + numbers_not_understood as accounted"
        " from documents where numbers_total <> accounted or numbers_indicators + numbers_statistics > numbers_other order by 1"
    ).fetchall()


def _relation_check(relation: Relation) -> dg.AssetChecksDefinition:
    names = [f"{relation.name}_rows", f"{relation.name}_key", *(["documents_account"] if relation.name == "documents" else [])]
    meaning = {
        f"{relation.name}_rows": f"{relation.about.title_zh}: every row passes its model",
        f"{relation.name}_key": f"{relation.about.title_zh}: no key stands twice",
        "documents_account": f"数字平账: {ACCOUNT}",
    }

    @dg.multi_asset_check(
        name=f"{relation.name}_checks",
        specs=[dg.AssetCheckSpec(name, asset=TARGET, description=meaning[name]) for name in names],
    )
    def check(place: Place) -> Iterator[dg.AssetCheckResult]:
        with _open(place.file) as connection:
            failures = model_failures(connection, relation)
            rows = connection.table(relation.name).shape[0]
            repeats = key_repeats(connection, relation)
            gaps = account_gaps(connection) if "documents_account" in names else []
        yield dg.AssetCheckResult(
            check_name=names[0], asset_key=TARGET, passed=not failures,
            metadata={"rows": rows, "refused": sum(failures.values()), "rules": failures})
        yield dg.AssetCheckResult(check_name=names[1], asset_key=TARGET, passed=not repeats, metadata={"rows": rows, "repeated": repeats})
        if "documents_account" in names:
            yield dg.AssetCheckResult(
                check_name="documents_account", asset_key=TARGET, passed=not gaps,
                metadata={"documents_off": len(gaps), "first": dg.MetadataValue.md(
                    "\n".join(f"- {gap[0]} {markdown(gap[1])}: {gap[3]} of {gap[2]}" for gap in gaps[:20]) or "none")})

    return check


@dg.asset_check(asset=TARGET, name="quarantine_rate", description="隔离率: no more of the inputs are quarantined than usual")
def quarantine_rate(place: Place) -> dg.AssetCheckResult:
    """Warns when more than a quarter of all inputs could not be read: a broken crawl, or a reader that has lost a format."""
    with _open(place.file) as connection:
        by_reason = dict(connection.sql(
            "select coalesce(reason, 'none'), count(*) from inputs where status = 'quarantined' group by 1 order by 2 desc").fetchall())
        total = connection.table("inputs").shape[0]
    rate = sum(by_reason.values()) / total if total else 0.0
    return dg.AssetCheckResult(
        passed=rate <= QUARANTINE_RATE, severity=dg.AssetCheckSeverity.WARN,
        metadata={"rate": rate, "limit": QUARANTINE_RATE, "inputs": total, "by_reason": by_reason})


@dg.asset_check(asset=TARGET, name="freshness", description="时效: published within a day, or nothing is waiting")
def freshness(place: Place) -> dg.AssetCheckResult:
    """Warns when the newest version is older than a day and two hours while files wait in the inbox."""
    with _open(place.file) as connection:
        row = connection.sql("select max(published_at) from publication").fetchone()
    now = datetime.now(UTC).replace(tzinfo=None)
    age = now - row[0] if row and row[0] else timedelta.max
    since = (row[0].replace(tzinfo=UTC).timestamp() * 1e9) if row and row[0] else 0.0
    newer = [name for name, (_, modified) in inbox.listing(place.folder).items() if modified > since]
    return dg.AssetCheckResult(
        passed=age <= MAX_AGE or not newer, severity=dg.AssetCheckSeverity.WARN,
        metadata={"age_hours": age.total_seconds() / 3600, "limit_hours": MAX_AGE.total_seconds() / 3600, "files_newer": len(newer)})


@dg.asset_check(asset=TARGET, name="extraction_findings", description="读取问题: no new finding says that our own reading is at fault")
def extraction_findings(place: Place) -> dg.AssetCheckResult:
    """Warns of findings with verdict `extraction` that the version before had not."""
    found = compare(warehouse_paths(place.file))
    return dg.AssetCheckResult(
        passed=not found.extraction_new, severity=dg.AssetCheckSeverity.WARN,
        metadata={"new": len(found.extraction_new), "all": len(found.extraction), "first_new": list(found.extraction_new[:20])})


def checks() -> list[dg.AssetChecksDefinition]:
    """All checks, in the order in which they are shown."""
    return [*(_relation_check(relation) for relation in RELATIONS.values()), quarantine_rate, freshness, extraction_findings]
