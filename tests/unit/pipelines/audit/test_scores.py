"""Points and scores of performance forms add up, scores stay within their points, rates follow from their amounts."""

from __future__ import annotations

import polars as pl
from audited_forms import audited

FORM = """2026年度项目支出绩效自评表

项目名称|河道整治
项目资金（万元）||年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
|年度资金总额|240.00|229.19|{spent}|10|{rate}|{earned}
|其中：当年财政拨款|240.00|229.19|{spent}|—||—
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分
|产出指标|数量指标|整治河段数量|16段|16段|30|30
||质量指标|水质达标率|≥95%|96%|20|{quality}
|效益指标|社会效益指标|受益人口|≥3万人|3.2万人|30|30
|满意度指标|服务对象满意度指标|群众满意率|≥90%|92%|10|10
总分|||||{points}|{total}|
"""
GOOD = {"spent": "229.19", "rate": "100.00%", "earned": "10", "quality": "20", "points": "100", "total": "100"}


def results(**changed: str) -> tuple[dict[str, list[str]], list[dict[str, object]]]:
    """Outcomes by rule of the form with some texts changed, and its findings about scores."""
    frames = audited(FORM.format(**(GOOD | changed)))
    rules = frames["checks"].filter(pl.col("table_id").is_not_null()).group_by("rule").agg("outcome")
    return dict(rules.iter_rows()), frames["findings"].filter(pl.col("rule") == "score_sum").to_dicts()


def test_a_form_that_adds_up_passes() -> None:
    outcomes, findings = results()
    assert [outcomes[r] for r in ("points_sum", "scores_sum", "score_within", "execution_rate")] == [["pass"]] * 3 + [["pass"] * 1]
    assert findings == []


def test_a_total_score_that_is_not_the_sum_of_its_scores_is_a_warning() -> None:
    outcomes, findings = results(quality="18")
    assert outcomes["scores_sum"] == ["fail"]
    (finding,) = findings
    told = tuple(finding[name] for name in ("severity", "verdict", "printed", "expected"))
    assert told == ("warning", "undecided", "100", "各项之和98")
    assert "总得分公布为100，各项之和98" in finding["message_zh"]


def test_points_that_do_not_add_up_to_the_printed_total() -> None:
    outcomes, findings = results(points="95")
    assert outcomes["points_sum"] == ["fail"]
    assert [f["expected"] for f in findings] == ["各项之和100"]


def test_no_score_is_more_than_its_points() -> None:
    outcomes, findings = results(quality="22", total="102")
    assert outcomes["score_within"] == ["fail"]
    assert [(f["printed"], f["expected"]) for f in findings] == [("22", "不大于20")]


def test_a_rate_follows_from_its_amounts() -> None:
    right, findings = results(spent="219.02", rate="95.56%")
    assert right["execution_rate"] == ["pass"]
    assert findings == []
    wrong, found = results(rate="1000%")
    assert wrong["execution_rate"] == ["fail"]
    assert [(f["printed"], f["expected"]) for f in found] == [("1000%", "100.00%")]


def test_one_form_alone_does_not_say_how_execution_is_scored() -> None:
    outcomes, findings = results(spent="114.60", rate="50.00%", earned="10")
    assert outcomes["execution_score"] == ["not_applicable"]
    assert findings == []
