"""Sheets printed without any line: columns come from heads, units, neighbours and the page before, or there is no table."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from drawn_tables import SONG, text, text_width
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document, RawTable
from pipelines.read.pdf.reader import read_pdf

Row = Sequence[tuple[float, str]]  # where a text begins, or where it ends if that is negative, and the text
LEFT = (40.0, 110.0, 240.0, 330.0, 420.0, 510.0)  # edges of the columns
HEADS = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
BODY = [
    ("205", "教育支出", "612.40", "480.20", "132.20"), ("20502", "普通教育", "612.40", "480.20", "132.20"),
    ("2050202", "小学教育", "300.00", "220.00", "80.00"), ("2050203", "初中教育", "312.40", "260.20", "52.20"),
    ("208", "社会保障和就业支出", "75.10", "75.10", ""), ("20805", "行政事业单位养老支出", "75.10", "75.10", ""),
]


def set_left(texts: Sequence[str]) -> Row:
    """Each text at the left edge of its column."""
    return [(LEFT[n] + 2, string) for n, string in enumerate(texts) if string]


def set_out(texts: Sequence[str]) -> Row:
    """Codes and names left, amounts at the right edge of their column."""
    return [(LEFT[n] + 2 if n < 2 else -(LEFT[n + 1] - 1), string) for n, string in enumerate(texts) if string]


def sheets(*pages: Sequence[Row], size: float = 9.0, step: float = 15.0) -> Document:
    """The document as read; every row a line, an empty one a gap."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(580, 420))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    for page in pages:
        for n, row in enumerate(page):
            for x, string in row:
                text(canvas, x if x >= 0 else -x - text_width(string, size), 390 - step * n, string, size)
        canvas.showPage()
    canvas.save()
    return read_pdf(out.getvalue(), sha256="0" * 64, n_bytes=1)


