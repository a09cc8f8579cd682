"""Wrong codes, older names, years left over and unfinished text are told; other years' names and good text are not."""

from __future__ import annotations

from typing import Any

import pytest
from audited_forms import audited

from pipelines.audit.claims_text import paragraphs
from pipelines.audit.wording import unfinished
from pipelines.read.document import TextLine

HEAD = "一般公共预算基本支出表\n单位：万元\n\n科目编码|科目名称|合计\n302|商品和服务支出|9.00\n30201|办公费|2.00\n"


def found(text: str, rule: str, cover: str | None = None) -> list[dict[str, Any]]:
    frames = audited(text, cover=cover) if cover else audited(text)
    return [f for f in frames["findings"].iter_rows(named=True) if f["rule"] == rule]


@pytest.mark.parametrize(("line", "printed", "expected"), [
    ("30228|电费|7.00", "30228 电费", "30206 电费"),
    ("30109|福利费|7.00", "30109 福利费", "30229 福利费"),
    ("30105|生活补助|7.00", "30105 生活补助", "30305 生活补助"),
])
def test_a_code_of_another_name_is_a_warning_with_the_code_meant(line: str, printed: str, expected: str) -> None:
    (finding,) = found(f"{HEAD}{line}\n", "code_name_mismatch")
    assert (finding["severity"], finding["printed"], finding["expected"]) == ("warning", printed, expected)
    assert finding["fact_id"] is not None


def test_a_wrong_code_in_the_second_list_of_a_row_is_found_at_its_own_amount() -> None:
    frames = audited(
        "一般公共预算基本支出表\n单位：元\n\n科目编码|科目名称|金额|科目编码|科目名称|金额\n"
        "301|工资福利支出|30.00|302|商品和服务支出|12.00\n30101|基本工资|20.00|30201|办公费|5.00\n30102|津贴补贴|10.00|30211|培训费|7.00\n"
    )
    (finding,) = [f for f in frames["findings"].iter_rows(named=True) if f["rule"] == "code_name_mismatch"]
    (fact,) = [f for f in frames["facts"].iter_rows(named=True) if f["fact_id"] == finding["fact_id"]]
    assert (finding["printed"], fact["row_label"]) == ("30211 培训费", "培训费")


@pytest.mark.parametrize("line", [
    "30206|电费|7.00", "30213|维修（护）费|7.00", "30213|维修护费|7.00", "3020101|办公用品|7.00", "30299|本地杂项|7.00",
])
def test_right_codes_local_codes_and_wordings_are_left_alone(line: str) -> None:
    assert found(f"{HEAD}{line}\n", "code_name_mismatch") == []


def test_a_name_of_years_ago_is_a_note() -> None:
    (finding,) = found("部门支出总表\n单位：万元\n\n科目编码|科目名称|合计\n210|医疗卫生与计划生育支出|9.00\n", "code_name_mismatch")
    assert (finding["severity"], finding["expected"]) == ("note", "210 卫生健康支出")


@pytest.mark.parametrize(("text", "printed"), [
    ("2025年部门预算——名词解释", "2025年部门预算——名词解释"),
    ("三公经费5万元，比2026年预算减少1万元。", "比2026年预"),
    ("2025年“三公”经费预算情况说明", "2025年“三公”经费预算情况说明"),
    ("截至2026年12月31日，本单位共有车辆2辆。", "截至2026年12月31日"),
])
def test_last_years_year_left_over(text: str, printed: str) -> None:
    (finding,) = found(f"{HEAD}\n\n{text}\n", "year_mismatch")
    assert finding["severity"] == "warning"
    assert finding["printed"].startswith(printed)


@pytest.mark.parametrize("text", [
    "2025年部门预算执行情况", "2025年度部门决算", "三公经费5万元，比2025年预算减少1万元。", "2026年部门预算——名词解释",
    "上年工作总结：2025年预算绩效评价", "截至2025年12月31日，本单位共有车辆2辆。", "截至2026年12月31日前完成验收。",
    "2025年预算执行情况说明",
])
def test_other_years_that_belong_there(text: str) -> None:
    assert found(f"{HEAD}\n\n{text}\n", "year_mismatch") == []


@pytest.mark.parametrize("text", [
    "三公经费预算数比上年增加（减少）1万元。", "与上年持平，主要原因是。其中：公务接待费0万元。", "政府采购预算XX万元。",
    "比上年减少2万元，下降3.57，原因是节约。", "办公费＿＿万元。", "预算5万元（注：公开时请删除本注释）。", "评价项目0个（如有）。",
    "预算收入比上年增加5%，。", "预算比上年增加或减少5万元。",
])
def test_unfinished_text_is_a_note(text: str) -> None:
    (finding,) = found(f"{HEAD}\n\n{text}\n", "narrative_arithmetic")
    assert finding["severity"] == "note"
    assert finding["message_zh"]
    assert finding["message_en"]


def test_a_reason_broken_off_before_the_next_heading_is_a_note_one_that_goes_on_is_not() -> None:
    def lines(*texts: tuple[int, str]) -> list[TextLine]:
        full = TextLine("以下说明均以万元为单位。", page=1, box=(90, 80, 520, 92))  # shows where the right margin is
        return [full, *(TextLine(t, page=p, box=(90, 100 + 20 * n, 300, 112 + 20 * n)) for n, (p, t) in enumerate(texts))]

    def told(*texts: tuple[int, str]) -> list[str]:
        return [f["printed"] for f in unfinished("d", paragraphs(lines(*texts)))]

    assert told((1, "公务接待费2万元，与上年持平，主要原因是"), (1, "二、机关运行经费")) == ["待费2万元，与上年持平，主要原因是"]
    assert told((1, "公务接待费2万元，与上年持平，主要原因是"), (2, "二、机关运行经费")) == []
    assert told((1, "公务接待费2万元，与上年持平，主要原因是："), (1, "1.人员减少。")) == []


@pytest.mark.parametrize("text", ["主要原因是人员减少。", "比上年减少2万元，下降3.57%。", "增加或减少的原因如下。", "安装XXL型设备3台。"])
def test_finished_text_is_left_alone(text: str) -> None:
    assert found(f"{HEAD}\n\n{text}\n", "narrative_arithmetic") == []
