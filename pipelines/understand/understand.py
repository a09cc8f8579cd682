"""A Document understood: its context and its logical tables. The one entry of this folder."""

from __future__ import annotations

from collections import Counter

import msgspec

from pipelines.read.document import Document, PageReading, TextLine
from pipelines.understand.context.context import document_context
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.context.rows import REFERENCE_FILES as CONTEXT_FILES
from pipelines.understand.fragments import fragments
from pipelines.understand.logical import LogicalTable
from pipelines.understand.performance_follow import follow_forms
from pipelines.understand.performance_words import FILES as PERFORMANCE_FILES
from pipelines.understand.rows import RowContext
from pipelines.understand.stitch import Group, groups
from pipelines.understand.subjects import subject_book
from pipelines.understand.tables import read_table
from pipelines.understand.text import bare, canon
from pipelines.understand.tiles import untiled
from pipelines.understand.vocabulary import FILES as VOCABULARY_FILES
from pipelines.understand.vocabulary import vocabulary
from schemas.reference import SUBJECT_FILES, reference_hash

CODE_VERSION = "4"


def version() -> str:
    """The stage's version: of the code and of the reference data it reads. A new vocabulary line changes it."""
    return f"{CODE_VERSION}-{reference_hash([*VOCABULARY_FILES, *PERFORMANCE_FILES, *SUBJECT_FILES.values(), *CONTEXT_FILES])}"


class Understood(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document with its meaning: context, logical tables, and the text that claims are read from."""

    sha256: str
    bytes: int
    media_type: str
    status: str
    reason: str | None
    detail: str | None
    context: DocumentContext | None
    tables: tuple[LogicalTable, ...]
    lines: tuple[TextLine, ...]
    pages: tuple[PageReading, ...]
    personal_data_removed: int
    reader_version: str
    understanding_version: str

    @property
    def document_id(self) -> str:
        """First 16 hex digits of the content's SHA-256."""
        return self.sha256[:16]


def encode_understood(understood: Understood) -> bytes:
    """Serialise (msgpack)."""
    return msgspec.msgpack.encode(understood)


def decode_understood(data: bytes) -> Understood:
    """Read back what `encode_understood` wrote. Raises `msgspec.ValidationError` for other bytes."""
    return msgspec.msgpack.decode(data, type=Understood)


def understand(document: Document) -> Understood:
    """Understand one read document; a quarantined one passes through without tables."""
    context = document_context(document) if document.status == "read" else None
    tables = tuple(_tables(document, context)) if context is not None else ()
    return Understood(
        sha256=document.sha256, bytes=document.bytes, media_type=document.media_type, status=document.status, reason=document.reason,
        detail=document.detail, context=context, tables=tables, lines=document.lines, pages=document.pages,
        personal_data_removed=document.personal_data_removed, reader_version=document.reader_version, understanding_version=version(),
    )


def _tables(document: Document, context: DocumentContext) -> list[LogicalTable]:
    words, book = vocabulary().of_document(_names(context)), subject_book()
    found = groups(fragments(untiled(document), words), words)
    unit = _usual_unit(found)
    known = RowContext(
        kind=context.document_kind, side=None, entities=_entities(context), entity_codes={u.code: u.name for u in context.units if u.code},
        seen_codes=_seen_codes(found), words=words, book=book, year=context.fiscal_year,
    )
    return follow_forms([read_table(group, n, unit, known, words, book) for n, group in enumerate(found, start=1)])


def _usual_unit(found: list[Group]) -> tuple[str | None, int]:
    """The unit that the document's tables state, if they all state the same; else none is assumed."""
    units = Counter(g.caption.unit for g in found if g.caption.unit)
    return (next(iter(units)), units.total()) if len(units) == 1 else (None, 0)


def _entities(context: DocumentContext) -> frozenset[str]:
    return frozenset(bare(n) for n in _names(context))


def _names(context: DocumentContext) -> list[str]:
    return [n for n in (context.entity_name, *context.aliases, *(u.name for u in context.units)) if n]


def _seen_codes(found: list[Group]) -> set[str]:
    """Full codes that the document prints anywhere in a table, to decide between subjects of one name."""
    out: set[str] = set()
    for group in found:
        for fragment, _ in group.parts:
            for cell in fragment.table.cells:
                t = canon(cell.text)
                digits = t[:7] if t[:7].isdigit() else t[:5] if t[:5].isdigit() else t[:3] if t[:3].isdigit() else ""
                if len(digits) in (5, 7) and digits[0] in "235" and (len(t) == len(digits) or not t[len(digits)].isdigit()):
                    out.update((digits, digits[:5], digits[:3]))
    return out
