"""The vocabulary is data: phrases compose, and a new line teaches a new phrase without code."""

import shutil
from importlib import resources
from pathlib import Path

import pytest
from printed_forms import meanings, only_table

from pipelines.understand.understand import version
from pipelines.understand.vocabulary import Facet, vocabulary
from schemas.reference import OVERRIDE_VARIABLE

UNKNOWN = "支出总表\n\n单位：元\n\n科目编码|科目名称|合计|统筹安排款\n2130301|行政运行|3.00|1.00\n"
UNTITLED = "经费分布一览表\n\n单位：元\n\n科目编码|科目名称|合计\n2130301|行政运行|3.00\n"


@pytest.fixture
def own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of reference files that takes the place of the packaged ones, one copied and to be added to."""
    for name in ("column_phrases.csv", "title_patterns.csv"):
        shutil.copy(str(resources.files("schemas").joinpath("reference", name)), tmp_path / name)
    monkeypatch.setenv(OVERRIDE_VARIABLE, str(tmp_path))
    return tmp_path


def add(path: Path, line: str) -> None:
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{head}\n{line}\n{rest}", encoding="utf-8")


def test_a_phrase_is_one_line_of_data(own_words: Path) -> None:
    assert meanings(UNKNOWN, "funding") == [("total",), (None,)]
    add(own_words / "column_phrases.csv", "统筹安排款,funding,unit_other_funds")
    assert meanings(UNKNOWN, "funding") == [("total",), ("unit_other_funds",)]


def test_a_title_pattern_is_one_line_of_data(own_words: Path) -> None:
    assert only_table(UNTITLED).kind == "other"
    add(own_words / "title_patterns.csv", "经费分布,expenditure_summary,")
    assert only_table(UNTITLED).kind == "expenditure_summary"


def test_a_new_line_changes_the_version_of_the_understanding(own_words: Path) -> None:
    before = version()
    add(own_words / "column_phrases.csv", "统筹安排款,funding,unit_other_funds")
    assert version() != before


@pytest.mark.parametrize(("phrase", "facets"), [
    ("一般公共预算财政拨款基本支出", {("funding", "general_public_budget"), ("type", "basic")}),
    ("2025年执行数", {("fiscal_year", "2025"), ("stage", "final_accounts")}),
    ("预算数（万元）", {("unit", "万元"), ("stage", "budget")}),
    ("其中：面向中小企业政府采购项目", {("measure", "procurement_sme")}),
    ("事业收入（不含教育收费）", {("funding", "business_income")}),
    ("上年结转", {("carry", "carryover")}),
    ("公共预算财政拨款", {("funding", "general_public_budget")}),
    ("人员类基本支出", {("type", "basic_personnel")}),
    ("当年财政拨款", {("funding", "fiscal_appropriation"), ("period", "current_year")}),
])
def test_known_phrases_compose(phrase: str, facets: set[tuple[str, str]]) -> None:
    assert {tuple(f) for f in vocabulary().facets_of(phrase) or ()} == facets


def test_a_phrase_may_begin_with_a_mark_of_quotation() -> None:
    assert vocabulary().facets_of("2026年“三公”经费预算数") == (("fiscal_year", "2026"), ("neutral", ""), ("stage", "budget"))


def test_a_phrase_with_any_unknown_part_says_nothing() -> None:
    assert vocabulary().facets_of("扣除基建项目后预算数") is None
    assert vocabulary().facets_of("") == ()


@pytest.mark.parametrize("phrase", ["基本支出和项目支出", "一般公共预算和政府性基金预算"])
def test_a_phrase_of_two_things_that_exclude_one_another_says_nothing(phrase: str) -> None:
    assert vocabulary().facets_of(phrase) is None


def test_every_line_of_the_vocabulary_is_reachable() -> None:
    words = vocabulary()
    assert all(words.facets_of(p) for p, said in words.phrases.items() if said[0].name != "neutral")
    assert all(isinstance(f, Facet) for f in words.row_words.values())


@pytest.mark.parametrize(("title", "kind"), [
    ("部门整体支出绩效目标表", "department_performance_targets"),
    ("专项资金整体支出绩效目标表", "project_performance_targets"),
    ("专项资金总体绩效目标表", "project_performance_targets"),
])
def test_targets_of_special_funds_are_those_of_a_project(title: str, kind: str) -> None:
    assert vocabulary().kind_of_title(title) == kind


@pytest.mark.parametrize(("title", "kind"), [
    ("2026年补助村级支出预算表", "transfer_payment"), ("沙河镇对村民委员会和村党支部的补助支出表", "transfer_payment"),
    ("2026年对村（社区）补助资金分配表", "transfer_payment"), ("补助下级支出预算表", "transfer_payment"),
    ("对个人和家庭的补助支出表", "expenditure_summary"),
])
def test_what_a_town_pays_its_villages_is_a_transfer(title: str, kind: str) -> None:
    assert vocabulary().kind_of_title(title) == kind
