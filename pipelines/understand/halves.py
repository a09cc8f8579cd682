"""A wide table cut into left and right pages: the right half put beside the left.

A right half has line for line as many rows, and either repeats the labels or prints none. Not here: continuations downwards (stitch).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace as moved

from pipelines.read.document import Cell, RawTable
from pipelines.understand.amounts import parse_amount
from pipelines.understand.fragments import Fragment
from pipelines.understand.text import canon
from pipelines.understand.vocabulary import Vocabulary

_NEAR = 3.0  # points that two halves of a row may differ in height on their pages


def beside(left: Fragment, right: Fragment, heads: tuple[int, int], words: Vocabulary) -> Fragment | None:
    """Both halves as one fragment, or None when the second is no right half of the first.

    `heads`: where the body begins in either grid. Lines are matched in order; a half with the flatter header is moved down.
    """
    a, b = left.table, right.table
    whole = left.start == right.start == 0 and left.stop == a.n_rows and right.stop == b.n_rows
    lines = a.n_rows - heads[0]
    if not whole or lines != b.n_rows - heads[1] or lines < 2 or heads[0] < heads[1] or not heads[1]:
        return None
    down = heads[0] - heads[1]
    if not (_labels(a, heads[0]) == _labels(b, heads[1]) or (_only_amounts(b, words) and _same_heights(a, b, heads))):
        return None
    cells = (*a.cells, *(_placed(cell, a.n_columns, heads[1], down) for cell in b.cells))
    table = moved(a, n_columns=a.n_columns + b.n_columns, cells=cells, confidence=min(a.confidence, b.confidence))
    return Fragment(table, left.raw_index, 0, a.n_rows, left.caption_rows, left.note_rows, left.lines, [*left.notes, *right.notes])


def _placed(cell: Cell, columns: int, head: int, down: int) -> Cell:
    """A cell of the right half in the joint grid; the last line of its header reaches down to the body."""
    if cell.row >= head:
        return moved(cell, row=cell.row + down, column=cell.column + columns)
    reach = down if cell.row + cell.row_span == head else 0
    return moved(cell, row_span=cell.row_span + reach, column=cell.column + columns)


def _only_amounts(table: RawTable, words: Vocabulary) -> bool:
    """Whether the table has headers that name no descriptor, and below them nothing but amounts."""
    texts = [canon(c.text) for c in table.cells if canon(c.text)]
    amounts = [t for t in texts if parse_amount(t) is not None]
    heads = [t for t in texts if parse_amount(t) is None]
    return len(amounts) >= 3 and all(words.role_of(t) is None and words.facets_of(t) is not None for t in heads)


def _same_heights(a: RawTable, b: RawTable, heads: tuple[int, int]) -> bool:
    """Whether the lines of both bodies stand as far below their first one; a title above the left half alone moves it down as a whole."""
    tops, others = _tops(a.cells, heads[0]), _tops(b.cells, heads[1])
    rows = tops.keys() & others.keys()
    return sum(abs(tops[r] - others[r]) <= _NEAR for r in rows) >= 0.8 * len(rows) if rows else heads[0] == heads[1]


def _tops(cells: Sequence[Cell], head: int) -> dict[int, float]:
    """How far the top of each line of the body is below that of its first line."""
    found = {c.row - head: c.box[1] for c in cells if c.box is not None and c.row_span == 1 and c.row >= head}
    return {r: top - found[0] for r, top in found.items()} if 0 in found else {}


def _labels(table: RawTable, head: int) -> list[str]:
    """The labels of the body's lines, as far as the first column prints any that is no number."""
    found = [canon(c.text) for c in sorted(table.cells, key=lambda c: c.row) if c.column == 0 and c.row >= head and canon(c.text)]
    return found if sum(parse_amount(t) is None for t in found) >= 2 else [f"{id(table)}"]
