"""Heads below a budget's head, heads below years, subjects that changed their code: forms of publishers in the south and west."""

from printed_forms import ACCOUNTS_COVER, meanings

from pipelines.read.document import Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import understand

SUMMED = "科目编码|科目名称|"
ROW = "2130301|行政运行"


def test_what_is_appropriated_of_a_budget_is_of_that_budget() -> None:
    head = f"{SUMMED}一般公共预算||政府性基金预算\n||小计|其中：财政拨款|"
    found = meanings(f"支出总表\n\n单位：元\n\n{head}\n{ROW}|9.00|6.00|1.00\n", "funding")
    assert found == [("general_public_budget",), ("general_public_budget",), ("government_fund_budget",)]


def test_carry_over_below_a_budget_is_of_that_budget() -> None:
    head = "项目名称|合计|一般公共预算||政府性基金预算|\n||本年拨款|上年结转|本年拨款|上年结转"
    found = meanings(f"项目支出表\n\n单位：元\n\n{head}\n水质监测|9.00|4.00|3.00|1.00|1.00\n", "funding", "budget_period")
    assert found == [
        ("total", "total"),
        ("general_public_budget", "current_year"),
        ("general_public_budget", "carried_over"),
        ("government_fund_budget", "current_year"),
        ("government_fund_budget", "carried_over"),
    ]


def test_a_subsidy_from_above_is_paid_out_of_a_budget() -> None:
    head = "项目名称|合计|上级补助|\n||一般公共预算|政府性基金预算"
    found = meanings(f"项目支出表\n\n单位：元\n\n{head}\n水质监测|9.00|6.00|3.00\n", "funding")
    assert found == [("total",), ("general_public_budget",), ("government_fund_budget",)]


def test_of_two_codes_of_one_name_the_one_of_the_year_heads_the_column() -> None:
    head = f"{SUMMED}合计|工资福利支出||\n|||小计|基本工资|其他社会保障缴费"
    text = f"一般公共预算基本支出表\n\n单位：元\n\n{head}\n{ROW}|9.00|9.00|6.00|3.00\n"
    assert [f[0] for f in meanings(text, "column_subject_code")] == [None, "301", "30101", "30112"]


def test_items_below_their_years_are_heads_though_no_total_stands_beside_them() -> None:
    items = "“三公”经费合计|因公出国（境）费|公务用车运行维护费|公务接待费"
    head = f"2025年预算数||||2026年预算数|||\n{items}|{items}"
    row = "9.00||6.00|3.00|8.00||6.00|2.00"
    found = meanings(f"“三公”经费支出表\n\n单位：元\n\n{head}\n{row}\n", "row_label", "fiscal_year", "amount_yuan")
    assert [f[1:] for f in found] == [(2025, 9), (2025, 6), (2025, 3), (2026, 8), (2026, 6), (2026, 2)]
    assert [f[0] for f in found[1:3]] == ["公务用车运行维护费", "公务接待费"]


def test_this_years_budget_beside_the_accounts_is_the_budget() -> None:
    table = "项目|上年决算数|本年预算数|本年决算数\n公务接待费|4.00|3.00|2.00"
    found = meanings(f"“三公”经费支出决算表\n\n单位：元\n\n{table}\n", "stage", "fiscal_year", cover=ACCOUNTS_COVER)
    assert found == [("final_accounts", 2023), ("budget", 2024), ("final_accounts", 2024)]


def test_the_years_number_of_a_source_is_that_source() -> None:
    head = "项目名称|项目单位|合计|一般公共预算|\n|||全年数|其中：已提前安排"
    found = meanings(f"项目支出预算表\n\n单位：元\n\n{head}\n水质监测|安宁县水务局|9.00|9.00|6.00\n", "funding")
    assert found[:2] == [("total",), ("general_public_budget",)]


def test_projects_beside_the_code_of_the_unit_above_are_projects() -> None:
    units = "单位编码|单位名称|合计\n306001|安宁县水务局机关|9.00\n"
    table = "单位代码|单位（专项）名称|本年预算数\n|合计|9.00\n306001|安宁县水务局机关|9.00\n306001|渠道清淤|6.00\n306001|水质监测|3.00\n"
    text = f"支出总表\n\n单位：元\n\n{units}\n\n专项资金预算汇总表\n\n单位：元\n\n{table}"
    found = meanings(text, "entity_name", "project_name", "amount_yuan")
    assert found[-2:] == [("安宁县水务局机关", "渠道清淤", 6), ("安宁县水务局机关", "水质监测", 3)]


def test_a_subject_alone_heads_its_projects_in_a_list_of_projects() -> None:
    table = "类|款|项|单位名称（科目）|金额\n|||合计|9.00\n|||其他水利支出|5.00\n213|03|99|渠道清淤|4.00\n213|03|99|水闸更新|1.00\n"
    table += "|||行政运行|4.00\n213|03|01|设备更新|4.00"
    found = meanings(f"一般公共预算项目支出预算表\n\n单位：元\n\n{table}\n", "project_name", "row_role", "is_leaf")
    assert found == [
        (None, "total", False),
        (None, "subtotal", False),
        ("渠道清淤", "detail", True),
        ("水闸更新", "detail", True),
        (None, "subtotal", False),
        ("设备更新", "detail", True),
    ]


def test_a_body_named_as_department_or_unit_and_a_title_that_goes_on_behind_a_dash_head_the_grid() -> None:
    title = "一般公共预算基本支出表--人员经费（工资福利支出）（按政府预算经济分类）"
    table = f"{title}|||\n部门/单位：安宁县水务局|||单位：万元\n{SUMMED}总计|工资奖金津补贴\n{ROW}|9.00|6.00"
    found = meanings(table, "table_kind", "column_subject_code", "amount_yuan")
    assert found == [("general_public_basic_expenditure", None, 90_000), ("general_public_basic_expenditure", "50101", 60_000)]


def test_a_note_below_a_blank_row_of_the_grid_is_the_tables_note() -> None:
    cells = [["项目", "预算数", "决算数"], ["合计", "9.00", "8.00"], ["公务接待费", "9.00", "8.00"], [""] * 3]
    cells.append(["注：预算数为全年预算数。", "", ""])
    grid = RawTable(5, 3, tuple(Cell(r, c, t, page=1) for r, row in enumerate(cells) for c, t in enumerate(row)), "xlsx", page=1)
    lines = [TextLine("安宁县水务局2024年度部门决算", page=1), TextLine("“三公”经费支出决算表", page=1), TextLine("单位：元", page=1)]
    (table,) = understand(document_of([*lines, grid], sha256="0" * 64, n_bytes=1, media_type="application/pdf")).tables
    assert table.note == "注：预算数为全年预算数。"
