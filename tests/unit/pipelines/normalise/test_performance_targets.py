"""Targets as printed, typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.normalise.performance_targets import (
    Target,
    bracket_unit,
    chinese_number,
    comparisons,
    composed,
    parse_number,
    parse_target,
)
from schemas import reference


@pytest.mark.parametrize(
    ("text", "operator", "value", "unit"),
    [
        ("≥500件", ">=", 500, "件"),
        ("≧500 件", ">=", 500, "件"),
        (">=12次", ">=", 12, "次"),
        ("≤48小时", "<=", 48, "小时"),
        ("＝100％", "=", 100, "%"),
        ("100%", None, 100, "%"),
        ("1,200家", None, 1200, "家"),
        ("不低于95%", ">=", 95, "%"),
        ("不超过3起", "<=", 3, "起"),
        ("大于2.5万人次", ">", 2.5, "万人次"),
        ("20个以上", ">=", 20, "个"),
        ("5%以下", "<=", 5, "%"),
        ("3个月内", "<=", 3, "个月"),
        ("控制在5%以内", "<=", 5, "%"),
        ("前十位", "<=", 10, "位"),
        ("全市前3名", "<=", 3, "名"),
        ("两次", None, 2, "次"),
        ("十二期", None, 12, "期"),
        ("12000m³/d", None, 12000, "m³/d"),
        ("≤560元/人/天", "<=", 560, "元/人/天"),
        ("投诉率≤5%", "<=", 5, "%"),
        ("≥95%（含）", ">=", 95, "%"),
        ("0", None, 0, None),
        ("≥95百分比", ">=", 95, "%"),
        ("≥4.5千分比", ">=", 4.5, "‰"),
        ("5个百分点", None, 5, "个百分点"),
        ("≥5台（套）", ">=", 5, "台（套）"),
        ("≥30（个）", ">=", 30, "个"),
        ("≥20个（台、套、件）", ">=", 20, "个（台、套、件）"),
        ("10年以上（含10年）", ">=", 10, "年"),
        ("9000人左右", None, 9000, "人"),
        ("及时率100%", None, 100, "%"),
        ("年离职率低于2%", "<", 2, "%"),
    ],
)
def test_a_comparison_a_number_and_a_unit(text: str, operator: str | None, value: float, unit: str | None) -> None:
    assert parse_target(text) == Target(operator, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "明显提升",
        "2026年12月底前",
        "2026年12月",
        "12月底前",
        "2026年",
        "2021年1月-2021年12月",
        "5%-10%",
        "每月一次",
        "按季度2次完成",
        "1:1",
        "一般",
        "100%正常",
        "100次外调血液满足需求",
        "上升率5%，下降率3%",
        "十",
        "",
    ],
)
def test_what_is_no_number_stays_text(text: str) -> None:
    assert parse_target(text) == Target(None, None, None)


def test_columns_are_composed_as_printed() -> None:
    assert composed("≥", "30", "套") == "≥30套"
    assert composed("＝", "100", "%") == "＝100%"
    assert composed("定性", "优良", "其他") == "优良"
    assert composed("≤", "", "次") == ""
    assert composed("≥", "≥95%", "%") == "≥95%"
    assert composed("定量", "＜1", "%") == "＜1%"
    assert composed("定量", "30", "套") == "30套"
    assert composed("文字描述", "健全", "无") == "健全"


def test_a_unit_in_brackets_is_a_unit() -> None:
    words = comparisons()
    said = {"断面合格率（%）": "%", "指标值（百分比）": "%", "印刷成本（元/页）": "元/页", "地上面积(㎡)": "㎡", "短表户数（万户）": "万户"}
    assert {t: bracket_unit(t, words) for t in said} == said
    assert [bracket_unit(t, words) for t in ("人员成本标准（旺季除外）", "分值（90分）", "满意度（其他）", "满意度")] == [None] * 4


def test_scores_and_numerals() -> None:
    assert [parse_number(t) for t in ("10", "9.5分", "98.00", "优", "10/20")] == [10.0, 9.5, 98.0, None, None]
    assert [chinese_number(t) for t in ("二", "十", "十二", "三十五", "一百", "几")] == [2, 10, 12, 35, None, None]


def test_a_word_of_comparison_is_a_line_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_target("起码40件").value is None
    text = reference.reference_bytes("performance_comparisons.csv").decode("utf-8") + "起码,>=,before,\n"
    (tmp_path / "performance_comparisons.csv").write_text(text, encoding="utf-8")
    monkeypatch.setenv(reference.OVERRIDE_VARIABLE, str(tmp_path))
    assert parse_target("起码40件") == Target(">=", 40.0, "件")
