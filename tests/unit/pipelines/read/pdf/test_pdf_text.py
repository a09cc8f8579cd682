"""Text in cells: what was broken is joined, what is apart stays apart, what overflows goes home."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_tables import DrawnCell, DrawnTable, draw, simple_table, text, text_width
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Cell
from pipelines.read.pdf.reader import read_pdf

FONT = Path(__file__).parents[4] / "samples" / "fonts" / "NotoSansSC-samples.ttf"
SECOND_ROW = 66.0  # baseline in the second of two rows 18 points high


def cells_of(table: DrawnTable, extra: object = None) -> dict[tuple[int, int], Cell]:
    document = read_pdf(draw([[table]], extra=extra), sha256="0" * 64, n_bytes=1)  # type: ignore[arg-type]
    return {(c.row, c.column): c for c in document.tables[0].cells}


def one(printed: str, width: float) -> Cell:
    """How a cell of this width reads."""
    other = [DrawnCell(0, 1, "科目"), DrawnCell(1, 0), DrawnCell(1, 1)]
    return cells_of(DrawnTable((width, 60), (40, 20), (DrawnCell(0, 0, printed), *other)))[0, 0]


@pytest.mark.parametrize(("printed", "width", "expected"), [
    ("2010\n301", 25, "2010301"),
    ("1,234,5\n67.89", 42, "1,234,567.89"),
    ("18,536.8\n8", 60, "18,536.88"),
    ("1682.7\n6", 60, "1682.76"),
    ("6 6 , 3 0 7 . 9 8", 70, "66,307.98"),
    ("机关事业单\n位基本养老\n保险缴费", 52, "机关事业单位基本养老保险缴费"),
    ("Windows\nServer", 60, "Windows Server"),
    ("完成率\n100%", 60, "完成率100%"),
    ("2022.1.1-\n2023.12.30", 70, "2022.1.1-2023.12.30"),
    ("共计12\n34.56万元", 80, "共计12 34.56万元"),
])
def test_what_was_broken_is_joined(printed: str, width: float, expected: str) -> None:
    assert one(printed, width).text == expected


@pytest.mark.parametrize("printed", ["12.00\n34.00", "100\n200", "100 200", "12.00 34.00"])
def test_two_figures_in_one_cell_stay_two(printed: str) -> None:
    assert one(printed, 90).text == printed.replace("\n", " ")


def test_a_joined_figure_keeps_how_it_was_printed() -> None:
    assert one("2010\n301", 25).original == "2010 301"
    assert one("2010301", 60).original is None


def test_a_long_name_printed_over_the_next_number_goes_to_its_own_cell() -> None:
    def overflow(canvas: Canvas) -> None:
        text(canvas, 42, SECOND_ROW, "其中：专项资金列入部门预算的项目", 9)

    table = DrawnTable((130, 60), (18, 18), (DrawnCell(0, 0, "科目"), DrawnCell(0, 1, "金额"), DrawnCell(1, 0), DrawnCell(1, 1, "0.00")))
    cells = cells_of(table, overflow)
    assert (cells[1, 0].text, cells[1, 1].text) == ("其中：专项资金列入部门预算的项目", "0.00")


def test_a_number_that_sticks_out_over_a_rule_is_not_cut() -> None:
    def number(canvas: Canvas) -> None:
        text(canvas, 120 - text_width("1,234,567.89", 9) + 4, SECOND_ROW, "1,234,567.89", 9)

    table = DrawnTable((40, 40, 40), (18, 18), tuple(DrawnCell(r, c, "科目" if r == 0 else "") for r in range(2) for c in range(3)))
    cells = cells_of(table, number)
    assert [cells[1, c].text for c in range(3)] == ["", "1,234,567.89", ""]


def test_numbers_straight_against_the_next_cells_text_are_cut_at_the_rule() -> None:
    def row(canvas: Canvas) -> None:
        text(canvas, 80 - text_width("201", 9) - 0.2, SECOND_ROW, "201", 9)
        text(canvas, 80.2, SECOND_ROW, "一般公共服务", 9)
        text(canvas, 180 - text_width("1.00", 9) - 0.2, SECOND_ROW, "1.00", 9)
        text(canvas, 180.2, SECOND_ROW, "234.50", 9)

    table = DrawnTable((40, 60, 40, 60), (18, 18), tuple(DrawnCell(r, c, "科目" if r == 0 else "") for r in range(2) for c in range(4)))
    cells = cells_of(table, row)
    assert [cells[1, c].text for c in range(4)] == ["201", "一般公共服务", "1.00", "234.50"]


@pytest.mark.parametrize(("at", "cut"), [(103.0, True), (90.0, False), (140.0, False)])
def test_an_amount_and_a_bracket_that_hangs_over_the_rule_are_two(at: float, cut: bool) -> None:
    """Set as one text over two cells; the bracket's empty half stands left of the rule."""
    def row(canvas: Canvas) -> None:
        pdfmetrics.registerFont(TTFont("Embedded", str(FONT)))
        canvas.setFont("Embedded", 9)
        canvas.drawString(at - pdfmetrics.stringWidth("1053.06", "Embedded", 9), SECOND_ROW, "1053.06（一）教育支出")

    table = DrawnTable((65, 95), (18, 18), tuple(DrawnCell(r, c, "总计" if r == 0 else "") for r in range(2) for c in range(2)))
    cells = cells_of(table, row)
    texts = [cells[1, c].text for c in range(2)]
    assert (texts == ["1053.06", "（一）教育支出"]) is cut


def test_two_amounts_without_any_gap_between_their_cells_stay_two() -> None:
    def row(canvas: Canvas) -> None:
        end = 101.35
        text(canvas, end - text_width("174,900.64", 9), SECOND_ROW, "174,900.64", 9)
        text(canvas, end, SECOND_ROW, "41,534.73", 9)

    table = DrawnTable((60, 60), (18, 18), tuple(DrawnCell(r, c, "总计" if r == 0 else "") for r in range(2) for c in range(2)))
    cells = cells_of(table, row)
    assert [cells[1, c].text for c in range(2)] == ["174,900.64", "41,534.73"]


def test_text_that_touches_the_outer_rule_belongs_to_the_table() -> None:
    table = simple_table([["科目", "金额"], ["办公费", ""]])

    def number(canvas: Canvas) -> None:
        text(canvas, 200 - text_width("12.50", 9) + 1.5, SECOND_ROW, "12.50", 9)

    assert cells_of(table, number)[1, 1].text == "12.50"
