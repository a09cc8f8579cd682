"""Faint ink: watermarks behind a table and figures hidden in white are no part of its cells; white on colour is."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from drawn_tables import SONG, Hand, draw, simple_table, text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document
from pipelines.read.pdf.reader import read_pdf

ROWS = [["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "1,234.56"], ["208", "社会保障支出", "88.10"], ["", "", "0.50"]]
TABLE = simple_table(ROWS, width=100)
HEIGHT = 4 * 18 + 120  # of the page; the table's top left is at 40, HEIGHT - 60


def read(data: bytes) -> Document:
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data))


def grid(document: Document) -> set[tuple[int, int, int, int, str]]:
    (table,) = document.tables
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells}


def large_and_level(canvas: Canvas) -> None:
    canvas.setFillGray(0.85)
    text(canvas, 45, 90, "某局公开2026", 40)


def small_and_tiled(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 0.8, 0.8)
    for y in (70, 88, 106, 124):
        for x in (42, 150, 250):
            text(canvas, x, y, "内部2026", 11)


def shining_through(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.2)
    text(canvas, 45, 90, "某局公开2026", 40)


@pytest.mark.parametrize("behind", [large_and_level, small_and_tiled, shining_through])
@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90)])
def test_pale_text_behind_a_table_is_no_part_of_its_cells(behind: Callable[[Canvas], None], hand: Hand) -> None:
    document = read(draw([[TABLE]], hand, above="部门支出总表", extra=behind))
    assert grid(document) == TABLE.grid
    mark, title = document.lines
    assert (mark.role, title.text) == ("header", "部门支出总表")


def test_figures_with_a_shadow_are_read_once() -> None:
    """The shadow is drawn first: of two equal characters nearly at one place pdfium keeps the first."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(380, 200))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    for y in (160, 140, 120, 100):
        canvas.line(40, y, 340, y)
    for x in (40, 140, 240, 340):
        canvas.line(x, 160, x, 100)
    for grey, away in ((0.7, 0.8), (0.0, 0.0)):
        canvas.setFillGray(grey)
        for r, row in enumerate(ROWS[:3]):
            for c, string in enumerate(row):
                text(canvas, 43 + 100 * c + away, 146 - 20 * r - away, string, 9)
    canvas.showPage()
    canvas.save()
    assert {(r, c, string) for r, c, _, _, string in grid(read(out.getvalue()))} == {
        (r, c, string) for r, row in enumerate(ROWS[:3]) for c, string in enumerate(row)
    }


def test_pale_text_with_nothing_over_it_is_text() -> None:
    def pale(canvas: Canvas) -> None:
        canvas.setFillGray(0.75)
        text(canvas, 40, 20, "单位：万元", 9)

    assert [line.text for line in read(draw([[TABLE]], extra=pale)).lines] == ["单位：万元"]


def zeros(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    text(canvas, 45, HEIGHT - 60 - 3 * 18 - 12, "999", 9)
    text(canvas, 160, HEIGHT - 60 - 3 * 18 - 12, "0.00", 9)


def test_white_text_on_white_paper_is_left_out_and_counted() -> None:
    document = read(draw([[TABLE]], extra=zeros))
    assert grid(document) == TABLE.grid
    assert document.pages[0].digits_hidden == 6


def test_white_text_is_read_where_it_can_be_seen() -> None:
    def on_colour(canvas: Canvas) -> None:
        """The colour below is a stroke as broad as the row: no area that could be recognised as one."""
        canvas.setStrokeColorRGB(0.1, 0.3, 0.6)
        canvas.setLineWidth(16)
        canvas.line(41, HEIGHT - 60 - 3 * 18 - 9, 239, HEIGHT - 60 - 3 * 18 - 9)
        zeros(canvas)

    texts = {cell.text for table in read(draw([[TABLE]], extra=on_colour)).tables for cell in table.cells}
    assert {"999", "0.00"} <= texts
