"""Tables: titles, units, kinds, continuations, and what is not understood."""

from printed_forms import facts, only_table, understood

from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

ROWS = "科目编码|科目名称|合计\n2130301|行政运行|3.00\n"


def kinds(*titles: str) -> list[str]:
    return [only_table(f"{title}\n\n单位：元\n\n{ROWS}").kind for title in titles]


def test_the_title_names_the_kind() -> None:
    assert kinds(
        "公开05表 一般公共预算支出表",
        "表六：一般公共预算基本支出情况表",
        "（八）政府性基金预算支出表",
        "预算03表支出总表",
        "2026年部门综合预算专项业务经费支出表",
        "附表1-2 财政拨款支出预算表（按功能科目分类）",
    ) == [
        "general_public_expenditure",
        "general_public_basic_expenditure",
        "government_fund_expenditure",
        "expenditure_summary",
        "project_expenditure_summary",
        "fiscal_appropriation_expenditure",
    ]


def test_economic_codes_make_it_the_economic_table() -> None:
    table = only_table("一般公共预算支出表\n\n单位：元\n\n科目编码|科目名称|合计\n301|工资福利支出|3.00\n30101|基本工资|3.00\n")
    assert table.kind == "general_public_expenditure_economic"


def test_a_body_beside_the_year_heads_the_table_where_the_unit_is_printed_elsewhere() -> None:
    head = "部门支出总表|||\n368安宁县水务局||预算年度：2026|\n科目编码|科目名称|合计|基本支出\n"
    table = only_table(f"单位：万元\n\n{head}213|农林水支出|9.00|9.00\n")
    assert (table.title, [row.code for row in table.rows]) == ("部门支出总表", ["213"])


def test_an_empty_frame_round_a_table_is_no_part_of_its_header() -> None:
    frame = [Cell(0, 0, "", column_span=4), Cell(1, 0, "", row_span=3)]
    inner = [["科目编码", "科目名称", "合计"], ["213", "农林水支出", "1,674.82"], ["2130301", "行政运行", "932.00"]]
    cells = [*frame, *(Cell(r + 1, c + 1, text) for r, row in enumerate(inner) for c, text in enumerate(row))]
    lines = [TextLine(text) for text in ("安宁县水务局2026年部门预算", "支出总表", "单位：万元")]
    document = document_of([*lines, RawTable(4, 4, tuple(cells), "docx")], sha256="0" * 64, n_bytes=1, media_type="text/html")
    (table,) = understand(document).tables
    assert table.header_rows == (1,)
    assert [row.code for row in table.rows] == ["213", "2130301"]


def test_a_continuation_with_or_without_header_joins_its_table() -> None:
    for header in ("", "科目编码|科目名称|合计\n"):
        (table,) = understood(f"支出总表\n\n单位：元\n\n{ROWS}\n支出总表\n\n单位：元\n\n{header}2130399|其他水利支出|1.00\n").tables
        assert [row.code for row in table.rows] == ["2130301", "2130399"]


def test_another_title_or_another_body_is_another_table() -> None:
    assert len(understood(f"支出总表\n\n单位：元\n\n{ROWS}\n基本支出表\n\n单位：元\n\n{ROWS}").tables) == 2
    assert (
        len(
            understood(f"支出总表\n\n部门：安宁县水务局\n\n单位：元\n\n{ROWS}\n支出总表\n\n部门：安宁县水文站\n\n单位：元\n\n{ROWS}").tables
        )
        == 2
    )


def test_a_fragment_without_header_under_a_foreign_title_is_kept_and_marked() -> None:
    text = "收支总表\n\n单位：元\n\n|业支出||\n05|行政事业单位养老支出|39.07|39.07\n2080501|行政单位离退休|6.05|6.05\n"
    table = only_table(text)
    assert (table.status, table.reason) == ("not_understood", "no_header")
    assert facts(text) == []
    assert any("39.07" in cell.text for cell in table.cells)


def test_amounts_without_a_unit_anywhere_are_not_understood() -> None:
    table = only_table(f"支出总表\n\n{ROWS}")
    assert (table.status, table.reason) == ("not_understood", "no_unit")


def test_the_unit_all_other_tables_state_serves_the_one_that_does_not() -> None:
    first, second = understood(f"支出总表\n\n单位：万元\n\n{ROWS}\n基本支出表\n\n{ROWS}").tables
    assert (first.unit, second.unit) == ("万元", "万元")


def test_emptiness_is_told_apart() -> None:
    head = "政府性基金预算支出表\n\n单位：元\n\n科目编码|科目名称|合计|项目支出\n"
    assert only_table(head + "|||\n\n注：本部门2026年无政府性基金预算支出，故本表为空表。\n").emptiness == "declared_empty"
    assert only_table(head + "|合计|0.00|0.00\n").emptiness == "all_zero"
    assert only_table(head + "|||\n\n注：若为空表，则为本部门无此项收支。\n").emptiness == "blank"


