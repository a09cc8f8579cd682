"""Ruled pages: the grid that is read is the grid that was drawn, in whatever hand."""

from __future__ import annotations

from hashlib import sha256

import pytest
from drawn_tables import SONG, STYLES, DrawnCell, DrawnTable, Hand, draw, simple_table, text, text_width
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document, RawTable
from pipelines.read.pdf.reader import read_pdf

BUDGET = DrawnTable(
    (60, 90, 70, 70, 70), (16, 16, 18, 18, 18, 30),
    (
        DrawnCell(0, 0, "科目编码", 2, 1), DrawnCell(0, 1, "科目名称", 2, 1), DrawnCell(0, 2, "预算数", 1, 3, "centre"),
        DrawnCell(1, 2, "小计"), DrawnCell(1, 3, "基本支出"), DrawnCell(1, 4, "项目支出"),
        DrawnCell(2, 0, "201"), DrawnCell(2, 1, "一般公共服务支出"),
        DrawnCell(2, 2, "1,234.56", align="right"), DrawnCell(2, 3, "1,000.00", align="right"), DrawnCell(2, 4, "234.56", align="right"),
        DrawnCell(3, 0, "20103"), DrawnCell(3, 1, "政府办公厅"), DrawnCell(3, 2, "1,234.56", align="right"),
        DrawnCell(3, 3), DrawnCell(3, 4),
        DrawnCell(4, 0, "2010301"), DrawnCell(4, 1, "行政运行"), DrawnCell(4, 2, "1,234.56", align="right"), DrawnCell(4, 3),
        DrawnCell(4, 4, "0.00", align="right"),
        DrawnCell(5, 0, "合计", 1, 2, "centre"), DrawnCell(5, 2, "9.99", align="right"), DrawnCell(5, 3, "", 1, 2),
    ),
)


def read(data: bytes) -> Document:
    return read_pdf(data, sha256=sha256(data).hexdigest(), n_bytes=len(data))


def grid(table: RawTable) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells}


@pytest.mark.parametrize("style", STYLES)
def test_the_hand_in_which_rules_are_drawn_does_not_matter(style: str) -> None:
    document = read(draw([[BUDGET, BUDGET]], Hand(style), above="部门支出总表"))
    assert [grid(t) for t in document.tables] == [BUDGET.grid, BUDGET.grid]
    assert [p.path for p in document.pages] == ["ruled"]


@pytest.mark.parametrize("sideways", [False, True])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pages_read_like_upright_ones(rotate: int, sideways: bool) -> None:
    """/Rotate that shows the page upright, and text drawn sideways on the page as shown."""
    document = read(draw([[BUDGET]], Hand(rotate=rotate, sideways=sideways), above="部门支出总表"))
    assert [grid(t) for t in document.tables] == [BUDGET.grid]
    assert [line.text for line in document.lines] == ["部门支出总表"]
    assert document.order == (0, -1)  # the title before its table, as one reads
    page, box = document.pages[0], document.tables[0].box
    assert box is not None
    assert page.rotation == rotate
    assert 0 < box[0] < box[2] < (page.width or 0)
    assert 0 < box[1] < box[3] < (page.height or 0)


def test_boxes_are_points_from_the_top_left_of_what_the_crop_box_shows() -> None:
    plain = read(draw([[BUDGET]])).tables[0]
    moved = read(draw([[BUDGET]], Hand(origin=(100, -50), crop=20))).tables[0]
    assert [c.box for c in moved.cells] == [c.box for c in plain.cells]
    first = next(c for c in plain.cells if (c.row, c.column) == (2, 0))
    assert first.box == pytest.approx((40, 40 + 20 + 32, 100, 40 + 20 + 32 + 18), abs=0.6)
    assert first.page == 1


def test_merged_cells_stand_once_with_spans() -> None:
    table = read(draw([[BUDGET]])).tables[0]
    squares = [(r, c) for cell in table.cells for r in range(cell.row, cell.row + cell.row_span)
               for c in range(cell.column, cell.column + cell.column_span)]
    assert sorted(squares) == [(r, c) for r in range(table.n_rows) for c in range(table.n_columns)]


def test_one_row_is_a_table() -> None:
    document = read(draw([[simple_table([["30312", "提租补贴", "1,018.01"]])]]))
    assert [[c.text for c in t.cells] for t in document.tables] == [["30312", "提租补贴", "1,018.01"]]


def test_a_nearly_empty_table_is_kept() -> None:
    rows = [["科目编码", "科目名称", "合计"], *[["", "", ""]] * 9]
    document = read(draw([[simple_table(rows)]], above="政府性基金预算支出表"))
    assert [(t.n_rows, t.n_columns) for t in document.tables] == [(10, 3)]


def test_a_frame_around_text_is_no_table() -> None:
    document = read(draw([[simple_table([["本表为空表。"]], width=200)]]))
    assert document.tables == ()
    assert [line.text for line in document.lines] == ["本表为空表。"]


def test_two_tables_side_by_side_are_two() -> None:
    def second(canvas: Canvas) -> None:
        for x in (300, 350, 400):
            canvas.line(x, 60, x, 100)
        for y in (60, 80, 100):
            canvas.line(300, y, 400, y)
        text(canvas, 303, 86, "项目", 9)
        text(canvas, 353, 86, "7.50", 9)

    wide = DrawnTable((80, 80), (20, 20, 20), simple_table([["科目", "金额"], ["办公费", "1.00"], ["合计", "1.00"]]).cells)
    document = read(draw([[wide, DrawnTable((400.0,), (18.0,), (DrawnCell(0, 0, "说明"),))]], extra=second))
    assert sorted(t.n_rows for t in document.tables) == [2, 3]


