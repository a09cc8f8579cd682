"""Blocks → a born-digital PDF with ruled tables and an embedded subset of Noto Sans SC (OFL). Same blocks, same bytes.

Here: page flow, grids with spans, page breaks within a table, left and right pages of a wide table, /Rotate pages. Returns on
which page every placed cell was drawn, so that the expected facts can say their page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from model import Block, C, PageBreak, Placed, Table, Text
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "Noto"
FONT_FILE = Path(__file__).parent / "fonts" / "NotoSansSC-samples.ttf"
SHORT, LONG = A4
MARGIN = 54.0
PAD = 2.5

Pages = list[tuple[Table, dict[tuple[int, int], int]]]  # per table: (row, column) → page


@dataclass(frozen=True)
class Strip:
    """The columns of one page of a wide table: their numbers in the whole table, and the cells that stand there."""

    columns: tuple[int, ...]
    cells: tuple[Placed, ...]  # columns counted within the strip


def write(blocks: tuple[Block, ...], path: Path, splits: dict[str, int] | None = None) -> Pages:
    """Write the PDF. `splits`: table title → first column that goes to the right-hand page (the first column is repeated)."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, str(FONT_FILE)))
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    canvas.setProducer("yusuan samples")
    flow = _Flow(canvas)
    out: Pages = []
    for block in blocks:
        if isinstance(block, PageBreak):
            flow.new_page()
        elif isinstance(block, Text):
            flow.text(block)
        else:
            out.append((block, _table(flow, block, (splits or {}).get(block.title))))
    flow.close()
    return out


class _Flow:
    """A cursor that goes down the page."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.page, self.width, self.height, self.rotated = canvas, 0, SHORT, LONG, False
        self.y = 0.0
        self.open = False

    def start(self, *, landscape: bool = False, rotated: bool = False) -> None:
        """Begin a page. `rotated`: a portrait page with /Rotate 90 that shows as landscape, its content drawn sideways."""
        if self.open:
            self._end()
        self.page += 1
        self.open, self.rotated = True, rotated
        self.width, self.height = (LONG, SHORT) if landscape or rotated else (SHORT, LONG)
        self.canvas.setPageSize((self.width, self.height))  # as shown: reportlab turns the media box of a rotated page itself
        self.canvas.setPageRotation(90 if rotated else 0)
        if rotated:
            self.canvas.translate(SHORT, 0)
            self.canvas.rotate(90)
        self.y = self.height - MARGIN

    def _end(self) -> None:
        self.canvas.setFont(FONT, 8)
        self.canvas.drawCentredString(self.width / 2, 26, f"— {self.page} —")
        self.canvas.showPage()
        self.open = False

    def new_page(self) -> None:
        if self.open:
            self._end()

    def close(self) -> None:
        self.new_page()
        self.canvas.save()

    def text(self, block: Text) -> None:
        if not self.open:
            self.start()
        size, centre, gap = {"cover": (20, True, 26), "heading": (13, False, 9), "text": (10.5, False, 5), "note": (9, False, 4)}[
            block.style
        ]
        if block.style == "cover" and self.y > self.height - MARGIN - 1:
            self.y -= 200
        indent = "　　" if block.style == "text" else ""
        for line in wrap(indent + block.text, size, self.width - 2 * MARGIN):
            if self.y < MARGIN + size:
                self.start()
            self.canvas.setFont(FONT, size)
            if centre:
                self.canvas.drawCentredString(self.width / 2, self.y - size, line)
            else:
                self.canvas.drawString(MARGIN, self.y - size, line)
            self.y -= size * 1.55
        self.y -= gap


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break after any character but before a closing mark, never within a number or a Latin word."""
    units: list[str] = []
    for ch in text:
        glued = units and (
            (ch.isascii() and ch != " " and units[-1][-1].isascii()) or ch in "，。；：、）》”％%" or units[-1][-1] in "（《“"
        )
        if glued:
            units[-1] += ch
        else:
            units.append(ch)
    lines, line = [], ""
    for unit in units:
        if line and pdfmetrics.stringWidth(line + unit, FONT, size) > width:
            lines.append(line)
            line = ""
        line += unit
    return [*lines, line]


