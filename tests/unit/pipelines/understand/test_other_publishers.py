"""Forms of publishers that the samples do not have: the same words mean what title, neighbours and heads make of them."""

import pytest
from msgspec.structs import replace
from printed_forms import meanings, understood

from pipelines.read.document import document_of
from pipelines.read.text import read_text
from pipelines.understand.understand import understand

SUMMED = "科目编码|科目名称|"


def columns(head: str, rows: str, title: str, *fields: str) -> list[tuple[object, ...]]:
    """The named fields of the facts of a table of functions."""
    return meanings(f"{title}\n\n单位：元\n\n{head}\n{rows}\n", *fields)


def test_columns_of_the_governments_classification_are_its_subjects() -> None:
    head = f"{SUMMED}机关工资福利支出|对个人和家庭的补助|其他支出"
    row = "2130301|行政运行|1.00|2.00|3.00"
    assert [f[0] for f in columns(head, row, "支出预算分类汇总表", "column_subject_code")] == ["501", "509", "599"]
    head = f"{SUMMED}工资福利支出|对个人和家庭的补助|其他支出"
    assert [f[0] for f in columns(head, row, "支出预算表（按政府预算经济分类）", "column_subject_code")] == ["501", "509", "599"]
    assert [f[0] for f in columns(head, row, "支出总表", "column_subject_code")] == ["301", "303", "399"]


def test_a_subject_as_column_stands_below_the_one_over_it() -> None:
    head = f"{SUMMED}工资福利支出||对事业单位经常性补助|\n||合计|住房公积金|合计|工资福利支出"
    found = columns(head, "2130301|行政运行|1.00|2.00|3.00|4.00", "基本支出表（按政府预算经济分类）", "column_subject_code")
    assert [f[0] for f in found] == ["501", "50103", "505", "50501"]


def test_other_spending_among_sources_is_no_subject() -> None:
    head = f"{SUMMED}合计|单位资金||\n|||小计|事业单位经营支出|其他支出"
    found = columns(head, "2130301|行政运行|9.00|6.00|1.00|5.00", "支出总表", "column_code", "column_subject_code")
    assert found == [("total", None), ("unit_funds", None), ("unit_funds.business_operating", None), (None, None)]


def test_a_part_that_its_words_do_not_tell_from_the_whole_is_not_understood() -> None:
    head = f"{SUMMED}项目支出||\n||小计|本级安排|上级转移支付"
    found = columns(head, "2130301|行政运行|9.00|6.00|3.00", "支出总表", "column_code")
    assert [f[0] for f in found] == ["project", None, None]


def test_a_source_below_one_it_is_no_part_of_is_not_understood() -> None:
    head = "单位名称|一般公共预算拨款|||事业收入|\n|小计|经费拨款|其他收入|小计|其中：教育收费"
    found = columns(head, "安宁县水文站|9.00|6.00|3.00|2.00|1.00", "收入总表", "column_code")
    assert [f[0] for f in found] == ["general_public_budget", "general_public_budget", None, "business_income", "special_account"]


def test_this_years_money_is_a_period_only_beside_what_is_carried_over() -> None:
    head = f"{SUMMED}本年财政拨款支出|\n||合计|基本支出"
    assert {f[0] for f in columns(head, "2130301|行政运行|2.00|1.00", "财政拨款支出表", "budget_period")} == {"total"}
    head = f"{SUMMED}总计|当年财政拨款安排||上年结转安排|\n|||合计|基本支出|合计|基本支出"
    found = columns(head, "2130301|行政运行|9.00|6.00|6.00|3.00|3.00", "财政拨款支出表", "budget_period")
    assert [f[0] for f in found] == ["total", "current_year", "current_year", "carried_over", "carried_over"]


def test_a_column_of_appropriation_in_a_table_of_one_source_is_that_source() -> None:
    head = "单位名称|当年财政拨款预算安排||\n|合计|因公出国（境）费用|公务接待费"
    found = columns(head, "安宁县水文站|3.00|2.00|1.00", "一般公共预算“三公”经费支出预算表", "funding", "row_label")
    assert found == [
        ("general_public_budget", "合计"), ("general_public_budget", "因公出国（境）费用"), ("general_public_budget", "公务接待费"),
    ]


