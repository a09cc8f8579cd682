"""Rows: codes completed, units and projects told apart, totals, groups and levels."""

from printed_forms import meanings


def rows(table: str, *fields: str, title: str = "支出总表") -> list[tuple[object, ...]]:
    return meanings(f"{title}\n\n单位：元\n\n{table}\n", *fields)


def test_codes_split_over_columns_with_blanks_inherited() -> None:
    table = "科目编码|||科目名称|合计\n类|款|项||\n213|||农林水支出|3.00\n|03||水利|3.00\n||01|行政运行|2.00\n||04|水利行业业务管理|1.00"
    assert [r[0] for r in rows(table, "subject_code")] == ["213", "21303", "2130301", "2130304"]


def test_one_header_over_three_code_columns() -> None:
    table = "支出功能分类科目编码|||科目名称|合计\n类|款|项|栏次|1\n213|||农林水支出|3.00\n213|03||水利|3.00\n213|03|01|行政运行|3.00"
    assert [r[0] for r in rows(table, "subject_code")] == ["213", "21303", "2130301"]


def test_several_classifications_in_a_row() -> None:
    table = "支出功能分类科目|政府支出经济分类科目|部门支出经济分类科目|合计\n2130301-行政运行|50101-工资奖金津补贴|30101-基本工资|2.00"
    assert rows(table, "subject_code", "function_code", "economic_government_code", "economic_department_code") == [
        ("2130301", "2130301", "50101", "30101"),
    ]


def test_units_own_the_rows_below_them() -> None:
    table = (
        "科目编码|科目名称（单位名称）|合计\n|合计|9.00\n305|安宁县水务局|9.00\n305001|安宁县水务局机关|6.00\n2130301|行政运行|6.00\n"
        "305002|安宁县水文站|3.00\n2130301|行政运行|3.00"
    )
    assert rows(table, "row_label", "entity_name", "subject_code", "row_role") == [
        ("合计", None, None, "total"),
        ("安宁县水务局", "安宁县水务局", None, "subtotal"),
        ("安宁县水务局机关", "安宁县水务局机关", None, "subtotal"),
        ("行政运行", "安宁县水务局机关", "2130301", "detail"),
        ("安宁县水文站", "安宁县水文站", None, "subtotal"),
        ("行政运行", "安宁县水文站", "2130301", "detail"),
    ]


def test_levels_parents_and_leaves_follow_the_codes() -> None:
    table = "科目编码|科目名称|合计\n|合计|4.00\n213|农林水支出|4.00\n21303|水利|4.00\n2130301|行政运行|3.00\n2130399|其他水利支出|1.00"
    assert rows(table, "row_no", "row_level", "parent_row_no", "is_leaf") == [
        (1, 0, None, False),
        (2, 1, 1, False),
        (3, 2, 2, False),
        (4, 3, 3, True),
        (5, 3, 3, True),
    ]


def test_two_sides_and_a_third_by_economic_classification() -> None:
    table = (
        "收入||支出|||\n项目|预算数|支出功能分类科目|预算数|部门预算支出经济分类科目|预算数\n"
        "一、财政拨款|9.00|一、农林水支出|9.00|一、人员经费和公用经费支出|6.00\n其中：专项资金|1.00|||（1）工资福利支出|6.00\n"
        "二、事业收入||||二、专项业务经费支出|3.00\n||||（1）商品和服务支出|3.00\n收入总计|9.00|支出总计|9.00|支出总计|9.00"
    )
    found = rows(table, "side", "row_label", "subject_code", "expenditure_type", "funding", title="收支总表")
    assert set(found) == {
        ("income", "一、财政拨款", None, "total", "total"),
        ("income", "其中：专项资金", None, "total", "total"),
        ("income", "收入总计", None, "total", "total"),
        ("expenditure", "一、农林水支出", "213", "total", "total"),
        ("expenditure", "支出总计", None, "total", "total"),
        ("expenditure", "一、人员经费和公用经费支出", None, "basic", "total"),
        ("expenditure", "（1）工资福利支出", "301", "basic", "total"),
        ("expenditure", "二、专项业务经费支出", None, "project", "total"),
        ("expenditure", "（1）商品和服务支出", "302", "project", "total"),
    }


def test_groups_of_projects_have_no_project_of_their_own() -> None:
    table = (
        "单位编码|单位（项目）名称|项目金额\n|合计|10.00\n305001|安宁县水务局|10.00\n|通用项目|4.00\n|大型活动|4.00\n|水利普查|3.00\n|防汛演练|1.00\n"
        "|专用项目|6.00\n|水库加固|6.00"
    )
    found = rows(table, "row_label", "project_name", "is_leaf", title="项目支出表")
    assert [r for r in found if r[2]] == [("水利普查", "水利普查", True), ("防汛演练", "防汛演练", True), ("水库加固", "水库加固", True)]
    assert all(r[1] is None for r in found if not r[2])


