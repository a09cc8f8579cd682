"""Findings as printed text, by document: place, both values, the proof in a sentence, in Chinese and English.

Here: lines of text. Not here: colours or width of a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pipelines.audit.report.entry import Entry, rule_zh, severity_zh, values_zh, verdict_zh


def proof_lines(found: Iterable[Entry]) -> Iterator[str]:
    """The lines of a report: a heading a document, four or five lines a finding, a blank line between."""
    for document, group in groupby(found, key=lambda e: (e.document, e.document_id)):
        own = list(group)
        counts = "，".join(f"{severity_zh(s)}{n}" for s in ("error", "warning", "note") if (n := sum(e.severity == s for e in own)))
        yield f"{document[0]}  [{document[1]}]  {counts}"
        for entry in own:
            yield from _lines(entry)
        yield ""


def _lines(entry: Entry) -> Iterator[str]:
    yield f"  {entry.number}. {severity_zh(entry.severity)} · {rule_zh(entry.rule)} · {verdict_zh(entry.verdict)}  ({entry.finding_id})"
    place = " · ".join(p for p in (f"第{entry.page}页" if entry.page else "", entry.table, entry.row, entry.column) if p)
    if place:
        yield f"     {place}"
    if entry.expected:
        yield f"     {values_zh(entry)}"
    yield f"     {entry.zh}"
    yield f"     {entry.en}"
    if entry.decision:
        yield f"     处理 {entry.decision}" + (f"：{entry.reason}" if entry.reason else "")