def test_where_rows_are_the_items_of_three_public_columns_are_sources() -> None:
    table = "项目|“三公”经费财政拨款预算数||\n|合计|一般公共预算财政拨款|政府性基金预算财政拨款\n合计|5.00|4.00|1.00\n" + (
        "一、因公出国（境）费用|2.00|1.00|1.00\n二、公务接待费|3.00|3.00|\n"
    )
    found = meanings(f"部门财政拨款“三公”经费支出情况表\n\n单位：元\n\n{table}", "row_label", "funding", "amount_yuan")
    assert found[:4] == [
        ("合计", "fiscal_appropriation", 5), ("合计", "general_public_budget", 4), ("合计", "government_fund_budget", 1),
        ("一、因公出国（境）费用", "fiscal_appropriation", 2),
    ]


def test_a_subtotal_in_its_own_words_takes_its_groups_name() -> None:
    head = "单位名称|公务用车购置及运行费|||\n|公务用车购置和运行费小计|公务用车购置费|公务用车运行费|备注"
    found = columns(head, "安宁县水文站|3.00|2.00|1.00|", "“三公”经费预算情况表", "row_label")
    assert [f[0] for f in found] == ["公务用车购置和运行费", "公务用车购置费", "公务用车运行费"]


def test_kinds_of_spending_as_rows_of_a_one_sided_table_hold_for_the_lines_below() -> None:
    rows = (
        "一、基本支出|5.00\n工资福利支出|3.00\n商品和服务支出|2.00\n"
        "二、项目支出|4.00\n其他事业发展类项目|4.00\n三、事业单位经营支出|0.00\n"
    )
    found = meanings(f"支出总体情况表\n\n单位：元\n\n项目|2026年预算\n{rows}", "expenditure_type", "subject_code")
    assert found == [
        ("basic", None), ("basic", "301"), ("basic", "302"), ("project", None), ("project", None), ("total", None),
    ]


def test_a_name_beside_a_code_in_a_project_table_is_the_projects() -> None:
    table = "科目编码|||单位代码|单位名称（科目）|金额\n类|款|项|||\n213|03|05||水利工程建设|5.00\n213|03|05|117001|河长制工作经费|5.00\n"
    found = meanings(f"一般公共预算项目支出预算表\n\n单位：元\n\n{table}", "subject_code", "project_name")
    assert found == [("2130305", None), ("2130305", "河长制工作经费")]


def test_codes_joined_to_names_under_a_heading_of_kinds_of_projects_are_subjects() -> None:
    table = "支出项目类别（资金使用单位）|总计\n安宁县水务局|5.00\n［301］工资福利支出|5.00\n［30101］基本工资|5.00\n"
    found = meanings(f"部门预算基本支出预算表\n\n单位：元\n\n{table}", "subject_code", "entity_name", "project_name")
    assert found == [(None, "安宁县水务局", None), ("301", "安宁县水务局", None), ("30101", "安宁县水务局", None)]


def test_lines_by_kind_of_project_in_a_summary_are_subjects_under_their_kind() -> None:
    table = (
        "收入||支出|||\n项目|预算数|项目（按支出项目类别）|预算数|项目（按支出功能科目）|预算数\n"
        "一、财政拨款收入|9.00|一、基本支出|5.00|农林水支出|9.00\n||工资福利支出|5.00||\n||二、项目支出|4.00||\n||商品和服务支出|4.00||\n"
    )
    found = meanings(f"收支预算总表\n\n单位：元\n\n{table}", "subject_code", "expenditure_type", "project_name", "side")
    assert {("301", "basic", None, "expenditure"), ("302", "project", None, "expenditure")} <= set(found)
    assert all(project is None for _, _, project, _ in found)


def test_people_or_offices_in_the_title_of_basic_expenditure_are_its_kind() -> None:
    head = "科目编码|科目名称|合计"
    marks = ("--人员经费(工资福利支出)", "（公用经费）", "（人员经费和公用经费）")
    found = [columns(head, "30101|基本工资|1.00", f"一般公共预算基本支出表{mark}", "expenditure_type")[0][0] for mark in marks]
    assert found == ["basic_personnel", "basic_operating", "basic"]


def test_what_a_project_is_about_is_not_its_name() -> None:
    table = "单位名称|项目名称|项目内容|合计\n安宁县水文站|水质监测|购买试剂|2.00\n"
    assert meanings(f"部门项目支出预算表\n\n单位：元\n\n{table}", "project_name", "row_label") == [("水质监测", "水质监测")]