def test_years_down_the_rows() -> None:
    table = (
        "预算单位|年度|合计|因公出国（境）费|公务接待费|公务用车运行费\n安宁县水务局|2025年|3.00|0|1.00|2.00\n"
        "|2026年|2.00|0|1.00|1.00\n|增减额|-1.00|0|0|-1.00"
    )
    assert rows(table, "fiscal_year", "stage", "amount_yuan", title="“三公”经费支出表")[::4] == [
        (2025, "budget", 3),
        (2026, "budget", 2),
        (2026, "change", -1),
    ]


def test_a_line_of_zeros_that_fills_an_empty_form_has_no_codes() -> None:
    table = "科目编码|科目名称|总计|基本支出\n0|0|0|0"
    assert rows(table, "subject_code", "printed_code", "amount_yuan") == [(None, None, 0), (None, None, 0)]


def test_a_total_repeated_on_a_later_page_parts_no_branch() -> None:
    table = "科目编码|科目名称|合计\n|合计|2.00\n213|农林水支出|2.00\n|合计|2.00\n21303|水利|2.00\n2130301|行政运行|2.00"
    assert [r[0] for r in rows(table, "is_leaf")] == [False, False, False, False, True]


def test_a_list_that_begins_with_of_which_but_is_numbered_on_is_a_full_list() -> None:
    table = "项目|预算数\n“三公”经费|6.00\n其中：（一）因公出国（境）费|1.00\n（二）公务接待费|5.00\n其中：外宾接待费|2.00"
    assert rows(table, "row_role", title="“三公”经费支出表") == [("subtotal",), ("detail",), ("detail",), ("of_which",)]


def test_of_which_in_a_list_without_numbers_is_of_the_line_above_it() -> None:
    table = (
        "项目|预算数\n合计|10.00\n其中：因公出国（境）费|1.00\n公务接待费|2.00\n公务用车购置及运行维护费|7.00\n"
        "其中：公务用车购置费|3.00\n公务用车运行维护费|4.00\n会议费|5.00"
    )
    assert rows(table, "row_level", "parent_row_no", "is_leaf", title="“三公”经费支出表") == [
        (0, None, False), (1, 1, True), (1, 1, True), (1, 1, False), (2, 4, True), (2, 4, True), (1, 1, True),
    ]
    numbered = (
        "项目|预算数\n一、公务接待费|2.00\n二、公务用车购置及运维费|4.00\n其中：公务用车购置费|\n公务用车运行维护费|4.00\n"
        "三、会议费|1.00"
    )
    assert rows(numbered, "row_level", "parent_row_no", title="“三公”经费支出表") == [(0, None), (0, None), (1, 2), (0, None)]
    assets = "项目|期末数\n流动资产|5.00\n固定资产|7.00\n其中：房屋|4.00\n无形资产|1.00"
    assert rows(assets, "row_level", "parent_row_no", title="国有资产占用情况表") == [(0, None), (0, None), (1, 2), (0, None)]


def test_a_name_hanging_over_from_the_row_above_does_not_hide_the_code() -> None:
    table = (
        "支出功能分类科目|部门支出经济分类科目|合计\n2080506-机关事业单位职业年金|30109-职业年金缴费|1.00\n"
        "缴费支出2101101-行政单位医疗|30110-职工基本医疗保险缴费|2.00"
    )
    assert [r[0] for r in rows(table, "subject_code")] == ["2080506", "2101101"]


def test_a_shortened_name_is_looked_for_below_the_rows_above_first() -> None:
    table = "项目（按功能分类）|合计\n资源勘探工业信息等支出|2.00\n工业和信息产业|2.00\n其他工业和信息产业支出|2.00"
    assert [r[0] for r in rows(table, "subject_code")] == ["215", "21505", "2150599"]


def test_procurement_nests_by_its_sums_whatever_codes_it_prints() -> None:
    table = (
        "采购品目大类|专项名称|经济科目|采购物品名称|总计\n合计||||9.00\n一、货物A||||5.00\n|办公设备购置费|办公设备购置||5.00\n"
        "|||台式计算机|3.00\n|||打印机|2.00\n三、服务C||||4.00\n|会议经费|会议费||4.00\n|||会议服务|4.00"
    )
    found = rows(table, "row_label", "project_name", "parent_row_no", "is_leaf", title="政府采购预算表")
    assert found == [
        ("合计", None, None, False),
        ("一、货物A", None, 1, False),
        ("办公设备购置费", "办公设备购置费", 2, False),
        ("台式计算机", None, 3, True),
        ("打印机", None, 3, True),
        ("三、服务C", None, 1, False),
        ("会议经费", "会议经费", 6, False),
        ("会议服务", None, 7, True),
    ]


