"""A finding as a person reads it: numbered, with its place in words. The one shape that every form of report is made from.

Here: from a row (a finding joined with its fact, table and claim) to an entry. Not here: layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.audit.sentences import OTHER_SIDES
from schemas.vocabularies import FINDING_RULE, SEVERITY, VERDICT

Box = tuple[float, float, float, float]
_ORDER = {"error": 0, "warning": 1, "note": 2}
IN_TEXT = "正文"


@dataclass(frozen=True)
class Entry:
    """One finding. `table`, `row`, `column` are names as printed; `box` is in PDF points, origin top left of the page as shown."""

    number: int
    finding_id: str
    document_id: str
    document: str
    severity: str
    verdict: str
    rule: str
    page: int | None
    table: str
    row: str
    column: str
    printed: str
    expected: str
    zh: str
    en: str
    box: Box | None = None
    decision: str | None = None
    reason: str | None = None


def values_zh(entry: Entry) -> str:
    """Both values in words: 公布 … → 应为 …; where nobody knows which side is right, 公布 …，各项之和…."""
    if not entry.expected:
        return f"公布 {entry.printed}"
    return f"公布 {entry.printed}" + (f"，{entry.expected}" if entry.expected.startswith(OTHER_SIDES) else f" → 应为 {entry.expected}")


def entries(rows: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Findings numbered from 1 in the order of document, page and severity.

    `rows` have the columns of relation `findings` and, where known, document, table_title, row_label, column_path, sentence, subject_text,
    decision, reason.
    """
    return [_entry(number, row) for number, row in enumerate(sorted(rows, key=_place), start=1)]


def _place(row: Mapping[str, Any]) -> tuple[str, str, int, int, float, str]:
    return (
        str(row.get("document") or ""), row["document_id"], row["page"] or 0, _ORDER.get(row["severity"], len(_ORDER)),
        float(row.get("top") or 0), row["finding_id"])


def _entry(number: int, row: Mapping[str, Any]) -> Entry:
    edges = [row.get(edge) for edge in ("x0", "top", "x1", "bottom")]
    box = (float(edges[0]), float(edges[1]), float(edges[2]), float(edges[3])) if None not in edges else None  # type: ignore[arg-type]
    in_text = row.get("claim_id") is not None or (row.get("fact_id") is None and row["rule"] in ("narrative_arithmetic", "year_mismatch"))
    path = str(row.get("column_path") or "")
    return Entry(
        number, row["finding_id"], row["document_id"], str(row.get("document") or row["document_id"]), row["severity"], row["verdict"],
        row["rule"], row["page"], IN_TEXT if in_text else str(row.get("table_title") or ""),
        str((row.get("subject_text") if in_text else row.get("row_label")) or ""), "" if in_text else path, str(row["printed"] or ""),
        str(row["expected"] or ""), row["message_zh"], row["message_en"], box, row.get("decision"), row.get("reason"),
    )


def severity_zh(code: str) -> str:
    """错误 · 警告 · 提示."""
    return SEVERITY.word(code).zh


def verdict_zh(code: str) -> str:
    """Whose mistake, in Chinese."""
    return VERDICT.word(code).zh


def rule_zh(code: str) -> str:
    """The rule, in Chinese."""
    return FINDING_RULE.word(code).zh