def test_a_subject_under_another_name_is_the_subject() -> None:
    head = f"{SUMMED}基本支出||项目支出|\n||小计|一般商品和服务支出|小计|项目商品和服务支出"
    found = columns(head, "2130301|行政运行|2.00|2.00|1.00|1.00", "部门支出总表", "expenditure_type", "column_subject_code")
    assert found == [("basic", None), ("basic", "302"), ("project", None), ("project", "302")]


def test_unit_over_names_heads_bodies() -> None:
    table = "单位|合计|一般公共预算\n合计|5.00|5.00\n安宁县水务局|3.00|3.00\n安宁县水文站|2.00|2.00\n"
    found = meanings(f"部门收入预算表\n\n单位：元\n\n{table}", "entity_name", "column_code")
    assert found[2:] == [
        ("安宁县水务局", "total"), ("安宁县水务局", "general_public_budget"),
        ("安宁县水文站", "total"), ("安宁县水文站", "general_public_budget"),
    ]


def test_a_subject_that_is_named_like_a_body_stands_below_its_class() -> None:
    table = "单位/科目|合计\n安宁县水务局|5.00\n文化旅游体育与传媒支出|5.00\n图书馆|5.00\n"
    found = meanings(f"部门支出预算表\n\n单位：元\n\n{table}", "entity_name", "subject_code")
    assert found == [("安宁县水务局", None), ("安宁县水务局", "207"), ("安宁县水务局", "2070104")]


def test_a_table_that_nothing_names_has_no_source() -> None:
    (fact,) = meanings("单位：元\n\n会议名称|金额\n水利工作会|2.00\n", "table_kind", "column_code", "amount_yuan")
    assert fact == ("other", None, 2)


def test_a_remark_that_tells_two_columns_apart_is_not_left_out() -> None:
    head = f"{SUMMED}预算数|预算数（扣除基建）|事业收入（不含教育收费）"
    found = columns(head, "2130301|行政运行|3.00|2.00|1.00", "支出总表", "column_code")
    assert [f[0] for f in found] == ["total", None, "business_income"]


def test_a_sheets_name_is_the_title_where_nothing_else_is() -> None:
    blocks = read_text("单位：万元\n\n科目编码\t科目名称\t合计\n2130301\t行政运行\t3.00\n")
    document = document_of(blocks, sha256="0" * 64, n_bytes=1, media_type="text/plain")
    named = replace(document, tables=tuple(replace(t, sheet="05一般公共预算支出表") for t in document.tables))
    (table,) = understand(named).tables
    assert (table.kind, table.title) == ("general_public_expenditure", "05一般公共预算支出表")


def test_transfers_to_lower_levels_do_not_make_a_departments_budget_a_governments() -> None:
    table = "单位名称（项目）|合计\n环卫作业补助|2.00\n"
    context = understood(f"对下转移支付预算表\n\n单位：元\n\n{table}\n对下转移支付预算表\n\n单位：元\n\n{table}").context
    assert context is not None
    assert context.document_kind == "department_budget"


def test_the_budgets_project_holds_what_is_procured_even_if_it_is_called_after_a_kind_of_spending() -> None:
    table = "预算项目|采购项目|采购预算金额\n公用经费|复印纸采购|2.00\n"
    assert meanings(f"部门政府采购预算表\n\n单位：元\n\n{table}", "project_name", "row_label") == [("公用经费", "复印纸采购")]


def test_a_head_over_several_sources_of_its_own_is_the_units_funds() -> None:
    head = "单位名称|其他各项收入|||\n|小计|事业收入|上级补助收入|其他收入"
    found = columns(head, "安宁县水文站|6.00|3.00|2.00|1.00", "收入总表", "column_code")
    assert [f[0] for f in found] == ["unit_funds", "business_income", "superior_subsidy", "other_income"]
    found = columns("单位名称|其他收入|事业收入", "安宁县水文站|6.00|3.00", "收入总表", "column_code")
    assert [f[0] for f in found] == ["other_income", "business_income"]


def test_a_coded_name_beside_the_unit_is_a_caption_and_no_row() -> None:
    form = "368安宁县水文站||预算年度：2025|单位：万元\n序号|科目编码|科目名称|合计\n栏次|1|2|3\n1|2130301|行政运行|2.00\n"
    found = meanings(f"部门预算支出总表\n\n{form}", "subject_code", "amount_yuan")
    assert found == [("2130301", 20000)]
    form = "单位：万元|\n368安宁县水文站|\n序号|科目编码|科目名称|合计\n1|2130301|行政运行|2.00\n"
    found = meanings(f"部门预算支出总表\n\n{form}", "subject_code")
    assert found == [("2130301",)]


