"""One scanned page → text lines and tables, in points of the page as shown.

Here: the sequence picture → upright → rules → grid → text cell by cell → records. Not here: which pages are scans and how they
are merged into a Document (`scan_reader`).

Every cell carries the probability of its least certain character. A cell that looks like a number and is none is doubtful: its
confidence is lowered, its text stays as recognised.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from pipelines.read.document import Block, Box, Cell, PageReading, RawTable, TextLine
from pipelines.read.pdf.ocr import Reading, Recogniser
from pipelines.read.pdf.ocr_lines import em_in_cells, lines_in_cell, lines_on_page, text_ink
from pipelines.read.pdf.scan_figures import held_against_ink
from pipelines.read.pdf.scan_grid import Grid, find_grids, find_rules
from pipelines.read.pdf.scan_image import DPI, Grey, PageImage, PixelBox, black, lies_sideways, render_grey, render_scan, upright
from pipelines.read.pdf.scan_marks import beside, without_holes
from pipelines.read.pdf.scan_specks import after_second_look, is_doubtful, without_specks
from pipelines.read.pdf.scan_text import doubtful, joined
from pipelines.read.pdf.scan_unruled import long_rules, pieces_on_page, unruled_tables

LINE = 1.3  # ems: height of a line's picture; measured: fewest errors and least work between 1.1 and 1.5
NO_TEXT = 0.1  # confidence below which ink outside tables is dust, a stamp, a picture's edge
READABLE = 0.88  # mean probability of its characters below which a page may lie upside down (measured: upright 0.91, not 0.86)
SAMPLE = 10  # lines read to tell which way up a page is


@dataclass(frozen=True)
class ScannedPage:
    """What a page image holds, lines and tables in the order in which they are read; tables have method `ocr`."""

    blocks: list[Block]
    reading: PageReading

    @property
    def tables(self) -> list[RawTable]:
        """The tables among its blocks."""
        return [block for block in self.blocks if isinstance(block, RawTable)]


def read_scanned_page(page: Any, page_no: int, recogniser: Recogniser, crop: Box | None = None, dpi: float = DPI) -> ScannedPage:
    """Read a pypdfium2 page (or the part in `crop`, points as shown) as a picture. Memory: some 12 bytes a pixel at 200 dpi."""
    started = time.process_time()
    grey, scale = render_scan(page, dpi, crop)
    image, lines, tables = _read_right_way_up(grey, scale, (crop[0], crop[1]) if crop else (0.0, 0.0), page_no, recogniser)
    width, height = page.get_size()
    reading = PageReading(
        page=page_no, path="ocr", width=round(width, 2), height=round(height, 2), rotation=page.get_rotation(), tables=len(tables),
        cpu_ms=round((time.process_time() - started) * 1000, 1), note=f"turned by {image.skew:.2f} degrees" if image.skew else None,
    )
    return ScannedPage(_in_order([*lines, *tables], image), reading)


def _in_order(blocks: list[Block], image: PageImage) -> list[Block]:
    """From top to bottom of the upright picture, however the page was turned."""
    return sorted(blocks, key=lambda block: image.place(block.box) if block.box else (0.0, 0.0))


def shows_grid(page: Any, crop: Box) -> bool:
    """Whether a part of a page, looked at as a picture, holds a ruled table. Needs no recognition engine."""
    grey, scale = render_grey(page, DPI, crop)
    image = upright(grey, scale)
    return bool(find_grids(find_rules(black(image.grey), image.scale), image.scale)[0])


def _read_right_way_up(
    grey: Grey, scale: float, origin: tuple[float, float], page_no: int, recogniser: Recogniser,
) -> tuple[PageImage, list[TextLine], list[RawTable]]:
    """Read a picture; when its text lies sideways, or hardly any of it can be read, the four ways up are tried on a few lines first."""
    first = None
    if not lies_sideways(grey, scale):
        image = upright(grey, scale, origin)
        lines, tables, certain = read_picture(image, page_no, recogniser)
        if certain >= READABLE:
            return image, lines, tables
        first = image, lines, tables
    ways = [upright(grey, scale, origin, turns) for turns in range(4)]
    sure = [_sample(way, recogniser) for way in ways]
    best = sure.index(max(sure))
    if first and best == 0:
        return first  # hard to read, but not turned
    lines, tables, _ = read_picture(ways[best], page_no, recogniser)
    return ways[best], lines, tables


def _sample(image: PageImage, recogniser: Recogniser) -> float:
    """How surely a few of the picture's lines are read, mean over lines."""
    text = text_ink(_without_long_rules(black(image.grey), image.scale), image.scale)
    height, width = image.grey.shape
    lines = sorted(lines_on_page(text.ink, text.em), key=lambda b: abs((b[2] - b[0]) / max(1, b[3] - b[1]) - 6))[:SAMPLE]
    boxes = [_padded(line, (0, 0, width, height), text.em) for line in lines]
    readings = recogniser.read([image.grey[top:bottom, x0:x1] for x0, top, x1, bottom in boxes])
    return float(np.mean([reading.mean for reading in readings])) if readings else 0.0


