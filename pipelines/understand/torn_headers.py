"""Grids whose columns are not alike from page to page, and headers torn by a page end.

Where cells are merged a page has fewer columns than the next: codes below 类 | 款 | 项 that fill all three, the upper level of a header at
the foot of a page. Their cells are put on the finer columns. Heads whose line the page end cuts are made whole. Not here: rows of the
body torn by a page end (`torn_rows`), which fragments go on (`stitch`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from msgspec.structs import replace as moved

from pipelines.read.document import Cell, RawTable
from pipelines.understand.amounts import parse_amount
from pipelines.understand.columns import NAMED_ITEM
from pipelines.understand.fragments import Fragment
from pipelines.understand.grid import Grid
from pipelines.understand.halves import heads_amounts
from pipelines.understand.vocabulary import Vocabulary

_AMOUNT = re.compile(r"\d[.,]\d|^0$")
_NEAR = 3.0  # points that an edge may stand aside on the next page


def on_columns_of(fragment: Fragment, finer: Fragment) -> Fragment | None:
    """The fragment on the columns of another one; None unless both are as wide and each of its edges goes on there."""
    edges = _edges(finer.table)
    if edges is None:
        return None
    cells: list[Cell] = []
    for cell in fragment.table.cells:
        first, last = (_at(x, edges) for x in (cell.box[0], cell.box[2])) if cell.box else (None, None)
        if first is None or last is None or first >= last:
            return None
        cells.append(moved(cell, column=first, column_span=last - first))
    if min(c.column for c in cells) > 0 or max(c.column + c.column_span for c in cells) < finer.table.n_columns:
        return None
    return replace(fragment, table=moved(fragment.table, n_columns=finer.table.n_columns, cells=tuple(cells)))


def with_whole_heads(grid: Grid, starts: list[int], words: Vocabulary) -> Grid:
    """The grid with the heads that a page end cuts (公务 | 用车购置费) whole in both rows, so that neither says another thing.

    `starts`: the first row of every fragment after the first; only one in the header is looked at, that is, below no amount.
    """
    start = starts[0] if starts else 0
    if not start or any(_AMOUNT.search(t) for r in range(start) for t in grid.row(r)):
        return grid
    whole: dict[int, str] = {}  # index of a cell → its text
    for c in range(grid.n_columns):
        above, below = grid.owner[start - 1][c], grid.owner[start][c]
        if below < 0 or above < 0 or not grid.own(start, c) or not grid.text(start - 1, c):
            continue
        halves, joined = (grid.text(start - 1, c), grid.text(start, c)), grid.text(start - 1, c) + grid.text(start, c)
        if parse_amount(halves[1]) is not None:
            return grid
        if _heads(joined, words) and not all(_heads(half, words) for half in halves) and halves[0] != halves[1]:
            whole[above] = whole[below] = joined
        elif not _heads(halves[1], words):
            return grid
    cells = [moved(cell, text=whole.get(n, cell.text)) for n, cell in enumerate(grid.cells)]
    texts = [[whole.get(n, text) for n, text in zip(*row, strict=True)] for row in zip(grid.owner, grid.texts, strict=True)]
    return replace(grid, cells=cells, texts=texts) if whole else grid


def _heads(text: str, words: Vocabulary) -> bool:
    return words.role_of(text) is not None or heads_amounts(text, words) or NAMED_ITEM.search(text) is not None


def _edges(table: RawTable) -> list[float] | None:
    """Where the columns of a table begin, and where the last one ends; None when its cells do not say it of all."""
    found: dict[int, float] = {}
    for cell in table.cells:
        if cell.box is not None:
            found.setdefault(cell.column, cell.box[0])
            found.setdefault(cell.column + cell.column_span, cell.box[2])
    edges = [found[n] for n in range(table.n_columns + 1)] if len(found) == table.n_columns + 1 else None
    return edges if edges is not None and all(a < b for a, b in pairwise(edges)) else None


def _at(x: float, edges: list[float]) -> int | None:
    near = min(range(len(edges)), key=lambda n: abs(edges[n] - x))
    return near if abs(edges[near] - x) <= _NEAR else None
