"""National performance forms in every kind of file: the same printed form gives the same records however it was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from filed_forms import as_pdf, as_web, as_word, as_workbook, records_of, unmerged

Made = dict[str, list[dict[str, Any]]]

SELF_EVALUATION = """
项目名称|<|农村饮水安全|<|<|<|<|<|<
主管部门|<|安宁县水务局|<|<|实施单位|<|安宁县水务局|<
项目资金（万元）|<||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|<|年度资金总额|300.00|320.00|310.00|10|96.88%|9.69
^|<|其中：当年财政拨款|200.00|220.00|210.00|—|95.45%|—
^|<|上年结转资金|50.00|50.00|50.00|—|100.00%|—
^|<|其他资金|50.00|50.00|50.00|—|100.00%|—
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
^|建成供水站4处，投资300万元。|<|<|<|建成供水站4处，完成投资310万元。|<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
^|产出指标|数量指标|供水站数量|4处|4处|20|20|
^|^|质量指标|水质合格率|≥95%|94%|15|14|个别站点检修
^|^|时效指标|完工时间|2025年12月底前|2025年11月|15|15|
^|^|成本指标|单站成本|≤75万元|74.5万元|10|10|
^|效益指标|社会效益指标|受益人口|≥1.2万人|1.25万人|20|20|
^|^|可持续影响指标|持续供水能力|长期|基本达成|10|9|
^|满意度指标|服务对象满意度指标|群众满意度|≥90%|92%|10|10|
总分|<|<|<|<|<|100|97.69|
"""

APPLICATION = """
项目名称|<|<|农村饮水安全|<|<|<|<
主管部门及代码|<|<|水务局215|<|实施单位|<|安宁县水务局
项目属性|<|<|延续项目|<|项目期|<|3年
项目资金（万元）|<|<|中期资金总额：|<|900.00|年度资金总额：|300.00
^|<|<|其中：财政拨款|<|600.00|其中：财政拨款|200.00
^|<|<|其他资金|<|300.00|其他资金|100.00
总体目标|中期目标（2026年—2028年）|<|<|<|<|年度目标|<
^|目标1：建成供水站12处|<|<|<|<|目标1：建成供水站4处|<
绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值
^|产出指标|数量指标|供水站数量|12处|数量指标|供水站数量|4处
^|^|^|管网长度|≥60公里|^|管网长度|≥20公里
^|^|时效指标|完工时间|2028年12月|时效指标|完工时间|2026年12月
^|^|……|||……||
^|效益指标|社会效益指标|受益人口|3.6万人|社会效益指标|受益人口|1.2万人
^|满意度指标|服务对象满意度指标|群众满意度|90%以上|服务对象满意度指标|群众满意度|90%以上
"""

LIST = """
单位名称|项目名称|预算数（万元）|绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|权重（%）
安宁县水务局|河道清淤|60.00|清淤8公里|产出指标|数量指标|清淤长度|≥|8|公里|50
^|^|^|^|^|质量指标|断面合格率|≥|95|百分比|20
^|^|^|^|效益指标|社会效益指标|居民安全感|定性|良好||20
河道管理所|节水宣传|8.00|宣传5场|产出指标|数量指标|宣传场次|＝|5|场次|50
^|^|^|^|满意度指标|服务对象满意度指标|公众满意度|≥|90|%|40
"""

MERGED: list[Callable[[str, str], bytes]] = [as_word, as_workbook, as_web, as_pdf]


def _name(make: Callable[[str, str], bytes]) -> str:
    return {as_word: "a.docx", as_workbook: "a.xlsx", as_web: "a.html", as_pdf: "a.pdf"}[make]


def read(make: Callable[[str, str], bytes], title: str, text: str) -> Made:
    return records_of(make(title, text), _name(make))


def check_self_evaluation(made: Made) -> None:
    fields = ("level1", "level2", "indicator", "target_text", "actual_text", "points", "score")
    assert {i["scope"] for i in made["indicators"]} == {"农村饮水安全"}
    assert [tuple(i[f] for f in fields) for i in made["indicators"]] == [
        ("产出指标", "数量指标", "供水站数量", "4处", "4处", 20.0, 20.0),
        ("产出指标", "质量指标", "水质合格率", "≥95%", "94%", 15.0, 14.0),
        ("产出指标", "时效指标", "完工时间", "2025年12月底前", "2025年11月", 15.0, 15.0),
        ("产出指标", "成本指标", "单站成本", "≤75万元", "74.5万元", 10.0, 10.0),
        ("效益指标", "社会效益指标", "受益人口", "≥1.2万人", "1.25万人", 20.0, 20.0),
        ("效益指标", "可持续影响指标", "持续供水能力", "长期", "基本达成", 10.0, 9.0),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "92%", 10.0, 10.0),
    ]
    amounts = {
        "年度资金总额": (300, 320, 310), "其中：当年财政拨款": (200, 220, 210), "上年结转资金": (50, 50, 50), "其他资金": (50, 50, 50),
    }
    assert sorted((f["row_label"], f["stage"], int(f["amount_yuan"])) for f in made["facts"]) == sorted(
        (label, stage, wan * 10_000)
        for label, values in amounts.items()
        for stage, wan in zip(("budget", "adjusted_budget", "final_accounts"), values, strict=True)
    )
    assert {s["name"]: float(s["value"]) for s in made["statistics"]} == {
        "分值 / 年度资金总额": 10.0, "执行率 / 年度资金总额": 96.88, "得分 / 年度资金总额": 9.69, "执行率 / 当年财政拨款": 95.45,
        "执行率 / 上年结转资金": 100.0, "执行率 / 其他资金": 100.0, "分值 / 总分": 100.0, "得分 / 总分": 97.69,
    }
    assert {r["form_id"] for r in (*made["indicators"], *made["statistics"])} == {made["indicators"][0]["form_id"]}


@pytest.mark.parametrize("make", MERGED)
def test_a_self_evaluation_with_merged_cells(make: Callable[[str, str], bytes]) -> None:
    check_self_evaluation(read(make, "项目支出绩效自评表", SELF_EVALUATION))


@pytest.mark.parametrize("make", [as_word, as_workbook])
def test_a_self_evaluation_with_blanks_in_place_of_merged_cells(make: Callable[[str, str], bytes]) -> None:
    check_self_evaluation(read(make, "项目支出绩效自评表", unmerged(SELF_EVALUATION)))


@pytest.mark.parametrize("cut", [10, 13, 16])
def test_a_self_evaluation_that_goes_on_over_the_page(cut: int) -> None:
    check_self_evaluation(records_of(as_pdf("项目支出绩效自评表", SELF_EVALUATION, (cut,)), "a.pdf"))


def check_application(made: Made) -> None:
    fields = ("level1", "level2", "indicator", "target_text")
    both = [
        ("产出指标", "数量指标", "供水站数量", ("12处", "4处")),
        ("产出指标", "数量指标", "管网长度", ("≥60公里", "≥20公里")),
        ("产出指标", "时效指标", "完工时间", ("2028年12月", "2026年12月")),
        ("效益指标", "社会效益指标", "受益人口", ("3.6万人", "1.2万人")),
        ("满意度指标", "服务对象满意度指标", "群众满意度", ("90%以上", "90%以上")),
    ]
    assert [tuple(i[f] for f in fields) for i in made["indicators"]] == [(*names, target) for *names, targets in both for target in targets]
    assert sorted((f["row_label"], int(f["amount_yuan"])) for f in made["facts"]) == sorted([
        ("中期资金总额：", 9_000_000), ("年度资金总额：", 3_000_000), ("其中：财政拨款", 6_000_000), ("其中：财政拨款", 2_000_000),
        ("其他资金", 3_000_000), ("其他资金", 1_000_000),
    ])


@pytest.mark.parametrize("make", MERGED)
def test_an_application_with_targets_of_three_years_beside_those_of_one(make: Callable[[str, str], bytes]) -> None:
    check_application(read(make, "项目支出绩效目标申报表", APPLICATION))


def test_the_same_with_blanks_in_place_of_merged_cells() -> None:
    check_application(read(as_word, "项目支出绩效目标申报表", unmerged(APPLICATION)))


@pytest.mark.parametrize("text", [LIST, unmerged(LIST)], ids=["merged", "blanks"])
@pytest.mark.parametrize("make", [as_word, as_workbook, as_web])
def test_a_list_of_projects_with_sign_value_and_unit(make: Callable[[str, str], bytes], text: str) -> None:
    made = read(make, "2026年项目支出绩效目标表", text)
    fields = ("scope", "level1", "level2", "indicator", "target_text", "target_operator", "target_value", "target_unit", "points")
    assert [tuple(i[f] for f in fields) for i in made["indicators"]] == [
        ("河道清淤", "产出指标", "数量指标", "清淤长度", "≥8公里", ">=", 8.0, "公里", 50.0),
        ("河道清淤", "产出指标", "质量指标", "断面合格率", "≥95百分比", ">=", 95.0, "%", 20.0),
        ("河道清淤", "效益指标", "社会效益指标", "居民安全感", "良好", None, None, None, 20.0),
        ("节水宣传", "产出指标", "数量指标", "宣传场次", "＝5场次", "=", 5.0, "场次", 50.0),
        ("节水宣传", "满意度指标", "服务对象满意度指标", "公众满意度", "≥90%", ">=", 90.0, "%", 40.0),
    ]
    assert [(f["entity_name"], f["project_name"], int(f["amount_yuan"])) for f in made["facts"]] == [
        ("安宁县水务局", "河道清淤", 600_000), ("河道管理所", "节水宣传", 80_000),
    ]