def read_picture(image: PageImage, page_no: int, recogniser: Recogniser) -> tuple[list[TextLine], list[RawTable], float]:
    """Text lines outside tables, tables, and how surely they were read (1.0 for a blank page), of an upright picture."""
    grey, holes = without_holes(image.grey, image.scale)
    ink = black(grey)
    rules = find_rules(ink, image.scale)
    grids, drawn = find_grids(rules, image.scale)
    text = text_ink(np.asarray(cv2.subtract(ink, drawn), dtype=np.uint8), image.scale)
    dust = cv2.dilate(text.dust, np.ones((3, 3), np.uint8))
    clean = _painted_over(grey, np.asarray(cv2.bitwise_or(drawn, dust), dtype=np.uint8))

    wanted: list[PixelBox] = []
    owners: list[tuple[int, int]] = []  # (grid, cell), or (-1, line) outside tables
    for g, grid in enumerate(grids):
        insides = [_inset(cell.box, 1) for cell in grid.cells]
        inner = replace(text, em=em_in_cells(text, insides))
        for c, inside in enumerate(insides):
            for line in lines_in_cell(inner, inside):
                wanted.append(_padded(line, inside, inner.em))
                owners.append((g, c))
    outside = text.ink.copy()
    for grid in grids:
        x0, top, x1, bottom = grid.box
        outside[max(0, top - 3):bottom + 3, max(0, x0 - 3):x1 + 3] = 0
    marks = long_rules(outside, image.scale)
    outside = _without_long_rules(outside, image.scale)
    height, width = image.grey.shape
    around = pieces_on_page(outside, text.em) if len(marks) >= 2 else lines_on_page(outside, text.em)
    for n, line in enumerate(around):
        wanted.append(_padded(line, (0, 0, width, height), text.em))
        owners.append((-1, n))

    readings = recogniser.read([clean[top:bottom, x0:x1] for x0, top, x1, bottom in wanted])
    _look_again(readings, owners, wanted, clean, text.ink, recogniser)
    readings = held_against_ink(readings, wanted, text.ink)
    readings = [doubtful(reading) if beside(box, holes, text.em) else reading for box, reading in zip(wanted, readings, strict=True)]
    by_cell: dict[tuple[int, int], list[Reading]] = {}
    free: list[tuple[PixelBox, Reading]] = []
    for owner, reading in zip(owners, readings, strict=True):
        if owner[0] >= 0:
            by_cell.setdefault(owner, []).append(reading)
        elif reading.text and reading.confidence >= NO_TEXT:
            free.append((around[owner[1]], reading))
    tables = [_table(grid, g, by_cell, image, page_no) for g, grid in enumerate(grids)]
    if len(marks) >= 2:
        aligned, free = unruled_tables(free, marks, image, page_no, text.em)
        tables.extend(aligned)
    lines = [
        TextLine(text=reading.text, page=page_no, box=image.box(*box), size=round((box[3] - box[1]) / image.scale, 1))
        for box, reading in free
    ]
    return lines, tables, _certain(readings, owners)


