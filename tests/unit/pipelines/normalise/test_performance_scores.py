"""Points and scores of performance forms: what is kept, and which of them belong to one printed form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from merged_forms import grid, line, records

from pipelines.normalise.performance_scores import is_sum, is_total, score_forms
from pipelines.read.document import Block

FORM = """
项目名称|<|河道清淤|<|<|<|<|<|<
项目资金（万元）|||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|<|60.00|66.00|64.35|10|97.50%|9.75
^|其中：当年财政拨款|<|60.00|66.00|64.35|—|97.50%|—
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析
^|产出指标|数量指标|清淤长度|≥8公里|8.2公里|50|50|
^|^|质量指标|断面合格率|≥95%|94%|20|19.5|雨季延误
^|满意度指标|服务对象满意度指标|居民满意度|≥90%|88%|20|19|
总分|<|<|<|<|<|100|98.25|
"""


def forms(*blocks: Block) -> list[tuple[object, ...]]:
    made = records(line("2025年度项目支出绩效自评表"), *blocks)
    return [
        (f.scope, [int(p) for p in f.points], [float(s) for s in f.scores], f.execution_points, f.execution_score, f.total_points,
         f.total_score)
        for f in score_forms(made["indicators"], made["statistics"])
    ]


def test_points_and_scores_of_a_self_evaluation_add_up_with_those_of_the_execution() -> None:
    (form,) = forms(grid(FORM))
    assert form == ("河道清淤", [50, 20, 20], [50.0, 19.5, 19.0], Decimal(10), Decimal("9.75"), Decimal(100), Decimal("98.25"))


def test_the_sum_is_no_indicator() -> None:
    made = records(line("2025年度项目支出绩效自评表"), grid(FORM))
    assert [i["indicator"] for i in made["indicators"]] == ["清淤长度", "断面合格率", "居民满意度"]


def test_two_forms_in_one_table_are_two_forms() -> None:
    other = FORM.replace("河道清淤", "节水宣传").replace("98.25", "98.00")
    found = forms(grid(FORM + other.strip("\n")))
    assert [(f[0], len(f[1]), f[6]) for f in found] == [("河道清淤", 3, Decimal("98.25")), ("节水宣传", 3, Decimal("98"))]  # type: ignore[arg-type]


def test_a_form_that_goes_on_over_the_page_is_one_form() -> None:
    lines = FORM.strip("\n").split("\n")
    first, rest = lines[:6], ["|满意度指标|服务对象满意度指标|居民满意度|≥90%|88%|20|19|", lines[-1]]
    (form,) = forms(grid("\n".join(first)), grid("\n".join(rest), page=3, first=40.0))
    assert form[1:3] == ([50, 20], [50.0, 19.0])
    assert form[6] == Decimal("98.25")


def test_points_of_the_execution_may_stand_in_a_label_only() -> None:
    (form,) = forms(grid("""
项目名称|<|河道清淤|<|<
资金金额（万元）|年度资金总额：|60.00|<|执行率分值（10分）
^|其中：财政拨款|60.00|<|^
一级指标|二级指标|三级指标|指标值|分值权重（90分）
产出指标|数量指标|清淤长度|≥8公里|60
满意度指标|服务对象满意度指标|居民满意度|≥90%|30
"""))
    assert form == ("河道清淤", [60, 30], [], Decimal(10), None, None, None)


def test_an_execution_row_in_the_list_is_an_indicator() -> None:
    made = records(
        line("2025年度项目支出绩效自评表"),
        grid("""
项目名称|河道清淤|<|<|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
预算执行率|<|预算执行率|100%|97.5%|10|9.75
产出指标|数量指标|清淤长度|≥8公里|8.2公里|90|90
总分|<|<|<|<|100|99.75
"""),
    )
    assert [(i["indicator"], i["points"], i["score"]) for i in made["indicators"]] == [("预算执行率", 10.0, 9.75), ("清淤长度", 90.0, 90.0)]
    (form,) = score_forms(made["indicators"], made["statistics"])
    assert (sum(form.points), sum(form.scores), form.total_score) == (100, Decimal("99.75"), Decimal("99.75"))


@pytest.mark.parametrize("label", ["总分", "总 分", "合计", "总计", "总得分", "自评得分", "总分（100分）", "得分合计", "自评总分"])
def test_labels_of_sums(label: str) -> None:
    assert is_sum(label)
    assert is_total(label)


@pytest.mark.parametrize("label", ["年度资金总额", "清淤长度", "合计用水量", "总分馆数量"])
def test_other_labels(label: str) -> None:
    assert not is_sum(label)


def test_a_part_sum_is_no_total() -> None:
    assert is_sum("小计")
    assert not is_total("小计")


def test_rows_of_sums_and_of_the_execution_between_and_below_the_indicators() -> None:
    made = records(
        line("2025年度项目支出绩效自评表"),
        grid("""
项目名称|河道清淤|<|<|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
产出指标|数量指标|清淤长度|≥8公里|8.2公里|50|50
小计|<|<|<|<|50|50
满意度指标|服务对象满意度指标|居民满意度|≥90%|88%|40|39
小计|<|<|<|<|40|39
预算执行率（10分）|<|<|<|97.5%|10|9.75
总分|<|<|<|<|100|98.75
自评得分|98.75|<|<|<|<|<
自评等级|优|<|<|<|<|<
"""),
    )
    assert [(i["indicator"], i["points"], i["score"]) for i in made["indicators"]] == [
        ("清淤长度", 50.0, 50.0), ("居民满意度", 40.0, 39.0), ("预算执行率（10分）", 10.0, 9.75),
    ]
    (form,) = score_forms(made["indicators"], made["statistics"])
    assert (sum(form.points), form.total_points) == (100, 100)
    assert (sum(form.scores), form.total_score) == (Decimal("98.75"), Decimal("98.75"))


def test_projects_and_their_scores_below_the_text_are_no_other_table() -> None:
    made = records(line("各项目自评得分如下。"), grid("""
项目名称|自评分数
河道清淤|100
节水宣传|96.53
"""))
    assert [t["table_kind"] for t in made["tables"]] == ["project_performance_self_evaluation"]
    assert [(s["name"], float(s["value"])) for s in made["statistics"]] == [("自评分数 / 河道清淤", 100), ("自评分数 / 节水宣传", 96.53)]
