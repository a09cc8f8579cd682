"""Header phrases that no vocabulary line explains, with the nearest known ones: what to add to `column_phrases.csv`.

Here: finding and counting them in a published warehouse. Not here: the vocabulary (schemas/reference), or deciding what a phrase means.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.understand.vocabulary import Vocabulary, vocabulary

LEVEL = " / "
NEAREST = 3
CUTOFF = 0.5  # of difflib's ratio; below it two phrases have little in common

_SQL = """
select f.column_path, f.document_id, d.source_name, f.page, count(*) as numbers
from facts f join documents d using (document_id)
where f.column_code is null group by all order by numbers desc, f.column_path, f.document_id, f.page
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
            entry.example = entry.example or f"{source_name}, p. {page}: {path}"
    ranked = sorted(seen.items(), key=lambda item: (-item[1].numbers, item[0]))
    return [_row(phrase, entry, words) for phrase, entry in ranked]


def _unknown_levels(path: str, words: Vocabulary) -> list[str]:
    """The levels of a header path that are neither an amount's phrase nor a descriptor; the whole path where each level is known."""
    levels = [level for level in path.split(LEVEL) if level]
    strange = [level for level in levels if words.facets_of(level) is None and words.role_of(level) is None]
    return strange or ([path] if path else [])


def _row(phrase: str, entry: _Seen, words: Vocabulary) -> dict[str, Any]:
    near = difflib.get_close_matches(phrase, words.phrases, NEAREST, CUTOFF)
    facet = words.phrases[near[0]] if near else None
    return {
        "phrase": phrase, "facet": facet.name if facet else None, "value": facet.value if facet else None, "numbers": entry.numbers,
        "documents": len(entry.documents), "nearest": " | ".join(near) or None, "example": entry.example,
    }