def _certain(readings: list[Reading], owners: list[tuple[int, int]]) -> float:
    """The mean probability of the characters in tables, or of all where that are few: shadows at the paper's edge are read as rubbish."""
    inside = [reading.mean for reading, (grid, _) in zip(readings, owners, strict=True) if grid >= 0]
    means = inside if len(inside) >= 2 * SAMPLE else [reading.mean for reading in readings]
    return float(np.mean(means)) if means else 1.0


def _look_again(
    readings: list[Reading], owners: list[tuple[int, int]], boxes: list[PixelBox], clean: Grey, ink: Grey, recogniser: Recogniser,
) -> None:
    """Read cells that were meant as figures and are none a second time, without their specks.

    A figure that is wrapped within its cell is one figure: the point at the end of its first line is no speck.
    """
    cells: dict[tuple[int, int], list[int]] = {}
    for n, owner in enumerate(owners):
        cells.setdefault(owner, []).append(n)
    again: dict[int, Grey] = {}
    for lines in cells.values():
        if not is_doubtful("".join(readings[n].text for n in lines)):
            continue
        for n in lines:
            x0, top, x1, bottom = boxes[n]
            picture = without_specks(clean[top:bottom, x0:x1], ink[top:bottom, x0:x1]) if is_doubtful(readings[n].text) else None
            if picture is not None:
                again[n] = picture
    for n, second in zip(again, recogniser.read(list(again.values())), strict=True):
        readings[n] = after_second_look(readings[n], second, wrapped=len(cells[owners[n]]) > 1)


def _table(grid: Grid, number: int, by_cell: dict[tuple[int, int], list[Reading]], image: PageImage, page_no: int) -> RawTable:
    cells = []
    for c, cell in enumerate(grid.cells):
        text, confidence, others = joined(by_cell.get((number, c), []))
        cells.append(Cell(
            row=cell.row, column=cell.column, text=text, row_span=cell.row_span, column_span=cell.column_span,
            page=page_no, box=image.box(*cell.box), confidence=confidence, alternatives=others,
        ))
    written = [cell.confidence for cell in cells if cell.text]
    confidence = round(float(np.mean(written)), 4) if written else 1.0
    note = "a cell without a closed frame was widened to a rectangle" if grid.irregular else None
    return RawTable(
        n_rows=len(grid.rows) - 1, n_columns=len(grid.columns) - 1, cells=tuple(cells), method="ocr", page=page_no,
        box=image.box(*grid.box), confidence=confidence * (0.8 if grid.irregular else 1.0), note=note,
    )


def _painted_over(grey: Grey, drawn: Grey) -> Grey:
    """The picture with its rules replaced by the paper beside them, so that they are not read as 1, | or 一."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    return np.where(drawn > 0, paper, grey).astype(np.uint8)


def _without_long_rules(ink: Grey, scale: float) -> Grey:
    """Ink outside tables without underlines and lone rules: longer than any stroke of a title's character."""
    long = max(40, round(45 * scale))
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    rules = cv2.bitwise_or(rules, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8)))
    return np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))), dtype=np.uint8)


def _inset(box: PixelBox, by: int) -> PixelBox:
    x0, top, x1, bottom = box
    return (x0 + by, top + by, max(x0 + by + 1, x1 - by), max(top + by + 1, bottom - by))


def _padded(line: PixelBox, within: PixelBox, em: float) -> PixelBox:
    """A line's box with air round it, kept inside its cell: at least a line high, for a lone * or - blown up looks like a character."""
    x0, top, x1, bottom = line
    high = max(LINE * em, 1.16 * (bottom - top))
    above = (high - (bottom - top)) / 2
    aside = max(2.0, 0.2 * em)
    return (
        max(within[0], round(x0 - aside)), max(within[1], round(top - above)),
        min(within[2], round(x1 + aside)), min(within[3], round(bottom + above)),
    )
