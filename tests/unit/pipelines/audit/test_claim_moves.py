"""Changes said in a later sentence, before a name, of several amounts at once, or of nothing that is named."""

from __future__ import annotations

from decimal import Decimal

from pipelines.audit.claims_meaning import names_of
from pipelines.audit.claims_parse import Claim, Printed, claims_in
from pipelines.audit.claims_text import paragraphs
from pipelines.read.document import TextLine

NAMES = names_of(["安宁县水务局"], 2026, {("function", "205"), ("function", "208"), ("function", "213")})
WAN = Decimal(10_000)


def said(text: str) -> list[tuple[str, float | None, float | None, float | None]]:
    """Of each claim its words, amount, change (万元) and rate."""
    (paragraph,) = paragraphs([TextLine(text)])
    return [(c.meaning.subject_text, wan(c.amount), wan(c.change), rate(c)) for c in claims_in(paragraph, NAMES)]


def wan(printed: Printed | None) -> float | None:
    return None if printed is None else float(printed.value / WAN)


def rate(claim: Claim) -> float | None:
    return 0.0 if claim.flat else None if claim.percent is None else float(claim.percent.value)


def test_a_later_sentence_names_one_of_several_amounts_again() -> None:
    assert said("2026年收入预算500万元，其中一般公共预算拨款收入480万元。2026年收入预算较上年增加20万元，增长4.2%。") == [
        ("收入预算", 500, 20, 4.2), ("一般公共预算拨款收入", 480, None, None)]


def test_a_later_sentence_lists_the_changes_of_the_sources_listed_before() -> None:
    assert said("收入预算500万元，其中：一般公共预算拨款480万元，事业收入20万元。"
                "收入比2025年增加30万元，主要是一般公共预算拨款增加25万元，事业收入增加5万元。") == [
        ("收入预算", 500, 30, None), ("一般公共预算拨款", 480, 25, None), ("事业收入", 20, 5, None)]


def test_last_years_amount_beside_this_years_is_not_what_changes() -> None:
    found = said("2025年支出预算480万元，项目支出90万元。支出较上年增加20万元。")
    assert (found[0], found[-1]) == (("支出预算", 480, None, None), ("支出", None, 20, None))


def test_a_change_after_a_list_that_adds_up_is_of_the_whole() -> None:
    found = said("（二）支出预算：2026年年初预算数500万元。按功能分类，包括教育支出100万元，社会保障和就业支出60万元，"
                 "农林水支出340万元。比2025年增加20万元，增长4.2%。")
    assert found[0] == ("支出预算", 500, 20, 4.2)


def test_a_change_after_a_list_that_does_not_add_up_is_of_nothing_named() -> None:
    found = said("2026年支出预算500万元。其中教育支出100万元，社会保障和就业支出60万元。比2025年增加20万元，增长4.2%。")
    assert (found[0], found[-1]) == (("支出预算", 500, None, None), ("", None, 20, 4.2))


def test_a_verb_may_stand_before_the_name_or_before_a_word_for_money() -> None:
    assert said("2026年项目支出249万元，比上年减少10万元，主要是压减节水宣传专项资金12万元、堤防养护增加支出2万元。") == [
        ("项目支出", 249, -10, None), ("节水宣传专项资金", None, -12, None), ("堤防养护", None, 2, None)]


def test_an_unchanged_amount_is_a_change_of_zero() -> None:
    assert said("政府性基金预算财政拨款收入30万元，与上年决算数相比变化0万元。") == [("政府性基金预算财政拨款收入", 30, 0, None)]


def test_all_that_stay_the_same() -> None:
    found = said("“三公”经费预算8万元，其中：因公出国（境）费0万元，公务接待费3万元，公务用车购置及运行费5万元，均与上年持平。")
    assert [c[3] for c in found] == [None, 0, 0, 0]


def test_what_performance_management_covers_is_no_total() -> None:
    text = "绩效目标管理全覆盖，涉及一般公共预算拨款90万元，政府性基金预算拨款5万元；政府性基金预算支出7万元。"
    (paragraph,) = paragraphs([TextLine(text)])
    assert [(c.meaning.topic, c.meaning.funding) for c in claims_in(paragraph, NAMES)] == [
        ("covered", "general_public_budget"), ("covered", "government_fund_budget"), (None, "government_fund_budget")]


def test_words_for_sources_and_kinds_of_some_provinces() -> None:
    (paragraph,) = paragraphs([TextLine("一般公共财政拨款支出90万元，其中专项业务经费支出40万元。")])
    first, second = (c.meaning for c in claims_in(paragraph, NAMES))
    assert (first.funding, first.unknown, second.type, second.unknown) == ("general_public_budget", "", "project", "")


def test_parts_of_procurement_are_of_the_source_that_is_named_with_it() -> None:
    text = "政府采购预算100万元：货物30万元、服务70万元；其中一般公共预算拨款政府采购90万元：货物20万元、服务70万元。"
    (paragraph,) = paragraphs([TextLine(text)])
    assert [(c.meaning.part, c.meaning.funding) for c in claims_in(paragraph, NAMES)] == [
        (None, None), ("goods", None), ("services", None),
        (None, "general_public_budget"), ("goods", "general_public_budget"), ("services", "general_public_budget")]


def test_all_that_the_department_has_is_of_no_source_named_before() -> None:
    (paragraph,) = paragraphs([TextLine("一般公共预算拨款收入90万元。2026年本部门预算支出100万元。")])
    assert [c.context for c in claims_in(paragraph, NAMES)] == ["general_public_budget", None]


def test_money_behind_the_number_of_projects_covered() -> None:
    (paragraph,) = paragraphs([TextLine("全面实施绩效目标管理，涉及一级预算项目3个，预算资金60万元，其中财政拨款60万元。")])
    assert [c.meaning.topic for c in claims_in(paragraph, NAMES)] == ["covered", "covered"]


def test_what_is_named_again_may_stand_some_sentences_before() -> None:
    assert said("2026年支出预算500万元，其中教育支出100万元，农林水支出340万元。支出预算与上年相比减少6万元。"
                "其中教育支出比上年减少8万元。") == [
        ("支出预算", 500, -6, None), ("教育支出", 100, -8, None), ("农林水支出", 340, None, None)]
