"""Forms of one project or of the whole body: what is a target, what an amount, what a score."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from merged_forms import grid, line, records
from printed_forms import facts, understood

from pipelines.normalise.normalise import normalise

PROJECT = """项目支出绩效目标表

单位：万元

项目名称|小型水库除险加固|||
主管部门及代码|304001|实施单位|安宁县水库管理站|
项目资金（万元）|年度资金总额：|125.60||
|其中：财政拨款|120.60||
|其他资金|5||
年度总体目标|目标1：完成12座水库除险加固。||||
绩效指标|一级指标|二级指标|三级指标|指标值
|产出指标|数量指标|加固水库座数|≥12座
|||巡查次数|每月两次
||质量指标|验收合格率|100%
||时效指标|完工时间|2026年11月底前
|效益指标|社会效益指标|受益人口|3.2万人以上
|满意度指标|服务对象满意度指标|群众满意度|不低于95%
"""


def indicators(text: str) -> list[dict[str, Any]]:
    return normalise(understood(text))["indicators"].to_dicts()


def test_a_project_form_gives_its_indicators_with_levels_inherited() -> None:
    found = [(i["scope"], i["level1"], i["level2"], i["indicator"], i["target_text"]) for i in indicators(PROJECT)]
    assert found == [
        ("小型水库除险加固", "产出指标", "数量指标", "加固水库座数", "≥12座"),
        ("小型水库除险加固", "产出指标", "数量指标", "巡查次数", "每月两次"),
        ("小型水库除险加固", "产出指标", "质量指标", "验收合格率", "100%"),
        ("小型水库除险加固", "产出指标", "时效指标", "完工时间", "2026年11月底前"),
        ("小型水库除险加固", "效益指标", "社会效益指标", "受益人口", "3.2万人以上"),
        ("小型水库除险加固", "满意度指标", "服务对象满意度指标", "群众满意度", "不低于95%"),
    ]


def test_its_amounts_say_their_source_in_the_label_and_nothing_else_is_an_amount() -> None:
    found = [(f["row_label"], f["amount_yuan"], f["row_role"], f["is_leaf"], f["project_name"]) for f in facts(PROJECT)]
    assert found == [
        ("年度资金总额：", Decimal("1256000"), "total", False, "小型水库除险加固"),
        ("其中：财政拨款", Decimal("1206000"), "of_which", True, "小型水库除险加固"),
        ("其他资金", Decimal("50000"), "detail", True, "小型水库除险加固"),
    ]
    assert {(f["side"], f["funding"], f["expenditure_type"], f["stage"]) for f in facts(PROJECT)} == {
        ("expenditure", "total", "total", "budget")
    }


def test_every_number_of_the_form_is_accounted_for() -> None:
    document = normalise(understood(PROJECT))["documents"].to_dicts()[0]
    assert document["numbers_facts"] == 3
    assert document["numbers_not_understood"] == 0
    assert document["numbers_total"] == sum(document[f"numbers_{k}"] for k in ("facts", "other", "rejected", "not_understood"))


def test_a_form_printed_twice_gives_its_indicators_once_and_its_printed_amounts_twice() -> None:
    twice = f"{PROJECT}\n\n第三部分 说明\n\n{PROJECT}"
    assert len(indicators(twice)) == len(indicators(PROJECT))
    assert len(facts(twice)) == 2 * len(facts(PROJECT))


def test_another_project_of_the_same_form_is_another_scope() -> None:
    other = PROJECT.replace("小型水库除险加固", "灌区续建配套").replace("125.60", "99.00")
    scopes = [i["scope"] for i in indicators(f"{PROJECT}\n\n{other}")]
    assert scopes == ["小型水库除险加固"] * 6 + ["灌区续建配套"] * 6


def test_a_value_that_looks_like_a_label_is_still_the_project() -> None:
    text = PROJECT.replace("小型水库除险加固", "防汛工作经费")
    assert {i["scope"] for i in indicators(text)} == {"防汛工作经费"}
    assert len(facts(text)) == 3


def test_a_form_of_the_whole_body_with_its_tasks() -> None:
    made = records(
        line("2026年部门整体支出绩效目标表"),
        grid("""
部门名称|<|安宁县水务局|<|<|<
年度主要任务|任务名称|主要内容|预算金额（万元）|<|<
^|^|^|总额|财政拨款|其他资金
^|防汛|堤防巡查20处|30.00|28.00|2.00
^|节水|节水宣传|10.00|10.00|
^|金额合计|<|40.00|38.00|2.00
年度总体目标|保障防洪安全，全年巡查不少于20处。|<|<|<|<
年度绩效指标|一级指标|二级指标|三级指标|指标值|<
^|产出指标|数量指标|巡查堤防处数|≥20处|<
^|^|时效指标|险情处置时间|≤2小时|<
"""),
    )
    assert [(i["scope"], i["indicator"], i["target_text"]) for i in made["indicators"]] == [
        ("department", "巡查堤防处数", "≥20处"),
        ("department", "险情处置时间", "≤2小时"),
    ]
    assert [(f["row_label"], f["column_path"], f["funding"], int(f["amount_yuan"])) for f in made["facts"]][:3] == [
        ("防汛", "预算金额（万元） / 总额", "total", 300_000),
        ("防汛", "预算金额（万元） / 财政拨款", "fiscal_appropriation", 280_000),
        ("防汛", "预算金额（万元） / 其他资金", "unit_funds", 20_000),
    ]
    assert [f["row_role"] for f in made["facts"]] == ["detail"] * 5 + ["total"] * 3


def test_a_self_evaluation_gives_stages_scores_and_both_values() -> None:
    made = records(
        line("2025年度项目支出绩效自评表"),
        grid("""
