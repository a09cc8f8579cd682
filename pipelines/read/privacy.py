"""Personal data out of a whole Document before anything of it is stored (个人信息脱敏).

Here: every text of a document, and labels whose value stands in the next cell, the cell below, or the next line. Not here: what
personal data looks like (personal).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipelines.read.document import Cell, Document, RawTable, TextLine
from pipelines.read.personal import (
    MARK,
    Words,
    dialled_at,
    is_identity_number,
    is_phone_value,
    looks_like_name,
    scrub_text,
    squeeze,
    words,
)

_LABEL_SUFFIX = re.compile(r"(?:签字|签名|签章|盖章|姓名|审签情况)?(?:[（(][^（）()]{0,8}[）)])*[:：]?$")
_OPEN_LABEL = re.compile(r"[:：]\s*$|[（(]\s*0\d{2,3}\s*[）)]\s*$|[-－—]\s*$")


def scrub_document(document: Document) -> Document:
    """The document with personal data replaced by 〔个人信息〕 in lines, cells, captions and sheet names, and counted."""
    found = words()
    removed = 0
    lines, n = _scrub_lines(document.lines, found)
    removed += n
    tables = []
    for table in document.tables:
        scrubbed, n = _scrub_table(table, found)
        tables.append(scrubbed)
        removed += n
    if not removed:
        return document
    return msgspec.structs.replace(
        document, lines=lines, tables=tuple(tables), personal_data_removed=document.personal_data_removed + removed,
    )


def _scrub_lines(lines: Sequence[TextLine], found: Words) -> tuple[tuple[TextLine, ...], int]:
    scrubbed: list[TextLine] = []
    removed = 0
    before = ""
    for line in lines:
        text, n = scrub_text(line.text, found)
        if _OPEN_LABEL.search(before):
            text, more = _scrub_opening(before, text, found)
            n += more
        removed += n
        scrubbed.append(msgspec.structs.replace(line, text=text) if n else line)
        before = line.text
    return tuple(scrubbed), removed


def _scrub_opening(before: str, text: str, found: Words) -> tuple[str, int]:
    """A line whose beginning belongs to the label at the end of the line before (联系电话：（029）/ 86787659)."""
    tail = re.sub(r"[（(]?\s*0\d{2,3}\s*[）)]?\s*[-－—]?\s*$", "", before)
    kind = label_kind(re.split(r"[。；;，,]", tail)[-1][-24:], found)
    if kind == "phone" and (number := dialled_at(text, 0)):
        return text[:number[0]] + MARK + text[number[1]:], 1
    if kind == "person":
        head = re.match(r"\s*([^\s，。；,;]{2,4})(?=\s|$)", text)
        if head and looks_like_name(head.group(1), found):
            return text[:head.start(1)] + MARK + text[head.end(1):], 1
    return text, 0


def label_kind(text: str, found: Words) -> str | None:
    """The kind of personal data that a whole text announces (联系人 → person, 联系电话： → phone), or None."""
    squeezed = squeeze(text)
    bare = _LABEL_SUFFIX.sub("", squeezed) or squeezed
    kinds = found.kinds
    if bare[-1:] not in found.last_letters:
        return None
    if bare in kinds:
        return kinds[bare]
    # 项目单位联系人, 部门预算公开联系人: a longer label ends in a known one, unless it is a sentence
    if len(bare) <= 14:
        return next((kinds[label] for label in found.endings if bare.endswith(label)), None)
    return None


def _scrub_table(table: RawTable, found: Words) -> tuple[RawTable, int]:
    marked = _values_beside_labels(table.cells, found)
    cells: list[Cell] = []
    removed = 0
    for number, cell in enumerate(table.cells):
        if number in marked:
            cells.append(msgspec.structs.replace(cell, text=MARK, original=None, alternatives=()))
            removed += 1
            continue
        text, n = scrub_text(cell.text, found)
        original, m = scrub_text(cell.original, found) if cell.original else (cell.original, 0)
        others = [scrub_text(other, found) for other in cell.alternatives]
        if n or m or any(k for _, k in others):
            cell = msgspec.structs.replace(cell, text=text, original=original, alternatives=tuple(other for other, _ in others))
            removed += n or 1
        cells.append(cell)
    caption, n = scrub_text(table.caption, found) if table.caption else (table.caption, 0)
    sheet, m = scrub_text(table.sheet, found) if table.sheet else (table.sheet, 0)
    removed += n + m
    if not removed:
        return table, 0
    return msgspec.structs.replace(table, cells=tuple(cells), caption=caption, sheet=sheet), removed


def _values_beside_labels(cells: Sequence[Cell], found: Words) -> set[int]:
    """Numbers of the cells that hold what a label cell announces: the next one in its row, else those below it in its column."""
    by_place = {(cell.row, cell.column): number for number, cell in enumerate(cells)}
    n_rows = max((cell.row for cell in cells), default=-1) + 1
    marked: set[int] = set()
    for cell in cells:
        if not 1 < len(cell.text) <= 24 or (kind := label_kind(cell.text, found)) is None:
            continue
        beside = by_place.get((cell.row, cell.column + cell.column_span))
        if beside is not None and is_value(kind, cells[beside].text, found):
            marked.add(beside)
            continue
        for row in range(cell.row + cell.row_span, n_rows):
            below = by_place.get((row, cell.column))
            if below is None or not cells[below].text:
                continue
            if not is_value(kind, cells[below].text, found):
                break
            marked.add(below)
    return marked


def is_value(kind: str, text: str, found: Words) -> bool:
    """Whether a whole cell holds personal data of a kind, given that its label says so."""
    squeezed = squeeze(text)
    if kind == "person":
        return all(looks_like_name(name, found) for name in re.split(r"[、，,/／;；]", squeezed) if name) and bool(squeezed)
    if kind == "phone":
        return is_phone_value(text)
    if kind == "identity":
        return is_identity_number(squeezed, "身份证号", found)
    return False
