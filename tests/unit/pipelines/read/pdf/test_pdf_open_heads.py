"""Heads above a grid that has rules round its body only: they are the table's; titles and what follows a page break are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn_tables import DrawnCell, DrawnTable, Hand, draw, simple_table, text
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document, RawTable
from pipelines.read.pdf.open_heads import CONFIDENCE, NOTE
from pipelines.read.pdf.reader import read_pdf

HEAD = (
    DrawnCell(0, 0, "支出科目", 1, 2, "centre"), DrawnCell(0, 2, "合计", 2, 1, "centre"), DrawnCell(0, 3, "本年支出", 1, 2, "centre"),
    DrawnCell(1, 0, "功能分类\n科目编码", align="centre"), DrawnCell(1, 1, "科目名称", align="centre"),
    DrawnCell(1, 3, "基本支出", align="centre"), DrawnCell(1, 4, "项目支出", align="centre"),
)
BODY = [
    ("205", "教育支出", "61.40", "48.20", "13.20"), ("20502", "普通教育", "61.40", "48.20", "13.20"),
    ("2050202", "小学教育", "61.40", "48.20", "13.20"),
]


def body_cells(first: int) -> tuple[DrawnCell, ...]:
    return tuple(
        DrawnCell(first + r, c, value, align="right" if c > 1 else "left") for r, row in enumerate(BODY) for c, value in enumerate(row)
    )


TABLE = DrawnTable((60, 90, 60, 60, 60), (20, 30, 18, 18, 18), HEAD + body_cells(2))
JOINED = {(c.row, c.column, c.row_span, c.column_span, c.text.replace("\n", "")) for c in TABLE.cells}


def read(data: bytes) -> Document:
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data))


def grid(table: RawTable) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells}


@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90), Hand(sideways=True), Hand(scale=0.7)])
def test_heads_without_rules_stand_over_the_columns_of_the_grid(hand: Hand) -> None:
    document = read(draw([[TABLE]], hand, above="支出决算表  单位：万元", bare=2))
    (table,) = document.tables
    assert grid(table) == JOINED
    assert (table.confidence, table.note) == (CONFIDENCE, NOTE)
    assert "".join(line.text for line in document.lines).replace(" ", "") == "支出决算表单位：万元"


def test_the_same_with_rules_needs_no_note() -> None:
    (table,) = read(draw([[TABLE]])).tables
    assert (grid(table), table.confidence, table.note) == (JOINED, 1.0, None)


def test_column_numbers_are_a_row_of_the_header() -> None:
    numbers = tuple(DrawnCell(2, c, value, align="centre") for c, value in enumerate(("栏次", "", "1", "2", "3")))
    lower = tuple(replace(cell, row=cell.row + 1) for cell in TABLE.cells if cell.row > 1)
    numbered = DrawnTable(TABLE.widths, (20, 30, 18, 18, 18, 18), (*HEAD, *numbers, *lower))
    (table,) = read(draw([[numbered]], bare=3)).tables
    assert grid(table) == {(c.row, c.column, c.row_span, c.column_span, c.text.replace("\n", "")) for c in numbered.cells}


def test_heads_show_a_column_that_merged_cells_hide() -> None:
    amounts = ("9.30", "7.10", "2.20")
    total = (DrawnCell(2, 0, "合计", 1, 2, "centre"), *(DrawnCell(2, c, value, align="right") for c, value in enumerate(amounts, 2)))
    (table,) = read(draw([[DrawnTable(TABLE.widths, (20, 30, 18), (*HEAD, *total))]], bare=2)).tables
    assert (2, 0, 1, 2, "合计") in grid(table)
    assert {(1, 0, 1, 1, "功能分类科目编码"), (1, 1, 1, 1, "科目名称")} <= grid(table)


@pytest.mark.parametrize("above", ["单位：县图书馆  2025年度  金额：元", "附表三", "", "县图书馆2025年预算支出表"])
def test_what_stands_above_a_page_that_goes_on_is_no_header(above: str) -> None:
    rest = DrawnTable(TABLE.widths, (18, 18, 18), body_cells(0))
    (table,) = read(draw([[rest]], above=above)).tables
    assert grid(table) == rest.grid
    assert table.note is None


def test_a_table_without_rules_is_found_beside_one_with_rules() -> None:
    rows = [
        ("科目", "上年数", "今年数"), ("工资", "31.50", "40.25"), ("办公费", "8.75", "9.10"), ("差旅费", "2.20", "1.85"),
        ("培训费", "3.30", "2.60"), ("会议费", "1.15", "1.05"),
    ]

    def below(canvas: Canvas) -> None:
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                text(canvas, 40 + 110 * c, 160 - 16 * r, value, 9)

    ruled = simple_table([["项目", "预算数", "备注"], ["水费", "12.00", "无"], ["电费", "15.00", "无"]])
    tall = simple_table([["", "", ""]], height=140)
    document = read(draw([[ruled, replace(tall, cells=())]], extra=below))
    assert [(t.method, t.n_rows, t.n_columns) for t in document.tables] == [("lattice", 3, 3), ("alignment", 6, 3)]
    assert document.lines == ()
