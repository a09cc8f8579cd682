"""Tables in hands that no page of the samples has: what office programs, web exports and typesetters make of rules and headers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from drawn_tables import SONG, text, text_width
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from scanned_pages import picture_of, place

from pipelines.read.document import Document
from pipelines.read.pdf.reader import read_pdf
from pipelines.read.pdf.sample import NO_TABLE

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


def rules_as_pictures_of_a_dot(canvas: Canvas) -> None:
    dot = ImageReader(Image.new("RGB", (1, 1)))
    for y in Y:
        canvas.drawImage(dot, X[0], y - 0.3, X[-1] - X[0], 0.6)
    for x in X:
        canvas.drawImage(dot, x - 0.3, Y[-1], 0.6, Y[0] - Y[-1])
    print_rows(canvas)


def filled_frames(canvas: Canvas) -> None:
    """As browsers draw borders: of each cell one path of two rectangles, the space between them filled."""
    for r in range(len(ROWS)):
        for c in range(5):
            path = canvas.beginPath()
            path.rect(X[c], Y[r + 1], X[c + 1] - X[c], HIGH)
            path.rect(X[c] + 0.6, Y[r + 1] + 0.6, X[c + 1] - X[c] - 1.2, HIGH - 1.2)
            canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    print_rows(canvas)


def filled_frames_of_two_sides(canvas: Canvas) -> None:
    """As browsers draw cells with a border below and at the right only: the inner rectangle first, which shares a corner with the outer."""
    for r in range(len(ROWS)):
        for c in range(5):
            path = canvas.beginPath()
            path.rect(X[c], Y[r + 1] + 0.6, X[c + 1] - X[c] - 0.6, HIGH - 0.6)
            path.rect(X[c], Y[r + 1], X[c + 1] - X[c], HIGH)
            canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    canvas.rect(X[0], Y[0] - 0.6, X[-1] - X[0], 0.6, stroke=0, fill=1)
    canvas.rect(X[0], Y[-1], 0.6, Y[0] - Y[-1], stroke=0, fill=1)
    print_rows(canvas)


def bars_of_five_points(canvas: Canvas) -> None:
    for y in Y:
        canvas.rect(X[0] - 2.5, y - 2.5, X[-1] - X[0] + 5, 5, stroke=0, fill=1)
    for x in X:
        canvas.rect(x - 2.5, Y[-1] - 2.5, 5, Y[0] - Y[-1] + 5, stroke=0, fill=1)
    print_rows(canvas)


def cells_hardly_apart(canvas: Canvas) -> None:
    for r in range(len(ROWS)):
        for c in range(5):
            canvas.rect(X[c] + 1.4, Y[r + 1] + 1.4, X[c + 1] - X[c] - 2.8, HIGH - 2.8)
    print_rows(canvas)


def double_borders_of_each_cell(canvas: Canvas) -> None:
    for r in range(len(ROWS)):
        for c in range(5):
            for off in (0.4, 1.7):
                canvas.rect(X[c] + off, Y[r + 1] + off, X[c + 1] - X[c] - 2 * off, HIGH - 2 * off)
    print_rows(canvas)


def cells_with_round_corners(canvas: Canvas) -> None:
    for r in range(len(ROWS)):
        for c in range(5):
            canvas.roundRect(X[c], Y[r + 1], X[c + 1] - X[c], HIGH, 1.2)
    print_rows(canvas)


def rules_as_flat_curves(canvas: Canvas) -> None:
    for y in Y:
        canvas.bezier(X[0], y, X[1], y, X[2], y, X[-1], y)
    for x in X:
        canvas.bezier(x, Y[0], x, Y[1], x, Y[2], x, Y[-1])
    print_rows(canvas)


def cells_set_apart(canvas: Canvas) -> None:
    for r in range(len(ROWS)):
        for c in range(5):
            canvas.rect(X[c] + 2, Y[r + 1] + 2, X[c + 1] - X[c] - 4, HIGH - 4)
    print_rows(canvas)


@pytest.mark.parametrize("paint", [
    rules_as_pictures_of_a_dot, filled_frames, filled_frames_of_two_sides, bars_of_five_points, cells_set_apart,
    cells_hardly_apart, double_borders_of_each_cell, cells_with_round_corners, rules_as_flat_curves,
])
def test_rules_that_are_no_lines_are_rules(paint: Painter) -> None:
    document = read(page(paint))
    (table,) = document.tables
    assert document.pages[0].path == "ruled"
    assert {(c.row, c.column, c.text) for c in table.cells if c.text} == cells(ROWS)


def test_rules_that_only_a_picture_shows_are_found_in_it_and_believed_less() -> None:
    """All rules of the table are one transparent picture; the text is text."""
    width, height = X[-1] - X[0], Y[0] - Y[-1]
    picture = Image.new("RGBA", (int(2 * width) + 2, int(2 * height) + 2))
    pen = ImageDraw.Draw(picture)
    for y in Y:
        pen.line([(0, 2 * (Y[0] - y)), (2 * width, 2 * (Y[0] - y))], fill=(0, 0, 0, 255))
    for x in X:
        pen.line([(2 * (x - X[0]), 0), (2 * (x - X[0]), 2 * height)], fill=(0, 0, 0, 255))

    def paint(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), X[0], Y[-1] - 1, width + 1, height + 1, mask="auto")
        print_rows(canvas)

    document = read(page(paint))
    (table,) = document.tables
    assert (table.confidence < 1, bool(table.note)) == (True, True)
    assert {(c.row, c.column, c.text) for c in table.cells if c.text} == cells(ROWS)


def test_a_page_of_amounts_on_which_no_table_is_found_says_so() -> None:
    def paint(canvas: Canvas) -> None:
        for n in range(8):
            for m in range(4):
                text(canvas, 60 + 100 * m + 17 * ((n + m) % 3), TOP - 20 * n, f"{n}{m}.50", 9)

    document = read(page(paint))
    assert (document.tables, document.pages[0].note) == ((), NO_TABLE)


def test_a_cell_written_downwards_in_two_columns_is_read_from_the_right() -> None:
    def paint(canvas: Canvas) -> None:
        xs, ys = [60, 110, 220], [TOP + 20, TOP, TOP - 60]
        for y in ys:
            canvas.line(xs[0], y, xs[-1], y)
        for x in xs:
            canvas.line(x, ys[0], x, ys[-1])
        text(canvas, 63, TOP + 6, "类别", 9)
        text(canvas, 113, TOP + 6, "金额", 9)
        text(canvas, 113, TOP - 30, "1.00", 9)
        for column, string in enumerate(("工资福利", "支出")):
            for n, character in enumerate(string):
                text(canvas, 88 - 14 * column, TOP - 14 - 12 * n, character, 9)

    (table,) = read(page(paint)).tables
    assert [c.text for c in table.cells] == ["类别", "金额", "工资福利支出", "1.00"]


@pytest.mark.parametrize(("left", "right"), [("2010302", "2025年项目"), ("345.67", "100%"), ("1,345.67", "8.5%")])
def test_figures_that_touch_at_a_rule_are_two(left: str, right: str) -> None:
    def paint(canvas: Canvas) -> None:
        xs = [60, 60 + text_width(left, 9) + 0.1, 200]
        for y in (TOP, TOP - 20):
            canvas.line(xs[0], y, xs[-1], y)
        for x in xs:
            canvas.line(x, TOP, x, TOP - 20)
        text(canvas, xs[0], TOP - 14, left, 9)
        text(canvas, xs[1], TOP - 14, right, 9)

    (table,) = read(page(paint)).tables
    assert [c.text for c in table.cells] == [left, right]


def header_of_two_levels(canvas: Canvas) -> None:
    """科目编码 to 合计 stand in the middle of both levels, 其中 above the last two columns."""
    for c, string in enumerate(ROWS[0]):
        text(canvas, (X[c] + X[c + 1]) / 2 - text_width(string, 9) / 2, TOP - 7 if c < 3 else TOP - 17, string, 9)
    text(canvas, (X[3] + X[5]) / 2 - 9, TOP + 3, "其中", 9)
    for r, row in enumerate(ROWS[1:] + ROWS[1:-1]):
        for c, string in enumerate(row):
            text(canvas, X[c + 1] - 4 - text_width(string, 9) if c > 1 else X[c] + 4, TOP - 40 - HIGH * r, string, 9)


def three_rules(canvas: Canvas) -> None:
    for y, width in ((TOP + 14, 1.5), (TOP - 22, 0.6), (TOP - 46 - 6 * HIGH, 1.5)):
        canvas.setLineWidth(width)
        canvas.line(X[0], y, X[-1], y)
    canvas.line(X[3] + 6, TOP - 4, X[-1], TOP - 4)  # below 其中
    header_of_two_levels(canvas)


def bands(canvas: Canvas) -> None:
    for n, (top, bottom) in enumerate([(TOP + 14, TOP - 22), *((TOP - 24 - HIGH * r, TOP - 24 - HIGH * (r + 1)) for r in range(7))]):
        canvas.setFillGray(0.75 if n == 0 else 0.94 if n % 2 else 1)
        canvas.rect(X[0], bottom, X[-1] - X[0], top - bottom, stroke=0, fill=1)
    canvas.setFillGray(0)
    header_of_two_levels(canvas)


@pytest.mark.parametrize("paint", [three_rules, bands, header_of_two_levels])
def test_a_header_of_two_levels_without_a_grid_is_read(paint: Painter) -> None:
    (table,) = read(page(paint)).tables
    assert table.method == "alignment"
    found = {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.row < 2}
    assert found == {
        (0, 0, 2, 1, "科目编码"), (0, 1, 2, 1, "科目名称"), (0, 2, 2, 1, "合计"), (0, 3, 1, 2, "其中"), (1, 3, 1, 1, "基本支出"),
        (1, 4, 1, 1, "项目支出"),
    }
