"""What people decided about findings (采纳、误报、已更正), with their reasons; kept over re-runs and over republished editions.

Here: the table `decisions` in the state file beside the warehouse. Not here: the findings themselves. A decision is remembered under the
finding's id and under what the finding says of its publication (rule, subject, printed and expected), because a new edition is a new
document with new ids.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from pipelines.publish.paths import warehouse_paths

DECISIONS: tuple[str, ...] = ("accepted", "false_alarm", "corrected")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS decisions (
    finding_id TEXT PRIMARY KEY, publication_id TEXT, saying TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT, decided_at TEXT NOT NULL)
"""


class Decision(msgspec.Struct, frozen=True):
    """One decision. `saying` is what the finding says, without its document: the same in another edition."""

    finding_id: str
    publication_id: str | None
    saying: str
    decision: str
    reason: str | None


def saying(finding: Mapping[str, Any]) -> str:
    """What a finding says, independent of the edition it was found in."""
    return "|".join(str(finding.get(name) or "") for name in ("rule", "subject_code", "printed", "expected"))


def decide(warehouse: Path, finding: Mapping[str, Any], decision: str, reason: str | None = None) -> Decision:
    """Remember a decision about a finding (a row of `findings` with its `publication_id`); a later one replaces it.

    Raises ValueError for a word that is no decision.
    """
    if decision not in DECISIONS:
        raise ValueError(f"{decision!r} is no decision; one of {', '.join(DECISIONS)}")
    made = Decision(finding["finding_id"], finding.get("publication_id"), saying(finding), decision, reason)
    database = warehouse_paths(warehouse).database
    database.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute(_SCHEMA)
        connection.execute(
            "INSERT OR REPLACE INTO decisions VALUES (?, ?, ?, ?, ?, ?)",
            (made.finding_id, made.publication_id, made.saying, decision, reason, datetime.now(UTC).isoformat(timespec="seconds")))
    return made


def decisions(warehouse: Path) -> list[Decision]:
    """All decisions of a warehouse, oldest first; none where there is no state."""
    database = warehouse_paths(warehouse).database
    if not database.is_file():
        return []
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'decisions'").fetchone():
            return []
        rows = connection.execute(
            "SELECT finding_id, publication_id, saying, decision, reason FROM decisions ORDER BY decided_at, finding_id")
        return [Decision(*row) for row in rows]


def with_decisions(findings: list[dict[str, Any]], made: list[Decision]) -> list[dict[str, Any]]:
    """Findings with `decision` and `reason`: by their own id, else by what was decided of the same saying in another edition.

    Of several findings of one document that say the same (each of ten projects 1000% for 100%) each is decided by itself.
    """
    by_id = {d.finding_id: d for d in made}
    by_saying: dict[tuple[str | None, str], list[Decision]] = defaultdict(list)
    for decision in made:
        if decision.publication_id:
            by_saying[decision.publication_id, decision.saying].append(decision)
    home = {f["finding_id"]: f["document_id"] for f in findings}
    alike = Counter((f["document_id"], saying(f)) for f in findings)
    out = []
    for finding in findings:
        found = by_id.get(finding["finding_id"])
        if found is None and alike[finding["document_id"], saying(finding)] == 1:
            said = by_saying.get((finding.get("publication_id"), saying(finding)), ())
            found = next((d for d in reversed(said) if home.get(d.finding_id) != finding["document_id"]), None)
        out.append(finding | {"decision": found.decision if found else None, "reason": found.reason if found else None})
    return out
