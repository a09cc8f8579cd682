"""What places say when they disagree: stale years, parents beside units, labels in cells, lists of units, evidence."""

from pathlib import Path

import pytest

from pipelines.read.document import Block, Cell, Document, RawTable, TextLine, document_of
from pipelines.understand.context.context import document_context
from pipelines.understand.context.dimensions import entity_rows, unit_entity_id
from schemas.reference import OVERRIDE_VARIABLE


def grid(rows: list[list[str]], page: int | None = 1) -> RawTable:
    cells = [Cell(r, c, text, page=page) for r, row in enumerate(rows) for c, text in enumerate(row) if text]
    return RawTable(len(rows), max(map(len, rows)), tuple(cells), "lattice", page=page)


def lines(text: str, page: int = 1) -> list[Block]:
    return [TextLine(line, page=page) for line in text.split("|")]


def document(*blocks: Block) -> Document:
    return document_of(list(blocks), sha256="0" * 64, n_bytes=1, media_type="application/pdf")


def test_headings_left_from_last_year_do_not_mislead() -> None:
    context = document_context(document(
        *lines("滁州市水利局|2026年部门预算"),
        *lines("第二部分 2025年部门预算表|一、2026年收支总表|二、2026年收入总表", 2),
        *lines("2026年滁州市水利局预算收入3120.50万元，比2025年预算增加88万元。", 3),
    ))
    assert (context.fiscal_year, context.year_corroborated) == (2026, True)


def test_a_cover_left_from_last_year_loses_against_all_the_rest() -> None:
    titles = ["收支总表", "收入总表", "支出总表", "财政拨款收支总表", "一般公共预算支出表", "政府性基金预算支出表"]
    context = document_context(document(
        *lines("2025年度|滁州市水利局部门预算"),
        *(block for page, title in enumerate(titles, start=2) for block in lines(f"2026年{title}", page)),
        *lines("2026年滁州市水利局预算收入3120.50万元，比2025年预算增加88万元。", 9),
    ))
    assert context.fiscal_year == 2026


def test_the_year_of_final_accounts_is_not_the_year_of_publication() -> None:
    context = document_context(document(*lines("滁州市水利局|部门决算公开|2025年8月"), *lines("2024年度收入支出决算总表", 2)))
    assert (context.fiscal_year, context.document_kind) == (2024, "department_final_accounts")


def test_one_place_does_not_corroborate() -> None:
    context = document_context(document(*lines("滁州市水利局2026年部门预算")))
    assert (context.fiscal_year, context.year_corroborated, context.entity_corroborated) == (2026, False, False)


def test_labels_stand_in_cells_where_there_is_no_cover() -> None:
    context = document_context(document(
        *lines("预算01表 收支总表|金额单位：万元"),
        grid([["项目", "预算数"], ["一、一般公共预算拨款收入", "32,365.09"], ["收入总计", "32,852.05"]]),
        grid([["部门整体支出绩效目标表"], ["（2026年度）"], ["部门名称", "安庆市审计局"], ["总体资金情况（万元）", "852"]], 9),
    ))
    assert (context.entity_name, context.region_code, context.fiscal_year) == ("安庆市审计局", "340800", 2026)
    assert context.document_kind == "department_budget"
    assert context.money_units == (("万元", 1),)


def test_the_corner_of_a_table_names_body_and_year_without_labels() -> None:
    head = ["368滁州市水利局", "", "预算年度：2025", "单位：万元"]
    context = document_context(document(grid([head, ["序号", "项目", "预算数"], ["1", "一、一般公共预算拨款收入", "32,365.09"]], None)))
    assert (context.entity_name, context.entity_code, context.fiscal_year) == ("滁州市水利局", "368", 2025)
    context = document_context(document(*lines("滁州市水利局 单位：万元"), grid([["项目", "预算数"], ["收入总计", "32,852.05"]])))
    assert context.entity_name == "滁州市水利局"


