"""Draw tables as PDF pages in many hands: the same grid with other rules, turned, scaled, cropped, wrapped in forms.

Here: a small description of a table and functions that make PDF bytes of it. Not here: any expectation about reading.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pikepdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG = "STSong-Light"
LATIN = "Helvetica"
PAD = 2.5

STYLES = (
    "lines", "cells", "rectangles", "double", "dashed", "pieces", "broken", "hair", "tinted", "path", "thick", "open", "form", "short",
)

_PIECES = {"pieces": (3.0, 2.5), "broken": (17.0, 1.5)}  # drawn and left out, in points


@dataclass(frozen=True)
class DrawnCell:
    """One cell of a drawn table; `align` left, right or centre."""

    row: int
    column: int
    text: str = ""
    row_span: int = 1
    column_span: int = 1
    align: str = "left"


@dataclass(frozen=True)
class DrawnTable:
    """A table: its column widths and row heights in points, and the cells that fill it without gaps."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[DrawnCell, ...]
    size: float = 9.0

    @property
    def grid(self) -> set[tuple[int, int, int, int, str]]:
        """(row, column, row_span, column_span, text) of every cell."""
        return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in self.cells}

    def rows(self, first: int, last: int) -> DrawnTable:
        """Rows first … last-1 as a table of their own; no cell may span their edges."""
        cells = tuple(replace(c, row=c.row - first) for c in self.cells if first <= c.row < last)
        return DrawnTable(self.widths, self.heights[first:last], cells, self.size)


@dataclass(frozen=True)
class Hand:
    """How a page is drawn. `rotate` is /Rotate with the content turned back, so that the page shows upright; `sideways` turns
    the content without /Rotate; `scale` scales everything; `origin` is the lower left corner of the media box."""

    style: str = "lines"
    rotate: int = 0
    sideways: bool = False
    scale: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    crop: float = 0.0  # points taken off each side by the crop box


