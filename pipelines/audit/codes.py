"""Printed codes and names: a code whose official name is another one, with the code that the name means; names of an older classification.

Here: what rows print against the book of subjects of their year. Not here: how rows were resolved (understand.rows), years in text
(`wording`). A code of a year that the book does not know, an incomplete code and a local extension accuse nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import polars as pl

from pipelines.normalise.facts import hash_id, table_id
from pipelines.understand.logical import LogicalTable, Row
from pipelines.understand.subjects import SubjectBook, name_key, scheme_of_code, split_joined, subject_book
from pipelines.understand.text import bare, canon, compact
from pipelines.understand.understand import Understood
from schemas import reference
from schemas.reference import Subject

Record = dict[str, Any]
ByRow = dict[tuple[str, int, int | None], Record]  # the first fact of a row of a block, by table
_CODE = re.compile(r"^\d{3}(?:\d{2}){0,2}$")
_ALIKE = 0.75  # of two names from which one may be a wording of the other
_OUTDATED = 2  # years since a name was last seen from which it is called an older one
_SURE_NAME = 0.7


@dataclass(frozen=True)
class Mismatch:
    """A row whose code and name belong to different subjects."""

    table: LogicalTable
    row: Row
    printed: str
    label: str
    official: str | None  # name of the printed code
    meant: str  # code that the name means
    name: str


def code_findings(frames: dict[str, pl.DataFrame], understood: Understood) -> list[Record]:
    """Rows of relation `findings`: `code_name_mismatch`, a warning for a wrong code, a note for an older name; each once a document."""
    year = understood.context.fiscal_year if understood.context else None
    if year is None:
        return []
    blocks = {(table_id(understood.document_id, t), c.column): c.block for t in understood.tables for c in t.columns}
    by_row: ByRow = {}
    for fact in frames["facts"].iter_rows(named=True):
        by_row.setdefault((fact["table_id"], fact["row_no"], blocks.get((fact["table_id"], fact["column_no"]))), fact)
    out: dict[tuple[str, str], Record] = {}
    for found in mismatches(understood, year):
        out.setdefault((found.printed, found.label), _mismatch(understood.document_id, found, by_row))
    for table, row, label, code, name, last in older_names(understood, year):
        key = (code, label)
        out.setdefault(key, _older(understood.document_id, table, row, label, code, name, last, year, by_row))
    return list(out.values())


def mismatches(understood: Understood, year: int) -> Iterator[Mismatch]:
    """Rows whose printed code is another subject's, or none's, while the name means one subject."""
    book, known = subject_book(), _subjects()
    for table in understood.tables:
        for row in table.rows:
            printed, label = _printed(row)
            if not _CODE.match(printed) or row.code is None or row.scheme == "none" or row.code == printed:
                continue
            if row.confidence < _SURE_NAME or not row.doubt or row.code.startswith(printed):
                continue
            scheme = scheme_of_code(printed)
            if scheme is not None and scheme != row.scheme and book.is_name_of(scheme, printed, label):
                continue
            own, meant = known.get((row.scheme, printed)), known.get((row.scheme, row.code))
            if meant is None or not _seen(meant, year) or (own is not None and (not _seen(own, year) or _alike(label, own))):
                continue
            if not book.is_name_of(row.scheme, row.code, label) or not _one_meaning(book, row, label):
                continue
            if own is None and not _outside(known, row.scheme, printed, year):
                continue
            yield Mismatch(table, row, printed, label, own.name if own else None, row.code, meant.name)


def older_names(understood: Understood, year: int) -> Iterator[tuple[LogicalTable, Row, str, str, str, int]]:
    """Rows that print a name last seen some years ago for a code that has another name now."""
    known = _subjects()
    for table in understood.tables:
        for row in table.rows:
            subject = known.get((row.scheme, row.code or ""))
            if subject is not None and (last := outdated(subject, _printed(row)[1], year)) is not None:
                yield table, row, _printed(row)[1], subject.code, subject.name, last


def outdated(subject: Subject, label: str, year: int) -> int | None:
    """The last year in which `label` was the name of a subject, where that is past and the subject has another name now."""
    key = name_key(label)
    if not key or key == name_key(subject.name):
        return None
    for other in subject.alternatives:
        if name_key(other.name) == key:
            years = [a.last_year for a in subject.alternatives if name_key(a.name) == key]
            last = max((y for y in years if y is not None), default=None)
            return last if last is not None and None not in years and last <= year - _OUTDATED else None
    return None


@lru_cache(maxsize=2)
def _indexed(digest: str) -> dict[tuple[str, str], Subject]:
    return {(s.scheme, s.code): s for s in reference.subjects()}


def _subjects() -> dict[tuple[str, str], Subject]:
    return _indexed(reference.reference_hash(reference.SUBJECT_FILES.values()))


def _printed(row: Row) -> tuple[str, str]:
    """The code and the name as printed, taken apart where they stand in one cell."""
    code = re.sub(r"\D", "", row.printed_code or "") if "/" not in (row.printed_code or "") else ""
    joined, name = split_joined(canon(row.label))
    return code or (joined or ""), bare(name)


def _seen(subject: Subject, year: int) -> bool:
    return subject.valid_from is not None and subject.valid_from <= year and subject.confidence != "C"


def _alike(label: str, subject: Subject) -> bool:
    """Whether a printed name may be a wording of the code's own name."""
    own = name_key(subject.name)
    names = (own, *(name_key(a.name) for a in subject.alternatives))
    return any(SequenceMatcher(None, name_key(label), name).ratio() >= _ALIKE for name in names)