def rows(table: RawTable) -> list[list[str]]:
    """The texts of each row, blanks included."""
    grid = [[""] * table.n_columns for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def body(n: int = 0) -> list[list[str]]:
    return [list(row) for row in BODY[n:]]


TITLE: list[Row] = [[(230, "支出预算表")], [(40, "单位名称：某县教育局"), (500, "单位：万元")]]


def test_figures_far_from_their_heads_belong_to_the_head_they_end_before() -> None:
    (table,) = sheets([*TITLE, set_left(HEADS), *map(set_out, BODY)]).tables
    assert rows(table) == [list(HEADS), *body()]


def test_a_table_goes_on_over_the_page_with_the_columns_it_had() -> None:
    document = sheets([*TITLE, set_left(HEADS), *map(set_out, BODY)], [*map(set_out, BODY[2:]), [], *TITLE, [(40, "无")]])
    assert [t.page for t in document.tables] == [1, 2]
    assert rows(document.tables[1]) == body(2)
    assert next(line.text for line in document.lines if line.page == 2) == "支出预算表"


@pytest.mark.parametrize("row", [
    [(42, "注：本表不含上年结转。")], [(312, "12.50"), (350, "3.40")], [(42, "合计"), (260, "第二行说明文字")],
])
def test_lines_that_do_not_fit_the_columns_are_not_the_table_going_on(row: Row) -> None:
    document = sheets([*TITLE, set_left(HEADS), *map(set_out, BODY)], [row, *map(set_out, BODY[:1])])
    assert [t.page for t in document.tables] == [1]


def test_the_unit_begins_another_table_on_the_page() -> None:
    document = sheets([*TITLE, set_left(HEADS), *map(set_out, BODY[:4]), *TITLE, set_left(HEADS), *map(set_out, BODY[2:])])
    assert [rows(t) for t in document.tables] == [[list(HEADS), *body()[:4]], [list(HEADS), *body(2)]]


def test_an_amount_and_the_code_close_to_it_are_two_cells() -> None:
    heads = [(42, "科目编码"), (112, "科目名称"), (270, "金额"), (332, "科目编码"), (420, "科目名称"), (530, "金额")]
    listed = (
        ("301", "工资福利支出", "529.12", "302", "商品和服务支出", "86.79"), ("30101", "基本工资", "208.15", "30201", "办公费", "30.05"),
        ("30102", "津贴补贴", "187.40", "30211", "差旅费", "26.74"), ("30103", "奖金", "133.57", "30216", "培训费", "30.00"),
    )
    lines = [list(zip((42, 112, -329.6, 331, 420, -560), row, strict=True)) for row in listed]
    (table,) = sheets([*TITLE, heads, *lines]).tables
    assert rows(table)[1] == ["301", "工资福利支出", "529.12", "302", "商品和服务支出", "86.79"]


@pytest.mark.parametrize("label", ["年末结转和结余", "（一）基本支出", "公用经费"])
def test_an_amount_and_a_label_that_could_count_it_are_two_cells(label: str) -> None:
    heads = [(42, "项目"), (200, "金额"), (302, "项目"), (500, "金额")]
    lines = [
        [(42, name), (-300.6, amount), (302, other), (-520, amount)] for name, amount, other in (
            ("一、财政拨款收入", "208.02", label), ("二、事业收入", "96.50", "一、教育支出"), ("三、其他收入", "11.75", "二、其他支出"),
            ("年初结转和结余", "8.02", label), ("总计", "324.29", "总计"),
        )
    ]
    (table,) = sheets([*TITLE, heads, *lines]).tables
    assert rows(table)[1] == ["一、财政拨款收入", "208.02", label, "208.02"]


def test_few_rows_are_a_table_when_figures_stand_straight_below_their_heads() -> None:
    heads = [(60, "合计"), (140, "因公出国（境）费"), (260, "公务接待费"), (360, "公务用车运行维护费")]
    (table,) = sheets([*TITLE, heads, [(62, "9.60"), (160, "0.00"), (270, "1.20"), (390, "8.40")]]).tables
    assert rows(table)[1] == ["9.60", "0.00", "1.20", "8.40"]


@pytest.mark.parametrize("above", [TITLE, [[(230, "支出预算表")]]], ids=["between the heads", "no unit"])
def test_few_rows_that_do_not_show_their_columns_stay_text(above: list[Row]) -> None:
    heads = [(60, "合计"), (200, "因公出国费"), (300, "公务接待费"), (420, "公务用车费")]
    between = 62 if above is not TITLE else 120
    document = sheets([*above, heads, [(between, "9.60"), (202, "0.00"), (303, "1.20"), (425, "8.40")]])
    assert document.tables == ()
    assert any("9.60" in line.text for line in document.lines)


def test_codes_printed_a_level_a_line_stand_in_columns_of_their_own() -> None:
    heads = [(50, "类"), (110, "款"), (170, "项"), (222, "科目名称"), (330, "合计"), (420, "基本支出"), (500, "项目支出")]
    places = {0: -80.0, 1: -140.0, 2: -200.0}
    codes = ((0, "205", "教育支出"), (1, "2", "普通教育"), (2, "2", "小学教育"), (2, "3", "初中教育"), (1, "32", "其他教育"))
    lines = [[(places[level], code), (205, name), (-360, "61.40"), (-450, "48.20"), (-540, "13.20")] for level, code, name in codes]
    (table,) = sheets([*TITLE, heads, *lines]).tables
    assert [row[:3] for row in rows(table)[1:]] == [["205", "", ""], ["", "2", ""], ["", "", "2"], ["", "", "3"], ["", "32", ""]]


def test_codes_of_two_levels_below_one_title_stand_in_columns_of_their_own() -> None:
    heads: list[Row] = [
        [(108, "功能科目编码")], [(60, "类"), (130, "款"), (195, "项"), (240, "科目名称"), (380, "合计"), (480, "基本支出")],
    ]
    codes = [
        ("205", "", "", "教育支出"), ("", "02", "", "普通教育"), ("", "", "02", "小学教育"), ("", "", "03", "初中教育"),
        ("", "08", "", "进修及培训"),
    ]
    lines = [
        [*((x, code) for x, code in zip((42, 102, 160), row, strict=False) if code), (212, row[3]), (-420, "61.40"), (-520, "48.20")]
        for row in codes
    ]
    (table,) = sheets([*TITLE, *heads, *lines]).tables
    assert [tuple(row[:4]) for row in rows(table)[2:]] == codes


def test_the_row_of_column_numbers_may_name_the_columns_of_codes() -> None:
    heads: list[Row] = [
        [(60, "功能分类科目编码"), (222, "科目名称"), (340, "合计"), (425, "基本支出"), (505, "项目支出")],
        [(50, "类"), (100, "款"), (150, "项"), (228, "栏次"), (346, "1"), (436, "2"), (516, "3")],
    ]
    lines = [[(42, code), (205, name), (-370, "61.40"), (-460, "48.20"), (-540, "13.20")] for code, name in (row[:2] for row in BODY)]
    (table,) = sheets([*TITLE, *heads, *lines]).tables
    assert rows(table)[1] == ["类", "款", "项", "栏次", "1", "2", "3"]
    assert [row[3:5] for row in rows(table)[2:]] == [[row[1], "61.40"] for row in BODY]


def test_of_two_titles_one_stands_over_codes_and_names_one_over_amounts() -> None:
    heads: list[Row] = [
        [(95, "项目"), (415, "本年支出")], [(42, "编码"), (125, "科目名称"), (270, "小计"), (355, "基本支出"), (450, "项目支出")],
    ]
    (table,) = sheets([*TITLE, *heads, *map(set_out, BODY)]).tables
    assert {(c.column, c.column_span, c.text) for c in table.cells if c.row == 0} == {(0, 2, "项目"), (2, 3, "本年支出")}


def test_heads_at_two_heights_whose_titles_the_page_before_has_are_no_header() -> None:
    heads = [[(112, "科目名称"), (242, "合计")], [(42, "科目编码"), (332, "基本支出"), (422, "项目支出")]]
    lines: list[Row] = [*TITLE[1:], [], heads[0], heads[1], [], *(line for row in BODY for line in (set_out(row), []))]
    assert sheets(lines, step=7.5).tables == ()


@pytest.mark.parametrize("space", [0.0, 2.0])
def test_a_code_and_its_name_are_one_cell(space: float) -> None:
    heads = [(42, "收入"), (200, "金额"), (302, "支出"), (500, "金额")]
    names = (
        ("财政拨款", "201", "一般公共服务支出"), ("事业收入", "205", "教育支出"), ("其他收入", "208", "卫生健康支出"),
        ("上年结转", "221", "住房保障支出"),
    )
    at = 302 + text_width("201", 9) + space
    lines = [[(42, name), (-290, "208.02"), (302, code), (at, other), (-540, "18.20")] for name, code, other in names]
    (table,) = sheets([*TITLE, heads, *lines]).tables
    assert [row[2].replace(" ", "") for row in rows(table)[1:]] == [code + other for _, code, other in names]


def test_words_spread_over_their_cell_are_one_text() -> None:
    spread = [(50.0 + 24 * n, c) for n, c in enumerate("收入总计")]
    heads = [(60, "收"), (124, "入"), (-240, "金额"), (320, "支"), (384, "出"), (-540, "金额")]
    lines = [[(42, name), (-240, "208.02"), (302, name), (-540, "18.20")] for name in ("财政拨款", "事业收入", "其他收入")]
    (table,) = sheets([*TITLE, heads, *lines, [*spread, (-240, "624.06"), (302, "支出总计"), (-540, "54.60")]]).tables
    assert rows(table)[0] == ["收入", "金额", "支出", "金额"]
    assert rows(table)[-1] == ["收入总计", "624.06", "支出总计", "54.60"]


def test_names_in_the_middle_of_several_rows_cover_them() -> None:
    """Their lower line is level with a row, as if that were theirs; but so they fill the column."""
    lines: list[list[tuple[float, str]]] = [[] for _ in range(44)]
    lines[0], lines[4] = [(230, "支出预算表")], [(40, "单位名称：某县教育局"), (500, "单位：万元")]
    lines[8] = [(42, "单位名称"), (132, "科目名称"), (-330, "合计"), (-430, "基本支出")]
    for n, name in enumerate(("小计", "小学教育", "养老保险", "住房公积金") * 2):
        lines[12 + 4 * n] = [(132, name), (-330, "61.40"), (-430, "48.20")]
    for first, name in ((17, "某某县中心"), (33, "某县第二小")):
        lines[first].insert(0, (42, name))
        lines[first + 3].insert(0, (42, "学校"))
    (table,) = sheets(lines, step=4).tables
    named = [(c.row, c.row_span, c.text) for c in table.cells if c.column == 0 and c.row > 0]
    assert named == [(1, 4, "某某县中心学校"), (5, 4, "某县第二小学校")]


def test_the_end_of_a_name_beside_the_unit_is_no_head() -> None:
    name = [[(40, "编制单位：某某自治县人民代表大会常务")], [(500, "单位：万元")], [(40, "委员会办公室")]]
    lines = [[(230, "支出预算表")], [], *name, [], set_left(HEADS), [], *(line for row in BODY for line in (set_out(row), []))]
    (table,) = sheets(lines, step=7.5).tables
    assert rows(table)[0] == list(HEADS)


def test_titles_over_turns_of_the_same_heads_have_a_turn_each() -> None:
    heads = [(60, "项目"), (160, "行次"), (230, "决算数"), (300, "项目（按功能分类）"), (400, "行次"), (470, "决算数")]
    names = (("财政拨款收入", "教育支出"), ("事业收入", "农林水支出"), ("其他收入", "住房保障支出"), ("总计", "总计"))
    lines = [
        [(42, name), (168, str(n)), (-270, "123.45"), (290, other), (404, str(n + 9)), (-505, "234.56")]
        for n, (name, other) in enumerate(names, 1)
    ]
    (table,) = sheets([*TITLE, [(110, "收入"), (375, "支出")], heads, *lines]).tables
    assert {(c.column, c.column_span, c.text) for c in table.cells if c.row == 0} == {(0, 3, "收入"), (3, 3, "支出")}


def test_heads_over_three_levels_reach_down_to_the_figures() -> None:
    lines: list[Row] = [
        [(230, "支出预算表")], [], [(500, "单位：万元")], [], [(242, "一般公共预算"), (422, "政府性基金预算")], [],
        [(42, "科目编码"), (112, "科目名称"), (242, "基本支出")], [(422, "项目支出")], [(242, "人员支出"), (332, "公用支出")], [],
        *(line for row in BODY for line in (set_out(row), [])),
    ]
    (table,) = sheets(lines, step=7.5).tables
    spans = {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.row < 3 and c.text}
    assert {(0, 0, 3, 1, "科目编码"), (0, 2, 1, 2, "一般公共预算"), (1, 2, 1, 2, "基本支出"), (2, 3, 1, 1, "公用支出")} <= spans


def test_two_figures_side_by_side_in_one_column_are_no_table() -> None:
    heads = [*set_left(HEADS[:4])]
    lines = [[*set_out(row[:4]), (-372.0, "1.20")] for row in BODY]
    document = sheets([*TITLE, heads, *lines])
    assert document.tables == ()
