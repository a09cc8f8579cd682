"""Tables without a closed grid: horizontal rules only, or none. Columns come from alignment, so the confidence is below 1.

Here: the sequence regions → columns → rows → cells, and whether the evidence is enough. Weak evidence gives no table: prose with
figures, tables of contents (目录) and page numbers stay text. Not here: ruled tables (`ruled`), scans (`scan`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.document import Cell, RawTable, TextLine
from pipelines.read.pdf.alignment_columns import begun_by_heads, boundaries, columns_of_amounts, covered, refined, unmixed
from pipelines.read.pdf.alignment_follow import Columns, following
from pipelines.read.pdf.alignment_regions import Region, edges_of, has_long_rule, regions_of
from pipelines.read.pdf.alignment_rows import HeaderCell, blocks_of, header_cells, leaves_of
from pipelines.read.pdf.alignment_spans import spanned
from pipelines.read.pdf.alignment_words import COLUMNS_OF_CODES, Atom, Line, UnclearError, atoms_of_glyphs, lines_of_atoms, set_in_columns
from pipelines.read.pdf.glyphs import Glyphs
from pipelines.read.pdf.objects import Drawing
from pipelines.read.pdf.pdfium import Floats, Page
from pipelines.read.pdf.prose import lines_of
from pipelines.read.pdf.variants import normalised
from pipelines.read.pdf.writing import Ints, joined_cell, written

CONFIDENCE: Final = 0.8  # rules above and below, figures aligned under their headers
CONFIDENCE_UNRULED: Final = 0.7


@dataclass(frozen=True)
class Layout:
    """A table found by alignment: edges, and cells as (row, column, row_span, column_span, atoms)."""

    xs: list[float]
    ys: list[float]
    cells: list[tuple[int, int, int, int, list[Atom]]]
    confidence: float
    header_rows: int


def read_unruled(
    page: Page, glyphs: Glyphs, drawing: Drawing, before: Columns | None = None,
) -> tuple[list[TextLine], list[RawTable]]:
    """Tables of a page without a closed grid, and its other lines; ([], []) when there is no table that is sure enough.

    `before`: the columns of the table that the page before ends with.
    """
    every = np.arange(len(glyphs))
    ruled = has_long_rule(drawing.marks, glyphs.frame.width)
    before = None if ruled else before
    if not ruled and not before and not set_in_columns(glyphs, every):
        return [], []
    lines = lines_of_atoms(atoms_of_glyphs(glyphs, every))
    tables, used = _tables(page, glyphs, lines, drawing.marks, before)
    if not tables and not ruled and len(drawing.tints):  # rows told apart by bands of colour: their edges are as good as rules
        tables, used = _tables(page, glyphs, lines, edges_of(drawing.tints))
    return (lines_of(glyphs, (~used).nonzero()[0], page.number), tables) if tables else ([], [])


def read_beside(page: Page, glyphs: Glyphs, marks: Floats, which: Ints) -> tuple[list[RawTable], npt.NDArray[np.bool_]]:
    """Tables without a closed grid among the characters `which`, and the characters in them. `marks`: those outside the page's grids."""
    if not set_in_columns(glyphs, which):
        return [], np.zeros(len(glyphs), bool)
    return _tables(page, glyphs, lines_of_atoms(atoms_of_glyphs(glyphs, which)), marks)


def _tables(
    page: Page, glyphs: Glyphs, lines: list[Line], marks: Floats, before: Columns | None = None,
) -> tuple[list[RawTable], npt.NDArray[np.bool_]]:
    tables: list[RawTable] = []
    used = np.zeros(len(glyphs), bool)
    size = (glyphs.frame.width, glyphs.frame.height)
    follows = following(lines, before) if before and before.size == size and glyphs.frame.rotation == glyphs.shown.rotation else None
    if follows is not None:
        table, members = _table(_following_layout(*follows), glyphs, page.number)
        used[members] = True
        tables.append(table)
        lines = lines[len(follows[0].lines):]
    for region in regions_of(lines, marks, glyphs.frame.width, glyphs.frame.height):
        try:
            layout = layout_of(region)
        except UnclearError:
            continue  # its lines stay text
        table, members = _table(layout, glyphs, page.number)
        used[members] = True
        tables.append(table)
    return tables, used


