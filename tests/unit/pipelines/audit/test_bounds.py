"""A part is no more than its whole: in a row, between tables. A bound that holds proves nothing; one that fails is a warning."""

from __future__ import annotations

import polars as pl
from audited_forms import audited, findings

BASIC = ("一般公共预算基本支出表\n单位：万元\n\n科目编码|科目名称|金额\n302|商品和服务支出|21.30\n30201|办公费|9.10\n"
         "30217|公务接待费|{reception}\n30231|公务用车运行维护费|{running}\n合计||21.30\n\n")
ITEMS = "“三公”经费支出表\n单位：万元\n\n项目|预算数\n因公出国（境）费|0\n公务接待费|{reception}\n公务用车运行维护费|8.00\n合计|12.20\n\n"
SPENDING = ("部门支出总表\n单位：万元\n\n科目编码|科目名称|合计|基本支出|项目支出\n201|一般公共服务支出|95.50|60.25|35.25\n"
            "208|社会保障和就业支出|20.30|20.30|0.00\n合计||115.80|80.55|35.25\n\n")


def outcomes(frames: dict[str, pl.DataFrame], rule: str) -> list[str]:
    """Outcomes of the checks of one rule that have terms."""
    found = frames["checks"].filter((pl.col("rule") == rule) & (pl.col("fact_ids").list.len() > 0))
    return found["outcome"].to_list()


def warnings(frames: dict[str, pl.DataFrame], rule: str) -> list[str]:
    """Messages of the warnings of one rule."""
    return [f["message_zh"] for f in findings(frames) if f["rule"] == rule and f["severity"] == "warning"]


def test_reception_in_basic_expenditure_is_no_more_than_among_the_items() -> None:
    frames = audited(BASIC.format(reception="4.20", running="8.00") + ITEMS.format(reception="4.20"))
    assert outcomes(frames, "bound_reception") == outcomes(frames, "bound_running") == ["pass"]
    assert findings(frames) == []


def test_more_reception_in_basic_expenditure_than_among_the_items_is_a_warning() -> None:
    frames = audited(BASIC.format(reception="4.20", running="8.00") + ITEMS.format(reception="2.40").replace("12.20", "10.40"))
    assert outcomes(frames, "bound_reception") == ["fail"]
    (message,) = warnings(frames, "cross_table")
    assert "4.20万元" in message
    assert "2.40万元" in message
    assert {f["verdict"] for f in findings(frames)} == {"undecided"}


def test_a_code_printed_with_another_name_is_no_item() -> None:
    text = BASIC.format(reception="4.20", running="8.00").replace("公务接待费", "退休人员活动费") + ITEMS.format(reception="0")
    assert outcomes(audited(text), "bound_reception") == []


def test_procurement_in_a_row_is_no_more_than_its_expenditure() -> None:
    rows = ("部门支出总表\n单位：万元\n\n科目编码|科目名称|支出总计|基本支出|项目支出|政府采购项目\n"
            "201|一般公共服务支出|50.50|30.25|20.25|{}\n205|教育支出|40.50|30.25|10.25|4.10\n206|科学技术支出|30.10|30.10|0.00|0.00\n207|文化旅游体育与传媒支出|8.90|5.00|3.90|1.00\n"
            "208|社会保障和就业支出|20.30|20.30|0.00|6.00\n210|卫生健康支出|7.70|7.70|0.00|1.50\n")
    good, bad = audited(rows.format("5.00")), audited(rows.format("51.00"))
    assert set(outcomes(good, "bound_procurement")) == {"pass"}
    assert findings(good) == []
    assert outcomes(bad, "bound_procurement").count("fail") == 1
    assert len(warnings(bad, "row_sum")) == 1


def test_a_part_named_of_which_is_no_more_than_its_column() -> None:
    rows = ("部门收入总表\n单位：万元\n\n单位名称|合计|财政拨款|事业收入|事业收入\n|||金额|其中：教育收费\n"
            "安宁县水务局|50.00|30.00|20.00|{}\n安宁县水务站|31.00|20.00|11.00|1.00\n安宁县水文站|19.00|10.00|9.00|0.50\n安宁县水库|19.50|10.00|9.50|0.50\n"
            "安宁县灌区站|17.00|10.00|7.00|0.50\n")
    good, bad = audited(rows.format("2.00")), audited(rows.format("22.00"))
    assert set(outcomes(good, "column_of_which")) == {"pass"}
    assert outcomes(bad, "column_of_which").count("fail") == 1
    assert len(warnings(bad, "row_sum")) == 1


def test_projects_with_targets_are_no_more_than_project_expenditure() -> None:
    form = ("项目支出绩效目标表\n\n项目名称|{name}\n项目资金（万元）|年度资金总额|{amount}\n|其中：财政拨款|{amount}\n"
            "绩效指标|一级指标|二级指标|三级指标|指标值\n|产出指标|数量指标|检查次数|≥4次\n\n")
    within = SPENDING + form.format(name="河道整治", amount="20.10") + form.format(name="水质监测", amount="15.00")
    beyond = SPENDING + form.format(name="河道整治", amount="20.10") + form.format(name="水质监测", amount="51.00")
    assert outcomes(audited(within), "bound_targets") == ["pass"]
    frames = audited(beyond)
    assert outcomes(frames, "bound_targets") == ["fail"]
    assert len(warnings(frames, "cross_table")) == 1


def test_a_project_whose_form_the_page_cut_is_counted_once() -> None:
    form = "项目支出绩效目标表\n\n项目名称|河道整治\n项目资金（万元）|年度资金总额|{0}\n|其中：财政拨款|{0}\n\n".format("20.10")
    assert outcomes(audited(SPENDING + form + form), "bound_targets") == ["pass"]


def test_a_bound_that_holds_verifies_nothing() -> None:
    frames = audited(SPENDING + "政府采购表\n单位：万元\n\n采购项目|金额\n办公设备|7.77\n合计|7.77\n")
    bought = frames["facts"].filter(pl.col("table_kind") == "procurement")
    assert "pass" in outcomes(frames, "bound_purchases")
    assert "verified" not in set(bought["trust"])