def test_what_corroborates_a_year() -> None:
    one = grid([["滁州市水利局2026年收支总表", ""], ["项目", "预算数"], ["收入总计", "32,852.05"]], None)
    assert document_context(document(one)).year_corroborated is False  # the first table's title is the cover, too
    head = ["368滁州市水利局", "预算年度：2025", "单位：万元"]
    tables = [grid([head, ["项目", "预算数"], [name, "32,852.05"]], None) for name in ("收入总计", "支出总计")]
    assert document_context(document(tables[0])).year_corroborated is False
    context = document_context(document(*tables))
    assert (context.fiscal_year, context.year_corroborated) == (2025, True)
    note = "注：本部门2026年没有使用政府性基金预算拨款安排的支出。"
    assert document_context(document(*lines("滁州市水利局2026年部门预算"), *lines(note, 8))).year_corroborated is True
    compared = "公务接待费预算较2026年无变化，与上年持平。"
    assert document_context(document(*lines("滁州市水利局2026年部门预算"), *lines(compared, 8))).year_corroborated is False


def test_a_unit_is_not_taken_for_its_department() -> None:
    context = document_context(document(
        *lines("安庆市公安局治安管理支队|2026年单位预算|主管部门：安庆市公安局"),
        *lines("安庆市公安局治安管理支队是安庆市公安局所属单位。", 2),
        grid([["主管部门", "安庆市公安局", "实施单位", "安庆市公安局治安管理支队"]], 3),
    ))
    assert (context.entity_name, context.entity_kind) == ("安庆市公安局治安管理支队", "unit")
    assert context.supervisor_name == "安庆市公安局"


def test_who_carries_out_projects_does_not_become_the_body() -> None:
    projects = [
        grid([["项目支出绩效目标表"], ["主管部门", "滁州市教育局", "实施单位", f"滁州市第{number}中学"]], page)
        for page, number in enumerate("一二三四五六七八九" * 3, start=3)
    ]
    context = document_context(document(*lines("滁州市教育局2026年部门预算"), *lines("部门名称：滁州市教育局", 2), *projects))
    assert (context.entity_name, context.supervisor_name) == ("滁州市教育局", None)


def test_cover_in_a_frame() -> None:
    context = document_context(document(
        *lines("附件"), grid([["滁州市教育局"], ["2026年部门预算"]]), grid([["项目", "预算数"], ["合计", "12.50"]], 2),
    ))
    assert (context.entity_name, context.fiscal_year, context.document_kind) == ("滁州市教育局", 2026, "department_budget")


def test_column_heads_are_no_labels() -> None:
    context = document_context(document(
        *lines("安庆市水利局2026年部门预算"), grid([["单位名称", "预算数（不含上年结转）", "项目单位", "资金主管部门"]], 2),
    ))
    assert context.entity_name == "安庆市水利局"


def test_other_spellings_become_aliases_with_the_same_id() -> None:
    context = document_context(document(
        *lines("中卫市科技局 2026 年部门预算"), grid([["主管部门及代码", "304001", "实施单位", "中卫市科学技术局"]], 2),
    ))
    assert (context.entity_name, context.aliases, context.entity_code) == ("中卫市科技局", ("中卫市科学技术局",), "304001")
    assert unit_entity_id(context, "中卫市科学技术局") == context.entity_id


def test_units_come_from_rows_columns_and_lists() -> None:
    context = document_context(document(
        *lines("滁州市统计局（汇总）2026年部门预算"),
        *lines("二、部门预算单位构成|从预算单位构成看，滁州市统计局部门预算包括：滁州市统计局本级预算和滁州市统计普查中心预算。", 2),
        grid([
            ["单位编码", "单位名称", "合计"],
            ["119", "滁州市统计局", "9"], ["119001", "滁州市统计局", "5"], ["119002", "市经济调查队", "4"],
        ], 3),
        grid([["科目编码", "科目名称"], ["201", "一般公共服务支出"], ["2100201", "综合医院"]], 4),
    ))
    assert [(unit.name, unit.code) for unit in context.units] == [
        ("滁州市统计局", "119001"), ("滁州市经济调查队", "119002"), ("滁州市统计普查中心", None),
    ]
    assert (context.entity_code, context.scope) == ("119", "consolidated")


@pytest.mark.parametrize("said", [
    "某某评价工作组对滁州市水利局（以下简称“市水利局”）2022年部门整体支出绩效评价报告", "由滁州市水利局2022年部门整体支出绩效评价报告",
])
def test_a_body_that_others_speak_of_is_named_without_them(said: str) -> None:
    assert document_context(document(*lines(said))).entity_name == "滁州市水利局"