def _one_meaning(book: SubjectBook, row: Row, label: str) -> bool:
    """Whether the name means one subject only: of its level, and for names under many parents of that parent."""
    same = [c for c in book.candidates(row.scheme, label) if len(c) == len(row.code or "")]
    return len(same) == 1 or row.scheme == "function"


def _outside(known: dict[tuple[str, str], Subject], scheme: str, printed: str, year: int) -> bool:
    """Whether the book covers a code's place and year so well that a code it lacks does not exist."""
    if scheme == "function":
        return scheme_of_code(printed) is None  # 71102: no such classification; new 项 appear every year
    return len(printed) == 5 and (scheme, printed[:3]) in known


def _box(table: LogicalTable, row: Row, printed: str) -> tuple[float | None, ...]:
    """The box around the cells of the row's block that print the code, in one piece or in several, and the name."""
    own = {c.column for c in table.columns if c.block == row.block and c.role != "amount"}
    cells = sorted((c for c in table.cells if c.row == row.row and c.column in own and c.box is not None), key=lambda c: c.column)
    name = [c for c in cells if compact(c.text) == compact(row.label)]
    code = [c for c in cells if len(t := compact(c.text)) > 1 and t.isdigit() and t in printed]
    found = [c.box for c in ((code + name) or cells[:1]) if c.box is not None]
    if not found:
        return (None, None, None, None)
    return (min(b[0] for b in found), min(b[1] for b in found), max(b[2] for b in found), max(b[3] for b in found))


def _base(document_id: str, table: LogicalTable, row: Row, by_row: ByRow, printed: str) -> Record:
    fact = by_row.get((table_id(document_id, table), row.row, row.block))
    box = _box(table, row, printed)
    page = next((c.page for c in table.cells if c.row == row.row and c.page is not None), table.first_page)
    return {
        "document_id": document_id, "rule": "code_name_mismatch", "fact_id": fact["fact_id"] if fact else None, "page": page,
        "proofs": [], "x0": box[0], "top": box[1], "x1": box[2], "bottom": box[3],
    }


def _page_en(base: Record) -> str:
    return f"Page {base['page']}: " if base["page"] else ""


def _mismatch(document_id: str, found: Mismatch, by_row: ByRow) -> Record:
    base = _base(document_id, found.table, found.row, by_row, found.printed)
    where = f"第{base['page']}页" if base["page"] else ""
    is_zh = f"{found.printed}的科目名称是{found.official}" if found.official else f"没有科目{found.printed}"
    is_en = f"{found.printed} is {found.official}" if found.official else f"there is no subject {found.printed}"
    title = found.table.title or found.table.number or ""
    return base | {
        "finding_id": hash_id(document_id, "code_name_mismatch", found.printed, found.label), "severity": "warning", "verdict": "publisher",
        "subject_code": found.meant, "printed": f"{found.printed} {found.label}", "expected": f"{found.meant} {found.name}",
        "message_zh": f"{where}《{title}》科目编码{found.printed}与名称“{found.label}”不符：{is_zh}，该名称的编码是{found.meant}。",
        "message_en": f"{_page_en(base)}code {found.printed} and name {found.label} differ: {is_en}; the name's code is {found.meant}.",
    }


def _older(
    document_id: str, table: LogicalTable, row: Row, label: str, code: str, name: str, last: int, year: int,
    by_row: ByRow,
) -> Record:
    base = _base(document_id, table, row, by_row, code)
    where = f"第{base['page']}页" if base["page"] else ""
    return base | {
        "finding_id": hash_id(document_id, "older_name", code, label), "severity": "note", "verdict": "publisher", "subject_code": code,
        "printed": f"{code} {label}", "expected": f"{code} {name}",
        "message_zh": f"{where}“{label}”是较早年度的科目名称（最近见于{last}年），{year}年{code}的名称是“{name}”。",
        "message_en": f"{_page_en(base)}{label} is an older name of {code} (last seen in {last}); in {year} it is {name}.",
    }