项目名称|<|河道清淤|<|<|<|<|<
项目资金（万元）|||年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）
^|年度资金总额|<|60.00|66.00|64.35|10|97.50%
^|其中：当年财政拨款|<|60.00|66.00|64.35|—|
年度总体目标|预期目标|<|<|实际完成情况|<|<|<
^|清淤8公里|<|<|清淤8.2公里|<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
^|产出指标（60分）|数量指标|清淤长度|≥8公里|8.2公里|40|40
^|^|成本指标|每公里成本|≤8万元|7.85万元|20|19.5
^|满意度指标（30分）|服务对象满意度指标|沿岸居民满意度|≥90%|88%|30|29
总分|<|<|<|<|<|90|88.5
"""),
    )
    assert [
        (i["indicator"], i["target_value"], i["actual_text"], i["actual_value"], i["points"], i["score"]) for i in made["indicators"]
    ] == [
        ("清淤长度", 8.0, "8.2公里", 8.2, 40.0, 40.0),
        ("每公里成本", 8.0, "7.85万元", 7.85, 20.0, 19.5),
        ("沿岸居民满意度", 90.0, "88%", 88.0, 30.0, 29.0),
    ]
    assert [(f["row_label"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("年度资金总额", "budget", 600_000),
        ("年度资金总额", "adjusted_budget", 660_000),
        ("年度资金总额", "final_accounts", 643_500),
        ("其中：当年财政拨款", "budget", 600_000),
        ("其中：当年财政拨款", "adjusted_budget", 660_000),
        ("其中：当年财政拨款", "final_accounts", 643_500),
    ]
    assert {(s["name"], float(s["value"]), s["unit"]) for s in made["statistics"]} == {
        ("分值 / 年度资金总额", 10.0, "分"),
        ("执行率 / 年度资金总额", 97.5, "%"),
        ("分值 / 总分", 90.0, "分"),
        ("得分 / 总分", 88.5, "分"),
    }


def test_base_data_of_an_evaluation_is_headcount_and_amounts_by_year() -> None:
    made = records(
        line("2025年度部门整体支出绩效评价基础数据表"),
        grid("""
财政供养人员情况（人）|编制数|2025年实际在职人数|控制率
^|40|38|95.0%
经费控制情况（万元）|2024年决算数|2025年预算数|2025年决算数
“三公”经费|4.20|5.00|3.90
其中：公务接待|1.10|1.50|0.90
公用经费|80.00|85.00|84.10
"""),
    )
    assert {(s["name"], float(s["value"]), s["unit"], s["as_of"]) for s in made["statistics"]} == {
        ("编制人数", 40.0, "人", None),
        ("在职人数", 38.0, "人", "2025"),
        ("控制率 / 财政供养人员情况", 95.0, "%", None),
    }
    assert [(f["row_label"], f["fiscal_year"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]][:4] == [
        ("“三公”经费", 2024, "final_accounts", 42_000),
        ("“三公”经费", 2025, "budget", 50_000),
        ("“三公”经费", 2025, "final_accounts", 39_000),
        ("其中：公务接待", 2024, "final_accounts", 11_000),
    ]
    assert {f["table_kind"] for f in made["facts"]} == {"performance_base_data"}


def test_a_list_of_scores_by_project_is_no_list_of_indicators() -> None:
    made = records(
        line("2025年度项目绩效自评结果汇总表"),
        grid("""
序号|项目名称|全年预算数（万元）|全年执行数（万元）|自评得分
1|河道清淤|66.00|64.35|96.5
2|节水宣传|8.00|8.00|99
"""),
    )
    assert made["indicators"] == []
    assert [(f["project_name"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("河道清淤", "adjusted_budget", 660_000),
        ("河道清淤", "final_accounts", 643_500),
        ("节水宣传", "adjusted_budget", 80_000),
        ("节水宣传", "final_accounts", 80_000),
    ]
    assert {(s["name"], float(s["value"])) for s in made["statistics"]} == {("自评得分 / 河道清淤", 96.5), ("自评得分 / 节水宣传", 99.0)}


def test_numbers_beside_one_label_without_a_header_are_not_amounts() -> None:
    made = records(
        line("项目支出绩效目标表"),
        grid("""
项目名称|河道清淤|<|<
年度资金总额|60.00|66.00|10.00
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|清淤长度|≥8公里
"""),
        line("单位：万元"),
    )
    assert len(made["facts"]) <= 1
    assert made["documents"][0]["numbers_not_understood"] >= 2