def layout_of(region: Region) -> Layout:
    """The grid of one region. Raises UnclearError when its columns, rows or header levels are not clear."""
    lines = region.lines
    head = [line for line in lines if line.y < region.header_end]
    body = [line for line in lines if line.y >= region.header_end]
    fillers = [line for line in head if line.is_filler]
    words = [line for line in head if not line.is_filler]
    if fillers and words and fillers[0].y < words[-1].y:
        raise UnclearError("column numbers above headers")
    head_bottom = region.rule_below_header
    if fillers and head_bottom is not None:
        head_bottom = 2 * fillers[0].y - (head_bottom if len(fillers) == 1 else (fillers[0].y + fillers[1].y) / 2)
    elif fillers:
        head_bottom = None
    middle = middle_of(words, region.rule_above, head_bottom)
    codes = [(atom.x0, atom.x1) for line in fillers for atom in line.atoms if atom.text in COLUMNS_OF_CODES]  # below their common head
    leaves = codes + [(x0, x1) for x0, x1 in leaves_of(words, middle) if not any(x0 < b and a < x1 for a, b in codes)]
    begun = begun_by_heads(leaves, body, region.x0, region.x1)
    edges = begun or boundaries(lines, region.header_end, region.x0, region.x1, leaves)
    if len(edges) < 3:
        raise UnclearError("one column")
    edges = begun or unmixed(edges, lines, region.header_end)
    blocks = blocks_of(words, edges, []) if words else []
    edges = begun or refined(edges, [(b.first, b.last, (b.x0 + b.x1) / 2) for b in blocks if b.first == b.last], lines)
    for block in blocks:
        block.first, block.last = covered(block.x0, block.x1, block.em, edges)
    placed, levels = header_cells(blocks, edges, region.rule_above, head_bottom, middle, columns_of_amounts(body, edges))
    if len(placed) == 1 and region.rule_below_header is not None:
        placed = [HeaderCell(placed[0].block, (0, 0), (0, len(edges) - 2))]  # one title over all columns
    cells: list[tuple[int, int, int, int, list[Atom]]] = [
        (c.rows[0], c.columns[0], c.rows[1] - c.rows[0] + 1, c.columns[1] - c.columns[0] + 1, c.block.atoms) for c in placed
    ]
    top = region.rule_above if region.rule_above is not None else region.lines[0].y - 0.8 * region.lines[0].em
    end = region.rule_below_header
    if end is None:
        end = body[0].y - 0.8 * body[0].em if body else region.y1
    ys = header_edges(placed, levels, top, end, fillers)
    for n, line in enumerate(fillers):
        for atom in line.atoms:
            column, last = covered(atom.x0, atom.x1, atom.em, edges)
            cells.append((levels + n, column, 1, last - column + 1, [atom]))
    header_rows = levels + len(fillers)
    body_cells, body_edges = _body(body, edges, region, header_rows, ys[-1])
    cells.extend(body_cells)
    _check_disjoint(cells)
    if not region.ruled:
        if region.small and not begun:
            _check_under_heads(body, placed, edges)
        elif not region.small and not _aligned(body, edges):
            raise UnclearError("figures are not aligned")
        _check_headed(cells, header_rows)
    return Layout(edges, [*ys, *body_edges], cells, CONFIDENCE if region.ruled else CONFIDENCE_UNRULED, header_rows)


def _following_layout(region: Region, edges: list[float]) -> Layout:
    """The grid of rows that go on with the columns of the page before."""
    top = region.header_end
    cells, ends = _body(region.lines, edges, region, 0, top)
    return Layout(edges, [top, *ends], cells, CONFIDENCE_UNRULED, 0)


def middle_of(words: list[Line], top: float | None, bottom: float | None) -> float:
    """Middle height of the header's texts, between its rules or else between its first and last line."""
    if not words:
        return 0.0
    first = top if top is not None else words[0].y - 0.8 * words[0].em
    last = bottom if bottom is not None else words[-1].y + 0.8 * words[-1].em
    return (first + last) / 2


def header_edges(cells: list[HeaderCell], levels: int, top: float, end: float, fillers: list[Line]) -> list[float]:
    """Top edges of the header's rows and the edge below it; `fillers` are its rows of column numbers."""
    starts = [top]
    for level in range(1, levels):
        begin = [c.block.atoms[0].y for c in cells if c.rows[0] == level]
        ended = [c.block.atoms[-1].y for c in cells if c.rows[1] == level - 1]
        middle = (max(ended) + min(begin)) / 2 if begin and ended else starts[-1] + 1
        starts.append(max(middle, starts[-1] + 1))
    for n, line in enumerate(fillers):
        if levels or n:
            starts.append(max(line.y - 0.8 * line.em, starts[-1] + 1))
    if levels or fillers:
        starts.append(max(end, starts[-1] + 1))
    return starts


def _body(
    body: list[Line], edges: list[float], region: Region, first_row: int, top: float,
) -> tuple[list[tuple[int, int, int, int, list[Atom]]], list[float]]:
    """Cells and lower row edges of the body."""
    if not body:
        return [], []
    for line in body if not region.ruled else []:
        figures = [covered(a.x0, a.x1, a.em, edges) for a in line.atoms if a.is_number]
        if any(a[1] >= b[0] for a, b in pairwise(figures)):
            raise UnclearError("two figures side by side in one column")
    blocks = blocks_of(body, edges, region.separators, in_body=True)
    fields, row_edges = spanned(blocks, edges, top, region.y1)
    cells = [
        (first_row + field.row, field.column, field.tall, field.wide, field.atoms) for field in fields
    ]
    return cells, row_edges


