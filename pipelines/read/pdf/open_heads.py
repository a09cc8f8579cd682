"""Heads that stand outside a ruled grid: rules are drawn round the body only, the header's texts stand above it without any.

Browsers print `th` cells without border so, spreadsheets a header that got no lines. Such a grid begins with figures; what stands
directly above it, set in its columns, is its header.

Here: which lines are the header, their fields on the grid's columns, the table with them. Not here: levels and shared columns of
a header (`alignment_rows`), tables without a grid (`alignment`), grids that go on from the page before: nothing in columns is above.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from pipelines.read.document import Cell, RawTable
from pipelines.read.pdf.alignment import header_edges, middle_of
from pipelines.read.pdf.alignment_columns import covered
from pipelines.read.pdf.alignment_rows import Block, HeaderCell, blocks_of, header_cells
from pipelines.read.pdf.alignment_words import Atom, Line, UnclearError, atoms_of_glyphs, lines_of_atoms
from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.lattice import Grid
from pipelines.read.pdf.variants import normalised
from pipelines.read.pdf.writing import Ints, is_figure, joined_cell, written

NOTE: Final = "the header stands outside the rules: its columns are those it stands above"
CONFIDENCE: Final = 0.9
_HIGHEST: Final = 24.0  # em: no header is higher
_APART: Final = 5.0  # em: lines further apart do not belong together; browsers leave a line free above and below a text
_OVERHANG: Final = 3.0  # points that a header may stand out beside its grid
_PADDING: Final = 1.0  # points: texts of two cells are at least so far apart
_HEADED: Final = 0.6  # of the columns have a head of their own
_TITLE: Final = re.compile(r"[:：。；;]$|(?<!其中)[:：]|表[\d一二三四五六七八九十]*[）)]?$|^第.{1,3}[部分章节]|^附[件表]")

Field = tuple[int, int, int, int, list[Atom]]  # row, column, rows, columns, what is printed


def begins_with_figures(table: RawTable) -> bool:
    """Whether the first row of a grid holds a figure: then no header stands inside."""
    for cell in table.cells:
        if cell.row:
            return False
        if cell.text and cell.text[-1].isdigit() and is_figure(cell.text):
            return True
    return False


def with_head_above(table: RawTable, grid: Grid, glyphs: Glyphs, free: npt.NDArray[np.bool_]) -> tuple[RawTable, Ints] | None:
    """The table with the header that stands above its grid, and the header's characters; None when nothing there is one for sure.

    `free`: which characters stand in no table.
    """
    xs, top = grid.xs.tolist(), float(grid.ys[0])
    em = float(np.median(glyphs.em))
    above = (free & (glyphs.cy < top) & (glyphs.cy > top - _HIGHEST * em)).nonzero()[0]
    if len(above) < 2 * grid.n_columns:
        return None
    lines = _lines_above(lines_of_atoms(_cut(atoms_of_glyphs(glyphs, above), glyphs, xs)), xs, top)
    while sum(len(line.atoms) > 1 for line in lines):
        try:
            edges, fields, ys = _fields(lines, xs, top)
        except UnclearError:
            if len(lines[0].atoms) > 1:
                return None
            lines = lines[1:]  # what stands highest may be a title
            continue
        if not _is_head(fields, len(edges) - 1):
            return None
        return _headed(_on(table, xs, edges), fields, edges, [*ys, float(grid.ys[-1])], glyphs)
    return None


def _cut(atoms: list[Atom], glyphs: Glyphs, xs: list[float]) -> list[Atom]:
    """Atoms cut where a column's edge lies in the space between two characters: cells are set closer than words are apart."""
    out: list[Atom] = []
    for atom in atoms:
        start = 0
        for n in range(1, len(atom.members)):
            left, right = float(glyphs.x1[atom.members[n - 1]]), float(glyphs.x0[atom.members[n]])
            if right - left >= _PADDING and any(left <= x <= right for x in xs):
                out.append(_piece(atom, glyphs, start, n))
                start = n
        out.append(_piece(atom, glyphs, start, len(atom.members)) if start else atom)
    return out


def _piece(atom: Atom, glyphs: Glyphs, start: int, stop: int) -> Atom:
    members = atom.members[start:stop]
    return Atom(atom.text[start:stop], float(glyphs.x0[members[0]]), float(glyphs.x1[members[-1]]), atom.y, atom.em, members)


def _lines_above(lines: list[Line], xs: list[float], top: float) -> list[Line]:
    """The lines that may be the header: from the grid upwards to a title, a unit, a sentence, figures, or a wide space."""
    out: list[Line] = []
    for line in reversed(lines):
        if (out[0].y if out else top) - line.y > _APART * line.em or line.has_leader:
            break
        if line.atoms[0].x0 < xs[0] - _OVERHANG or line.atoms[-1].x1 > xs[-1] + _OVERHANG:
            break
        if any(_TITLE.search(atom.text) for atom in line.atoms) or (not line.is_filler and any(atom.is_number for atom in line.atoms)):
            break
        out.insert(0, line)
    return out


