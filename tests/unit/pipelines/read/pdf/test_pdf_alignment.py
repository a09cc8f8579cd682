"""Tables without a closed grid: the grid that was meant is found from alignment, or nothing is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from drawn_tables import SONG, DrawnCell, DrawnTable, text
from drawn_unruled import draw_unruled
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.document import Document, RawTable
from pipelines.read.pdf.alignment_columns import shared
from pipelines.read.pdf.reader import read_pdf


def rows_of(first: int, rows: Sequence[tuple[str, ...]], n_text: int = 2) -> tuple[DrawnCell, ...]:
    return tuple(
        DrawnCell(first + r, c, value, align="left" if 0 < c < n_text else "right")
        for r, row in enumerate(rows) for c, value in enumerate(row) if value
    )


HEADER = (
    DrawnCell(0, 0, "功能分类科目", 1, 2, "centre"), DrawnCell(0, 2, "合计", 2, 1, "centre"),
    DrawnCell(0, 3, "2025年基本支出", 1, 3, "centre"), DrawnCell(0, 6, "项目支出", 2, 1, "centre"),
    DrawnCell(1, 0, "科目编码", align="centre"), DrawnCell(1, 1, "科目名称", align="centre"),
    DrawnCell(1, 3, "小计", align="centre"), DrawnCell(1, 4, "人员经费", align="centre"), DrawnCell(1, 5, "公用经费", align="centre"),
)
BODY = [
    ("", "合计", "1,755.35", "655.35", "594.25", "61.10", "1,100.00"),
    ("201", "一般公共服务支出", "513.72", "513.72", "513.72", "", ""),
    ("20103", "政府办公厅及相关机构事务", "513.72", "513.72", "513.72", "", ""),
    ("2010303", "机关服务", "13.72", "13.72", "3.72", "10.00", ""),
    ("208", "社会保障和就业支出", "39.07", "39.07", "39.07", "", ""),
    ("212", "城乡社区支出", "161.10", "", "", "", "161.10"),
]
BUDGET = DrawnTable((60, 130, 70, 60, 60, 60, 70), (16, 18, *([17] * 6)), HEADER + rows_of(2, BODY))


def read(data: bytes) -> Document:
    return read_pdf(data, sha256=sha256(data).hexdigest(), n_bytes=len(data))


def filled(table: RawTable) -> set[tuple[int, int, int, int, str]]:
    return {(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells if c.text}


@pytest.mark.parametrize("every_row", [False, True])
def test_three_rules_are_enough_for_levels_spans_and_blank_cells(every_row: bool) -> None:
    document = read(draw_unruled(BUDGET, 2, above=["部门支出总表", "单位：万元"], below=["注：合计数含上年结转。"], every_row=every_row))
    (table,) = document.tables
    assert filled(table) == BUDGET.grid
    assert (table.method, document.pages[0].path) == ("alignment", "alignment")
    assert table.confidence < 1
    assert all(cell.confidence < 1 for cell in table.cells)
    assert [line.text for line in document.lines] == ["部门支出总表", "单位：万元", "注：合计数含上年结转。"]


@pytest.mark.parametrize("heights", [(16, 16), (20, 16), (26, 20)])
@pytest.mark.parametrize("rules", [True, False])
def test_heads_half_a_line_above_their_neighbours_belong_to_the_header(heights: tuple[int, int], rules: bool) -> None:
    header = (
        DrawnCell(0, 0, "支出科目", 2, 1, "centre"), DrawnCell(0, 1, "2024年预算数", 2, 1, "centre"),
        DrawnCell(0, 2, "2025年预算数", 1, 3, "centre"), DrawnCell(0, 5, "增减变动", 1, 2, "centre"),
        *(DrawnCell(1, c, title, align="centre") for c, title in enumerate(("合计", "基本支出", "项目支出", "金额", "比例(%)"), 2)),
    )
    body = [
        ("合计", "207.50", "241.66", "128.21", "113.45", "34.16", "16.5"),
        ("205教育支出", "135.73", "161.92", "48.47", "113.45", "26.19", "19.3"),
        ("20502普通教育", "43.62", "48.47", "48.47", "", "4.85", "11.1"),
        ("208社会保障和就业支出", "71.77", "79.74", "79.74", "", "7.97", "11.1"),
    ]
    table = DrawnTable((190, 70, 60, 60, 60, 60, 60), (*heights, 16, 16, 16, 16), header + tuple(
        DrawnCell(2 + r, c, value, align="right" if c else "left") for r, row in enumerate(body) for c, value in enumerate(row) if value
    ))
    document = read(draw_unruled(table, 2, rules=rules, above=["一般公共预算支出表", "单位：万元"]))
    assert [filled(found) for found in document.tables] == [table.grid]
    assert [line.text for line in document.lines] == ["一般公共预算支出表", "单位：万元"]


def test_every_field_has_one_cell_with_a_box_inside_its_table() -> None:
    (table,) = read(draw_unruled(BUDGET, 2)).tables
    fields = [(c.row + r, c.column + k) for c in table.cells for r in range(c.row_span) for k in range(c.column_span)]
    assert sorted(fields) == [(r, c) for r in range(table.n_rows) for c in range(table.n_columns)]
    assert table.box is not None
    for cell in table.cells:
        assert cell.box is not None
        assert table.box[0] <= cell.box[0] < cell.box[2] <= table.box[2]
        assert table.box[1] <= cell.box[1] < cell.box[3] <= table.box[3]


def test_without_any_rule_the_header_over_the_figures_makes_the_table() -> None:
    (table,) = read(draw_unruled(BUDGET, 2, rules=False, above=["部门支出总表", "单位：万元"])).tables
    assert filled(table) == BUDGET.grid
    assert table.confidence < 0.8  # less sure than with rules


def test_a_number_and_the_label_of_the_next_column_are_two_cells_however_near() -> None:
    """Spreadsheets set numbers to the right and words to the left, with a point or two between the two."""
    heads = (DrawnCell(0, n, text, align="centre") for n, text in enumerate(("序号", "收入项目", "金额", "支出项目", "预算数")))
    names = ("一、财政拨款收入", "二、事业收入", "三、经营收入", "四、其他收入")
    spent = ("一、教育支出", "二、农林水支出", "三、住房保障支出", "四、其他支出")
    lines = [(str(n + 1), names[n], f"1,18{n}.98", spent[n], f"97{n}.50") for n in range(4)]
    sides = ("right", "left", "right", "left", "right")
    body = (DrawnCell(1 + r, c, value, align=sides[c]) for r, row in enumerate(lines) for c, value in enumerate(row))
    table = DrawnTable((40, 110, 70, 110, 70), (18, *([17] * 4)), (*heads, *body))
    (found,) = read(draw_unruled(table, 1, rules=False, pad=1.0)).tables
    assert filled(found) == table.grid


def test_names_on_two_lines_stay_with_the_figures_beside_their_middle() -> None:
    body = [
        ("201", "一般公共服务支出", "5.00", "4.00"), ("20103", "政府办公厅及相\n关机构事务", "3.00", "2.00"),
        ("2010303", "机关服务\n支出", "1.00", "0.50"),
    ]
    cells = (
        DrawnCell(0, 0, "编码", align="centre"), DrawnCell(0, 1, "名称", align="centre"), DrawnCell(0, 2, "合计", align="centre"),
        DrawnCell(0, 3, "基本支出", align="centre"), *rows_of(1, body),
    )
    table = DrawnTable((60, 90, 60, 60), (18, 17, 25, 25), cells)
    found = filled(read(draw_unruled(table, 1)).tables[0])
    assert found == {(r, c, rs, cs, string.replace("\n", "")) for r, c, rs, cs, string in table.grid}


def test_texts_beside_several_rows_span_them() -> None:
    cells = (
        *(DrawnCell(0, n, name, align="centre") for n, name in enumerate(("一级指标", "二级指标", "三级指标", "指标值"))),
        DrawnCell(1, 0, "产出指标", 4, 1, "centre"),
        DrawnCell(1, 1, "数量指标", 2, 1, "centre"), DrawnCell(3, 1, "质量指标", 2, 1, "centre"),
        *(DrawnCell(n, 2, name, align="centre") for n, name in enumerate(("检查家次", "培训次数", "合格率", "完成率"), 1)),
        *(DrawnCell(n, 3, value, align="centre") for n, value in enumerate(("≥60家", "≥2次", "100%", "≥95%"), 1)),
    )
    table = DrawnTable((80, 80, 90, 70), (18, *([17] * 4)), cells)
    assert filled(read(draw_unruled(table, 1)).tables[0]) == table.grid


def page_of_lines(lines: list[str], rules: tuple[float, ...] = ()) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pagesize=(595, 842))
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    for y in rules:
        canvas.line(70, y, 525, y)
    for n, line in enumerate(lines):
        for part, x in ((line, 70.0),) if "\t" not in line else zip(line.split("\t"), (70.0, 480.0), strict=True):
            text(canvas, x, 760 - 22 * n, part, 12)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


PROSE = [
    "2026年部门预算收入总计1,755.35万元，其中财政拨款655.35万元，占37.33%；",
    "上年结转100万元，占5.70%。与2025年相比增加120.5万元，增长7.37%，",
    "主要原因是：一是人员经费增加39.07万元；二是项目支出增加81.43万元。",
    "按功能分类，一般公共服务支出513.72万元，社会保障和就业支出39.07万元，",
    "卫生健康支出11.98万元，城乡社区支出161.1万元，住房保障支出29.49万元。",
    "2026年“三公”经费预算12.5万元，比上年减少0.5万元。",
]
CONTENTS = ["目  录"] + [f"第{n}部分 部门概况................................................{n * 3}" for n in range(1, 9)]
BARE_CONTENTS = ["目录"] + [f"表{n} 部门收支总表\t{n * 3}" for n in range(1, 12)]


@pytest.mark.parametrize("lines", [PROSE, CONTENTS, BARE_CONTENTS], ids=["prose", "contents", "contents without leaders"])
@pytest.mark.parametrize("rules", [(), (785.0, 400.0), (785.0, 770.0, 400.0)], ids=["no rule", "two rules", "three rules"])
def test_prose_with_figures_and_contents_are_no_tables(lines: list[str], rules: tuple[float, ...]) -> None:
    document = read(page_of_lines(lines, rules))
    assert document.tables == ()
    assert document.lines


def test_group_titles_in_the_middle_of_no_group_give_no_table() -> None:
    """Nobody can say which columns are whose: the lines stay text, and no figure is lost."""
    titles = (DrawnCell(0, 2, "本年 上年", 1, 2, "left"), DrawnCell(0, 5, "其他", 1, 2, "left"))
    cells = (*(c for c in BUDGET.cells if c.row >= 1), *titles)
    document = read(draw_unruled(DrawnTable(BUDGET.widths, BUDGET.heights, cells), 2))
    assert document.tables == ()
    assert any("1,755.35" in line.text for line in document.lines)


def test_group_titles_that_begin_with_their_columns_reach_to_the_next_one() -> None:
    places = ((0, "功能分类科目", 2), (2, "全部", 1), (3, "2025年基本支出", 4))
    titles = [DrawnCell(0, first, title, 1, wide, "left") for first, title, wide in places]
    heads = [DrawnCell(1, n, text, align="left") for n, text in enumerate(("科目编码", "科目名称", "合计", "小计", "人员", "公用", "结转"))]
    rows = [DrawnCell(2 + r, c, value, align="left") for r, row in enumerate(BODY) for c, value in enumerate(row) if value]
    table = DrawnTable(BUDGET.widths, BUDGET.heights, (*titles, *heads, *rows))
    (found,) = read(draw_unruled(table, 0)).tables
    assert filled(found) == table.grid


def test_groups_of_columns_are_shared_by_the_middles_of_their_titles() -> None:
    edges = [0.0, 10, 20, 30, 40, 50]
    assert shared([15, 40], 0, 4, edges, [(1, 1), (3, 4)]) == [(0, 2), (3, 4)]
    assert shared([25], 0, 4, edges, [(2, 2)]) == [(0, 4)]
    assert shared([12, 37], 0, 4, edges, [(1, 1), (3, 3)]) is None  # neither two and three nor three and two columns fit


SHARED = Path(__file__).parents[6] / "shared" / "corpus" / "real"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus beside the repository is not here")
def test_pages_of_prose_in_real_documents_stay_prose() -> None:
    for name in ("2026年上海市审计局_部门预算.pdf", "2026年苏州市审计局部门预算.pdf", "2026年长春市信访局部门预算.pdf"):
        (path,) = SHARED.glob(f"*/{name}")
        assert all(page.path != "alignment" for page in read_pdf(path, sha256="0" * 64, n_bytes=1).pages)
