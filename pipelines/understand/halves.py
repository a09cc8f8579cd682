"""A wide table cut into left and right pages: the right half put beside the left, or given the left half's caption.

A right half prints no labels of its own and has line for line as many rows; one that repeats the labels is a table of its own under
the same title. Not here: continuations downwards (stitch).
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


def beside(left: Fragment, right: Fragment, words: Vocabulary) -> Fragment | None:
    """Both halves as one fragment, or None when the second is no right half of the first."""
    a, b = left.table, right.table
    whole = left.start == right.start == 0 and left.stop == a.n_rows and right.stop == b.n_rows
    if not whole or a.n_rows != b.n_rows or a.n_rows < 3 or not _only_amounts(b, words) or not _same_heights(a, b):
        return None
    cells = (*a.cells, *(moved(cell, column=cell.column + a.n_columns) for cell in b.cells))
    table = moved(a, n_columns=a.n_columns + b.n_columns, cells=cells, confidence=min(a.confidence, b.confidence))
    return Fragment(table, left.raw_index, 0, a.n_rows, left.caption_rows, left.note_rows, left.lines, [*left.notes, *right.notes])


def repeats_labels(left: Fragment, right: Fragment) -> bool:
    """Whether a fragment prints the labels of the one before it again, line for line, over other amounts."""
    ours, theirs = _labels(right.table), _labels(left.table)
    return len(ours) >= 3 and ours == theirs


def _only_amounts(table: RawTable, words: Vocabulary) -> bool:
    """Whether the table has headers that name no descriptor, and below them nothing but amounts."""
    texts = [canon(c.text) for c in table.cells if canon(c.text)]
    amounts = [t for t in texts if parse_amount(t) is not None]
    heads = [t for t in texts if parse_amount(t) is None]
    return len(amounts) >= 3 and all(words.role_of(t) is None and words.facets_of(t) is not None for t in heads)


def _same_heights(a: RawTable, b: RawTable) -> bool:
    tops, others = _tops(a.cells), _tops(b.cells)
    rows = tops.keys() & others.keys()
    return sum(abs(tops[r] - others[r]) <= _NEAR for r in rows) >= 0.8 * len(rows) if rows else True


def _tops(cells: Sequence[Cell]) -> dict[int, float]:
    return {c.row: c.box[1] for c in cells if c.box is not None and c.row_span == 1}


def _labels(table: RawTable) -> list[str]:
    return [canon(c.text) for c in sorted(table.cells, key=lambda c: c.row) if c.column == 0 and canon(c.text)][2:]