def _fields(lines: list[Line], xs: list[float], top: float) -> tuple[list[float], list[Field], list[float]]:
    """The table's column edges, the header's fields, its row edges with the grid's upper edge last. Raises UnclearError."""
    fillers = [line for line in lines if line.is_filler]
    words = [line for line in lines if not line.is_filler]
    if not words or (fillers and fillers[0].y < words[-1].y):
        raise UnclearError("column numbers above headers")
    bottom = top
    for n in range(len(fillers) - 1, -1, -1):
        bottom = 2 * fillers[n].y - bottom
    middle = middle_of(words, None, None)  # as much is free above the texts as below
    blocks = blocks_of(words, xs, [])
    parted = _parted(blocks)
    if parted:
        xs = sorted([*xs, *parted])
        blocks = blocks_of(words, xs, [])
    placed, levels = header_cells(blocks, xs, None, bottom, middle)
    placed = _widened(placed, xs)
    fields: list[Field] = [
        (c.rows[0], c.columns[0], c.rows[1] - c.rows[0] + 1, c.columns[1] - c.columns[0] + 1, c.block.atoms) for c in placed
    ]
    for n, line in enumerate(fillers):
        for atom in line.atoms:
            first, last = covered(atom.x0, atom.x1, atom.em, xs)
            fields.append((levels + n, first, 1, last - first + 1, [atom]))
    taken = [(r, c) for row, column, tall, wide, _ in fields for r in range(row, row + tall) for c in range(column, column + wide)]
    if len(taken) > len(set(taken)):
        raise UnclearError("two header texts claim one field")
    return xs, fields, header_edges(placed, levels, lines[0].y - 0.8 * lines[0].em, top, fillers)


def _parted(blocks: list[Block]) -> list[float]:
    """Where heads side by side part a column of the grid: merged cells of its few rows on this page hide the edge."""
    out: list[float] = []
    for one in blocks:
        near = [b for b in blocks if b.first == b.last == one.first == one.last and b.x0 >= one.x1 + _PADDING and _level(one, b)]
        if near:
            out.append((one.x1 + min(b.x0 for b in near)) / 2)
    return out


def _level(one: Block, other: Block) -> bool:
    return one.atoms[0].y <= other.atoms[-1].y + 0.5 * one.em and other.atoms[0].y <= one.atoms[-1].y + 0.5 * one.em


def _on(table: RawTable, xs: list[float], edges: list[float]) -> RawTable:
    """The table on the columns of its header, where these are more."""
    if len(edges) == len(xs):
        return table
    at = [edges.index(x) for x in xs]
    cells = tuple(
        msgspec.structs.replace(c, column=at[c.column], column_span=at[c.column + c.column_span] - at[c.column]) for c in table.cells
    )
    return msgspec.structs.replace(table, n_columns=len(edges) - 1, cells=cells)


def _widened(placed: list[HeaderCell], xs: list[float]) -> list[HeaderCell]:
    """Texts set in the middle of several columns of which the others have no head: theirs, too (编码 over 类, 款 and 项)."""
    headed = {c for cell in placed for c in range(cell.columns[0], cell.columns[1] + 1)}
    out = []
    for cell in placed:
        (low, high), centre = cell.columns, (cell.block.x0 + cell.block.x1) / 2
        first, last = low, high
        while first > 0 and first - 1 not in headed:
            first -= 1
        while last < len(xs) - 2 and last + 1 not in headed:
            last += 1
        misses = [(abs((xs[a] + xs[b + 1]) / 2 - centre), a, b) for a in range(first, low + 1) for b in range(high, last + 1)]
        miss, a, b = min(misses)
        if (a, b) != (low, high) and miss <= 0.3 * cell.block.em and abs((xs[low] + xs[high + 1]) / 2 - centre) > cell.block.em:
            headed |= set(range(a, b + 1))
            cell = HeaderCell(cell.block, cell.rows, (a, b))
        out.append(cell)
    return out


def _is_head(fields: list[Field], n_columns: int) -> bool:
    """Whether most columns have a head, two of them at least their own, column numbers not counted."""
    named = [(column, wide) for _, column, _, wide, atoms in fields if not all(atom.is_filler for atom in atoms)]
    headed = {c for column, wide in named for c in range(column, column + wide)}
    own = {column for column, wide in named if wide == 1}
    return len(headed) >= _HEADED * n_columns and len(own) >= min(2, n_columns)


def _headed(table: RawTable, fields: list[Field], xs: list[float], ys: list[float], glyphs: Glyphs) -> tuple[RawTable, Ints]:
    """`ys`: the header's row edges, and the table's lower end."""
    owner = np.full(len(glyphs), -1, np.int64)
    for n, (_, _, _, _, atoms) in enumerate(fields):
        for atom in atoms:
            owner[list(atom.members)] = n
    texts: dict[int, tuple[str, str | None]] = {}
    for text in written(glyphs, owner):
        _, column, _, wide, _ = fields[text.owner]
        joined = joined_cell(text.pieces, xs[column + wide] - xs[column])
        plain = normalised(joined)
        texts[text.owner] = (plain, joined if plain != joined else None)
    rows = len(ys) - 2
    places = [field[:4] for field in fields]
    taken = {(r, c) for row, column, tall, wide in places for r in range(row, row + tall) for c in range(column, column + wide)}
    places += [(r, c, 1, 1) for r in range(rows) for c in range(table.n_columns) if (r, c) not in taken]
    cells = []
    for n, (row, column, tall, wide) in enumerate(places):
        string, original = texts.get(n, ("", None))
        box = (round(xs[column], 2), round(ys[row], 2), round(xs[column + wide], 2), round(ys[row + tall], 2))
        cells.append(Cell(row, column, string, tall, wide, table.page, glyphs.to_shown(box), original, CONFIDENCE))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    cells += [msgspec.structs.replace(cell, row=cell.row + rows) for cell in table.cells]
    whole = msgspec.structs.replace(
        table, n_rows=table.n_rows + rows, cells=tuple(cells), box=glyphs.to_shown((xs[0], ys[0], xs[-1], ys[-1])),
        confidence=min(table.confidence, CONFIDENCE), note=table.note or NOTE,
    )
    return whole, (owner >= 0).nonzero()[0]