def test_a_name_that_begins_like_a_level_is_not_made_the_citys() -> None:
    context = document_context(document(
        *lines("滁州市城市管理局|2026年部门预算"),
        grid([
            ["单位编码", "单位名称"],
            ["308001", "市城市管理局路灯管理处"], ["308002", "市政设施管理中心"], ["308003", "市容环境卫生管理处"],
        ]),
    ))
    assert [unit.name for unit in context.units] == ["滁州市城市管理局路灯管理处", "市政设施管理中心", "市容环境卫生管理处"]


def test_units_of_a_departments_book_come_from_the_lines_over_their_tables() -> None:
    def table(name: str) -> RawTable:
        return grid([["支出总表", ""], [f"单位名称：{name}", "单位：万元"], ["科目名称", "合计"], ["合计", "5.00"]], None)

    book = [*lines("滁州市教育局2026年部门预算"), table("滁州市教育局"), table("滁州市第三中学"), table("亳州市第一中学")]
    context = document_context(document(*book))
    assert [(unit.name, unit.place) for unit in context.units] == [("滁州市第三中学", "label")]


def test_the_round_zero_of_a_regiment_is_part_of_its_name() -> None:
    context = document_context(document(*lines("新疆生产建设兵团第二师三〇团2026年部门预算")))
    assert (context.entity_name, context.region_code) == ("新疆生产建设兵团第二师三〇团", "650000")


def test_workbook_without_lines_is_read_from_its_first_cells() -> None:
    context = document_context(document(
        grid([["2026年单位预算公开表"], ["单位名称：芜湖市第十二中学", "单位：元"], ["项目", "预算数"], ["合计", "12"]], None),
    ))
    assert (context.entity_name, context.region_code, context.document_kind) == ("芜湖市第十二中学", "340200", "unit_budget")


def test_stale_sheets_before_the_cover_do_not_decide_the_year() -> None:
    context = document_context(document(
        *lines("表一|2022年台州市一般公共预算收支预算总表|单位：万元"), grid([["项目", "2022年预算数"], ["合计", "5"]]),
        *lines("2024年台州市市级政府预算表|台州市财政局"),
        *lines("表1|2024年台州市一般公共预算收入预算表|单位：万元"), grid([["项目", "2024年预算数"], ["合计", "6"]]),
    ))
    assert (context.fiscal_year, context.document_kind, context.entity_name) == (2024, "government_budget", "台州市")


def test_every_decision_has_its_evidence() -> None:
    context = document_context(document(*lines("滁州市水利局|2026年部门预算"), *lines("部门名称：滁州市水利局", 2)))
    said = {(each.what, each.value, each.place) for each in context.evidence}
    assert {
        ("entity_name", "滁州市水利局", "cover"), ("entity_name", "滁州市水利局", "label"), ("region", "341100", "name"),
        ("fiscal_year", "2026", "cover"), ("document_kind", "budget", "cover"), ("document_kind", "department", "cover"),
    } <= said
    assert all(0 < value <= 1 for value in context.confidence.values())


def test_entity_rows_do_not_depend_on_order_and_know_parents() -> None:
    budget = document_context(document(
        *lines("滁州市统计局2026年部门预算"), grid([["119001", "滁州市统计局"], ["119002", "滁州市经济调查队"]], 2),
    ))
    accounts = document_context(document(*lines("滁州市经济调查队2024年度单位决算|主管部门：滁州市统计局")))
    entities, aliases = entity_rows([budget, accounts])
    assert (entities, aliases) == entity_rows([accounts, budget])
    rows = {row["name"]: row for row in entities}
    assert rows["滁州市经济调查队"]["parent_entity_id"] == budget.entity_id == rows["滁州市统计局"]["entity_id"]
    assert (rows["滁州市经济调查队"]["valid_from"], rows["滁州市经济调查队"]["valid_to"]) == (2024, 2026)
    assert {row["entity_id"] for row in aliases} == {row["entity_id"] for row in entities}


