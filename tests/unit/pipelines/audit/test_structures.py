"""Forms add up in their own ways: by unit, by year, in several blocks, in whole 万元, with carry-over or without."""

from __future__ import annotations

import polars as pl
from audited_forms import audited, findings


def outcomes(frames: dict[str, pl.DataFrame], rule: str) -> list[str]:
    """Outcomes of the checks of one rule that say something."""
    checks = frames["checks"].filter((pl.col("rule") == rule) & ~pl.col("trivial"))
    return checks["outcome"].to_list()


def test_whole_wan_may_miss_by_their_rounding() -> None:
    frames = audited("一般公共预算基本支出表\n单位：万元\n\n科目编码|科目名称|金额\n301|工资福利支出|1191\n30101|基本工资|400\n"
                     "30102|津贴补贴|391\n30103|奖金|202\n30107|绩效工资|200\n合计||1191\n")
    assert outcomes(frames, "tree_subject") == ["pass_by_rounding"]
    assert findings(frames) == []


def test_trailing_zeros_that_are_not_printed_do_not_widen_the_tolerance() -> None:
    frames = audited("部门支出总表\n单位：万元\n\n科目编码|科目名称|金额\n201|一般公共服务支出|12\n"
                     "20103|政府办公厅（室）及相关机构事务|12\n2010301|行政运行|7.37\n2010302|一般行政管理事务|4.21\n合计||12\n")
    assert "fail" in outcomes(frames, "tree_subject")


def test_units_add_up_to_the_department_and_subjects_to_units() -> None:
    frames = audited("部门支出总表\n单位：万元\n\n单位名称|合计|基本支出|项目支出\n安宁县水务局|50.00|30.00|20.00\n"
                     "安宁县水务局本级|31.00|20.00|11.00\n安宁县水务站|19.00|10.00|9.00\n合计|50.00|30.00|20.00\n")
    assert set(outcomes(frames, "tree_unit") + outcomes(frames, "total_rows")) == {"pass"}


def test_last_years_column_is_no_part_of_this_years_sum() -> None:
    frames = audited("部门支出总表\n单位：万元\n\n科目编码|科目名称|2025年预算数|2026年预算数|增减额\n"
                     "201|一般公共服务支出|10.50|12.70|2.20\n208|社会保障和就业支出|4.10|3.90|-0.20\n合计||14.60|16.60|2.00\n")
    assert outcomes(frames, "row_change") == ["pass"] * 3
    assert findings(frames) == []


def test_a_list_that_goes_on_in_the_next_block_is_one_list() -> None:
    frames = audited("一般公共预算基本支出表\n单位：万元\n\n科目编码|科目名称|金额|科目编码|科目名称|金额\n"
                     "301|工资福利支出|30.00|30201|办公费|2.00\n30101|基本工资|20.00|30202|印刷费|3.50\n30102|津贴补贴|10.00|30211|差旅费|1.50\n302|商品和服务支出|7.00|||\n")
    assert outcomes(frames, "tree_subject") == ["pass", "pass"]


def test_carry_over_explains_the_difference_of_two_totals() -> None:
    frames = audited("部门收支总表\n单位：万元\n\n收入|预算数|支出|预算数\n一、一般公共预算拨款收入|90.00|一、一般公共服务支出|70.50\n"
                     "二、事业收入|5.25|二、社会保障和就业支出|26.25\n本年收入合计|95.25|本年支出合计|96.75\n上年结转|4.00|结转下年|2.50\n"
                     "收入总计|99.25|支出总计|99.25\n")
    assert findings(frames) == []
    assert set(outcomes(frames, "total_rows") + outcomes(frames, "total_carry")) == {"pass"}
    assert "fail" not in set(frames["checks"]["outcome"])


def test_of_which_lists_need_not_add_up() -> None:
    frames = audited("部门收支总表\n单位：万元\n\n收入|预算数|支出|预算数\n一、一般公共预算拨款收入|90.00|一、一般公共服务支出|95.25\n"
                     "其中：专项资金|12.00||\n二、事业收入|5.25||\n收入总计|95.25|支出总计|95.25\n")
    assert findings(frames) == []
    assert "fail" not in set(frames["checks"]["outcome"])


def test_special_funds_among_a_source_are_a_part_of_it() -> None:
    frames = audited("部门支出总表\n单位：元\n\n单位名称|合计|一般公共预算拨款|其中：专项资金列入部门预算的项目|政府性基金拨款\n"
                     "安宁县水务局|5000|4000|1200|1000\n安宁县水务站|900|900|0|0\n合计|5900|4900|1200|1000\n")
    codes = set(frames["facts"]["column_code"].drop_nulls())
    assert "project_special" in codes
    assert findings(frames) == []
    assert "fail" not in set(frames["checks"]["outcome"])
