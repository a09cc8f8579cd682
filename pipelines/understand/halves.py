"""A wide table cut into left and right pages: each right part put beside what stands left of it.

A right part has line for line as many rows, and either repeats the labels or prints none, only heads and amounts. A head over several
columns that the cut divides is printed on one of the pages, or as a line above the grid. Not here: continuations downwards (stitch).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace as moved

from pipelines.read.document import Cell, RawTable
from pipelines.understand.amounts import parse_amount
from pipelines.understand.column_subjects import DEPARTMENT_FIRST
from pipelines.understand.fragments import Fragment, unit_of
from pipelines.understand.subjects import subject_book
from pipelines.understand.text import bare, canon
from pipelines.understand.vocabulary import Vocabulary

_NEAR = 3.0  # points that two halves of a row may differ in height on their pages


def heads_amounts(text: str, words: Vocabulary) -> bool:
    """Whether a text heads a column of amounts: a phrase that is known, or an economic subject; and no descriptor."""
    if words.role_of(text) is not None:
        return False
    return words.facets_of(text) is not None or any(subject_book().candidates(scheme, bare(text)) for scheme in DEPARTMENT_FIRST)


def last_page(fragment: Fragment) -> int | None:
    """The page of the rightmost part of a fragment that was put together."""
    return max((c.page for c in fragment.table.cells if c.page is not None), default=fragment.page)


def beside(left: Fragment, right: Fragment, begin: int, header: list[list[str]], words: Vocabulary) -> tuple[Fragment, int] | None:
    """Both parts as one fragment, and where its body begins; or None when the second is no right part of the first.

    `begin`: where the body of the left one begins; `header`: the right one's, as far as it is known. Lines are matched in order, the
    levels of both headers by their heights on the page; where these do not tell (a third page beside two), the flatter header is moved
    down. A form (项目名称 | 节水宣传) has values where a list has headers; the next repeats its labels.
    """
    a, b = left.table, right.table
    whole = left.start == right.start == 0 and left.stop == a.n_rows and right.stop == b.n_rows
    lines = a.n_rows - begin
    head = b.n_rows - lines
    levels = _levels(a, b, begin, head) if whole and lines >= 2 and head > 0 else None
    if not whole or lines < 2 or not 0 < head <= (begin if levels is None else head) or _amounts_above(b, head):
        return None
    listed = bool(header) and all(words.knows(t) for row in header for t in row)
    again = listed and bool(own := _labels(a, begin)) and own == _labels(b, head)
    if not (again or (_only_amounts(b, head, words) and _same_heights(a, b, (begin, head)))):
        return None
    # 商品和服务支出 over the whole page: its cell is open to both sides, and so a line above the grid
    above = right.lines[-1] if right.lines and (levels is not None or head < begin) else None
    over = above if above is not None and unit_of(above) is None and heads_amounts(above, words) else None
    if levels is not None:
        return _by_heights(left, right, (begin, head), levels, over)
    if over is not None:
        cell = Cell(0, 0, over, column_span=b.n_columns, page=b.page)
        b = moved(b, n_rows=b.n_rows + 1, cells=(cell, *(moved(c, row=c.row + 1) for c in b.cells)))
        head += 1
    cells = across([*a.cells], [_placed(cell, a.n_columns, head, begin - head) for cell in b.cells], a.n_columns, begin)
    table = moved(a, n_columns=a.n_columns + b.n_columns, cells=tuple(cells), confidence=min(a.confidence, b.confidence))
    return Fragment(table, left.raw_index, 0, a.n_rows, left.caption_rows, left.note_rows, left.lines, [*left.notes, *right.notes]), begin


def _levels(a: RawTable, b: RawTable, begin: int, head: int) -> tuple[list[int], list[int]] | None:
    """Of each row edge of both headers, the body's included, its place among all of them; None where heights are not known."""
    ours, theirs = _row_edges(a, begin), _row_edges(b, head)
    if ours is None or theirs is None:
        return None
    aside = ours[-1] - theirs[-1]
    theirs = [y + aside for y in theirs]
    every: list[float] = []
    for y in sorted([*ours, *theirs]):
        if not every or y - every[-1] > _NEAR:
            every.append(y)
    places = [[max(n for n, edge in enumerate(every) if edge <= y + 0.01) for y in edges] for edges in (ours, theirs)]
    return (places[0], places[1]) if all(upper < lower for own in places for upper, lower in pairwise(own)) else None


