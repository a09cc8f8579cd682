"""A marked copy of a PDF (标注本): numbered, coloured boxes on the very cells, and a legend after the last page.

The pages stay what they are (text, vectors); boxes are laid over them. A page on which personal data was replaced becomes a picture with
that data painted over, so that the copy does not give it away. Coordinates are those of the page as shown; /Rotate is undone here.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from pipelines.audit.report.entry import Box, Entry, rule_zh, severity_zh, values_zh, verdict_zh
from pipelines.read.pdf import stand_in_font

_VIEWERS_OWN = "STSong-Light"  # a font that viewers of Chinese bring; nothing is embedded
COLOURS = {"error": "#C00000", "warning": "#E07B00", "note": "#5B7083"}
_PAD = 1.5  # points around a cell
_PICTURE_SCALE = 2.0


class MarkingFailed(ValueError):
    """The source is no PDF that can be opened: the call is wrong, permanently."""


def mark_pdf(
    source: Path, found: Sequence[Entry], out: Path, hidden: Mapping[int, Sequence[Box]] | None = None, font: Path | None = None,
) -> int:
    """Write the marked copy of `source` to `out`; returns the number of boxes drawn.

    `hidden` are the boxes, by page from 1, in which personal data was replaced. `font` is a TrueType font for the legend, embedded in part;
    without one the viewer's own Song is named. Findings without a place stand in the legend only.
    Raises MarkingFailed for a file that pdfium cannot open, `OSError` where `out` cannot be written.
    """
    name = _register(font)
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        raise MarkingFailed(f"{source.name} cannot be opened as a PDF: {error}") from error
    try:
        with stand_in_font.withdrawn():
            return _mark(document, found, out, hidden or {}, name)
    finally:
        document.close()


def _mark(document: pdfium.PdfDocument, found: Sequence[Entry], out: Path, hidden: Mapping[int, Sequence[Box]], font: str) -> int:
    drawn = 0
    by_page: dict[int, list[Entry]] = defaultdict(list)
    for entry in found:
        if entry.page is not None and entry.box is not None and 1 <= entry.page <= len(document):
            by_page[entry.page].append(entry)
    for number in sorted(hidden):
        if 1 <= number <= len(document):
            _become_picture(document, number - 1, hidden[number])
    for number, own in sorted(by_page.items()):
        _overlay(document, number - 1, own)
        drawn += len(own)
    _append_legend(document, found, font)
    document.save(str(out))
    return drawn


def _register(font: Path | None) -> str:
    """The name under which reportlab knows the legend's font."""
    name = _VIEWERS_OWN if font is None else f"legend-{font.stem}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(name) if font is None else TTFont(name, str(font)))
    return name


def _overlay(document: pdfium.PdfDocument, index: int, own: Sequence[Entry]) -> None:
    page = document[index]
    width, height = page.get_size()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height))
    taken: list[tuple[float, float]] = []
    for entry in own:
        if entry.box is not None:
            _frame(canvas, entry, entry.box, height)
    for entry in own:  # numbers last, so that no box hides one
        if entry.box is not None:
            _number(canvas, entry, entry.box, height, taken)
    canvas.save()
    layer = pdfium.PdfDocument(buffer.getvalue())
    placed = layer.page_as_xobject(0, document).as_pageobject()
    placed.transform(_as_shown(page))
    page.insert_obj(placed)
    page.gen_content()
    page.close()
    layer.close()


def _frame(canvas: Canvas, entry: Entry, box: Box, height: float) -> None:
    colour = HexColor(COLOURS.get(entry.severity, COLOURS["note"]))
    x0, top, x1, bottom = box
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.2)
    canvas.setFillColor(colour, alpha=0.12)
    canvas.rect(x0 - _PAD, height - bottom - _PAD, x1 - x0 + 2 * _PAD, bottom - top + 2 * _PAD, stroke=1, fill=1)


def _number(canvas: Canvas, entry: Entry, box: Box, height: float, taken: list[tuple[float, float]]) -> None:
    x0, top = box[0], box[1]
    label = str(entry.number)
    radius = 5.5 if len(label) < 3 else 7.5
    x, y = max(radius, x0 - radius), min(height - radius, height - top - radius / 2)
    while any(abs(x - a) < 2 * radius and abs(y - b) < 2 * radius for a, b in taken):
        x += 2 * radius + 1  # two findings on one cell
    taken.append((x, y))
    canvas.setFillColor(HexColor(COLOURS.get(entry.severity, COLOURS["note"])), alpha=1)
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


def _append_legend(document: pdfium.PdfDocument, found: Sequence[Entry], font: str) -> None:
    buffer = io.BytesIO()
    margins = {f"{side}Margin": 45 for side in ("left", "right", "top", "bottom")}
    SimpleDocTemplate(buffer, pagesize=A4, title="核对意见", **margins).build(_legend(found, font))
    pages = pdfium.PdfDocument(buffer.getvalue())
    document.import_pages(pages)
    pages.close()


def _legend(found: Sequence[Entry], font: str) -> list[Flowable]:
    head = ParagraphStyle("head", fontName=font, fontSize=14, leading=20, wordWrap="CJK")
    body = ParagraphStyle("body", fontName=font, fontSize=8.5, leading=12, wordWrap="CJK")
    small = ParagraphStyle("small", fontName=font, fontSize=7.5, leading=10, wordWrap="CJK", textColor=HexColor("#555555"))
    story: list[Flowable] = [Paragraph("核对意见 Findings", head), Spacer(1, 6)]
    if not found:
        return [*story, Paragraph("未发现问题。No findings.", body)]
    rows: list[list[Flowable | str]] = []
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#BBBBBB"))]
    for n, entry in enumerate(found):
        colour = HexColor(COLOURS.get(entry.severity, COLOURS["note"]))
        style += [("BACKGROUND", (0, n), (0, n), colour), ("TEXTCOLOR", (0, n), (0, n), HexColor("#FFFFFF"))]
        kind = f"{severity_zh(entry.severity)} · {rule_zh(entry.rule)} · {verdict_zh(entry.verdict)}"
        values = escape(values_zh(entry))
        rows.append([str(entry.number), [
            Paragraph(f"{escape(kind)}：{values}", body), Paragraph(escape(entry.zh), body), Paragraph(escape(entry.en), small)]])
    table = Table(rows, colWidths=[26, None], splitByRow=1, style=TableStyle([*style, ("FONT", (0, 0), (0, -1), "Helvetica-Bold", 8)]))
    return [*story, table]
