"""Tab-separated text and text with one cell a line."""

from pipelines.read.document import RawTable, TextLine
from pipelines.read.text import read_text


def rows(table: object) -> list[list[str]]:
    assert isinstance(table, RawTable)
    found: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        found[cell.row].append(cell.text)
    return found


def test_runs_of_tab_lines_are_tables_between_lines() -> None:
    title, unit, table, note = read_text("## 收支总表\n单位：万元\n\n项目\t预算数\n合计\t1,117.5\n\n注：无。\n")
    assert title == TextLine(text="收支总表", role="heading")
    assert unit == TextLine(text="单位：万元")
    assert rows(table) == [["项目", "预算数"], ["合计", "1,117.5"]]
    assert note == TextLine(text="注：无。")


def test_blank_line_inside_a_table_does_not_end_it() -> None:
    (table,) = read_text("编码\t名称\t合计\n\n201\t一般公共服务\t1\n\n\n202\t外交\t2")
    assert rows(table) == [["编码", "名称", "合计"], ["201", "一般公共服务", "1"], ["202", "外交", "2"]]


def test_header_printed_again_after_a_blank_line_begins_another_table() -> None:
    assert len(read_text("编码\t名称\n201\t甲\n\n编码\t名称\n202\t乙")) == 2


def test_other_width_after_a_blank_line_begins_another_table() -> None:
    first, second = read_text("a\tb\n1\t2\n\na\tb\tc\n1\t2\t3")
    assert rows(first) == [["a", "b"], ["1", "2"]]
    assert rows(second) == [["a", "b", "c"], ["1", "2", "3"]]


def test_lost_rows_stay_visible_as_text() -> None:
    before, mark, after = read_text("项目\t数\n收入\t1\n\n[illegible]\n\n总计\t2")
    assert mark == TextLine(text="[illegible]")
    assert rows(before)[-1] == ["收入", "1"]
    assert rows(after) == [["总计", "2"]]


def test_merged_cells_are_blanks_and_fillers_stay() -> None:
    (table,) = read_text("功能分类\t\t合计\n编码\t名称\t\n**\t**\t1\n\t合计\t")
    assert rows(table) == [["功能分类", "", "合计"], ["编码", "名称", ""], ["**", "**", "1"], ["", "合计", ""]]


def test_left_over_markup_is_taken_out() -> None:
    (line, table) = read_text("- **部门收支总表**\n<b>收入</b>\t<p>3,175.50</p>\n--\t---:\n支出\t-5\n")
    assert line == TextLine(text="部门收支总表")
    assert rows(table) == [["收入", "3,175.50"], ["支出", "-5"]]


def test_entities_and_formula_signs_are_written_out() -> None:
    (table,) = read_text("指标\t值\nA &amp; B\t$\\geq 95\\%$\n办件量\t\\(\\leq\\)48小时\n金额\t$5\n")
    assert [row[1] for row in rows(table)] == ["值", "≥95%", "≤48小时", "$5"]
    assert rows(table)[1][0] == "A & B"


def test_negative_number_at_the_start_of_a_line_is_no_bullet() -> None:
    assert read_text("- 5 万元") == [TextLine(text="- 5 万元")]


def test_markdown_tables_are_tables() -> None:
    (table,) = read_text("| 项目 | 数 |\n|---|---|\n| 合计 | 1 |\n")
    assert rows(table) == [["项目", "数"], ["合计", "1"]]


def test_line_break_inside_a_cell_is_put_together_where_widths_prove_it() -> None:
    (table,) = read_text("a\tb\tc\n1\t2\t3\n一般公共\n服务支出\t5\t6\n7\t8\t9\n")
    assert ["一般公共\n服务支出", "5", "6"] in rows(table)


def test_text_over_the_whole_width_is_a_row_of_one_cell() -> None:
    (table,) = read_text("目标\t\n持续提升能力\n指标\t值\n1\t2")
    assert rows(table) == [["目标", ""], ["持续提升能力"], ["指标", "值"], ["1", "2"]]


def test_leading_blanks_of_labels_are_kept_as_original() -> None:
    (table,) = read_text("项目\t数\n　　其中：公车\t1")
    cell = next(cell for cell in table.cells if cell.text == "其中：公车")  # type: ignore[union-attr]
    assert cell.original == "  其中：公车"


CELLS = "附件1\n绩效自评表\n\n\t项目\n\t年初\n预算数\n\t得分\n\n\t\n指标\n\n\n\t一级\n\t二级\n\n\t其中：购置\n\t\n\t5\n\n\n说明：无\n"


def test_a_paragraph_that_runs_into_a_cell_belongs_to_the_cell_before() -> None:
    (table,) = read_text("\t措施\n\t一是节约\n\n二是会议\n\t完成\n\n\t三\n\t四\n\t五\n\n\t六\n\t七\n\t八\n\n\t九\n")
    assert rows(table)[0] == ["措施", "一是节约\n二是会议", "完成"]


def test_one_cell_a_line() -> None:
    title, subtitle, table, note = read_text(CELLS)
    assert (title, subtitle, note) == (TextLine(text="附件1"), TextLine(text="绩效自评表"), TextLine(text="说明：无"))
    assert rows(table) == [["项目", "年初\n预算数", "得分"], ["指标", "一级", "二级"], ["其中：购置", "", "5"]]
    assert isinstance(table, RawTable)
    assert table.method == "cell_lines"
