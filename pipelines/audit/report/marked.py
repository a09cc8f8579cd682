"""A marked copy of a PDF (标注本): numbered, coloured boxes on the very cells, and a legend after the last page.

The pages stay what they are (text, vectors); boxes are laid over them. A page on which personal data was replaced becomes a picture with
that data painted over, so that the copy does not give it away. Coordinates are those of the page as shown; /Rotate is undone here.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2 as pdfium
from PIL import Image, ImageDraw
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from pipelines.audit.report.entry import Box, Entry, rule_zh, severity_zh, verdict_zh

FONT = "STSong-Light"  # a font every viewer has its own of; nothing is embedded
COLOURS = {"error": "#C00000", "warning": "#E07B00", "note": "#5B7083"}
_PAD = 1.5  # points around a cell
_PICTURE_SCALE = 2.0


class MarkingFailed(ValueError):
    """The source is no PDF that can be opened: the call is wrong, permanently."""


def mark_pdf(source: Path, found: Sequence[Entry], out: Path, hidden: Mapping[int, Sequence[Box]] | None = None) -> int:
    """Write the marked copy of `source` to `out`; returns the number of boxes drawn.

    `hidden` are the boxes, by page from 1, in which personal data was replaced. Findings without a place stand in the legend only.
    Raises MarkingFailed for a file that pdfium cannot open, `OSError` where `out` cannot be written.
    """
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise MarkingFailed(f"{source.name} cannot be opened as a PDF: {error}") from error
    drawn = 0
    try:
        by_page: dict[int, list[Entry]] = defaultdict(list)
        for entry in found:
            if entry.page is not None and entry.box is not None and 1 <= entry.page <= len(document):
                by_page[entry.page].append(entry)
        for number in sorted(hidden or {}):
            if 1 <= number <= len(document):
                _become_picture(document, number - 1, (hidden or {})[number])
        for number, own in sorted(by_page.items()):
            _overlay(document, number - 1, own)
            drawn += len(own)
        _append_legend(document, found)
        document.save(str(out))
    finally:
        document.close()
    return drawn


def _overlay(document: pdfium.PdfDocument, index: int, own: Iterable[Entry]) -> None:
    page = document[index]
    width, height = page.get_size()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    taken: list[tuple[float, float]] = []
    for entry in own:
        if entry.box is not None:
            _draw(canvas, entry, entry.box, height, taken)
    canvas.save()
    layer = pdfium.PdfDocument(buffer.getvalue())
    placed = layer.page_as_xobject(0, document).as_pageobject()
    placed.transform(_as_shown(page))
    page.insert_obj(placed)
    page.gen_content()
    page.close()
    layer.close()


def _draw(canvas: Canvas, entry: Entry, box: Box, height: float, taken: list[tuple[float, float]]) -> None:
    colour = HexColor(COLOURS.get(entry.severity, COLOURS["note"]))
    x0, top, x1, bottom = box
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.2)
    canvas.setFillColor(colour, alpha=0.12)
    canvas.rect(x0 - _PAD, height - bottom - _PAD, x1 - x0 + 2 * _PAD, bottom - top + 2 * _PAD, stroke=1, fill=1)
    label = str(entry.number)
    radius = 5.5 if len(label) < 3 else 7.5
    x, y = max(radius, x0 - _PAD), min(height - radius, height - top + _PAD)
    while any(abs(x - a) < 2 * radius and abs(y - b) < 2 * radius for a, b in taken):
        x += 2 * radius + 1  # two findings on one cell
    taken.append((x, y))
    canvas.setFillColor(colour, alpha=1)
    canvas.circle(x, y, radius, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setFont("Helvetica-Bold", 7)
    canvas.drawCentredString(x, y - 2.5, label)


def _as_shown(page: pdfium.PdfPage) -> pdfium.PdfMatrix:
    """From points of the page as shown (origin bottom left) to the page's own coordinates, before /Rotate and cropping."""
    left, bottom, right, top = page.get_cropbox()
    return {
        0: pdfium.PdfMatrix(1, 0, 0, 1, left, bottom),
        90: pdfium.PdfMatrix(0, 1, -1, 0, right, bottom),
        180: pdfium.PdfMatrix(-1, 0, 0, -1, right, top),
        270: pdfium.PdfMatrix(0, -1, 1, 0, left, top),
    }[page.get_rotation()]


def _become_picture(document: pdfium.PdfDocument, index: int, boxes: Sequence[Box]) -> None:
    page = document[index]
    width, height = page.get_size()
    picture: Image.Image = page.render(scale=_PICTURE_SCALE).to_pil().convert("RGB")
    page.close()
    painter = ImageDraw.Draw(picture)
    for x0, top, x1, bottom in boxes:
        painter.rectangle([v * _PICTURE_SCALE for v in (x0, top, x1, bottom)], fill=(90, 90, 90))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    canvas.drawImage(ImageReader(picture), 0, 0, width, height)
    canvas.save()
    fresh = pdfium.PdfDocument(buffer.getvalue())
    document.del_page(index)
    document.import_pages(fresh, index=index)
    fresh.close()


def _append_legend(document: pdfium.PdfDocument, found: Sequence[Entry]) -> None:
    buffer = io.BytesIO()
    margins = {f"{side}Margin": 45 for side in ("left", "right", "top", "bottom")}
    SimpleDocTemplate(buffer, pagesize=A4, title="核对意见", **margins).build(_legend(found))
    pages = pdfium.PdfDocument(buffer.getvalue())
    document.import_pages(pages)
    pages.close()


def _legend(found: Sequence[Entry]) -> list[Flowable]:
    head = ParagraphStyle("head", fontName=FONT, fontSize=14, leading=20, wordWrap="CJK")
    body = ParagraphStyle("body", fontName=FONT, fontSize=8.5, leading=12, wordWrap="CJK")
    small = ParagraphStyle("small", fontName=FONT, fontSize=7.5, leading=10, wordWrap="CJK", textColor=HexColor("#555555"))
    story: list[Flowable] = [Paragraph("核对意见 Findings", head), Spacer(1, 6)]
    if not found:
        return [*story, Paragraph("未发现问题。No findings.", body)]
    rows: list[list[Flowable | str]] = []
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#BBBBBB"))]
    for n, entry in enumerate(found):
        colour = HexColor(COLOURS.get(entry.severity, COLOURS["note"]))
        style += [("BACKGROUND", (0, n), (0, n), colour), ("TEXTCOLOR", (0, n), (0, n), HexColor("#FFFFFF"))]
        kind = f"{severity_zh(entry.severity)} · {rule_zh(entry.rule)} · {verdict_zh(entry.verdict)}"
        values = f"公布 {escape(entry.printed)}" + (f" → 应为 {escape(entry.expected)}" if entry.expected else "")
        rows.append([str(entry.number), [
            Paragraph(f"{escape(kind)}　{values}", body), Paragraph(escape(entry.zh), body), Paragraph(escape(entry.en), small)]])
    table = Table(rows, colWidths=[26, None], splitByRow=1, style=TableStyle([*style, ("FONT", (0, 0), (0, -1), "Helvetica-Bold", 8)]))
    return [*story, table]
