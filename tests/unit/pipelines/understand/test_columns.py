"""Header trees become meanings: source, kind of spending, period, stage, year, measure."""

from printed_forms import ACCOUNTS_COVER, meanings, only_table

ROW = "2130301|行政运行"


def columns(header: str, amounts: int, cover: str | None = None) -> list[tuple[object, ...]]:
    """Meaning of each column of a general public expenditure table with this header."""
    body = "|".join([ROW, *(f"{n}.00" for n in range(1, amounts + 1))])
    text = f"一般公共预算支出表\n\n单位：元\n\n{header}\n{body}\n"
    fields = ("funding", "expenditure_type", "budget_period", "stage", "fiscal_year")
    return meanings(text, *fields, cover=cover) if cover else meanings(text, *fields)


def test_levels_are_composed_and_the_deeper_one_is_the_finer() -> None:
    header = "科目编码|科目名称|合计|基本支出|||项目支出\n|||小计|人员经费|公用经费|"
    assert [c[1] for c in columns(header, 5)] == ["total", "basic", "basic_personnel", "basic_operating", "project"]


def test_years_and_comparison_columns() -> None:
    header = "功能分类科目||2025年执行数|2026年预算数|||2026年预算数比2025年执行数\n科目编码|科目名称||小计|基本支出|项目支出|增减额"
    assert [(c[3], c[4], c[1]) for c in columns(header, 5)] == [
        ("final_accounts", 2025, "total"),
        ("budget", 2026, "total"),
        ("budget", 2026, "basic"),
        ("budget", 2026, "project"),
        ("change", 2026, "total"),
    ]


def test_carry_over_beside_this_years_money_is_a_period_and_beside_sources_a_source() -> None:
    split = "科目编码|科目名称|总计|||基本支出||\n||小计|本年安排|上年结转|小计|本年安排|上年结转"
    assert [c[2] for c in columns(split, 6)] == ["total", "current_year", "carried_over"] * 2
    text = (
        "收入总表\n\n单位：万元\n\n单位名称|合计|本年收入|||上年结转结余||\n"
        "||小计|一般公共预算|事业收入|小计|一般公共预算|单位资金\n合计|9.00|6.00|5.00|1.00|3.00|2.00|1.00\n"
    )
    assert meanings(text, "funding", "budget_period") == [
        ("total", "total"),
        ("total", "current_year"),
        ("general_public_budget", "total"),
        ("business_income", "total"),
        ("carryover", "total"),
        ("carryover.general_public_budget", "total"),
        ("carryover.unit_funds", "total"),
    ]


def test_final_accounts_count_what_was_spent_unless_the_column_says_budget() -> None:
    assert [(c[3], c[4]) for c in columns("科目编码|科目名称|预算数|决算数|基本支出", 3, ACCOUNTS_COVER)] == [
        ("budget", 2024),
        ("final_accounts", 2024),
        ("final_accounts", 2024),
    ]


def test_columns_that_are_subjects_and_procurement_measures() -> None:
    text = (
        "支出预算分类汇总表\n\n单位：万元\n\n科目编码|科目名称|总计|基本支出|||政府采购\n|||合计|工资福利支出|商品和服务支出|其中：面向中小企业\n"
        "2130301|行政运行|9.00|9.00|6.00|3.00|1.00\n"
    )
    assert meanings(text, "expenditure_type", "column_subject_code", "measure") == [
        ("total", None, "amount"),
        ("basic", None, "amount"),
        ("basic", "301", "amount"),
        ("basic", "302", "amount"),
        ("total", None, "procurement_sme"),
    ]


def test_an_unknown_phrase_leaves_the_column_open_and_keeps_its_path() -> None:
    text = f"支出总表\n\n单位：万元\n\n科目编码|科目名称|合计|扣除基建后余额\n{ROW}|9.00|6.00\n"
    known, unknown = meanings(text, "column_code", "funding", "column_path")
    assert known == ("total", "total", "合计")
    assert unknown == (None, None, "扣除基建后余额")


def test_a_part_that_no_canonical_column_names_is_not_taken_for_the_whole() -> None:
    text = f"支出总表\n\n单位：万元\n\n科目编码|科目名称|一般公共预算|\n||小计|其中：财政专户\n{ROW}|9.00|6.00\n"
    assert meanings(text, "column_code") == [("general_public_budget",), (None,)]


def test_a_unit_in_the_header_rules_its_column() -> None:
    text = f"支出总表\n\n单位：元\n\n科目编码|科目名称|合计（万元）|基本支出\n{ROW}|9.00|6.00\n"
    assert meanings(text, "amount_yuan", "unit") == [(90_000, "万元"), (6, "元")]


def test_index_rows_and_repeated_headers_are_no_data() -> None:
    head = "科目编码|科目名称|合计|基本支出\n"
    text = f"支出总表\n\n单位：元\n\n{head}**|**|1|2\n2130301|行政运行|9.00|6.00\n{head}2130399|其他水利支出|5.00|\n"
    table = only_table(text)
    assert table.header_rows == (0,)
    assert table.skipped_rows == (1, 3)
    assert meanings(text, "subject_code", "amount_yuan") == [("2130301", 9), ("2130301", 6), ("2130399", 5)]


def test_numbers_of_lines_are_no_amounts_whatever_stands_above_them() -> None:
    lines = "".join(f"{name}支出|{30 + n}|{n}.50\n" for n, name in enumerate(("国防", "外交", "教育", "公共安全", "科学技术", "卫生健康")))
    table = only_table(f"支出总表\n\n单位：万元\n\n科目名称|项目|决算数\n{lines}")
    assert [c.role for c in table.columns] == ["name", "row_no", "amount"]