def _check_disjoint(cells: list[tuple[int, int, int, int, list[Atom]]]) -> None:
    """Raise UnclearError when a field is claimed twice."""
    owner: dict[tuple[int, int], int] = {}
    for n, (row, column, tall, wide, atoms) in enumerate(cells):
        for r in range(row, row + tall):
            for c in range(column, column + wide):
                if (r, c) in owner:
                    raise UnclearError(f"{cells[owner[r, c]][4][0].text} and {atoms[0].text} claim one field")
                owner[r, c] = n


def _check_headed(cells: list[tuple[int, int, int, int, list[Atom]]], header_rows: int) -> None:
    """Raise UnclearError when a column of figures has no header: without rules that is all that tells a table from a list."""
    headed = {c for row, column, _, wide, _ in cells if row < header_rows for c in range(column, column + wide)}
    for row, column, _, wide, atoms in cells:
        if row >= header_rows and len(atoms) == 1 and atoms[0].is_number and not set(range(column, column + wide)) <= headed:
            raise UnclearError(f"{atoms[0].text} stands in a column without a header")


def _check_under_heads(body: list[Line], placed: list[HeaderCell], edges: list[float]) -> None:
    """Raise UnclearError when a figure does not stand straight below the head of its column: of few rows nothing else tells the columns."""
    heads: dict[int, HeaderCell] = {}
    for cell in sorted(placed, key=lambda c: c.rows):
        heads |= dict.fromkeys(range(cell.columns[0], cell.columns[1] + 1), cell)
    for atom in (atom for line in body for atom in line.atoms if atom.is_number):
        first, last = covered(atom.x0, atom.x1, atom.em, edges)
        own = heads.get(first)
        if first != last or own is None or atom.x1 <= own.block.x0 or atom.x0 >= own.block.x1:
            raise UnclearError(f"{atom.text} does not stand below its head")


def _aligned(body: list[Line], edges: list[float]) -> bool:
    """Whether the figures of the body stand in columns: on a common right edge, left edge or middle."""
    columns: dict[int, list[Atom]] = {}
    for line in body:
        for atom in line.atoms:
            if atom.is_number:
                first, last = covered(atom.x0, atom.x1, atom.em, edges)
                if first != last:
                    return False
                columns.setdefault(first, []).append(atom)
    judged = fitting = 0
    for atoms in columns.values():
        if len(atoms) < 3:
            continue
        places = ([a.x1 for a in atoms], [a.x0 for a in atoms], [a.centre for a in atoms])
        best = max(_common(values, atoms[0].em) for values in places)
        judged += len(atoms)
        fitting += best
    return judged >= 6 and fitting >= 0.9 * judged


def _common(values: list[float], em: float) -> int:
    """How many values stand within a quarter of an em of one of them."""
    array = np.array(values)
    return int((np.abs(array[:, None] - array[None, :]) <= 0.25 * em).sum(axis=1).max())


def _table(layout: Layout, glyphs: Glyphs, page_no: int) -> tuple[RawTable, np.ndarray]:
    owner = np.full(len(glyphs), -1, np.int64)
    for n, (_, _, _, _, atoms) in enumerate(layout.cells):
        for atom in atoms:
            owner[list(atom.members)] = n
    texts: dict[int, tuple[str, str | None]] = {}
    for text in written(glyphs, owner):
        _, column, _, wide, _ = layout.cells[text.owner]
        joined = joined_cell(text.pieces, layout.xs[column + wide] - layout.xs[column])
        plain = normalised(joined)
        texts[text.owner] = (plain, joined if plain != joined else None)
    cells = []
    filled: set[tuple[int, int]] = set()
    for n, (row, column, tall, wide, _) in enumerate(layout.cells):
        string, original = texts.get(n, ("", None))
        filled |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
        cells.append(_cell(layout, glyphs, page_no, row, column, tall, wide, string, original))
    for row in range(len(layout.ys) - 1):
        for column in range(len(layout.xs) - 1):
            if (row, column) not in filled:
                cells.append(_cell(layout, glyphs, page_no, row, column, 1, 1, "", None))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    whole = glyphs.to_shown((layout.xs[0], layout.ys[0], layout.xs[-1], layout.ys[-1]))
    table = RawTable(
        n_rows=len(layout.ys) - 1, n_columns=len(layout.xs) - 1, cells=tuple(cells), method="alignment", page=page_no, box=whole,
        confidence=layout.confidence, note="columns inferred from alignment: the page draws no closed grid",
    )
    return table, (owner >= 0).nonzero()[0]


def _cell(
    layout: Layout, glyphs: Glyphs, page_no: int, row: int, column: int, tall: int, wide: int, text: str, original: str | None,
) -> Cell:
    box = glyphs.to_shown((layout.xs[column], layout.ys[row], layout.xs[column + wide], layout.ys[row + tall]))
    return Cell(row, column, text, tall, wide, page_no, box, original, layout.confidence)
