"""Which documents are one publication, which edition is current, and what took whose place.

Here: a pure function over all documents. Not here: which entity, year and kind a document is of.
The result depends on the documents only, never on the order in which they came.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """What decides about a document.

    Its publication's key (null where not understood), status, how many numbers and amounts it gave, how sure the least sure reading of its
    tables is, and which kinds of table have facts.
    """

    document_id: str
    status: str
    entity_id: str | None
    fiscal_year: int | None
    document_kind: str | None
    numbers_facts: int
    numbers_total: int
    confidence: float
    table_kinds: Sequence[str]


@dataclass(frozen=True)
class Placed:
    """A document's place among the editions of its publication."""

    publication_id: str
    edition_no: int
    is_current: bool
    superseded_by: str | None


def place_editions(documents: Iterable[Edition]) -> dict[str, Placed]:
    """The place of every document.

    Documents of one entity, year and kind are editions of one publication; a document that lacks one of these stands alone. The edition
    with the most amounts is current; of equals that with the most numbers, the surer reading (a scan gives way to its text), the greater
    id (any fixed choice will do). Files that share no kind of
    table with it, nor with one another, are parts of the current edition (a budget published as several files). A quarantined document
    is never current.
    """
    publications: dict[str, list[Edition]] = defaultdict(list)
    for document in documents:
        publications[publication_id(document)].append(document)
    placed: dict[str, Placed] = {}
    for publication, editions in publications.items():
        placed.update(_placed(publication, editions))
    return placed


def publication_id(document: Edition) -> str:
    """Sixteen hex digits of the hash of entity, year and kind, or of the document where one of these is not known."""
    parts = (document.entity_id, document.fiscal_year, document.document_kind)
    key = "|".join(map(str, parts)) if None not in parts and document.document_kind != "other" else f"document|{document.document_id}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _completeness(document: Edition) -> tuple[bool, bool, int, int, float, str]:
    status, amounts, numbers = document.status, document.numbers_facts, document.numbers_total
    return status == "loaded", status != "quarantined", amounts, numbers, document.confidence, document.document_id


def _placed(publication: str, editions: list[Edition]) -> Mapping[str, Placed]:
    ranked = sorted(editions, key=_completeness)
    newest = ranked.pop()
    parts, seen = [newest], set(newest.table_kinds)
    superseded = []
    for document in reversed(ranked):
        if newest.table_kinds and document.status == "loaded" and document.table_kinds and seen.isdisjoint(document.table_kinds):
            parts.append(document)
            seen.update(document.table_kinds)
        else:
            superseded.append(document)
    superseded.reverse()
    last = len(superseded) + 1
    placed = {part.document_id: Placed(publication, last, part.status != "quarantined", None) for part in parts}
    for number, document in enumerate(superseded, start=1):
        placed[document.document_id] = Placed(publication, number, False, newest.document_id)
    return placed
