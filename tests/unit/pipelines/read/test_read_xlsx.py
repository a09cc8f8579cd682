"""Excel workbooks: what a sheet prints, as lines and tables."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.read.document import Block, RawTable, TextLine
from pipelines.read.failure import ReadFailure
from pipelines.read.limits import DEFAULT
from pipelines.read.number_text import number_format, number_text
from pipelines.read.sheet_regions import sheet_place
from pipelines.read.xlsx import HIDDEN_SHEET, read_xlsx


def book(*fill: Callable[[Worksheet], object]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for number, fill_sheet in enumerate(fill, start=1):
        fill_sheet(workbook.create_sheet(f"表{number}"))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rows(table: Block) -> list[list[str]]:
    assert isinstance(table, RawTable)
    found: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        found[cell.row].append(cell.text)
    return found


def write(sheet: Worksheet, *lines: list[object], at: int = 1) -> None:
    for r, line in enumerate(lines, start=at):
        for c, value in enumerate(line, start=1):
            if value is not None:
                sheet.cell(r, c, value)


def test_titles_above_a_grid_are_lines_and_merges_are_spans() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["2026年部门预算情况"], ["编制单位：某局", None, "单位：万元"])
        write(sheet, ["科目", "预算数"], [None, "基本", "项目"], ["行政运行", 1.5, 2], at=3)
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("B3:C3")

    title, entity, unit, table = read_xlsx(book(fill))[0]
    texts = [line.text for line in (title, entity, unit) if isinstance(line, TextLine)]
    assert texts == ["2026年部门预算情况", "编制单位：某局", "单位：万元"]
    assert isinstance(table, RawTable)
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells] == [
        (0, 0, 2, 1, "科目"), (0, 1, 1, 2, "预算数"), (1, 1, 1, 1, "基本"), (1, 2, 1, 1, "项目"),
        (2, 0, 1, 1, "行政运行"), (2, 1, 1, 1, "1.5"), (2, 2, 1, 1, "2"),
    ]
    assert table.sheet == "表1"


def test_several_tables_on_a_sheet_are_split_at_their_titles() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["表1 收入总表"], ["项目", "数"], ["合计", 1], ["注：无。"])
        write(sheet, ["表2 支出总表"], ["项目", "数"], [None, None], ["合计", 2], at=6)

    blocks = read_xlsx(book(fill))[0]
    assert [block.text for block in blocks if isinstance(block, TextLine)] == ["表1 收入总表", "注：无。", "表2 支出总表"]
    first, second = (rows(block) for block in blocks if isinstance(block, RawTable))
    assert first == [["项目", "数"], ["合计", "1"]]
    assert second == [["项目", "数"], [], ["合计", "2"]]


def test_hidden_rows_and_columns_are_left_out_and_counted() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["KEY#1", "SET_YEAR#2022", "X"], ["VALID", "项目", "数"], ["VALID", "合计", 7])
        sheet.row_dimensions[1].hidden = True
        sheet.column_dimensions["A"].hidden = True

    (table,) = read_xlsx(book(fill))[0]
    assert rows(table) == [["项目", "数"], ["合计", "7"]]
    assert isinstance(table, RawTable)
    assert table.note == "1 hidden rows and 1 hidden columns with 5 values left out"


def test_hidden_sheets_are_marked() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 7])
        sheet.sheet_state = "hidden"

    blocks, pages = read_xlsx(book(lambda sheet: write(sheet, ["项目", "数"], ["合计", 8]), fill))
    assert [block.note for block in blocks if isinstance(block, RawTable)] == [None, HIDDEN_SHEET]
    assert [page.note for page in pages] == ["sheet 表1", "sheet 表2 (hidden sheet)"]


def test_blank_formatted_rows_cost_nothing() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 7])
        for r in range(3, 16_000):
            sheet.cell(r, 1).number_format = "0.00"

    (table,) = read_xlsx(book(fill))[0]
    assert rows(table) == [["项目", "数"], ["合计", "7"]]


def test_values_as_printed() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["项目", "值"], ["率", 0.0525], ["误差", 0.1 + 0.2], ["日", dt.date(2026, 3, 1)])
        write(sheet, ["错", "#REF!"], ["码", 5], ["算", 100 / 3], at=5)
        for place, code in (("B2", "0.00%"), ("B6", "00"), ("B7", "#,##0.00")):
            sheet[place].number_format = code

    (table,) = read_xlsx(book(fill))[0]
    assert [row[1] for row in rows(table)[1:]] == ["5.25%", "0.3", "2026-03-01", "#REF!", "05", "33.33"]
    assert isinstance(table, RawTable)
    assert table.cells[-1].alternatives == ("33.3333333333333",)


@pytest.mark.parametrize(
    ("value", "code", "text", "others"),
    [
        (1117.5, "General", "1117.5", ()),
        (201.0, "General", "201", ()),
        (-0.0, "0.00", "0.00", ()),
        (1200.0, "#,##0.00", "1200.00", ()),
        (-1234.5, '#,##0.00_);[Red]\\(#,##0.00\\)', "-1234.50", ()),
        (12.3456, "0.00", "12.3456", ("12.35",)),
        (2.0 / 3, "0", "1", ("0.666666666666667",)),
        (1e15, "General", "1000000000000000", ()),
        (123456.0, "#,##0,", "123.456", ("123",)),
        (1234567.0, "0!.0,", "123.4567", ("123.5",)),
        (1234500.0, '0!.0000"万元"', "123.4500万元", ()),
        (1234500.0, '[>=10000]0"."0,"万";0.00', "123.45万元", ("123.5万元",)),
        (999.5, '[>=10000]0"."0,"万";0.00', "999.50", ()),
        (12.5, '#,##0.00"万元"', "12.50万元", ()),
        (98.5, '0.0"%"', "98.5%", ()),
        (0.0, "#,##0.00;-#,##0.00;", "", ()),
        (-3.5, "#,##0.00;-#,##0.00;", "-3.50", ()),
        (0.0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-", ()),
        (0.0, "#,###", "", ()),
        (7.0, ";;;", "", ()),
        (1234567.0, '0","0000', "1234567", ()),
        (46082.0, "yyyy/m/d", "46082", ()),
    ],
)
def test_number_formats(value: float, code: str, text: str, others: tuple[str, ...]) -> None:
    assert number_text(value, number_format(code)) == (text, others)


def test_numbers_shown_in_ten_thousands_are_given_as_shown_and_noted() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 1234567])
        sheet["B2"].number_format = "0!.0,"

    (table,) = read_xlsx(book(fill))[0]
    assert rows(table)[1] == ["合计", "123.4567"]
    assert isinstance(table, RawTable)
    assert "given as shown" in (table.note or "")


def test_zeros_that_the_sheet_does_not_show_are_no_printed_zeros() -> None:
    def by_format(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 0], ["其中", 7])
        sheet["B2"].number_format = "0.00;-0.00;"

    def by_view(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 0], ["其中", 7])
        sheet.sheet_view.showZeros = False

    for fill in (by_format, by_view):
        (table,) = read_xlsx(book(fill))[0]
        assert rows(table)[1] == ["合计"]
        assert isinstance(table, RawTable)
        assert (table.note or "").startswith("1 numbers, mostly zeros, that the sheet shows as blanks")


def test_a_formula_without_result_stands_as_formula() -> None:
    (table,) = read_xlsx(book(lambda sheet: write(sheet, ["项目", "数"], ["甲", 2], ["合计", '=SUM(B2:B2)&"元"'])))[0]
    assert rows(table)[2] == ["合计", '=SUM(B2:B2)&"元"']
    assert isinstance(table, RawTable)
    assert (table.note or "").startswith("1 formulas without a stored result")


def test_cells_know_their_place_in_the_sheet() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["2026年部门预算情况"], [], ["项目", "藏", "数"], ["合计", 1, 7])
        sheet.column_dimensions["B"].hidden = True

    table = read_xlsx(book(fill))[0][-1]
    assert isinstance(table, RawTable)
    assert [(cell.row, cell.column, cell.place) for cell in table.cells] == [(0, 0, "A3"), (0, 1, "C3"), (1, 0, "A4"), (1, 1, "C4")]
    assert [sheet_place(0, column) for column in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


def test_a_title_that_a_blank_row_sets_off_begins_another_table() -> None:
    def fill(sheet: Worksheet) -> None:
        write(sheet, ["项目", "数"], ["合计", 1], [], ["2026年某某局一般公共预算支出表"], ["科目", "数"], ["合计", 2])

    blocks = read_xlsx(book(fill))[0]
    assert [block.text if isinstance(block, TextLine) else rows(block) for block in blocks] == [
        [["项目", "数"], ["合计", "1"]], "2026年某某局一般公共预算支出表", [["科目", "数"], ["合计", "2"]],
    ]


def test_a_stray_cell_at_the_far_end_is_refused_before_the_sheet_is_laid_out() -> None:
    with pytest.raises(ReadFailure) as failure:
        read_xlsx(book(lambda sheet: write(sheet, ["项目", "数"]) or sheet.cell(1_048_576, 16_384, "x")))
    assert failure.value.reason == "too_large"


def test_a_bomb_is_refused() -> None:
    data = io.BytesIO(book(lambda sheet: write(sheet, ["项目"])))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 20_000_000)
    with pytest.raises(ReadFailure) as failure:
        read_xlsx(data.getvalue(), replace(DEFAULT, ratio_from=1_000_000))
    assert failure.value.reason == "too_large"


def test_a_package_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook>")
    with pytest.raises(ReadFailure) as failure:
        read_xlsx(buffer.getvalue())
    assert failure.value.reason == "corrupt"