def _table(flow: _Flow, table: Table, split_at: int | None) -> dict[tuple[int, int], int]:
    where: dict[tuple[int, int], int] = {}
    placed = table.placed()
    n_head, n_rows = len(table.head), len(table.head) + len(table.body)
    size = 7.5
    for strip in _strips(table, placed, split_at):
        if table.new_page or table.landscape != (flow.width > flow.height) or not flow.open:
            flow.start(landscape=table.landscape, rotated=table.rotated)
        usable = flow.width - 2 * MARGIN
        shares = [table.widths[c] for c in strip.columns]
        widths = [usable * s / sum(shares) for s in shares]
        heights = _heights(strip, widths, n_rows, size)
        _above(flow, table)
        row = 0
        while row < n_rows:
            last, used = row, 0.0
            budget = flow.y - MARGIN - (sum(heights[:n_head]) if row and table.header_again else 0)
            while last < n_rows and used + heights[last] <= budget and (table.rows_per_page is None or last - row < table.rows_per_page):
                used += heights[last]
                last += 1
            if last <= max(row, n_head - 1):
                raise ValueError(f"no room for a row of {table.title}")
            if row and table.header_again:
                _grid(flow, strip, widths, heights, 0, n_head, size)
            for p in _grid(flow, strip, widths, heights, row, last, size):
                where[(p.row, strip.columns[p.column])] = flow.page
            row = last
            if row < n_rows:
                flow.start(landscape=table.landscape, rotated=table.rotated)
        if table.note:
            flow.y -= 4
            flow.text(Text(table.note, "note"))
    flow.y -= 14
    return where


def _strips(table: Table, placed: list[Placed], split_at: int | None) -> list[Strip]:
    everything = tuple(range(table.n_columns))
    if split_at is None:
        return [Strip(everything, tuple(placed))]
    out = []
    for columns in (everything[:split_at], (0, *everything[split_at:])):
        index = {c: i for i, c in enumerate(columns)}
        cells = []
        for p in placed:
            inside = [c for c in range(p.column, p.column + p.cell.cols) if c in index]
            if inside:
                c = p.cell
                cells.append(Placed(p.row, index[inside[0]], C(c.text, len(inside), c.rows, c.style, c.yuan, c.meaning)))
        out.append(Strip(columns, tuple(cells)))
    return out


def _heights(strip: Strip, widths: list[float], n_rows: int, size: float) -> list[float]:
    heights = [size * 1.25 + 2 * PAD] * n_rows
    for p in strip.cells:
        if p.cell.rows == 1:
            width = sum(widths[p.column : p.column + p.cell.cols]) - 2 * PAD
            heights[p.row] = max(heights[p.row], len(wrap(p.cell.text, size, width)) * size * 1.25 + 2 * PAD)
    return heights


def _above(flow: _Flow, table: Table) -> None:
    canvas = flow.canvas
    if table.number:
        canvas.setFont(FONT, 9)
        canvas.drawString(MARGIN, flow.y - 9, table.number)
        flow.y -= 15
    canvas.setFont(FONT, 14)
    canvas.drawCentredString(flow.width / 2, flow.y - 14, table.title)
    flow.y -= 24
    canvas.setFont(FONT, 9)
    if table.filler:
        canvas.drawString(MARGIN, flow.y - 9, table.filler)
    if table.show_unit:
        canvas.drawRightString(flow.width - MARGIN, flow.y - 9, f"单位：{table.unit}")
    flow.y -= 15


def _grid(flow: _Flow, strip: Strip, widths: list[float], heights: list[float], first: int, last: int, size: float) -> list[Placed]:
    """Draw the rows [first, last) at the cursor; gives back the cells drawn."""
    canvas = flow.canvas
    x = [MARGIN]
    for w in widths:
        x.append(x[-1] + w)
    y = {first: flow.y}
    for r in range(first, last):
        y[r + 1] = y[r] - heights[r]
    canvas.setLineWidth(0.5)
    drawn = []
    for p in strip.cells:
        if not first <= p.row < last:
            continue
        drawn.append(p)
        c = p.cell
        left, right, top, bottom = x[p.column], x[p.column + c.cols], y[p.row], y[min(p.row + c.rows, last)]
        if c.style == "head":
            canvas.setFillGray(0.93)
            canvas.rect(left, bottom, right - left, top - bottom, stroke=0, fill=1)
            canvas.setFillGray(0)
        canvas.rect(left, bottom, right - left, top - bottom, stroke=1, fill=0)
        canvas.setFont(FONT, size)
        lines = wrap(c.text, size, right - left - 2 * PAD)
        base = (top + bottom) / 2 + len(lines) * size * 0.625 - size * 0.98
        for line in lines:
            if c.style == "money":
                canvas.drawRightString(right - PAD, base, line)
            elif c.style == "head":
                canvas.drawCentredString((left + right) / 2, base, line)
            else:
                canvas.drawString(left + PAD, base, line)
            base -= size * 1.25
    flow.y = y[last]
    return drawn