def simple_table(rows: Sequence[Sequence[str]], width: float = 80.0, height: float = 18.0) -> DrawnTable:
    """A table without merged cells; numbers are set to the right."""
    cells = tuple(
        DrawnCell(r, c, text, align="right" if text[:1].isdigit() else "left") for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return DrawnTable((width,) * len(rows[0]), (height,) * len(rows), cells)


def draw(
    pages: Sequence[Sequence[DrawnTable]], hand: Hand | None = None, above: str = "", extra: Callable[[Canvas], None] | None = None,
    bare: int = 0,
) -> bytes:
    """A PDF with the given tables on each page, one under the other, and a line of text above them; the first `bare` rows have no rules."""
    hand = hand or Hand()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    for tables in pages:
        width = max(sum(t.widths) for t in tables) + 80
        height = sum(sum(t.heights) + 40 for t in tables) + 80
        _page(canvas, hand, width, height)
        if hand.style == "form":
            canvas.beginForm(f"table{canvas.getPageNumber()}")
            _tables(canvas, tables, height, above, "lines", bare)
            canvas.endForm()
            canvas.saveState()
            canvas.transform(1, 0, 0, 1, 0, 0)
            canvas.doForm(f"table{canvas.getPageNumber()}")
            canvas.restoreState()
        else:
            _tables(canvas, tables, height, above, hand.style, bare)
        if extra:
            extra(canvas)
        canvas.showPage()
    canvas.save()
    return _boxed(out.getvalue(), hand)


def _page(canvas: Canvas, hand: Hand, width: float, height: float) -> None:
    """Set up the page so that what is drawn next in width × height shows upright (or sideways)."""
    quarter = hand.rotate // 90 + (1 if hand.sideways else 0)
    wide, high = (height, width) if quarter % 2 else (width, height)
    canvas.setPageSize((wide * hand.scale + hand.crop * 2, high * hand.scale + hand.crop * 2))
    canvas.translate(hand.crop, hand.crop)
    canvas.scale(hand.scale, hand.scale)
    canvas.translate(wide / 2, high / 2)
    canvas.rotate(90 * quarter)
    canvas.translate(-width / 2, -height / 2)


def _boxed(data: bytes, hand: Hand) -> bytes:
    """Set /Rotate, the crop box and the media box's origin."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            x0, y0, x1, y1 = (float(v) for v in page.mediabox)
            dx, dy = hand.origin
            if dx or dy:
                page.contents_add(f"1 0 0 1 {dx} {dy} cm".encode(), prepend=True)
                page.mediabox = [x0 + dx, y0 + dy, x1 + dx, y1 + dy]
            if hand.crop:
                page.cropbox = [x0 + dx + hand.crop, y0 + dy + hand.crop, x1 + dx - hand.crop, y1 + dy - hand.crop]
            if hand.rotate:
                page.Rotate = hand.rotate
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _tables(canvas: Canvas, tables: Sequence[DrawnTable], height: float, above: str, style: str, bare: int) -> None:
    y = height - 40
    if above:
        text(canvas, 40, y, above, 10)
    for table in tables:
        y -= 20
        _table(canvas, table, 40, y, style, bare)
        y -= sum(table.heights) + 20


def _table(canvas: Canvas, table: DrawnTable, left: float, top: float, style: str, bare: int) -> None:
    xs = [left]
    for width in table.widths:
        xs.append(xs[-1] + width)
    ys = [top]
    for height in table.heights:
        ys.append(ys[-1] - height)
    boxes = [(xs[c.column], ys[c.row + c.row_span], xs[c.column + c.column_span], ys[c.row], c) for c in table.cells]
    if style == "tinted":
        canvas.setFillColorRGB(0.85, 0.9, 1)
        for x0, y0, x1, y1, cell in boxes:
            if cell.row == 0:
                canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
    _rules(canvas, [box for box in boxes if box[-1].row >= bare], (xs[0], ys[-1], xs[-1], ys[0]), style)
    for x0, y0, x1, y1, cell in boxes:
        _cell(canvas, cell, x0, y0, x1, y1, table.size)


def _rules(
    canvas: Canvas, boxes: Sequence[tuple[float, float, float, float, DrawnCell]], outer: tuple[float, float, float, float], style: str,
) -> None:
    sides = set()
    for x0, y0, x1, y1, _ in boxes:
        sides |= {(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)}
    canvas.setLineWidth({"hair": 0.05, "thick": 2.2}.get(style, 0.5))
    if style == "cells":
        for x0, y0, x1, y1, _ in boxes:
            canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=1, fill=0)
        return
    if style == "path":  # the whole grid is one path
        path = canvas.beginPath()
        for x0, y0, x1, y1 in sorted(sides):
            path.moveTo(x0, y0)
            path.lineTo(x1, y1)
        canvas.drawPath(path, stroke=1, fill=0)
        return
    if style == "dashed":
        canvas.setDash(2, 2)
    for side in sorted(sides):
        x0, y0, x1, y1 = side
        if style == "open" and (x0 == x1 == outer[0] or x0 == x1 == outer[2]):
            continue
        _rule(canvas, side, style)
    canvas.setDash()


def _rule(canvas: Canvas, side: tuple[float, float, float, float], style: str) -> None:
    x0, y0, x1, y1 = side
    along_x = y0 == y1
    if style == "rectangles":
        canvas.rect(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)
    elif style == "double":
        for off in (-0.9, 0.9):
            dx, dy = (0.0, off) if along_x else (off, 0.0)
            canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)
    elif style == "short":  # every cell's own sides, ending before its corners
        dx, dy = (0.9, 0.0) if along_x else (0.0, 0.9)
        canvas.line(x0 + dx, min(y0, y1) + dy, x1 - dx, max(y0, y1) - dy)
    elif style in _PIECES:
        piece, gap = _PIECES[style]
        length = math.hypot(x1 - x0, y1 - y0)
        at = 0.0
        while at < length:
            end = min(length, at + piece)
            a, b = at / length, end / length
            canvas.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
            at = end + gap
    else:
        canvas.line(x0, y0, x1, y1)


def _cell(canvas: Canvas, cell: DrawnCell, x0: float, y0: float, x1: float, y1: float, size: float) -> None:
    lines = cell.text.split("\n") if cell.text else []
    y = (y0 + y1) / 2 + (len(lines) - 1) * 0.6 * size - 0.35 * size
    for line in lines:
        length = text_width(line, size)
        x = {"left": x0 + PAD, "right": x1 - PAD - length}.get(cell.align, (x0 + x1 - length) / 2)
        text(canvas, x, y, line, size)
        y -= 1.2 * size


def text(canvas: Canvas, x: float, y: float, string: str, size: float) -> None:
    """Set a line: Chinese in a Song typeface, the rest in Helvetica."""
    for part, font in _parts(string):
        canvas.setFont(font, size)
        canvas.drawString(x, y, part)
        x += pdfmetrics.stringWidth(part, font, size)


def text_width(string: str, size: float) -> float:
    """Advance width of a line in points."""
    return float(sum(pdfmetrics.stringWidth(part, font, size) for part, font in _parts(string)))


def _parts(string: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for character in string:
        font = LATIN if character < "\u2000" else SONG
        if out and out[-1][1] == font:
            out[-1] = (out[-1][0] + character, font)
        else:
            out.append((character, font))
    return out
