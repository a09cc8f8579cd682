"""A wide table cut into left and right pages: each right part put beside what stands left of it.

A right part has line for line as many rows, and either repeats the labels or prints none, only heads and amounts. A head over several
columns that the cut divides is printed on one of the pages, or as a line above the grid. Not here: continuations downwards (stitch).
"""

from __future__ import annotations

from collections.abc import Sequence

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


def beside(left: Fragment, right: Fragment, begin: int, header: list[list[str]], words: Vocabulary) -> Fragment | None:
    """Both parts as one fragment, or None when the second is no right part of the first.

    `begin`: where the body of the left one begins; `header`: the right one's, as far as it is known. Lines are matched in order; a part
    with the flatter header is moved down. A form (项目名称 | 节水宣传) has values where a list has headers; the next repeats its labels.
    """
    a, b = left.table, right.table
    whole = left.start == right.start == 0 and left.stop == a.n_rows and right.stop == b.n_rows
    lines = a.n_rows - begin
    head = b.n_rows - lines
    if not whole or lines < 2 or not 0 < head <= begin:
        return None
    listed = bool(header) and all(words.role_of(t) or words.facets_of(t) is not None for row in header for t in row)
    again = listed and bool(own := _labels(a, begin)) and own == _labels(b, head)
    if not (again or (_only_amounts(b, head, words) and _same_heights(a, b, (begin, head)))):
        return None
    # 商品和服务支出 over the whole page: its cell is open to both sides, and so a line above the grid
    above = right.lines[-1] if right.lines and head < begin else None
    if above is not None and unit_of(above) is None and heads_amounts(above, words):
        over = Cell(0, 0, above, column_span=b.n_columns, page=b.page)
        b = moved(b, n_rows=b.n_rows + 1, cells=(over, *(moved(c, row=c.row + 1) for c in b.cells)))
        head += 1
    cells = _across([*a.cells], [_placed(cell, a.n_columns, head, begin - head) for cell in b.cells], a.n_columns, begin)
    table = moved(a, n_columns=a.n_columns + b.n_columns, cells=tuple(cells), confidence=min(a.confidence, b.confidence))
    return Fragment(table, left.raw_index, 0, a.n_rows, left.caption_rows, left.note_rows, left.lines, [*left.notes, *right.notes])


def _placed(cell: Cell, columns: int, head: int, down: int) -> Cell:
    """A cell of the right half in the joint grid; the last line of its header reaches down to the body."""
    if cell.row >= head:
        return moved(cell, row=cell.row + down, column=cell.column + columns)
    reach = down if cell.row + cell.row_span == head else 0
    return moved(cell, row_span=cell.row_span + reach, column=cell.column + columns)


def _across(left: list[Cell], right: list[Cell], cut: int, begin: int) -> list[Cell]:
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
    return found if sum(parse_amount(t) is None for t in found) >= 2 else []
