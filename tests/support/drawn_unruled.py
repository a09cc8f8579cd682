"""Draw tables with horizontal rules only, or none: cells set in the middle of their height, as browsers and Word do.

Here: PDF bytes of such tables. Not here: any expectation about reading.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from drawn_tables import PAD, SONG, DrawnTable, text, text_width
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas


def draw_unruled(
    table: DrawnTable, header_rows: int, *, rules: bool = True, every_row: bool = False,
    above: Sequence[str] = (), below: Sequence[str] = (), pad: float = PAD,
) -> bytes:
    """One page: lines of text, the table (thick rules above and below, a thin one under the header), lines of text."""
    width, height = sum(table.widths) + 80, sum(table.heights) + 120 + 20 * (len(above) + len(below))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(width, height))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    y = height - 40
    for line in above:
        text(canvas, 40, y, line, 10)
        y -= 20
    top = y
    xs, ys = [40.0], [top]
    for w in table.widths:
        xs.append(xs[-1] + w)
    for h in table.heights:
        ys.append(ys[-1] - h)
    if rules:
        for n, row_edge in enumerate(ys):
            if n in (0, header_rows, len(ys) - 1) or every_row:
                canvas.setLineWidth(1.5 if n in (0, len(ys) - 1) else 0.5)
                canvas.line(xs[0], row_edge, xs[-1], row_edge)
    for cell in table.cells:
        x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
        middle = (ys[cell.row] + ys[cell.row + cell.row_span]) / 2
        lines = cell.text.split("\n") if cell.text else []
        base = middle + (len(lines) - 1) * 0.65 * table.size - 0.36 * table.size
        for line in lines:
            length = text_width(line, table.size)
            x = {"left": x0 + pad, "right": x1 - pad - length}.get(cell.align, (x0 + x1 - length) / 2)
            text(canvas, x, base, line, table.size)
            base -= 1.3 * table.size
    y = ys[-1] - 30
    for line in below:
        text(canvas, 40, y, line, 10)
        y -= 20
    canvas.showPage()
    canvas.save()
    return out.getvalue()
