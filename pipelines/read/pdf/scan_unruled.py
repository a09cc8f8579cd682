"""Tables of scanned pages that are drawn with horizontal rules only.

Here: long rules of a picture as marks, lines cut into pieces at their gaps, recognised pieces put into a grid by alignment. Not
here: the alignment itself (`alignment`), closed grids (`scan_grid`).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.read.document import Cell, RawTable
from pipelines.read.pdf.alignment import Layout, layout_of
from pipelines.read.pdf.alignment_regions import regions_of
from pipelines.read.pdf.alignment_words import Atom, UnclearError, lines_of_atoms
from pipelines.read.pdf.ocr import Reading
from pipelines.read.pdf.scan_image import Grey, PageImage, PixelBox
from pipelines.read.pdf.scan_text import joined

Piece = tuple[PixelBox, Reading]

_LONG: Final = 0.3  # of the picture's width
_GAP: Final = 0.5  # em: ink further apart belongs to two pieces; within a word the gaps stay below 0.4
_HIGH: Final = {True: 0.92, False: 0.72}  # height of ink in em: with Chinese characters, without


def long_rules(ink: Grey, scale: float) -> npt.NDArray[np.float64]:
    """Long horizontal rules of ink as (n, 4) boxes x0, top, x1, bottom, in points of the upright picture."""
    width = ink.shape[1]
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(20, width // 25)), np.uint8))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((3, max(20, width // 50)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    out = []
    for x, y, w, h, area in stats[1:].tolist():
        if w >= _LONG * width and h <= 4 * scale:
            middle, thick = y + h / 2, area / w  # the box is higher than the rule where that is not quite straight
            out.append((x / scale, (middle - thick / 2) / scale, (x + w) / scale, (middle + thick / 2) / scale))
    return np.array(out, dtype=np.float64).reshape(-1, 4)


def pieces_of(ink: Grey, line: PixelBox, em: float) -> list[PixelBox]:
    """A line cut where its ink leaves a gap that may part two columns."""
    x0, top, x1, bottom = line
    columns = np.flatnonzero(ink[top:bottom, x0:x1].any(axis=0))
    if not columns.size:
        return []
    breaks = np.flatnonzero(np.diff(columns) > _GAP * em)
    out: list[PixelBox] = []
    for first, last in zip([0, *(breaks + 1).tolist()], [*breaks.tolist(), len(columns) - 1], strict=True):
        left, right = x0 + int(columns[first]), x0 + int(columns[last]) + 1
        rows = np.flatnonzero(ink[top:bottom, left:right].any(axis=1))
        out.append((left, top + int(rows[0]), right, top + int(rows[-1]) + 1))
    return out


def unruled_tables(
    pieces: list[Piece], marks: npt.NDArray[np.float64], image: PageImage, page_no: int,
) -> tuple[list[RawTable], list[Piece]]:
    """Tables found by alignment among recognised pieces, and the pieces outside them."""
    scale = image.scale
    atoms = [_atom(n, box, reading, scale) for n, (box, reading) in enumerate(pieces)]
    height, width = image.grey.shape
    tables: list[RawTable] = []
    used: set[int] = set()
    for region in regions_of(lines_of_atoms(atoms), marks, width / scale, height / scale):
        try:
            layout = layout_of(region)
        except UnclearError:
            continue  # its lines stay text
        tables.append(_table(layout, pieces, image, page_no))
        used |= {n for cell in layout.cells for atom in cell[4] for n in atom.members}
    return tables, [piece for n, piece in enumerate(pieces) if n not in used]


def _atom(n: int, box: PixelBox, reading: Reading, scale: float) -> Atom:
    chinese = any("\u4e00" <= c <= "\u9fff" for c in reading.text)
    em = (box[3] - box[1]) / _HIGH[chinese] / scale
    text = "".join(reading.text.split())
    return Atom(text, box[0] / scale, box[2] / scale, (box[1] + box[3]) / 2 / scale, em, (n,))


def _table(layout: Layout, pieces: list[Piece], image: PageImage, page_no: int) -> RawTable:
    scale = image.scale
    xs, ys = [x * scale for x in layout.xs], [y * scale for y in layout.ys]
    cells: list[Cell] = []
    filled: set[tuple[int, int]] = set()
    for row, column, tall, wide, atoms in layout.cells:
        text, confidence, others = joined([pieces[n][1] for atom in atoms for n in atom.members])
        filled |= {(r, c) for r in range(row, row + tall) for c in range(column, column + wide)}
        box = image.box(xs[column], ys[row], xs[column + wide], ys[row + tall])
        cells.append(Cell(
            row, column, text, tall, wide, page_no, box, confidence=round(confidence * layout.confidence, 4), alternatives=others,
        ))
    cells.extend(
        Cell(row, column, page=page_no, box=image.box(xs[column], ys[row], xs[column + 1], ys[row + 1]), confidence=layout.confidence)
        for row in range(len(ys) - 1) for column in range(len(xs) - 1) if (row, column) not in filled
    )
    cells.sort(key=lambda cell: (cell.row, cell.column))
    written = [cell.confidence for cell in cells if cell.text]
    return RawTable(
        n_rows=len(ys) - 1, n_columns=len(xs) - 1, cells=tuple(cells), method="ocr", page=page_no,
        box=image.box(xs[0], ys[0], xs[-1], ys[-1]), confidence=round(float(np.mean(written)), 4),
        note="columns inferred from alignment: the page draws no closed grid",
    )