def test_white_rules_on_white_paper_are_not_seen() -> None:
    def white(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(1, 1, 1)
        canvas.line(80, 20, 80, 200)

    table = simple_table([["科目", "金额"], ["办公费", "12.50"]])
    assert [grid(t) for t in read(draw([[table]], extra=white)).tables] == [table.grid]


def test_every_digit_is_accounted_for() -> None:
    page = read(draw([[BUDGET]], above="2026年")).pages[0]
    printed = sum(ch.isdigit() for cell in BUDGET.cells for ch in cell.text)
    assert (page.digits_seen, page.digits_kept, page.digits_extra) == (printed, printed, 0)


def test_single_characters_in_a_font_that_is_not_embedded_are_kept() -> None:
    table = simple_table([["类", "款", "项"], ["201", "03", "01"]], width=40)
    assert SONG in draw([[table]]).decode("latin-1")
    assert [grid(t) for t in read(draw([[table]], Hand(rotate=90))).tables] == [table.grid]


def test_headers_written_upwards_are_read_upwards() -> None:
    def upwards(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(55, 45)
        canvas.rotate(90)
        text(canvas, 0, 0, "基本支出", 9)
        canvas.restoreState()

    table = DrawnTable((30, 60), (60, 18), (DrawnCell(0, 0), DrawnCell(0, 1, "金额"), DrawnCell(1, 0, "1"), DrawnCell(1, 1, "2.00")))
    cells = read(draw([[table]], extra=lambda c: (c.translate(0, 30), upwards(c))[0])).tables[0].cells
    assert cells[0].text == "基本支出"


def test_a_watermark_across_the_page_is_no_part_of_any_cell() -> None:
    def watermark(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(60, 40)
        canvas.rotate(40)
        text(canvas, 0, 0, "仅供内部参考2026", 24)
        canvas.restoreState()

    document = read(draw([[BUDGET]], above="部门支出总表", extra=watermark))
    assert [grid(t) for t in document.tables] == [BUDGET.grid]
    assert {(line.text, line.role) for line in document.lines} == {("部门支出总表", "text"), ("仅供内部参考2026", "header")}


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    def again(canvas: Canvas) -> None:
        text(canvas, 40 + 2.5 + 0.4, 65.85, "办公费", 9)
        text(canvas, 120 + 80 - 2.5 - text_width("12.50", 9) + 0.4, 65.85, "12.50", 9)

    table = simple_table([["科目", "金额"], ["办公费", "12.50"]])
    assert [grid(t) for t in read(draw([[table]], extra=again)).tables] == [table.grid]


def test_a_table_within_a_cell_of_another_keeps_its_own_cells() -> None:
    def inner(canvas: Canvas) -> None:
        for x in (60, 100, 140):
            canvas.line(x, 70, x, 110)
        for y in (70, 90, 110):
            canvas.line(60, y, 140, y)
        for n, (left, right) in enumerate([("项", "额"), ("一", "1.00")]):
            text(canvas, 63, 96 - 20 * n, left, 9)
            text(canvas, 103, 96 - 20 * n, right, 9)

    outer = DrawnTable((140, 60), (20, 80), (DrawnCell(0, 0, "明细"), DrawnCell(0, 1, "合计"), DrawnCell(1, 0), DrawnCell(1, 1, "1.00")))
    tables = read(draw([[outer]], extra=inner)).tables
    assert [{c.text for c in t.cells} for t in tables] == [{"明细", "合计", "", "1.00"}, {"项", "额", "一", "1.00"}]


def test_rows_without_rules_between_them_are_parted_where_the_figures_are() -> None:
    cells = (
        DrawnCell(0, 0, "科目"), DrawnCell(0, 1, "名称"), DrawnCell(0, 2, "合计"), DrawnCell(0, 3, "基本支出"),
        DrawnCell(1, 0, "201\n20103\n2010301"), DrawnCell(1, 1, "一般公共服务\n政府办公厅\n行政运行"),
        DrawnCell(1, 2, "1,234.56\n1,234.56\n1,200.00"), DrawnCell(1, 3, "34.56\n34.56\n0.00"),
    )
    table = read(draw([[DrawnTable((60, 80, 80, 80), (18, 60), cells)]])).tables[0]
    rows = [[c.text for c in table.cells if c.row == n] for n in range(table.n_rows)]
    assert rows == [
        ["科目", "名称", "合计", "基本支出"],
        ["201", "一般公共服务", "1,234.56", "34.56"], ["20103", "政府办公厅", "1,234.56", "34.56"],
        ["2010301", "行政运行", "1,200.00", "0.00"],
    ]
    assert table.confidence < 1
    assert table.note


def test_figures_broken_over_lines_do_not_part_rows() -> None:
    cells = (DrawnCell(0, 0, "合计"), DrawnCell(0, 1, "基本支出"), DrawnCell(1, 0, "18,536.8\n8"), DrawnCell(1, 1, "15,325.3\n8"))
    table = read(draw([[DrawnTable((45, 45), (18, 40), cells)]])).tables[0]
    assert [c.text for c in table.cells] == ["合计", "基本支出", "18,536.88", "15,325.38"]
    assert table.confidence == 1


def test_hatching_is_no_table() -> None:
    def hatching(canvas: Canvas) -> None:
        canvas.setLineWidth(0.1)
        for n in range(180):
            canvas.line(40 + 4 * n, 20, 40 + 4 * n, 20 + 4 * 179)
            canvas.line(40, 20 + 4 * n, 40 + 4 * 179, 20 + 4 * n)

    wide = DrawnTable((700.0,), (700.0,), (DrawnCell(0, 0, "示意图"),))
    document = read(draw([[wide]], extra=hatching))
    assert document.tables == ()
    assert [line.text for line in document.lines] == ["示意图"]
