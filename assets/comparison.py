"""What this version of a warehouse has that the one before had not: trust, and findings that our reading is at fault.

Here: two published files compared, read-only. Not here: publishing, or the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publish.paths import WarehousePaths
from pipelines.publish.warehouse import current_version, kept_versions


@dataclass(frozen=True)
class Comparison:
    """Shares of facts that are `verified`, None where there are no facts or no version before; findings with verdict `extraction`."""

    verified: float | None
    verified_before: float | None
    extraction: tuple[str, ...]
    extraction_new: tuple[str, ...]


def compare(paths: WarehousePaths) -> Comparison:
    """The current version beside the newest kept one before it."""
    version = current_version(paths) or 0
    before = max((number for number in kept_versions(paths.current) if number < version), default=None)
    verified, extraction = _measured(paths.current)
    verified_before, known = _measured(paths.version(before)) if before is not None else (None, set())
    return Comparison(verified, verified_before, tuple(sorted(extraction)), tuple(sorted(extraction - known)))


def _measured(file: Path) -> tuple[float | None, set[str]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        row = connection.sql("select count(*) filter (trust = 'verified') / nullif(count(*), 0) from facts").fetchone()
        ids = connection.sql("select finding_id from findings where verdict = 'extraction'").fetchall()
    return (row[0] if row else None), {entry[0] for entry in ids}
