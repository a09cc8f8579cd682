"""Indicators that a list prints across, and columns whose own words say that they hold the comparisons."""

from __future__ import annotations

from typing import Any

from merged_forms import grid, line, records

TITLE = "项目支出绩效目标表（单位：万元）"


def said(made: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    return [(i["scope"], i["level1"], i["level2"], i["indicator"], i["target_text"], i["target_value"]) for i in made["indicators"]]


def test_levels_over_columns_and_a_project_in_each_row() -> None:
    made = records(
        line(TITLE),
        grid("""
单位（专项）名称|资金总额|绩效目标|产出指标|<|<|满意度指标
^|^|^|数量指标|质量指标|成本指标|服务对象满意度指标
塘坝清淤|86.5|恢复蓄水能力|清淤塘坝≥12座；新修渠道≥3公里|验收合格|86.5万元|≥95%
泵站维修|20|保障灌溉|维修泵站≥4座|无|20万元|≥90%
"""),
    )
    assert said(made) == [
        ("塘坝清淤", "产出指标", "数量指标", "清淤塘坝", "≥12座", 12.0),
        ("塘坝清淤", "产出指标", "数量指标", "新修渠道", "≥3公里", 3.0),
        ("塘坝清淤", "产出指标", "质量指标", "质量指标", "验收合格", None),
        ("塘坝清淤", "产出指标", "成本指标", "成本指标", "86.5万元", 86.5),
        ("塘坝清淤", "满意度指标", "服务对象满意度指标", "服务对象满意度指标", "≥95%", 95.0),
        ("泵站维修", "产出指标", "数量指标", "维修泵站", "≥4座", 4.0),
        ("泵站维修", "产出指标", "成本指标", "成本指标", "20万元", 20.0),
        ("泵站维修", "满意度指标", "服务对象满意度指标", "服务对象满意度指标", "≥90%", 90.0),
    ]
    assert len({i["indicator_id"] for i in made["indicators"]}) == 8
    assert [(f["project_name"], int(f["amount_yuan"])) for f in made["facts"]] == [("塘坝清淤", 865_000), ("泵站维修", 200_000)]


def test_a_column_of_nothing_but_comparisons_is_the_operators_whatever_its_head() -> None:
    head = "项目名称|预算金额|一级指标|二级指标|三级指标|指标方向|目标值|计量单位\n"
    made = records(
        line(TITLE),
        grid(
            head
            + """
坡耕地治理|30.00|产出指标|数量指标|治理面积|大于等于|500|亩
^|^|产出指标|质量指标|返工率|小于|2|%
^|^|效益指标|社会效益指标|村民收入|定性|有所增加|无
""".lstrip("\n")
        ),
    )
    assert [(i["target_operator"], i["target_text"]) for i in made["indicators"]] == [
        (">=", "大于等于500亩"), ("<", "小于2%"), (None, "有所增加"),
    ]
    ways = records(line(TITLE), grid(head + "坡耕地治理|30.00|产出指标|数量指标|治理面积|正向指标|≥500|亩\n"))
    assert [(i["target_operator"], i["target_text"]) for i in ways["indicators"]] == [(">=", "≥500亩")]


def test_a_column_that_says_only_that_a_number_follows_adds_nothing_to_the_target() -> None:
    made = records(
        line(TITLE),
        grid("""
项目名称|预算金额|一级指标|二级指标|三级指标|指标值类型|指标值|度量单位
防汛物资储备|12.00|产出指标|质量指标|物资损耗率|定量|＜1|%
^|^|产出指标|数量指标|储备编织袋|定量|3000|条
^|^|效益指标|可持续影响指标|储备机制|文字描述|健全|无
"""),
    )
    assert [(i["target_operator"], i["target_value"], i["target_text"]) for i in made["indicators"]] == [
        ("<", 1.0, "＜1%"), (None, 3000.0, "3000条"), (None, None, "健全"),
    ]


def test_amounts_of_the_year_before_and_of_the_year_so_far_say_their_year_and_stage() -> None:
    last_year = records(
        line("2026年度项目支出绩效目标申报表"),
        grid("""
项目名称|步道养护|<|<|<
项目资金（元）|项目当年预算|620,000|同名项目上年预算额|600,000
^|同名项目上年预算执行数|588,200.50|<|<
一级指标|二级指标|三级指标|指标值|<
产出指标|数量指标|养护里程|≥20公里|<
"""),
    )
    assert [(f["fiscal_year"], f["stage"], int(f["amount_yuan"])) for f in last_year["facts"]] == [
        (2026, "budget", 620_000), (2025, "budget", 600_000), (2025, "final_accounts", 588_200),
    ]
    so_far = records(
        line("2026年度项目支出绩效目标执行监控表"),
        grid("""
项目名称|<|步道养护|<|<
项目资金（万元）|<|年初预算数|1—7月执行数|1—7月执行率
^|年度资金总额：|80.00|46.40|58%
^|其中：财政拨款|80.00|46.40|58%
一级指标|二级指标|三级指标|年度指标值|1—7月执行情况
产出指标|数量指标|养护里程|≥20公里|12公里
"""),
    )
    assert [(f["stage"], int(f["amount_yuan"])) for f in so_far["facts"]] == [("budget", 800_000), ("final_accounts", 464_000)] * 2


def test_tasks_with_a_budget_and_an_execution_in_money() -> None:
    made = records(
        line("2025年度部门整体支出绩效自评表"),
        grid("""
部门（单位）名称|<|临泉县水务局|<|<|<
年度主要任务|任务名称|预算金额（万元）|<|执行金额（万元）|<
^|^|总额|财政拨款|总额|财政拨款
^|供水保障|520.50|500.00|498.36|480.00
^|河湖管护|88.00|88.00|86.20|86.20
年度总体目标|保障供水|<|<|<|<
"""),
    )
    assert [f["stage"] for f in made["facts"]] == ["budget", "budget", "final_accounts", "final_accounts"] * 2


def test_a_transfer_is_named_by_its_own_label_and_money_arranged_is_an_amount() -> None:
    made = records(
        line("转移支付区域（项目）绩效目标自评表"),
        grid("""
转移支付（项目）名称|<|救助补助资金|<
当年预算（万元）|68.5|本级安排|40
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|救助人次|≥500人次
"""),
    )
    assert [i["scope"] for i in made["indicators"]] == ["救助补助资金"]
    assert [(f["project_name"], int(f["amount_yuan"])) for f in made["facts"]] == [("救助补助资金", 685_000), ("救助补助资金", 400_000)]
