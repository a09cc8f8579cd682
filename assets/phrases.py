"""Phrases of headers, and words below headers like 项目类别, that no vocabulary line explains: what to add to `column_phrases.csv`.

Here: finding and counting them in a published warehouse. Not here: the vocabulary (schemas/reference), or deciding what a phrase means.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.understand.amounts import is_filler
from pipelines.understand.text import bare, compact
from pipelines.understand.vocabulary import Vocabulary, vocabulary

LEVEL = " / "
NEAREST = 3
CUTOFF = 0.5  # of difflib's ratio; below it two phrases have little in common

_SQL = """
select f.column_path, f.document_id, d.source_name, f.page, count(*) as numbers
from facts f join documents d using (document_id)
where f.column_code is null group by all order by numbers desc, f.column_path, f.document_id, f.page
"""

_SAYING_SQL = """
with heads as (
    select table_id, column_no, row_no, text from cells where length(text) < 16 and regexp_matches(regexp_replace(text, '\\s', '', 'g'), ?)
)
select h.text as head, c.text, t.document_id, d.source_name, c.page, count(*) as numbers
from heads h join cells c on c.table_id = h.table_id and c.column_no = h.column_no and c.row_no > h.row_no
    join facts f on f.table_id = c.table_id and f.row_no = c.row_no
    join tables t on t.table_id = c.table_id join documents d on d.document_id = t.document_id
where not regexp_matches(c.text, '^[\\d,.\\s\\-*/]*$')
group by all order by numbers desc, h.text, c.text, t.document_id, c.page
"""


@dataclass
class _Seen:
    numbers: int = 0
    documents: set[str] = field(default_factory=set)
    example: str = ""


def unknown(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Unknown phrases, most frequent first.

    Each with `numbers` (amounts under it), `documents`, `nearest` (known phrases, joined by ` | `), `facet` and `value` of the
    nearest one (a proposal, to be judged), and an `example` of where it stands.
    """
    words = vocabulary()
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for path, document_id, source_name, page, numbers in connection.execute(_SQL).fetchall():
        for phrase in _unknown_levels(path or "", words):
            entry = seen[phrase]
            entry.numbers += numbers
            entry.documents.add(document_id)
            entry.example = entry.example or f"{_place(source_name, page)}: {path}"
    _add_said(connection, words, seen)
    ranked = sorted(seen.items(), key=lambda item: (-item[1].numbers, item[0]))
    return [_row(phrase, entry, words) for phrase, entry in ranked]


def _add_said(connection: duckdb.DuckDBPyConnection, words: Vocabulary, seen: dict[str, _Seen]) -> None:
    """Add the words that rows print below 项目类别, 资金性质 ... and that say nothing known."""
    pattern = "|".join(f"(?:{p.pattern})" for p, _ in words.says)
    for head, text, document_id, source_name, page, numbers in connection.execute(_SAYING_SQL, [pattern]).fetchall():
        word = bare(text)
        if word and not is_filler(word) and words.said(word) is None and words.row_words.get(word) is None:
            entry = seen[word]
            entry.numbers += numbers
            entry.documents.add(document_id)
            entry.example = entry.example or f"{_place(source_name, page)}: {compact(head)}: {compact(text)}"


def _place(source_name: str, page: int | None) -> str:
    return f"{source_name}, p. {page}" if page is not None else source_name


def _unknown_levels(path: str, words: Vocabulary) -> list[str]:
    """The levels of a header path that are neither an amount's phrase nor a descriptor; the whole path where each level is known.

    A known phrase alone (预算数 of a table that nothing names) asks for no line, unless its remark in brackets was left out.
    """
    levels = [level for level in path.split(LEVEL) if level]
    strange = [level for level in levels if not words.knows(level)]
    return strange or ([path] if len(levels) > 1 or (levels and words.leaves_out(path)) else [])


def _row(phrase: str, entry: _Seen, words: Vocabulary) -> dict[str, Any]:
    near = difflib.get_close_matches(phrase, words.phrases, NEAREST, CUTOFF)
    facet = words.phrases[near[0]][0] if near else None
    return {
        "phrase": phrase, "facet": facet.name if facet else None, "value": facet.value if facet else None, "numbers": entry.numbers,
        "documents": len(entry.documents), "nearest": " | ".join(near) or None, "example": entry.example,
    }