def test_a_grid_that_is_all_caption_belongs_to_the_table_below() -> None:
    table = only_table(f"支出总表\n\n部门：安宁县水务局|金额单位：万元\n\n{ROWS}")
    assert (table.kind, table.unit, table.entity) == ("expenditure_summary", "万元", "安宁县水务局")


def test_a_book_of_a_whole_government_is_kept_as_such() -> None:
    (table,) = understood(
        f"2026年全县一般公共预算支出表\n\n单位：万元\n\n{ROWS}", cover="安宁县2025年预算执行情况和2026年预算草案的报告\n\n"
    ).tables
    assert table.kind == "government_level"


def test_a_row_torn_by_a_page_end_is_read_as_one() -> None:
    head = "收入总表\n\n单位：万元\n\n单位名称|总计|一般公共预算\n"
    upper = f"{head}合计|14.61|14.61\n安宁县水务局|2.25|2.25\n安宁县机动|12.3|12.36\n\n"
    lower = f"{head}车驾驶员考试中心|6|\n安宁县水文站|0.00|0.00\n"
    rows = [(r["row_label"], r["raw_text"]) for r in facts(upper + lower)]
    assert ("安宁县机动车驾驶员考试中心", "12.36") in rows
    assert not [text for _, text in rows if text in ("12.3", "6")]


def test_codes_and_amounts_torn_by_a_page_end_are_read_as_one() -> None:
    head = "收入总表\n\n单位：万元\n\n科目编码|科目名称|合计|事业收入\n"
    upper = f"{head}210|卫生健康支出|1,335.26|7.00\n21011|行政事业单位医疗|1,335.26|7.00\n2101101|行政单位医疗|7.00|0.00\n"
    upper += "2101|事业|1,328|7.\n\n"
    lower = f"{head}102|单位医疗|.26|00\n221|住房保障支出|91.33|5.50\n"
    found = [(r["subject_code"], r["row_label"], r["raw_text"]) for r in facts(upper + lower) if r["subject_code"] != "210"]
    assert found[-4:] == [
        ("2101102", "事业单位医疗", "1,328.26"),
        ("2101102", "事业单位医疗", "7.00"),
        ("221", "住房保障支出", "91.33"),
        ("221", "住房保障支出", "5.50"),
    ]


def test_two_rows_at_a_page_end_stay_two() -> None:
    head = "支出总表\n\n单位：万元\n\n单位名称|合计|基本支出\n"
    text = f"{head}合计|17.78|17.78\n甲县某某局|91|3.10\n\n{head}甲县某某所|3.78|5.90\n甲县某某站|1.00|1.00\n"
    assert [(r["row_label"], r["raw_text"]) for r in facts(text)][2:6] == [
        ("甲县某某局", "91"), ("甲县某某局", "3.10"), ("甲县某某所", "3.78"), ("甲县某某所", "5.90")
    ]


def test_a_name_torn_by_a_page_end_takes_its_amounts_along() -> None:
    head = "支出总表\n\n单位：万元\n\n科目编码|科目名称|合计\n"
    upper = f"{head}208|社会保障和就业支出|1.00\n20805|行政事业单位养老支出|1.00\n2080505|机关事业单位基本养老保险|1.00\n\n"
    text = f"{upper}{head}|缴费支出|\n221|住房保障支出|2.00\n"
    assert [(r["subject_code"], r["row_label"]) for r in facts(text)] == [
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
        ("221", "住房保障支出"),
    ]


def test_the_rest_of_a_torn_name_below_a_repeated_header_is_no_level_of_it() -> None:
    """支出 alone is also a head."""
    head = "科目编码|科目名称|合计|基本支出|\n|||小计|人员经费\n"
    upper = f"支出总表\n\n单位：万元\n\n{head}208|社会保障和就业支出|1.00|1.00|1.00\n20805|行政事业单位养老|1.00|1.00|1.00\n\n"
    text = f"{upper}{head}|支出|||\n221|住房保障支出|2.00|2.00|2.00\n"
    (table,) = understood(text).tables
    assert [(row.code, row.label) for row in table.rows] == [
        ("208", "社会保障和就业支出"), ("20805", "行政事业单位养老支出"), ("221", "住房保障支出"),
    ]


def test_the_rest_of_torn_words_below_a_header_in_one_row_is_no_level_of_it() -> None:
    head = "单位名称|项目名称|预算金额|绩效目标\n"
    upper = f"项目支出明细表\n\n单位：万元\n\n{head}安宁县水务局|渠道清淤|3.00|清淤九处\n|泵站维修及配|2.00|修泵站三座，验收合\n\n"
    (table,) = understood(f"{upper}{head}|套设施更换||格\n|测井|1.00|测井四眼\n").tables
    assert [row.label for row in table.rows] == ["渠道清淤", "泵站维修及配套设施更换", "测井"]