def test_a_unit_that_prints_a_code_in_a_column_of_its_own_keeps_it() -> None:
    table = "科目编码|||单位编码|采购项目|金额\n类|款|项|||\n213|03|01|305001|安宁县水务局|2.00\n213|03|01||水泵采购|2.00"
    assert rows(table, "entity_name", "entity_code", "project_name", title="政府采购预算表") == [
        ("安宁县水务局", "305001", None),
        ("安宁县水务局", "305001", "水泵采购"),
    ]


def test_sources_under_a_header_that_says_project_are_no_projects() -> None:
    table = "收入||支出|\n项目名称|金额|项目名称|金额\n一、财政拨款|9.00|一、基本支出|9.00"
    assert rows(table, "row_label", "project_name", title="收支总表") == [("一、财政拨款", None), ("一、基本支出", None)]


def test_what_stands_next_to_the_amounts_names_a_row_that_nothing_else_names() -> None:
    table = "类型|项目名称|项目单位|合计\n部门特定目标类项目|||5.00\n|水库加固|安宁县水务局|5.00"
    assert [r[0] for r in rows(table, "row_label", title="项目支出表")] == ["部门特定目标类项目", "水库加固"]


def test_rows_below_a_total_on_the_way_do_not_belong_to_it() -> None:
    table = "收入|\n项目|预算数\n一、财政拨款|9.00\n本年收入合计|9.00\n上年结转|1.00\n收入总计|10.00"
    assert [r[0] for r in rows(table, "parent_row_no", title="收支总表")] == [None] * 4


def test_a_unit_over_its_lines_of_years_names_each_of_them_and_heads_none() -> None:
    table = (
        "预算单位|年度|合计|因公出国（境）费|公务接待费\n安宁县水务局|2025年|3.00|1.00|2.00\n|2026年|3.00|1.00|2.00\n|增减额|0.00|0.00|0.00\n"
        "合计|2025年|3.00|1.00|2.00\n|2026年|3.00|1.00|2.00"
    )
    found = rows(table, "row_label", "row_role", "is_leaf", "entity_name", title="“三公”经费支出表")
    assert found[:9] == [("合计", "total", False, "安宁县水务局"), ("因公出国（境）费", "detail", True, "安宁县水务局"),
                         ("公务接待费", "detail", True, "安宁县水务局")] * 3
    assert {(role, entity) for _, role, _, entity in found[9:]} == {("total", None)}


def test_items_as_columns_are_leaves_and_their_groups_are_not() -> None:
    table = "合计|因公出国（境）费|公务接待费|公务用车购置及运行费||\n|||小计|购置费|运行费\n9.00|1.00|2.00|6.00|4.00|2.00"
    assert rows(table, "row_label", "row_role", "is_leaf", title="“三公”经费支出表") == [
        ("合计", "total", False),
        ("因公出国（境）费", "detail", True),
        ("公务接待费", "detail", True),
        ("公务用车购置及运行费", "subtotal", False),
        ("购置费", "detail", True),
        ("运行费", "detail", True),
    ]


def test_items_in_the_row_over_all_units_are_totals() -> None:
    table = "单位名称|合计|因公出国（境）费|公务接待费\n合计|6.00|2.00|4.00\n安宁县水务局|3.00|1.00|2.00\n安宁县水文站|3.00|1.00|2.00"
    assert rows(table, "row_role", "is_leaf", title="“三公”经费支出表") == [
        *[("total", False)] * 3, *[("total", False), ("detail", True), ("detail", True)] * 2,
    ]


def test_a_local_code_whose_parent_is_not_printed_stands_beside_the_codes_above_it() -> None:
    table = "科目编码|科目名称|合计\n302|商品和服务支出|6.00\n30207|邮电费|1.00\n3021101|差旅费|2.00\n30239|其他交通费用|3.00"
    found = rows(table, "subject_code", "row_level", "parent_row_no", "is_leaf", title="一般公共预算基本支出表")
    assert found == [("302", 0, None, False), ("30207", 1, 1, True), ("3021101", 1, 1, True), ("30239", 1, 1, True)]


def test_codes_of_departments_are_subjects_though_units_stand_among_them() -> None:
    head = "部门经济科目编码|部门经济科目名称|政府经济科目编码|政府经济科目名称|合计"
    above = "|||合计|9.00\n125001|安宁县水务局|||9.00\n301|工资福利支出|||9.00"
    table = f"{head}\n{above}\n3010201|津贴补贴|50101|工资奖金津补贴|6.00\n3010202|改革性补贴|50101|工资奖金津补贴|3.00"
    fields = ("subject_code", "row_label", "economic_government_code", "printed_code", "row_level", "parent_row_no")
    found = rows(table, *fields, title="一般公共预算支出明细表（按支出经济分类科目）")
    assert found[2:] == [
        ("301", "工资福利支出", None, "301", 2, 2),
        ("3010201", "津贴补贴", "50101", "3010201/50101", 3, 3),
        ("3010202", "改革性补贴", "50101", "3010202/50101", 3, 3),
    ]


