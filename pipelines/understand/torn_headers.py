"""A header torn by a page end: its upper rows stand at the foot of a page, the lower ones over the body on the next page.

The upper rows have fewer columns where their cells are merged; they are put on the columns of the lower part. Not here: rows of the
body torn by a page end (`torn_rows`), continuations of a body (`stitch`).
"""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace as moved

from pipelines.read.document import Cell, RawTable
from pipelines.understand.fragments import Fragment

_NEAR = 3.0  # points that an edge may stand aside on the next page


def on_columns_below(upper: Fragment, lower: Fragment) -> Fragment | None:
    """The upper fragment on the columns of the lower one; None unless both are as wide and each of its edges goes on below."""
    edges = _edges(lower.table)
    if edges is None or upper.start != 0 or upper.stop != upper.table.n_rows:
        return None
    cells: list[Cell] = []
    for cell in upper.table.cells:
        first, last = (_at(x, edges) for x in (cell.box[0], cell.box[2])) if cell.box else (None, None)
        if first is None or last is None or first >= last:
            return None
        cells.append(moved(cell, column=first, column_span=last - first))
    if min(c.column for c in cells) > 0 or max(c.column + c.column_span for c in cells) < lower.table.n_columns:
        return None
    table = moved(upper.table, n_columns=lower.table.n_columns, cells=tuple(cells))
    return Fragment(table, upper.raw_index, 0, upper.stop, upper.caption_rows, upper.note_rows, upper.lines, upper.notes)


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
