"""Clipped text: what is drawn above or below its clip is not seen; a label longer than its cell is kept whole."""

from __future__ import annotations

import io

import pytest
from drawn_tables import SONG, Hand, draw, simple_table, text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.pdf.reader import read_pdf

TABLE = simple_table([["科目", "金额"], ["", "12.50"]], width=80, height=30)
LEFT, BOTTOM = 40.0, 60.0  # of the empty cell, 80 × 30 points; the first row is above it


def clipped(canvas: Canvas, box: tuple[float, float, float, float], y: float, string: str, x: float = 42.0) -> None:
    """Text shown only within a box x, y, width, height."""
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(*box)
    canvas.clipPath(path, stroke=0, fill=0)
    text(canvas, x, y, string, 9)
    canvas.restoreState()


def printed(data: bytes) -> list[str]:
    document = read_pdf(data, sha256="0" * 64, n_bytes=len(data))
    return [c.text for t in document.tables for c in t.cells] + [line.text for line in document.lines]


def shares(canvas: Canvas) -> None:
    """A merged cell drawn whole, of which this page shows the last line: the others would stand in the cell above."""
    for y, string in ((106, "上页的"), (95, "文字"), (72, "本页")):
        clipped(canvas, (LEFT, BOTTOM, 80, 30), y, string)


@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90), Hand(rotate=180), Hand(rotate=270), Hand(sideways=True), Hand(scale=0.7)])
def test_text_above_or_below_its_clip_is_not_read(hand: Hand) -> None:
    assert printed(draw([[TABLE]], hand, extra=shares)) == ["科目", "金额", "本页", "12.50"]


def test_text_in_a_clipped_form_is_not_read() -> None:
    def form(canvas: Canvas) -> None:
        canvas.beginForm("whole")
        text(canvas, 42, 36, "上页的", 9)
        text(canvas, 42, 2, "本页", 9)
        canvas.endForm()
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(LEFT, BOTTOM, 80, 30)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.translate(0, 70)
        canvas.doForm("whole")
        canvas.restoreState()

    assert printed(draw([[TABLE]], extra=form)) == ["科目", "金额", "本页", "12.50"]


def test_a_label_cut_at_the_side_is_kept_whole() -> None:
    def label(canvas: Canvas) -> None:
        for n, character in enumerate("机关事业单位基本养老保险"):  # each a text of its own, the last ones wholly outside
            clipped(canvas, (LEFT, BOTTOM, 50, 30), 72, character, 42 + 6 * n)

    assert "机关事业单位基本养老保险" in "".join(printed(draw([[TABLE]], extra=label)))


def test_text_partly_within_its_clip_is_kept() -> None:
    def cut(canvas: Canvas) -> None:
        clipped(canvas, (LEFT, BOTTOM + 15, 80, 15), 72, "本页")

    assert printed(draw([[TABLE]], extra=cut)) == ["科目", "金额", "本页", "12.50"]


@pytest.mark.parametrize(("edge", "read"), [(63.5, "1.20"), (67.0, "")])
@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90), Hand(rotate=180), Hand(sideways=True)])
def test_a_line_that_the_page_cuts_is_read_where_more_of_it_is_shown(hand: Hand, edge: float, read: str) -> None:
    """Its characters are texts of their own; the point stands wholly below the page's edge, or wholly above it overleaf."""
    def line(canvas: Canvas) -> None:
        for n, character in enumerate("1.20"):
            clipped(canvas, (0, edge, 240, 300), 62, character, 42 + 5 * n)

    assert printed(draw([[TABLE]], hand, extra=line)) == ["科目", "金额", read, "12.50"]


def test_the_other_half_of_a_cut_line_is_not_read_where_nothing_clips_it() -> None:
    def overleaf(canvas: Canvas) -> None:
        for n, character in enumerate("120"):
            clipped(canvas, (0, 0, 240, 129.5), 128, character, 42 + 5 * n)
        text(canvas, 47, 128, "，", 9)

    assert printed(draw([[TABLE]], extra=overleaf)) == ["科目", "金额", "", "12.50"]


def test_digits_that_no_eye_can_see_are_counted() -> None:
    """Every digit of the text layer stands in a cell, or in a line, or is reported as hidden."""

    def unseen(canvas: Canvas) -> None:
        clipped(canvas, (LEFT, BOTTOM, 80, 30), 106, "2026")
        line = canvas.beginText(42, 72)
        line.setTextRenderMode(3)
        line.setFont("Helvetica", 9)
        line.textOut("34")
        canvas.drawText(line)
        text(canvas, -200, 72, "5", 9)

    data = draw([[TABLE]], extra=unseen)
    (page,) = read_pdf(data, sha256="0" * 64, n_bytes=len(data)).pages
    assert (page.digits_seen, page.digits_kept, page.digits_hidden) == (4, 4, 7)


def test_rules_that_begin_on_the_page_before_part_the_first_row() -> None:
    """Sides of a whole table, and of a row that began overleaf, reach far above the page."""
    def rules(canvas: Canvas) -> None:
        for x, top in ((40, 2000.0), (140, 330.0), (240, 2000.0)):
            canvas.line(x, 200, x, top)
        for y in (200, 230, 260):
            canvas.line(40, y, 240, y)
        for y, row in ((275, ("公用经费", "3.50")), (240, ("合计", "9.00")), (210, ("其中", "1.00"))):
            for x, cell in zip((43, 143), row, strict=True):
                text(canvas, x, y, cell, 9)

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(300, 300))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    rules(canvas)
    canvas.showPage()
    canvas.save()
    assert printed(out.getvalue()) == ["公用经费", "3.50", "合计", "9.00", "其中", "1.00"]


def test_rules_are_clipped_with_their_text() -> None:
    """A table drawn whole on a page that shows its first rows."""
    table = simple_table([["科目", "金额"], *([f"第{n}行", f"{n}.50"] for n in range(6))])

    def whole(canvas: Canvas) -> None:
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(0, 70, 300, 400)
        canvas.clipPath(path, stroke=0, fill=0)
        for n in range(8):
            canvas.line(40, 160 - 18 * n, 240, 160 - 18 * n)
        for x in (40, 140, 240):
            canvas.line(x, 160, x, 160 - 18 * 7)
        for n, cell in enumerate(table.cells):
            text(canvas, 43 + 100 * (n % 2), 148 - 18 * (n // 2), cell.text, 9)
        canvas.restoreState()

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(300, 300))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    whole(canvas)
    canvas.showPage()
    canvas.save()
    (found,) = read_pdf(out.getvalue(), sha256="0" * 64, n_bytes=1).tables
    assert [c.text for c in found.cells] == ["科目", "金额", *(s for n in range(4) for s in (f"第{n}行", f"{n}.50"))]