def test_lines_below_a_total_of_income_and_one_of_spending_have_their_sides() -> None:
    head = "项目|2025年预算数|2026年预算数\n"
    on_top = head + "收入总计|9.00|8.00\n一、财政拨款收入|9.00|8.00\n支出总计|9.00|8.00\n一、基本支出|5.00|4.00\n二、项目支出|4.00|4.00\n"
    found = meanings(f"部门收支总表\n\n单位：元\n\n{on_top}", "row_label", "side", "funding", "expenditure_type")
    assert [f[1] for f in found] == ["income"] * 4 + ["expenditure"] * 6
    assert found[2] == ("一、财政拨款收入", "income", "total", "total")
    assert [f[3] for f in found[6:]] == ["basic", "basic", "project", "project"]
    below = head + "一、财政拨款收入|9.00|8.00\n本年收入合计|9.00|8.00\n上年结转|1.00|1.00\n收入总计|10.00|9.00\n" + (
        "一、基本支出|5.00|4.00\n本年支出合计|5.00|4.00\n结转下年|5.00|5.00\n支出总计|10.00|9.00\n"
    )
    found = meanings(f"部门收支总表\n\n单位：元\n\n{below}", "side")
    assert [f[0] for f in found] == ["income"] * 8 + ["expenditure"] * 8
    opened = head + "一、本年收入|9.00|8.00\n（一）财政拨款|9.00|8.00\n二、本年支出|9.00|8.00\n（一）基本支出|9.00|8.00\n"
    found = meanings(f"部门收支总表\n\n单位：元\n\n{opened}", "side")
    assert [f[0] for f in found] == ["income"] * 4 + ["expenditure"] * 4


def test_this_years_budget_beside_what_is_carried_over_is_a_period() -> None:
    head = f"{SUMMED}合计|本年预算|上年结转"
    found = columns(head, "2130301|行政运行|3.00|2.00|1.00", "支出总表", "budget_period", "column_code")
    assert [f[0] for f in found] == ["total", "current_year", "carried_over"]
    assert all(code for _, code in found)
    head = f"{SUMMED}本年预算|编制预算|上年结转"
    found = columns(head, "2130301|行政运行|3.00|2.00|1.00", "支出总表", "budget_period")
    assert [f[0] for f in found] == ["total", "current_year", "carried_over"]
    head = f"{SUMMED}上年预算|本年预算"
    found = columns(head, "2130301|行政运行|3.00|2.00", "支出总表", "budget_period", "fiscal_year")
    assert found == [("total", 2025), ("total", 2026)]


def test_plans_of_non_tax_revenue_name_their_items() -> None:
    table = "收入项目编码|收入项目名称|上年完成数|本年计划数\n|合计|30.00|31.00\n103044308|污水处理费|30.00|31.00\n"
    found = meanings(f"非税收入征收计划表\n\n单位：元\n\n{table}", "row_label", "project_name", "stage", "fiscal_year")
    assert found[2:] == [("污水处理费", None, "final_accounts", 2025), ("污水处理费", None, "budget", 2026)]


def test_rates_under_one_head_are_no_amounts() -> None:
    head = f"{SUMMED}2026年预算数||比2025年预算数增减（%）|\n||合计|基本支出|合计|基本支出"
    found = columns(head, "2130301|行政运行|3.00|2.00|10|10", "支出总表", "column_code", "amount_yuan")
    assert found == [("total", 3), ("basic", 2)]
    head = f"{SUMMED}2026年预算数|比上年增减（%）|\n|||增减额|增减率"
    found = columns(head, "2130301|行政运行|3.00|2.00|10", "支出总表", "stage", "amount_yuan")
    assert found == [("budget", 3), ("change", 2)]


def test_what_differs_from_the_budget_is_a_change() -> None:
    head = f"{SUMMED}年初预算数|决算数|决算数与年初预算数差异|\n||||差异额|差异率"
    found = columns(head, "2130301|行政运行|3.00|2.00|-1.00|-33", "支出决算对比表", "stage", "amount_yuan")
    assert found == [("budget", 3), ("final_accounts", 2), ("change", -1)]