def _row_edges(table: RawTable, rows: int) -> list[float] | None:
    """The tops of the first rows and of the one below them."""
    tops = {c.row: c.box[1] for c in table.cells if c.box is not None and c.row <= rows}
    edges = [tops[r] for r in range(rows + 1)] if len(tops) == rows + 1 else []
    return edges if edges and all(a < b for a, b in pairwise(edges)) else None


def _by_heights(
    left: Fragment, right: Fragment, bodies: tuple[int, int], levels: tuple[list[int], list[int]], over: str | None
) -> tuple[Fragment, int]:
    """Both parts on the rows of both headers; `over`: a head that stands above the right one's."""
    a, b = left.table, right.table
    begin = levels[0][-1]

    def at(row: int, side: int) -> int:
        return levels[side][row] if row <= bodies[side] else begin + row - bodies[side]

    def put(cell: Cell, side: int, aside: int) -> Cell:
        row = at(cell.row, side)
        return moved(cell, row=row, row_span=at(cell.row + cell.row_span, side) - row, column=cell.column + aside)

    theirs = [put(cell, 1, a.n_columns) for cell in b.cells]
    if over is not None and levels[1][0] > 0:
        theirs.append(Cell(levels[1][0] - 1, a.n_columns, over, column_span=b.n_columns, page=b.page))
    cells = across([put(cell, 0, 0) for cell in a.cells], theirs, a.n_columns, begin)
    n_rows = begin + a.n_rows - bodies[0]
    table = moved(a, n_rows=n_rows, n_columns=a.n_columns + b.n_columns, cells=tuple(cells), confidence=min(a.confidence, b.confidence))
    captions, notes = [at(r, 0) for r in left.caption_rows], [at(r, 0) for r in left.note_rows]
    return Fragment(table, left.raw_index, 0, n_rows, captions, notes, left.lines, [*left.notes, *right.notes]), begin


def _placed(cell: Cell, columns: int, head: int, down: int) -> Cell:
    """A cell of the right half in the joint grid; the last line of its header reaches down to the body."""
    if cell.row >= head:
        return moved(cell, row=cell.row + down, column=cell.column + columns)
    reach = down if cell.row + cell.row_span == head else 0
    return moved(cell, row_span=cell.row_span + reach, column=cell.column + columns)


def across(left: list[Cell], right: list[Cell], cut: int, begin: int) -> list[Cell]:
    """All cells, a head over other heads that the cut divides made one again: its text stands on one side, the other is blank."""
    for cell in [c for c in right if c.column == cut and c.row + c.row_span < begin]:
        near = [c for c in left if c.row == cell.row and c.column + c.column_span == cut and c.row + c.row_span < begin]
        if len(near) == 1 and not (canon(near[0].text) and canon(cell.text)):
            text = near[0].text if canon(near[0].text) else cell.text
            left.remove(near[0])
            right.remove(cell)
            left.append(moved(near[0], text=text, column_span=near[0].column_span + cell.column_span))
    return [*left, *right]


def _only_amounts(table: RawTable, head: int, words: Vocabulary) -> bool:
    """Whether the table has headers that name no descriptor, and below them nothing but amounts."""
    found = [(c.row, t) for c in table.cells if (t := canon(c.text))]
    heads = [(row, t) for row, t in found if parse_amount(t) is None]
    return len(found) - len(heads) >= 3 and all(row < head and heads_amounts(t, words) for row, t in heads)


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
    return found if sum(parse_amount(t) is None for t in found) >= 2 and len(set(found)) > 1 else []


def _amounts_above(table: RawTable, head: int) -> bool:
    """Whether what would be the header holds amounts: then it is the list that goes on."""
    texts = (canon(c.text) for c in table.cells if c.row < head)
    return any("." in t and parse_amount(t) is not None for t in texts)