def test_codes_of_the_economic_classification_before_2018_are_kept_as_printed() -> None:
    text = "一般公共预算基本支出表\n\n单位：元\n\n科目编码|科目名称|金额\n303|对个人和家庭的补助|2.00\n30311|住房公积金|2.00\n"
    for year, code in ((2017, "30311"), (2021, "30113")):
        assert meanings(text, "subject_code", cover=f"安宁县水务局{year}年部门预算\n\n")[-1] == (code,)


def test_sources_that_are_parts_of_the_one_above_stand_below_it_without_any_number() -> None:
    table = "收入|\n项目|预算数\n财政拨款|9.00\n一般公共预算拨款|8.00\n政府性基金拨款|1.00\n单位资金|3.00\n事业收入|3.00\n收入总计|12.00"
    assert rows(table, "row_label", "parent_row_no", "is_leaf", title="收支总表")[:5] == [
        ("财政拨款", None, False),
        ("一般公共预算拨款", 2, True),
        ("政府性基金拨款", 2, True),
        ("单位资金", None, False),
        ("事业收入", 5, True),
    ]


def test_the_zero_of_an_empty_form_is_no_unit_and_no_project() -> None:
    assert set(rows("单位名称|项目名称|合计\n0|0|0", "entity_name", "project_name", title="项目支出表")) == {(None, None)}


SHORT = (
    "科目编码||科目名称|合计\n类|款||\n212||城乡社区支出|4.00\n212|01|城乡社区管理事务|3.00\n212|01|{}|3.00\n212|99|其他城乡社区支出|1.00"
)


def test_an_item_without_digits_of_its_own_is_told_from_its_group_by_the_lines_around_it() -> None:
    assert [r[0] for r in rows(SHORT.format("行政运行"), "subject_code")] == ["212", "21201", "2120101", "2129999"]


def test_a_list_of_groups_has_no_items() -> None:
    """Without a line that can only be an item, or with one that can only be a group, 212 | 99 is what it says."""
    groups = SHORT.replace("\n212|01|{}|3.00", "")
    assert [r[0] for r in rows(groups, "subject_code")] == ["212", "21201", "21299"]
    mixed = SHORT.format("行政运行") + "\n212|02|城乡社区规划与管理|2.00\n212|03|城乡社区公共设施|2.00"
    assert [r[0] for r in rows(mixed, "subject_code")] == ["212", "21201", "2120101", "21299", "21202", "21203"]


def test_the_last_of_a_list_of_classes_is_a_class_whatever_else_is_called_so() -> None:
    lines = "一、财政拨款|3.00|二十四、预备费|1.00\n||二十五、其他支出|2.00\n总计|3.00|总计|3.00"
    listed = f"收入支出总表\n\n单位：元\n\n收入||支出|\n项目|金额|项目|金额\n{lines}"
    coded = "支出总表\n\n单位：元\n\n科目编码|科目名称|合计\n229|其他支出|2.00\n22999|其他支出|2.00\n2299999|其他支出|2.00"
    found = meanings(f"{listed}\n\n{coded}", "row_label", "subject_scheme", "subject_code")
    assert ("二十五、其他支出", "function", "229") in found
    assert {scheme for _, scheme, _ in found} == {"none", "function"}


def test_the_code_of_a_unit_is_no_code_of_the_subject_beside_it() -> None:
    head = "预算单位代码|预算单位名称|功能分类科目代码|功能分类科目名称|金额"
    table = f"{head}\n125001|安宁县水务局|2130301|行政运行|6.00\n125002|安宁县水文站|||3.00"
    found = rows(table, "printed_code", "entity_code", title="财政拨款支出表")
    assert found == [("2130301", "125001"), ("125002", "125002")]


def test_local_codes_beside_others_are_on_one_level_with_them() -> None:
    table = "科目编码|科目名称|合计\n30207|邮电费|1.00\n3021101|差旅费|2.00\n3021503|三类会议费|3.00\n30239|其他交通费用|3.00\n合计||9.00"
    found = rows(table, "row_level", "parent_row_no", "is_leaf", title="一般公共预算基本支出表")
    assert found == [(1, None, True)] * 4 + [(0, None, False)]


def test_of_two_classifications_of_one_name_the_row_bears_its_own() -> None:
    table = "政府支出经济分类科目|部门支出经济分类科目|合计|人员经费\n50103-住房公积金|30113-住房公积金|6.00|6.00"
    found = rows(table, "subject_code", "row_label", title="一般公共预算基本支出表")
    assert found == [("30113", "30113-住房公积金")] * 2
