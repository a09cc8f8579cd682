"""Lists of many projects' indicators in one wide table, and forms and lists that go on over the page."""

from __future__ import annotations

from typing import Any

import pytest
from merged_forms import grid, line, records

HEAD = """项目名称|项目总额|其中：|<|绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位
^|^|财政资金|其他资金|^|^|^|^|^|^|^
"""
TITLE = "项目支出绩效目标表（单位：万元）"


def said(made: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    return [(i["scope"], i["level1"], i["level2"], i["indicator"], i["target_text"]) for i in made["indicators"]]


def test_operator_value_and_unit_in_columns_of_their_own_are_one_target() -> None:
    made = records(
        line(TITLE),
        grid(
            HEAD
            + """
11000026T000004100001-堤防巡查|12.50|12.50||保障安全|产出指标|数量指标|巡查次数|≥|24|次
^|^|^|^|^|产出指标|质量指标|记录完整率|＝|100|%
^|^|^|^|^|效益指标|社会效益指标|公众安全感|定性|优|其他
11000026T000004100002-雨量站维护|8.00|6.00|2.00|设备正常|产出指标|数量指标|维护站数|≤|1,200|个
""".lstrip("\n")
        ),
    )
    assert said(made) == [
        ("堤防巡查", "产出指标", "数量指标", "巡查次数", "≥24次"),
        ("堤防巡查", "产出指标", "质量指标", "记录完整率", "＝100%"),
        ("堤防巡查", "效益指标", "社会效益指标", "公众安全感", "优"),
        ("雨量站维护", "产出指标", "数量指标", "维护站数", "≤1,200个"),
    ]
    typed = [(i["target_operator"], i["target_value"], i["target_unit"]) for i in made["indicators"]]
    assert typed == [(">=", 24.0, "次"), ("=", 100.0, "%"), (None, None, None), ("<=", 1200.0, "个")]
    assert [(f["project_name"], f["funding"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("堤防巡查", "total", 125_000),
        ("堤防巡查", "fiscal_appropriation", 125_000),
        ("雨量站维护", "total", 80_000),
        ("雨量站维护", "fiscal_appropriation", 60_000),
        ("雨量站维护", "unit_funds", 20_000),
    ]


def test_a_project_whose_cells_are_printed_again_on_the_next_page_is_counted_once_among_leaves() -> None:
    head = "单位编码|单位（项目）名称|资金总额|一级指标|二级指标|三级指标|指标值|计量单位|指标值类型\n"
    made = records(
        line("2026年项目支出绩效目标表（单位：万元）"),
        grid(
            head
            + """
|合计|20.00||||||
126001|安宁县水务局|20.00||||||
126001|河道清淤|20.00|产出指标|数量指标|清淤长度|8|公里|≥
^|^|^|^|质量指标|断面合格率|95|%|≥
""".lstrip("\n"),
            page=2,
        ),
        grid(
            head
            + """
126001|河道清淤|20.00|效益指标|生态效益指标|水质|明显改善||定性
^|^|^|满意度指标|服务对象满意度指标|居民满意度|90|%|≥
""".lstrip("\n"),
            page=3,
        ),
    )
    assert [i["scope"] for i in made["indicators"]] == ["河道清淤"] * 4
    assert [(f["row_label"], f["row_role"], f["is_leaf"], f["page"]) for f in made["facts"]] == [
        ("合计", "total", False, 2),
        ("安宁县水务局", "subtotal", False, 2),
        ("河道清淤", "detail", True, 2),
        ("河道清淤", "detail", False, 3),
    ]
    assert sum(f["amount_yuan"] for f in made["facts"] if f["is_leaf"]) == 200_000


def test_points_in_a_column_of_remarks_are_points_only_when_they_add_up() -> None:
    rows = """
河道清淤|10.00|产出指标|数量指标|清淤长度|8|公里|≥|40
^|^|产出指标|质量指标|合格率|95|%|≥|30
^|^|效益指标|社会效益指标|受益人口|2000|人|≥|10
^|^|满意度指标|服务对象满意度指标|居民满意度|90|%|≥|{last}
"""
    head = "项目名称|资金总额|一级指标|二级指标|三级指标|指标值|计量单位|指标性质|备注\n"
    proved = records(line("项目支出绩效目标表（单位：万元）"), grid(head + rows.format(last=10).lstrip("\n")))
    assert [i["points"] for i in proved["indicators"]] == [40.0, 30.0, 10.0, 10.0]
    open_ = records(line("项目支出绩效目标表（单位：万元）"), grid(head + rows.format(last=7).lstrip("\n")))
    assert [i["points"] for i in open_["indicators"]] == [None] * 4
    assert open_["documents"][0]["numbers_not_understood"] == 4


FORM = """项目名称|河道清淤|<|<|<
项目资金（万元）|年度资金总额|<|60.00|<
绩效指标|一级指标|二级指标|三级指标|指标值
^|产出指标|数量指标|清淤长度|≥8公里
^|^|时效指标|完工时间|2026年10月
"""


def test_a_form_goes_on_over_the_page_though_its_columns_change() -> None:
    rest = grid(
        """
质量指标|断面合格率|≥95%
社会效益指标|受益人口|≥2000人
""",
        page=3,
        edges=[120.0, 180.0, 240.0, 300.0],
    )
    made = records(line("项目支出绩效目标表", page=2), grid(FORM, page=2), rest)
    assert said(made)[-2:] == [
        ("河道清淤", "产出指标", "质量指标", "断面合格率", "≥95%"),
        ("河道清淤", "效益指标", "社会效益指标", "受益人口", "≥2000人"),
    ]
    assert {t["table_kind"] for t in made["tables"]} == {"project_performance_targets"}


def test_a_new_form_on_the_next_page_does_not_go_on() -> None:
    second = grid(FORM.replace("河道清淤", "节水宣传").replace("清淤长度", "宣传场次"), page=3)
    made = records(line("项目支出绩效目标表", page=2), grid(FORM, page=2), second)
    assert [i["scope"] for i in made["indicators"]] == ["河道清淤"] * 2 + ["节水宣传"] * 2


def test_a_name_cut_by_the_page_end_is_whole_for_all_its_indicators() -> None:
    made = records(
        line(TITLE),
        grid(HEAD + "11000026T000004100001-水文资料整编与|12.50|12.50||按时完成|产出指标|数量指标|整编站年数|≥|24|站年\n", page=2),
        grid(HEAD + "刊印||||按时完成|产出指标|数量指标|刊印册数|≥|300|册\n", page=3),
    )
    assert {i["scope"] for i in made["indicators"]} == {"水文资料整编与刊印"}


def test_a_list_of_projects_with_amounts_and_goals_only() -> None:
    made = records(
        line("第七部分 重点项目预算绩效情况说明"),
        grid("""
单位名称|项目名称|预算数（万元）|绩效目标
安宁县水库管理站|水库维护|15.50|完成3座水库维护，投资15.50万元。
安宁县水务局|节水宣传|8.00|举办2场宣传。
"""),
    )
    assert made["indicators"] == []
    assert [(f["row_label"], f["entity_name"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("水库维护", "安宁县水库管理站", 155_000),
        ("节水宣传", "安宁县水务局", 80_000),
    ]
    assert made["documents"][0]["numbers_not_understood"] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("^|^|^|^|^|产出指标|时效指标|修复时间|≤|48|小时\n",
         "11000026T000004100002-雨量站维护|8.00|8.00|||效益指标|社会效益指标|资料可用率|≥|98|%\n"),
        ("", "11000026T000004100002-雨量站维护|8.00|8.00||设备正常|产出指标|时效指标|修复时间|≤|48|小时\n"
             "^|^|^|^|^|效益指标|社会效益指标|资料可用率|≥|98|%\n"),
    ],
)
def test_a_project_named_only_on_the_next_page_gets_its_indicators_back(before: str, after: str) -> None:
    rows = """11000026T000004100001-堤防巡查|12.50|12.50||保障安全|产出指标|数量指标|巡查次数|≥|24|次
^|^|^|^|^|产出指标|质量指标|记录完整率|＝|100|%
||||设备正常|产出指标|数量指标|维护站数|≤|12|个
"""
    made = records(line(TITLE), grid(HEAD + rows + before, page=2), grid(HEAD + after, page=3))
    assert [i["scope"] for i in made["indicators"]] == ["堤防巡查"] * 2 + ["雨量站维护"] * 3
    assert len({i["form_id"] for i in made["indicators"]}) == 2


def test_a_unit_alone_in_a_row_owns_the_projects_below_it() -> None:
    made = records(
        line("重点项目绩效目标情况"),
        grid("""
项目|预算数（单位：万元）|绩效目标
安宁县水务局||
河道清淤|60.00|清淤8公里
安宁县水文站||
雨量站维护|8.00|设备正常
水文资料整编|12.50|按时完成
"""),
    )
    assert [(f["entity_name"], f["project_name"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("安宁县水务局", "河道清淤", 600_000),
        ("安宁县水文站", "雨量站维护", 80_000),
        ("安宁县水文站", "水文资料整编", 125_000),
    ]


def test_a_column_of_units_names_the_unit_whatever_its_name_ends_in() -> None:
    made = records(
        line("重点项目绩效目标情况"),
        grid("""
主管部门|二级预算单位名称|一级项目名称|预算数（万元）|绩效目标
安宁县水务局|县水务局堤防处三所片区|堤防巡查|60.00|巡查24次
安宁县水务局|县水务局水文站|雨量站维护|8.00|设备正常
合计|||68.00|
"""),
    )
    assert [(f["entity_name"], f["project_name"]) for f in made["facts"]] == [
        ("县水务局堤防处三所片区", "堤防巡查"), ("县水务局水文站", "雨量站维护"), (None, None),
    ]


def test_a_project_repeated_beside_each_indicator_is_counted_once_among_leaves() -> None:
    made = records(
        line("部门预算项目绩效目标批复表（单位：万元）"),
        grid("""
序号|预算部门|项目名称|预算金额|一级指标|二级指标|三级指标|指标值
1|安宁县水务局|河道清淤|60.00|产出指标|数量指标|清淤长度|8公里
1|安宁县水务局|河道清淤|60.00|产出指标|质量指标|断面合格率|≥95%
2|安宁县水务局|节水宣传|8.00|产出指标|数量指标|宣传场次|5场
"""),
    )
    assert [(i["scope"], i["indicator"]) for i in made["indicators"]] == [
        ("河道清淤", "清淤长度"), ("河道清淤", "断面合格率"), ("节水宣传", "宣传场次"),
    ]
    assert [(f["project_name"], int(f["amount_yuan"]), f["is_leaf"]) for f in made["facts"]] == [
        ("河道清淤", 600_000, True), ("河道清淤", 600_000, False), ("节水宣传", 80_000, True),
    ]


def test_only_the_label_of_a_foot_row_ends_a_list_and_no_indicator_that_begins_like_one() -> None:
    made = records(
        line(TITLE),
        grid(
            """
项目名称|志愿服务|<|<
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|服务次数|≥24次
^|^|注册志愿者人数|≥300人
^|^|说明会场次|≥3场
^|^|审核人次|≥30人次
^|^|联系人数|≥3人
备注|无|<|<
联系人及电话|无|<|<
说明：以年末数为准|<|<|<
""".lstrip("\n")
        ),
    )
    assert [i["indicator"] for i in made["indicators"]] == ["服务次数", "注册志愿者人数", "说明会场次", "审核人次", "联系人数"]