def test_labels_that_a_page_cuts_from_their_amounts_name_no_other_ones() -> None:
    rows = "一、财政拨款收入|9.00|一、农林水支出\n二、其他收入|1.00|二、住房保障支出\n收入总计|10.00|支出总计\n"
    found = meanings(f"收支总表\n\n单位：万元\n\n收入||支出\n项目|预算数|项目\n{rows}", "row_label", "raw_text")
    assert found == [("一、财政拨款收入", "9.00"), ("二、其他收入", "1.00"), ("收入总计", "10.00")]


def test_three_public_items_are_the_labels_where_columns_name_them() -> None:
    text = (
        "一般公共预算“三公”经费支出表\n\n单位：万元\n\n单位名称|合计|因公出国（境）费|公务用车购置及运行维护费|||公务接待费\n"
        "|||小计|公务用车购置费|公务用车运行维护费|\n安宁县水务局|3.00|0|2.00|0|2.00|1.00\n"
    )
    assert meanings(text, "row_label", "funding", "subject_scheme") == [
        (label, "general_public_budget", "none")
        for label in ("合计", "因公出国（境）费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费", "公务接待费")
    ]


def test_a_label_from_a_header_keeps_its_quotes() -> None:
    text = "一般公共预算“三公”经费支出表\n\n单位：万元\n\n单位名称|“三公”经费||会议费\n|小计|公务接待费|\n安宁县水务局|1.00|1.00|2.00\n"
    assert meanings(text, "row_label") == [("“三公”经费",), ("公务接待费",), ("会议费",)]


def test_the_title_names_the_source_where_no_column_does() -> None:
    text = "财政拨款政府购买服务明细表\n\n单位：万元\n\n指导性目录|预算金额\n法律服务|1.00\n"
    assert meanings(text, "funding", "row_label") == [("fiscal_appropriation", "法律服务")]


def test_this_years_income_over_the_lines_of_a_summary_is_all_of_it() -> None:
    table = "本年收入||本年支出|\n项目|预算数|项目|预算数\n一、财政拨款收入|9.00|一、农林水支出|9.00\n收入总计|9.00|支出总计|9.00"
    found = meanings(f"财务收支预算总表\n\n单位：元\n\n{table}\n", "side", "budget_period")
    assert set(found) == {("income", "total"), ("expenditure", "total")}


def test_what_is_carried_forward_stays_so_whatever_its_parts_are_called() -> None:
    table = (
        "科目编码|科目名称|年初结转和结余||本年收入|本年支出||年末结转和结余||\n||合计|基本支出结转||合计|项目支出|合计|基本支出结转|项目支出结转和结余\n"
        "213|农林水支出|1.00|2.00|3.00|4.00|5.00|6.00|7.00|8.00"
    )
    text = f"一般公共预算财政拨款收入支出决算表\n\n单位：元\n\n{table}\n"
    found = meanings(text, "side", "funding", "expenditure_type", "budget_period", cover=ACCOUNTS_COVER)
    gpb = "general_public_budget"
    assert found == [
        ("income", gpb, "total", "carried_over"),
        ("income", gpb, "basic", "carried_over"),
        ("income", gpb, "total", "current_year"),
        ("expenditure", gpb, "total", "total"),
        ("expenditure", gpb, "project", "total"),
        *[("expenditure", gpb, "carried_forward", "total")] * 3,
    ]


def test_what_hospitals_and_schools_earn_is_business_income() -> None:
    head = "单位名称|合计|财政拨款收入|事业收入|||其他收入\n|||小计|{}|{}|"
    for parts in (("教育事业收入", "科研事业收入"), ("医疗收入", "科教收入")):
        text = f"收入总表\n\n单位：元\n\n{head.format(*parts)}\n安宁县水务局|9.00|3.00|5.00|4.00|1.00|1.00"
        assert [m[0] for m in meanings(text, "funding")] == [
            "total", "fiscal_appropriation", "business_income", "business_income", "business_income", "other_income",
        ]


def test_a_head_over_items_in_rows_may_name_them_all() -> None:
    text = "“三公”经费支出情况表\n\n单位：元\n\n项目|2026年“三公”经费预算数\n共计|5.00\n1、因公出国（境）费用|2.00\n2、公务接待费|3.00"
    assert meanings(text, "row_label", "column_code", "fiscal_year") == [
        ("共计", "total", 2026), ("1、因公出国（境）费用", "total", 2026), ("2、公务接待费", "total", 2026),
    ]


def test_grants_to_hospitals_say_what_they_are_for() -> None:
    head = "单位名称|合计|财政补助收入|||医疗收入||\n||小计|基本支出补助|项目支出补助|小计|门急诊收入|住院收入"
    text = f"收入预算表\n\n单位：元\n\n{head}\n安宁县人民医院|9.00|4.00|3.00|1.00|5.00|2.00|3.00"
    assert meanings(text, "column_code")[1:] == [
        ("fiscal_appropriation",), ("fiscal_appropriation.basic",), ("fiscal_appropriation.project",), *[("business_income",)] * 3,
    ]
    flat = "收入预算表\n\n单位：元\n\n单位名称|财政基本补助收入|财政项目补助收入\n安宁县人民医院|3.00|1.00"
    assert meanings(flat, "column_code") == [("fiscal_appropriation.basic",), ("fiscal_appropriation.project",)]
