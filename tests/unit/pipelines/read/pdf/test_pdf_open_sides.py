"""Columns open at a page break: rules beside a table that are as high as it is are its own; others are not."""

from __future__ import annotations

import pytest
from drawn_tables import Hand, draw, simple_table, text
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import RawTable
from pipelines.read.pdf.reader import read_pdf

TABLE = simple_table([["指标1", "90%"], ["指标2", "95%"], ["指标3", "98%"]])  # from 40, 114 to 200, 60
RIGHT, BOTTOM, TOP = 200.0, 60.0, 114.0


def the_table(hand: Hand, lines: list[tuple[float, float, float]], label: tuple[float, str] | None = None) -> RawTable:
    """The table as read, with vertical rules (x, from, to) and a label beside it."""

    def beside(canvas: Canvas) -> None:
        for x, low, high in lines:
            canvas.line(x, low, x, high)
        if label:
            text(canvas, label[0], 85, label[1], 9)

    data = draw([[TABLE]], hand, extra=beside)
    (table,) = read_pdf(data, sha256="0" * 64, n_bytes=len(data)).tables
    return table


@pytest.mark.parametrize("hand", [Hand(), Hand(rotate=90)])
def test_a_merged_cell_open_at_both_ends_of_the_page_is_a_column(hand: Hand) -> None:
    left = the_table(hand, [(10, BOTTOM, TOP)], (12, "效益"))
    assert (left.n_rows, left.n_columns) == (3, 3)
    assert {(c.row, c.column, c.row_span, c.text) for c in left.cells if c.column == 0} == {(0, 0, 3, "效益")}
    right = the_table(hand, [(RIGHT + 35, BOTTOM, TOP)], (RIGHT + 4, "备注"))
    assert {(c.row, c.column, c.row_span, c.text) for c in right.cells if c.column == 2} == {(0, 2, 3, "备注")}


def test_several_open_columns_are_all_kept() -> None:
    table = the_table(Hand(), [(4, BOTTOM, TOP), (20, BOTTOM, TOP)], (22, "效"))
    assert [c.text for c in table.cells if c.row == 0][-3:] == ["效", "指标1", "90%"]


@pytest.mark.parametrize("line", [(10, BOTTOM - 20, TOP), (10, BOTTOM, TOP + 20), (10, BOTTOM + 20, TOP), (10, 0, 190)])
def test_a_rule_of_another_height_is_not_the_tables(line: tuple[float, float, float]) -> None:
    assert the_table(Hand(), [line], (12, "效益")).n_columns == 2


def test_a_rule_far_off_is_not_the_tables() -> None:
    narrow = the_table(Hand(), [(RIGHT + 170, BOTTOM, TOP)])
    assert narrow.n_columns == 2
