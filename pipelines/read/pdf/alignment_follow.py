"""Unruled tables that go on over a page's end: the next page prints their rows without header, and no rule shows the columns.

Their columns are those of the page before. Here: which lines at the top of a page are such rows, by what stands in each column there
and here. Not here: tables with a header of their own (`alignment`), putting the parts together (understanding does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipelines.read.document import Block, RawTable, TextLine
from pipelines.read.pdf.alignment_columns import covered
from pipelines.read.pdf.alignment_regions import Region, names_unit
from pipelines.read.pdf.alignment_words import Line
from pipelines.read.pdf.writing import is_figure

_APART: Final = 3.5  # em: rows further apart are none of one table
_OVER: Final = 1.5  # points that a figure may stand out of its column
_AMOUNT: Final = re.compile(r"[-−(（]?[\d,，]*\d\.\d+[)）]?|[-−]?\d{1,3}(?:[,，]\d{3})+|0")
_PAGE_NUMBER: Final = re.compile(r"[-—–·\s第]*\d{1,4}[-—–·\s页/共\d]*")


@dataclass(frozen=True)
class Columns:
    """The columns of a table that the next page may go on with: their edges, and which hold figures and which words."""

    edges: list[float]
    figures: frozenset[int]
    words: frozenset[int]
    size: tuple[float, float]  # of its page


def columns_at_end(content: list[Block], size: tuple[float, float]) -> Columns | None:
    """The columns of the unruled table that a page ends with; None when it ends otherwise. `content`: in reading order."""
    blocks = list(content)
    while blocks and isinstance(blocks[-1], TextLine) and _PAGE_NUMBER.fullmatch(blocks[-1].text):
        blocks.pop()
    if not blocks or not isinstance(table := blocks[-1], RawTable) or table.method != "alignment":
        return None
    start = min((c.row for c in table.cells if _AMOUNT.fullmatch(c.text)), default=None)
    ends = {c.column: c.box for c in table.cells if c.box is not None and c.column_span == 1}
    if start is None or len(ends) < table.n_columns:
        return None
    body = [c for c in table.cells if c.row >= start and c.text and c.column_span == 1]
    return Columns(
        [ends[c][0] for c in range(table.n_columns)] + [ends[table.n_columns - 1][2]],
        frozenset(c.column for c in body if is_figure(c.text)), frozenset(c.column for c in body if not is_figure(c.text)), size,
    )


def following(lines: list[Line], columns: Columns) -> tuple[Region, list[float]] | None:
    """The rows at the top of a page that go on with the columns of the page before, and these columns; None when there are none."""
    rows: list[Line] = []
    for line in lines:
        if names_unit(line) or line.has_leader or (rows and line.y - rows[-1].y > _APART * line.em) or not _fits(line, columns):
            break
        rows.append(line)
    while rows and len(rows[-1].atoms) == 1 and not rows[-1].atoms[0].is_number:
        rows.pop()  # the title of the next table
    if not any(len(line.atoms) > 1 and any(_AMOUNT.fullmatch(atom.text) for atom in line.atoms) for line in rows):
        return None
    top, bottom = rows[0].y - 0.8 * rows[0].em, rows[-1].y + 0.8 * rows[-1].em
    return Region(rows, columns.edges[0], columns.edges[-1], bottom, top, ruled=False), columns.edges


def _fits(line: Line, columns: Columns) -> bool:
    """Whether each piece of a line stands in one column that held the like on the page before."""
    for atom in line.atoms:
        first, last = covered(atom.x0, atom.x1, atom.em, columns.edges)
        inside = columns.edges[first] - _OVER <= atom.x0 and atom.x1 <= columns.edges[last + 1] + _OVER
        if first != last or not inside or first not in (columns.figures if is_figure(atom.text) else columns.words):
            return False
    return True
