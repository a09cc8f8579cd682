"""Tables in hands that no page of the samples has: what office programs, web exports and typesetters make of rules and headers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from drawn_tables import SONG, text, text_width
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from scanned_pages import picture_of, place

from pipelines.read.document import Document
from pipelines.read.pdf.reader import read_pdf

ROWS = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["201", "一般公共服务支出", "1,234.56", "1,000.00", "234.56"],
    ["20103", "政府办公厅（室）及相关机构事务", "999.99", "900.00", "99.99"], ["208", "社会保障和就业支出", "88.10", "88.10", ""],
    ["", "合计", "1,322.66", "1,088.10", "234.56"],
]
X = [60, 130, 280, 360, 440, 520]
TOP, HIGH, HEADER = 500.0, 22.0, 70.0
Y = [TOP - HIGH * n for n in range(len(ROWS) + 1)]
Painter = Callable[[Canvas], None]


def page(paint: Painter) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    text(canvas, 60, TOP + 100, "部门支出总表", 12)
    canvas.setLineWidth(0.5)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Document:
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data))


def cells(rows: Sequence[Sequence[str]]) -> set[tuple[int, int, str]]:
    return {(r, c, string) for r, row in enumerate(rows) for c, string in enumerate(row) if string}


def rules(canvas: Canvas, xs: Sequence[float] = X, ys: Sequence[float] = Y) -> None:
    for y in ys:
        canvas.line(X[0], y, X[-1], y)
    for x in xs:
        canvas.line(x, Y[0], x, Y[-1])


def print_rows(canvas: Canvas, rows: Sequence[Sequence[str]] = ROWS, apart: str = "") -> None:
    """`apart` is set after every character of a cell, as a text of its own."""
    for r, row in enumerate(rows):
        for c, string in enumerate(row):
            x = X[c + 1] - 4 - text_width(string, 9) if c > 1 and string[:1].isdigit() else X[c] + 4.0
            for piece in string if apart else [string]:
                text(canvas, x, Y[r + 1] + 7, piece + apart, 9)
                x += text_width(piece, 9)


def inner_rules_only(canvas: Canvas) -> None:
    rules(canvas, X[1:-1], Y[1:-1])
    print_rows(canvas)


def outer_rules_double(canvas: Canvas) -> None:
    rules(canvas)
    canvas.rect(X[0] - 1.5, Y[-1] - 1.5, X[-1] - X[0] + 3, Y[0] - Y[-1] + 3)
    print_rows(canvas)


def round_corners(canvas: Canvas) -> None:
    rules(canvas, X[1:-1], Y[1:-1])
    canvas.roundRect(X[0], Y[-1], X[-1] - X[0], Y[0] - Y[-1], 6)
    print_rows(canvas)


def white_header_on_colour(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.3, 0.6)
    canvas.rect(X[0], Y[1], X[-1] - X[0], HIGH, stroke=0, fill=1)
    canvas.setStrokeColorRGB(1, 1, 1)
    for x in X:
        canvas.line(x, Y[0], x, Y[1])
    canvas.setStrokeColorRGB(0.6, 0.6, 0.6)
    rules(canvas, [], Y[1:])
    for x in X:
        canvas.line(x, Y[1], x, Y[-1])
    canvas.setFillColorRGB(1, 1, 1)
    print_rows(canvas, ROWS[:1])
    canvas.setFillColorRGB(0, 0, 0)
    print_rows(canvas, [[""] * 5, *ROWS[1:]])


def rules_of_dots(canvas: Canvas) -> None:
    for n in range(307):
        for y in Y:
            canvas.rect(X[0] + 1.5 * n, y, 0.5, 0.5, stroke=0, fill=1)
    for n in range(74):
        for x in X:
            canvas.rect(x, Y[-1] + 1.5 * n, 0.5, 0.5, stroke=0, fill=1)
    print_rows(canvas)


def grey_hairlines(canvas: Canvas) -> None:
    canvas.setStrokeColorRGB(0.85, 0.85, 0.85)
    canvas.setLineWidth(0)
    rules(canvas)
    print_rows(canvas)


def every_character_a_text_with_a_blank(canvas: Canvas) -> None:
    rules(canvas)
    print_rows(canvas, apart=" ")


def blanks_within_numbers(canvas: Canvas) -> None:
    rules(canvas)
    print_rows(canvas, [[" ".join(s) if s[:1].isdigit() else s for s in row] for row in ROWS])


def header_one_character_a_line(canvas: Canvas) -> None:
    rules(canvas, ys=[TOP + HEADER, *Y[1:]])
    for x in X:
        canvas.line(x, TOP, x, TOP + HEADER)
    for c, string in enumerate(ROWS[0]):
        for n, character in enumerate(string):
            text(canvas, (X[c] + X[c + 1]) / 2 - 4.5, TOP + HEADER - 12 - 11 * n, character, 9)
    print_rows(canvas, [[""] * 5, *ROWS[1:]])


def header_turned_by_90_degrees(canvas: Canvas) -> None:
    rules(canvas, ys=[TOP + HEADER, *Y[1:]])
    for x in X:
        canvas.line(x, TOP, x, TOP + HEADER)
    for c, string in enumerate(ROWS[0]):
        canvas.saveState()
        canvas.translate((X[c] + X[c + 1]) / 2 + 4, TOP + 8)
        canvas.rotate(90)
        text(canvas, 0, 0, string, 9)
        canvas.restoreState()
    print_rows(canvas, [[""] * 5, *ROWS[1:]])


@pytest.mark.parametrize("paint", [
    inner_rules_only, outer_rules_double, round_corners, white_header_on_colour, rules_of_dots, grey_hairlines,
    every_character_a_text_with_a_blank, blanks_within_numbers, header_one_character_a_line, header_turned_by_90_degrees,
])
def test_a_table_in_another_hand_keeps_its_cells(paint: Painter) -> None:
    document = read(page(paint))
    (table,) = document.tables
    assert document.pages[0].path == "ruled"
    assert {(c.row, c.column, c.text) for c in table.cells if c.text} == cells(ROWS)


def cells_as_tinted_boxes(canvas: Canvas) -> None:
    for r in range(len(ROWS)):
        for c in range(5):
            canvas.setFillColorRGB(*(0.8, 0.85, 0.95) if r == 0 else (0.93, 0.93, 0.93))
            canvas.rect(X[c] + 0.5, Y[r + 1] + 0.5, X[c + 1] - X[c] - 1, HIGH - 1, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    print_rows(canvas)


def white_cells_on_black(canvas: Canvas) -> None:
    canvas.rect(X[0] - 0.5, Y[-1] - 0.5, X[-1] - X[0] + 1, Y[0] - Y[-1] + 1, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    for r in range(len(ROWS)):
        for c in range(5):
            canvas.rect(X[c] + 0.4, Y[r + 1] + 0.4, X[c + 1] - X[c] - 0.8, HIGH - 0.8, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    print_rows(canvas)


@pytest.mark.parametrize("paint", [cells_as_tinted_boxes, white_cells_on_black])
def test_a_table_without_any_rule_is_read_by_alignment_and_less_surely(paint: Painter) -> None:
    document = read(page(paint))
    (table,) = document.tables
    assert (table.method, table.confidence < 1) == ("alignment", True)
    assert {(c.row, c.column, c.text) for c in table.cells if c.text} == cells(ROWS)


def test_the_invisible_text_of_a_searchable_scan_is_not_read_as_the_page() -> None:
    """Somebody else's recognition lies under the picture: the page is left to our own, which knows how sure it is."""
    picture = picture_of(page(outer_rules_double), dpi=72)

    def searchable(canvas: Canvas) -> None:
        place(canvas, picture, 0, 0, 595, 842)
        layer = canvas.beginText(60, 400)
        layer.setTextRenderMode(3)
        layer.setFont("Helvetica", 9)
        for _ in range(20):
            layer.textLine("8888.88 9999.99")
        canvas.drawText(layer)

    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    searchable(canvas)
    canvas.showPage()
    canvas.save()
    (one,) = read(out.getvalue()).pages
    assert (one.path, read(out.getvalue()).tables) == ("scanned", ())