def test_spending_by_kind_in_a_third_block_of_a_summary_keeps_its_labels() -> None:
    head = "收入||支出|||\n项目|决算数|项目（按功能分类）|决算数|项目（按支出性质分类）|决算数\n"
    rows = "一、财政拨款收入|3.00|一、农林水支出|3.00|一、基本支出|2.00\n||||二、项目支出|1.00\n"
    found = meanings(f"收入支出决算总表\n\n单位：元\n\n{head}{rows}", "row_label", "subject_code", "expenditure_type")
    assert found[1:] == [("一、农林水支出", "213", "total"), ("一、基本支出", None, "basic"), ("二、项目支出", None, "project")]


def test_a_line_of_three_public_that_names_a_budget_is_of_that_source() -> None:
    form = "资金来源|合计|公务接待费|会议费\n合计|5.00|3.00|2.00\n一般公共预算财政拨款|4.00|3.00|1.00\n政府性基金预算财政拨款|1.00||1.00\n"
    found = meanings(f"财政拨款“三公”经费支出表\n\n单位：元\n\n{form}", "funding", "amount_yuan")
    budgets = ["fiscal_appropriation"] * 3 + ["general_public_budget"] * 3 + ["government_fund_budget"] * 2
    assert [f[0] for f in found] == budgets


def test_parts_of_codes_named_in_the_row_that_numbers_the_columns() -> None:
    head = "功能分类科目编码|||科目名称|本年支出合计|基本支出\n类|款|项|栏次|1|2\n"
    rows = "|||合计|3.00|2.00\n213|||农林水支出|3.00|2.00\n213|3||水利|3.00|2.00\n213|3|1|行政运行|3.00|2.00\n"
    found = meanings(f"支出决算表\n\n单位：元\n\n{head}{rows}", "subject_code", "amount_yuan")
    assert found == [(None, 3), (None, 2), ("213", 3), ("213", 2), ("21303", 3), ("21303", 2), ("2130301", 3), ("2130301", 2)]


def test_the_sum_of_peoples_spending_says_so_of_itself() -> None:
    form = "科目编码|科目名称|决算数\n|合计|3.00\n|人员经费小计|2.00\n30101|基本工资|2.00\n|公用经费小计|1.00\n30201|办公费|1.00\n"
    found = meanings(f"一般公共预算基本支出表\n\n单位：元\n\n{form}", "row_label", "expenditure_type")
    assert found[1] == ("人员经费小计", "basic_personnel")
    assert found[3] == ("公用经费小计", "basic_operating")


def test_debt_of_a_department_is_no_spending_by_function() -> None:
    found = meanings("债务支出预算表\n\n单位：元\n\n债务单位|合计|本金\n安宁县水文站|3.00|2.00\n", "table_kind", "column_code")
    assert found == [("other", None), ("other", None)]
    form = "一般公共预算支出表（含债务付息支出）\n\n单位：元\n\n科目编码|科目名称|合计\n201|一般公共服务支出|3.00\n合计||3.00\n"
    assert {kind for kind, _ in meanings(form, "table_kind", "column_code")} == {"general_public_expenditure"}


@pytest.mark.parametrize("body", [
    "安宁县政府采购中心", "安宁县非税收入管理局", "安宁县预算绩效评价中心", "安宁县收入核对中心", "安宁县专项资金管理局",
])
def test_what_a_publisher_is_called_says_nothing_of_its_tables(body: str) -> None:
    rows = "科目编码|科目名称|合计|基本支出|项目支出\n2130301|行政运行|3.00|3.00|\n"
    titles = (f"{body}2026年支出预算总表", f"2026年{body}支出总表", f"{body}一般公共预算支出表", f"{body}政府采购预算表")
    found = understood("\n\n".join(f"{title}\n\n单位：元\n\n{rows}" for title in titles), f"{body}2026年部门预算\n\n")
    assert [t.kind for t in found.tables] == ["expenditure_summary", "expenditure_summary", "general_public_expenditure", "procurement"]


def test_the_own_office_of_a_body_called_after_projects_is_no_project() -> None:
    cover = "安宁县住房和城乡建设局2026年部门预算\n\n"
    rows = "单位/项目名称|合计\n合计|3.00\n安宁县住房和城乡建设局本级|3.00\n档案整理|3.00\n"
    found = meanings(f"项目支出预算表\n\n单位：元\n\n{rows}", "entity_name", "project_name", "row_role", cover=cover)
    assert found == [
        (None, None, "total"), ("安宁县住房和城乡建设局本级", None, "subtotal"), ("安宁县住房和城乡建设局本级", "档案整理", "detail"),
    ]