def test_a_new_label_is_a_line_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = document(*lines("2026年预算公开表|账簿所有者：滁州市水利局"))
    assert document_context(unknown).entity_name is None
    (tmp_path / "entity_labels.csv").write_text("label,role,weight,note\n账簿所有者,self,4,\n", encoding="utf-8")
    monkeypatch.setenv(OVERRIDE_VARIABLE, str(tmp_path))
    assert document_context(unknown).entity_name == "滁州市水利局"
    monkeypatch.delenv(OVERRIDE_VARIABLE)
    assert document_context(unknown).entity_name is None


@pytest.mark.parametrize(("text", "name"), [
    ("安宁市人民法院是国家的审判机关，依照法律规定独立行使审判权。", "安宁市人民法院"),
    ("安宁市残疾人联合会为市级部门预算单位，内设3个科室。", "安宁市残疾人联合会"),
    ("安宁市人民检察院包括安宁市人民检察院本级一家行政单位。", "安宁市人民检察院"),
    ("安宁市交通运输局贯彻落实党中央关于交通运输工作的方针政策。", "安宁市交通运输局"),
    ("安宁市农业技术服务中心下设办公室、财务室和种子组等。", "安宁市农业技术服务中心"),
    ("截至2024年年末，安宁市水务局共有车辆3辆，其中业务用车3辆。", "安宁市水务局"),
])
def test_a_body_that_introduces_itself_is_known(text: str, name: str) -> None:
    context = document_context(document(*lines("目录|第一部分 2024年度部门决算表|一、收入支出决算总表。"), *lines(text, 2)))
    assert context.entity_name == name


def test_a_heading_with_the_words_department_and_overview_run_together_names_the_body() -> None:
    context = document_context(document(*lines("目录|第一部分安宁市财政局部门单位概况|第二部分部门决算情况说明")))
    assert context.entity_name == "安宁市财政局"


def test_the_year_of_a_sum_over_a_long_list_of_bodies_is_the_year() -> None:
    text = "经安宁市财政局汇总，2018年全市行政单位、事业单位和其他单位“三公”经费决算总额2771万元，比上年下降1.8%。"
    context = document_context(document(*lines("安宁市"), *lines(text, 2)))
    assert (context.fiscal_year, context.region_code) == (2018, "530181")


def test_a_page_of_a_departments_own_three_public_expenses_is_a_departments() -> None:
    rows = [["项目", "金额"], ["“三公”经费", "29.00"]]
    context = document_context(document(
        grid(rows), *lines("一、行政经费及“三公”经费预算情况"), *lines("2019年本部门财政拨款安排“三公”经费29万元，比上年增加0.5万元。", 2)))
    assert (context.fiscal_year, context.document_kind) == (2019, "department_budget")


@pytest.mark.parametrize(("text", "name"), [
    ("安宁市城市管理局2016年度“三公”经费财政拨款支出决算为68.3万元。", "安宁市城市管理局"),
    ("根据《安宁市审计局职能配置、内设机构和人员编制规定》，主要履行以下职责：", "安宁市审计局"),
])
def test_the_body_of_a_sentence_about_its_expenses_or_its_regulation_is_known(text: str, name: str) -> None:
    assert document_context(document(*lines("目录|第二部分 2024年度部门决算表。"), *lines(text, 2))).entity_name == name


def test_a_title_about_three_public_expenses_names_its_body_whatever_the_quotation_marks() -> None:
    context = document_context(document(*lines("2017年安宁市委宣传部“三公”经费增减情况说明")))
    assert (context.entity_name, context.fiscal_year) == ("安宁市委宣传部", 2017)


def test_a_title_whose_first_line_ends_in_the_year_is_read_as_one() -> None:
    context = document_context(document(*lines("附件2|目录|第一部分 部门概况|安宁市水务局关于2018年度|部门决算信息公开的说明")))
    assert (context.entity_name, context.fiscal_year) == ("安宁市水务局", 2018)


def test_a_page_without_title_says_what_it_makes_known() -> None:
    said = "按照有关规定，现将青龙镇2020年度“三公”经费决算情况公布如下："
    context = document_context(document(*lines(f"{said}|2020年度“三公”经费41万元。经比较2020年度本镇“三公”经费41万元，较上年减少1万元。")))
    assert (context.fiscal_year, context.document_kind, context.final_accounts) == (2020, "other", True)
