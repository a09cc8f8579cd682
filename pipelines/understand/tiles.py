"""Wide sheets printed down, then over: all left pages first, then all right pages. Each right page is put beside its left one.

A right page has the same rows at the same heights, and nothing above its first table where the left page has title, body and unit.
Here: which page stands beside which, and their tables made one. Not here: right parts that only header and labels tell, of pages
without names or heights (`halves`), pages that go on downwards (`stitch`).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace as moved

from pipelines.read.document import Block, Cell, Document, RawTable, TextLine, document_of
from pipelines.understand.amounts import parse_amount
from pipelines.understand.fragments import is_page_number, unit_of
from pipelines.understand.halves import across
from pipelines.understand.text import canon

_NEAR: Final = 3.0  # points that an edge may stand aside on the other page
_ALIKE: Final = 0.9  # of the row edges of the coarser table are edges of the other
_FEW: Final = 2  # texts: a column of amounts has no more, its heads
_MOST: Final = 60  # pages back that a left page may stand


@dataclass(frozen=True)
class _Page:
    """What one page prints, running headers and page numbers left out."""

    blocks: list[Block]
    tables: list[RawTable]
    named: bool  # whether something but the unit stands above its first table


def untiled(document: Document) -> Document:
    """The document with the tables of right pages beside those of their left pages; the same one where there are no such pages."""
    pages = _pages(document)
    beside = _beside(pages) if len(pages) > 1 else {}
    if not beside:
        return document
    joined = {left: pages[left].blocks for left in beside.values()}
    for right, left in beside.items():
        joined[left] = _joined(joined[left], pages[right].blocks)
    placed = {id(block) for page in (*beside, *joined) for block in pages[page].blocks}
    blocks: list[Block] = []
    for block in document.blocks:
        if id(block) not in placed:
            blocks.append(block)
        elif block.page in joined:
            blocks.extend(joined.pop(block.page))
    whole = document_of(blocks, sha256=document.sha256, n_bytes=document.bytes, media_type=document.media_type)
    return moved(document, lines=whole.lines, tables=whole.tables, order=whole.order)


def _pages(document: Document) -> dict[int, _Page]:
    """Pages that print tables whose place is known."""
    with_tables = {table.page for table in document.tables if table.box is not None and table.page is not None}
    if len(with_tables) < 2:
        return {}
    found: dict[int, list[Block]] = {}
    for block in document.blocks:
        if block.page in with_tables and block.box is not None and not _is_furniture(block):
            found.setdefault(block.page, []).append(block)
    out: dict[int, _Page] = {}
    for page, blocks in found.items():
        tables = [block for block in blocks if isinstance(block, RawTable)]
        first = _top(tables[0])
        named = any(isinstance(b, TextLine) and _top(b) < first and unit_of(b.text) is None for b in blocks)
        out[page] = _Page(blocks, tables, named)
    return out


def _is_furniture(block: Block) -> bool:
    return isinstance(block, TextLine) and (block.role in ("header", "footer") or is_page_number(block.text))


def _top(block: Block) -> float:
    return block.box[1] if block.box is not None else 0.0


def _beside(pages: dict[int, _Page]) -> dict[int, int]:
    """Of each right page, its left one."""
    out: dict[int, int] = {}
    numbers = sorted(pages)
    n = 0
    while n < len(numbers):
        lefts = [p for p in numbers[max(0, n - _MOST):n] if p not in out]
        first = next((p for p in reversed(lefts) if _begins_beside(pages[p], pages[numbers[n]])), None)
        if first is None:
            n += 1
            continue
        sheet = [p for p in lefts if p >= first]
        rest = sheet
        while n < len(numbers) and not pages[numbers[n]].named:
            left = next((p for p in rest if _faces(pages[p], pages[numbers[n]])), None)
            if left is None and rest is not sheet:  # the pages further to the right begin
                rest = sheet
                continue
            if left is None:
                break
            out[numbers[n]] = left
            rest = [p for p in sheet if p > left]
            n += 1
    return out


def _begins_beside(left: _Page, right: _Page) -> bool:
    """Whether a page is the first of the right ones: nothing names its tables, though they leave the room that names take on the left."""
    return left.named and not right.named and _faces(left, right)


def _faces(left: _Page, right: _Page) -> bool:
    """Whether each table of the right page has the rows of one of the left page, in order."""
    rest = list(left.tables)
    for table in right.tables:
        while rest and not _same_rows(rest[0], table):
            rest.pop(0)
        if not rest:
            return False
        rest.pop(0)
    return True


def _same_rows(left: RawTable, right: RawTable) -> bool:
    if left.box is None or right.box is None or any(abs(left.box[n] - right.box[n]) > _NEAR for n in (1, 3)):
        return False
    few, many = sorted((_edges(left), _edges(right)), key=len)
    return len(few) > 1 and sum(_index(y, many) is not None for y in few) >= _ALIKE * len(few) and not _is_again(left, right)


def _is_again(left: RawTable, right: RawTable) -> bool:
    """Whether the second is the same form or list again: with the labels of the first, or others in the very same columns."""
    ours, theirs = _labels(left), _labels(right)
    return 2 * len(ours & theirs) > max(2, len(theirs)) or (len(theirs) > _FEW and _sides(left) == _sides(right))


def _labels(table: RawTable) -> set[str]:
    """The texts of its first column that are no numbers."""
    return {text for cell in table.cells if cell.column == 0 and (text := canon(cell.text)) and parse_amount(text) is None}


def _sides(table: RawTable) -> set[int]:
    return {round(x / _NEAR) for cell in table.cells if cell.box is not None for x in (cell.box[0], cell.box[2])}


def _edges(table: RawTable) -> list[float]:
    """The heights of its row edges, from the top."""
    out: list[float] = []
    for y in sorted({y for cell in table.cells if cell.box is not None for y in (cell.box[1], cell.box[3])}):
        if not out or y - out[-1] > 1:
            out.append(y)
    return out


def _index(y: float, edges: list[float]) -> int | None:
    at = bisect_left(edges, y)
    near = min((n for n in (at - 1, at) if 0 <= n < len(edges)), key=lambda n: abs(edges[n] - y))
    return near if abs(edges[near] - y) <= _NEAR else None


def _joined(left: list[Block], right: list[Block]) -> list[Block]:
    """The blocks of both pages by height, tables with the same rows made one."""
    lines = [block for block in right if isinstance(block, TextLine)]
    rest = [block for block in right if isinstance(block, RawTable)]
    out: list[Block] = []
    for block in left:
        while lines and _top(lines[0]) < _top(block):
            out.append(lines.pop(0))
        if isinstance(block, RawTable) and rest and _same_rows(block, rest[0]):
            block = _one(block, rest.pop(0))
        out.append(block)
    return [*out, *lines]


def _one(left: RawTable, right: RawTable) -> RawTable:
    """Both tables on the row edges of both."""
    edges = _edges(left)
    edges = sorted([*edges, *(y for y in _edges(right) if _index(y, edges) is None)])
    ours, theirs = _on_edges(left, edges, 0), _on_edges(right, edges, left.n_columns)
    amounts = [c.row for c in (*ours, *theirs) if "." in c.text and parse_amount(canon(c.text)) is not None]
    cells = across(ours, theirs, left.n_columns, min(amounts, default=len(edges) - 1))
    return moved(
        left, n_rows=len(edges) - 1, n_columns=left.n_columns + right.n_columns,
        cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))),
        confidence=min(left.confidence, right.confidence), note=left.note or right.note,
    )


def _on_edges(table: RawTable, edges: list[float], aside: int) -> list[Cell]:
    boxed = [(cell.row, cell.row + cell.row_span, cell.box) for cell in table.cells if cell.box is not None]
    at = {r: _index(y, edges) for first, end, box in boxed for r, y in ((first, box[1]), (end, box[3]))}
    out: list[Cell] = []
    for cell in table.cells:
        first, end = at.get(cell.row), at.get(cell.row + cell.row_span)
        first = cell.row if first is None else first
        out.append(moved(cell, row=first, row_span=max(1, (end or 0) - first), column=cell.column + aside))
    return out
