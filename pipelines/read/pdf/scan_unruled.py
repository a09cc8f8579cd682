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
from pipelines.read.pdf.scan_text import joined, looks_numeric

Piece = tuple[PixelBox, Reading]

_LONG: Final = 0.3  # of the picture's width
_GAP: Final = 0.4  # em: ink further apart is recognised apart
_STROKES: Final = 0.3  # em: between the strokes of 二; lines are set further apart
_STROKE: Final = 0.5  # em: lower pieces are strokes, stops and dashes: their middle says nothing of their line's
_SPLIT: Final = 0.45  # em: and belongs to two cells when no white of a full-width stop explains it
_APART: Final = 2.0  # em: outside tables, one line of text goes on over gaps up to this
_WHITE_AFTER: Final = frozenset("、，。：；）》”！？,:;)")
_NUMERALS: Final = frozenset("一二三四五六七八九十")
_WHITE_BEFORE: Final = frozenset("（《“(")
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


def pieces_on_page(ink: Grey, em: float) -> list[PixelBox]:
    """Boxes of what is set solid: ink joined along lines over gaps up to `_GAP`, and the strokes of one character above each other."""
    along = max(3, round(_GAP * em)) | 1
    across = max(1, round(_STROKES * em)) | 1
    smeared = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, along), np.uint8))
    smeared = cv2.morphologyEx(smeared, cv2.MORPH_CLOSE, np.ones((across, 1), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(smeared, connectivity=8)
    out: list[PixelBox] = []
    for n, (x, y, w, h, _) in enumerate(stats.tolist()):
        if n == 0 or h > 6 * em or (h < 0.3 * em and w < 0.3 * em):
            continue
        own = (labels[y:y + h, x:x + w] == n) & (ink[y:y + h, x:x + w] > 0)
        rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
        out.append((x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1))
    return sorted(_with_strokes(out, em), key=lambda b: (b[1] + b[3], b[0]))


def _with_strokes(boxes: list[PixelBox], em: float) -> list[PixelBox]:
    """Lone strokes above or below a piece that begins or ends with the rest of their character (二) given to it."""
    strokes: list[PixelBox] = []
    for box in sorted((b for b in boxes if b[3] - b[1] < _STROKE * em), key=lambda b: b[1]):
        above = next((n for n, other in enumerate(strokes) if _one_character(other, box, em)), None)
        if above is None:
            strokes.append(box)
        else:
            strokes[above] = _union(strokes[above], box)
    pieces = [b for b in boxes if b[3] - b[1] >= _STROKE * em]
    out: list[PixelBox] = []
    for stroke in strokes:
        home = next((n for n, piece in enumerate(pieces) if _one_character(piece, stroke, em)), None)
        if home is None:
            out.append(stroke)
        else:
            pieces[home] = _union(pieces[home], stroke)
    return pieces + out


def _one_character(piece: PixelBox, stroke: PixelBox, em: float) -> bool:
    """Whether a stroke stands above or below a piece, together no higher than a character."""
    union = _union(piece, stroke)
    wider = union[2] - union[0] - max(piece[2] - piece[0], stroke[2] - stroke[0])
    return wider <= 0.3 * em and union[3] - union[1] <= 1.15 * em and stroke[0] < piece[2] and stroke[2] > piece[0]


def _union(a: PixelBox, b: PixelBox) -> PixelBox:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def unruled_tables(
    pieces: list[Piece], marks: npt.NDArray[np.float64], image: PageImage, page_no: int, em: float,
) -> tuple[list[RawTable], list[Piece]]:
    """Tables found by alignment among recognised pieces, and the pieces outside them; `em` is the usual size of text in pixels."""
    scale = image.scale
    groups = _rejoined(pieces, _SPLIT, em)
    atoms = [_atom(group, pieces, scale, em) for group in groups]
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
    rest = [piece for n, piece in enumerate(pieces) if n not in used]
    return tables, [_as_one(group, rest) for group in _rejoined(rest, _APART, em)]


def _rejoined(pieces: list[Piece], gap: float, em: float) -> list[list[int]]:
    """Pieces that follow each other on a line with less than `gap` ems between them, as their numbers from left to right.

    Half of a full-width bracket or stop is white: that much of the gap is no gap. Strokes (一, 、) join the line they stand in.
    """
    groups: list[list[int]] = []
    small: list[int] = []
    for n in sorted(range(len(pieces)), key=lambda n: (pieces[n][0][0], pieces[n][0][1])):
        box = pieces[n][0]
        if box[3] - box[1] < _STROKE * em:
            small.append(n)
            continue
        home = next((g for g in groups if _level(pieces[g[-1]][0], box) and _follows(pieces[g[-1]], pieces[n], gap, em)), None)
        if home is None:
            groups.append([n])
        else:
            home.append(n)
    while True:
        found = next(
            (
                (n, g, at) for n in small for g in groups for at in (0, len(g))
                if _within(pieces[g[0]][0], pieces[n][0], em)
                and (_follows(pieces[n], pieces[g[0]], 2 * gap, em) if at == 0 else _follows(pieces[g[-1]], pieces[n], gap, em))
            ), None,
        )
        if found is None:
            return groups + [[n] for n in small]
        n, group, at = found
        small.remove(n)
        group.insert(at, n)


def _follows(left: Piece, right: Piece, gap: float, em: float) -> bool:
    """Whether a piece goes on from the one on its left."""
    numeral = all(c in _NUMERALS for c in left[1].text)  # 一、 is often read without its stop
    white = 0.5 * (left[1].text[-1:] in _WHITE_AFTER or numeral)
    white += 0.5 * (right[1].text[:1] in _WHITE_BEFORE and not looks_numeric(left[1].text))  # a new cell rather than a bracket
    return -0.3 * em <= right[0][0] - left[0][2] <= (gap + white) * em


def _level(a: PixelBox, b: PixelBox) -> bool:
    """Whether two pieces stand on one line."""
    return min(a[3], b[3]) - max(a[1], b[1]) > 0.6 * min(a[3] - a[1], b[3] - b[1])


def _within(line: PixelBox, stroke: PixelBox, em: float) -> bool:
    """Whether a stroke lies in the height of a line."""
    return line[1] - 0.2 * em <= stroke[1] and stroke[3] <= line[3] + 0.25 * em


def _as_one(group: list[int], pieces: list[Piece]) -> Piece:
    boxes = [pieces[n][0] for n in group]
    readings = [pieces[n][1] for n in group]
    box = boxes[0]
    for other in boxes[1:]:
        box = _union(box, other)
    text, confidence, others = joined(readings)
    return box, Reading(text, confidence, others, float(np.mean([reading.mean for reading in readings])))


def _atom(group: list[int], pieces: list[Piece], scale: float, em: float) -> Atom:
    box, reading = _as_one(group, pieces)
    chinese = any("\u4e00" <= c <= "\u9fff" for c in reading.text)
    large = [pieces[n][0] for n in group if pieces[n][0][3] - pieces[n][0][1] >= _STROKE * em] or [box]
    top, bottom = min(b[1] for b in large), max(b[3] for b in large)
    size = max((bottom - top) / _HIGH[chinese], 0.7 * em) / scale
    return Atom("".join(reading.text.split()), box[0] / scale, box[2] / scale, (top + bottom) / 2 / scale, size, tuple(group))


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
