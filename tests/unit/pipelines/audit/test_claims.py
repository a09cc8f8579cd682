"""What the running text says of amounts is read, compared with the tables, and held against its own arithmetic."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from audited_forms import audited, budget, document

from pipelines.audit.claims import corroborated_facts, read_claims
from pipelines.audit.claims_meaning import meaning_of, names_of
from pipelines.audit.claims_parse import Claim, claims_in
from pipelines.audit.claims_text import paragraphs
from pipelines.normalise.normalise import normalise
from pipelines.read.document import TextLine
from pipelines.read.reader import read_document
from pipelines.understand.understand import understand

NAMES = names_of(["安宁县水务局"], 2026, {("function", "2010301"), ("function", "208"), ("economic_department", "30101")})
SEEDS = Path(__file__).parents[4].parent / "shared" / "corpus" / "seeds"


def claims(text: str) -> list[Claim]:
    (paragraph,) = paragraphs([TextLine(text)])
    return claims_in(paragraph, NAMES)


def said(text: str) -> list[dict[str, Any]]:
    """The findings about a text below a budget whose tables are right."""
    frames = audited(f"{document(budget(), budget())}\n\n{text}\n")
    return [f for f in frames["findings"].iter_rows(named=True) if f["rule"].startswith("narrative")]


def test_lines_of_a_paragraph_are_joined_and_keep_their_page() -> None:
    lines = [
        TextLine("一、收支情况", page=3, box=(90, 60, 200, 75)),
        TextLine("支出预算1,206.68万元，比上年增加20.00", page=3, box=(90, 80, 520, 95)),
        TextLine("万元，增长1.69%。", page=4, box=(72, 60, 200, 75)),
    ]
    heading, text = paragraphs(lines)
    assert heading.raw == "一、收支情况"
    assert text.text.endswith("增加20.00万元，增长1.69%。")
    assert (text.page(0), text.page(text.text.index("增长"))) == (3, 4)


def test_a_unit_goes_on_with_the_number_before_it_and_a_name_that_begins_like_one_does_not() -> None:
    def joined(*texts: str) -> list[str]:
        return [p.text for p in paragraphs([TextLine(text) for text in texts])]

    assert joined("收入预算105.20", "万元，比上年增加") == ["收入预算105.20万元，比上年增加"]
    assert joined("收入预算105.20万", "元。") == ["收入预算105.20万元。"]
    name = "元氏县某某局2026年收支总预算105万元。"
    assert joined("第二部分 情况说明", name) == ["第二部分情况说明", name]


@pytest.mark.parametrize(("phrase", "expected"), [
    ("安宁县水务局2026年收入总计", {"year": 2026, "side": "income", "scope": "grand"}),
    ("财政拨款收入支出总计", {"side": "both", "scope": "grand", "funding": "fiscal_appropriation"}),
    ("一般公共预算财政拨款基本支出", {"funding": "general_public_budget", "type": "basic"}),
    ("其中：公务接待费", {"item": "reception"}),
    ("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）", {"codes": (("function", "2010301"),)}),
    ("一般公共服务支出（类：201）政府办公厅（室）及相关机构事务（款：03）行政运行（项：01）", {"codes": (("function", "2010301"),)}),
    ("行政运行（2010301）", {"codes": (("function", "2010301"),)}),
    ("社会保障和就业支出", {"codes": (("function", "208"),)}),
    ("基本工资", {"codes": (("economic_department", "30101"),)}),
    ("2025年预算执行数为", {"year": 2025, "stage": "final_accounts"}),
])
def test_the_words_before_an_amount_say_what_it_is(phrase: str, expected: dict[str, object]) -> None:
    meaning = meaning_of(phrase, NAMES)
    assert {name: getattr(meaning, name) for name in expected} == expected
    assert not meaning.unknown


@pytest.mark.parametrize("phrase", ["大坝加固工程款", "水利局行政运行", "采购大厅纠纷调解社工23名支出", "非同级财政拨款收入"])
def test_words_that_are_not_known_leave_the_meaning_uncertain(phrase: str) -> None:
    assert not meaning_of(phrase, NAMES).certain


def test_change_rate_and_share_belong_to_the_amount_they_follow() -> None:
    basic, project = claims("其中：基本支出956.90万元，占79.30%，比上年减少20万元，下降2.05%；项目支出249.78万元，占20.70%。")
    assert basic.amount is not None
    assert basic.change is not None
    assert basic.percent is not None
    assert basic.share is not None
    assert (basic.amount.value, basic.change.value, basic.percent.value, basic.share.value) == (
        Decimal("9569000"), Decimal(-200000), Decimal("-2.05"), Decimal("79.30"))
    assert project.change is None
    assert project.share is not None


def test_another_stage_of_the_same_subject_keeps_the_subject() -> None:
    first, second = claims("一般公共预算财政拨款支出年初预算为100万元，支出决算为98万元，完成年初预算的98%。")
    assert (first.meaning.stage, second.meaning.stage) == ("budget", "final_accounts")
    assert second.meaning.funding == "general_public_budget"
    assert second.done is not None


@pytest.mark.parametrize("text", [
    "单价50万元以上设备0台。", "车辆7辆，价值140.37万元。", "比上年增加（减少）5万元。",
])
def test_prices_values_and_unfinished_forms_are_no_claims(text: str) -> None:
    assert claims(text) == []


def test_an_amount_that_agrees_corroborates_its_fact() -> None:
    chain = "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）"
    frames = audited(f"{document(budget(), budget())}\n\n{chain}2026年预算825.05万元。\n")
    (claim,) = (c for c in frames["claims"].iter_rows(named=True) if c["subject_code"] == "2010301")
    facts = {f["fact_id"]: f for f in frames["facts"].iter_rows(named=True)}
    assert (claim["outcome"], facts[claim["fact_id"]]["amount_yuan"]) == ("agrees", Decimal("8250500"))


def test_an_amount_of_a_certain_subject_that_no_table_states_is_an_error() -> None:
    (found,) = said("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）2026年预算237.18万元。")
    assert (found["rule"], found["severity"], found["printed"], found["expected"]) == (
        "narrative_amount", "error", "237.18万元", "825.05万元")
    assert "2010302" in found["message_zh"]  # whose amount it is
    assert "2010302" in found["message_en"]


@pytest.mark.parametrize("text", [
    "行政运行237.18万元。",  # the name alone may be a project's
    "用于水库除险加固237.18万元，其中行政运行3万元。",
    "2025年一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）支出3万元。",  # another year
    "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）2026年预算825万元。",  # rounded
    "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）2026年预算0.08亿元。",
    "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）2026年预算12.6万元。",  # its project part
])
def test_nothing_uncertain_is_an_error(text: str) -> None:
    assert [f for f in said(text) if f["severity"] == "error"] == []


def test_yuan_printed_for_ten_thousands() -> None:
    (found,) = said("2026年支出总计1206.68元。")
    assert (found["severity"], found["printed"], found["expected"]) == ("error", "1206.68元", "1,206.68万元")
    assert "万元" in found["message_zh"]


@pytest.mark.parametrize(("text", "printed", "expected"), [
    ("2026年机关运行经费预算7.6万元，比上年增加4.7万元，增长61.84%。", "61.84%", "162.07%"),
    ("行政运行（2010301）2025年执行数为711.34万元，2026年预算安排738.66万元，比上年增长13.84%。", "13.84%", "3.84%"),
    ("全年预算数292万元，执行数146万元，完成预算的35%。", "35%", "50.00%"),
    ("支出总计1206.68万元，其中：基本支出956.90万元，占79.30%；项目支出249.78万元，占100%。", "100%", "20.70%"),
])
def test_figures_that_do_not_follow_are_errors_with_what_would(text: str, printed: str, expected: str) -> None:
    found = [f for f in said(text) if f["rule"] == "narrative_arithmetic"]
    assert [(f["severity"], f["printed"], f["expected"]) for f in found] == [("error", printed, expected)]


@pytest.mark.parametrize(("text", "printed", "expected"), [
    ("2026年支出预算1206.68万元，比2025年预算1200万元增加16.68万元。", "16.68万元", "6.68万元"),
    ("2026年支出预算1206.68万元，比2025年预算1200万元减少6.68万元。", "6.68万元", "增加"),
    ("2026年支出预算1206.68万元，比上年预算1200万元增长5.60%。", "5.60%", "0.56%"),
    ("2026年机关运行经费预算210.32万元，比上年1.43万元，增长0.68%。", "1.43万元", "增加1.43万元"),
    ("2026年政府采购预算100万元，其中：货物30万元、工程0万元、服务60万元。", "100万元", "90万元"),
    ("“三公”经费预算5.00万元，其中：因公出国（境）费0万元，公务用车购置及运行费3.10万元，公务接待费0.90万元。", "5.00万元", "4万元"),
    ("公务用车购置及运行费3.00万元，其中公务用车购置费0.00万元，公务用车运行费2.00万元。", "3.00万元", "2万元"),
    ("公务接待费支出决算为2.00万元，完成预算4.00万元的60%。", "60%", "50.00%"),
    ("其他支出50万元，占政府采购总额200万元的35%。", "35%", "25.00%"),
    ("固定资产总额4000万元，房屋3000万元，占固定资产总额的75%，设备1000万元，占固定资产总额的27%。", "27%", "25.00%"),
    ("人员支出600万元，占60.0%；日常公用支出300万元，占30.0%；项目支出100万元，占12.0%。", "12.0%", "10.00%"),
    ("其他支出50万元，占120%。", "120%", "100%"),
    ("机关运行经费7.6万元。机关运行经费比上年增加4.7万元，下降162.07%。", "162.07%", "增长"),
])
def test_every_figure_must_follow_from_those_beside_it(text: str, printed: str, expected: str) -> None:
    found = [f for f in said(text) if f["rule"] == "narrative_arithmetic"]
    assert [(f["printed"], f["expected"]) for f in found] == [(printed, expected)]
    assert found[0]["message_zh"]
    assert found[0]["message_en"]


@pytest.mark.parametrize("text", [
    "2026年支出预算1206.68万元，比2025年预算1200万元增加6.68万元，增长0.56%。",
    "2026年“三公”经费预算数为7.61万元，2025年预算数为9.23万元，减少1.62万元。",
    "2026年政府采购预算100.1万元，其中：货物30.05万元、工程0万元、服务70万元。",  # rounded
    "2026年政府采购预算100万元，其中：货物30万元、服务70万元。",  # not all parts are told
    "“三公”经费预算5万元，比上年（6万元）减少1万元。其中：因公出国（境）费0万元，公务用车购置及运行费3万元，公务接待费2万元。",
    "公务接待费支出决算为2万元，完成预算4万元的50%。",
    "政府采购预算100万元，其中：货物30万元、工程0万元、服务70万元。其中一般公共预算政府采购80万元：货物20万元、工程0万元、服务60万元。",
])
def test_figures_that_follow_are_left_alone(text: str) -> None:
    assert [f for f in said(text) if f["rule"] == "narrative_arithmetic"] == []


def test_one_wrong_amount_is_one_finding() -> None:
    (found,) = said("行政运行（2010301）2026年预算805.25万元，比上年增加25.05万元，增长3.13%。")  # right with the table's 825.05
    assert (found["rule"], found["printed"], found["expected"]) == ("narrative_amount", "805.25万元", "825.05万元")


def test_the_same_thing_said_again_with_another_amount() -> None:
    found = said("2026年机关运行经费预算76.5万元。\n\n2026年机关运行经费预算75.6万元，比上年增加2万元。")
    assert [(f["severity"], f["printed"], f["expected"]) for f in found] == [("warning", "75.6万元", "76.5万元")]


@pytest.mark.parametrize(("text", "outcome"), [
    ("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）。年初预算为700万元。", "disagrees"),
    ("（一）2010301-行政运行825.05万元。", "agrees"),
    ("2026年结转下年5万元。", "not_found"),
    ("2026年政府采购预算100万元，其中：货物30万元。", "not_found"),
    ("东岸泵站维修825.05万元。", "not_compared"),  # another thing of the same amount
])
def test_a_claim_is_compared_with_what_it_means_only(text: str, outcome: str) -> None:
    frames = audited(f"{document(budget(), budget())}\n\n{text}\n")
    claim = list(frames["claims"].iter_rows(named=True))[-1]
    assert claim["outcome"] == outcome


@pytest.mark.parametrize("text", [
    "2026年机关运行经费预算7.6万元，比上年增加4.7万元，增长162.1%。",
    "2026年机关运行经费预算7.6万元，比上年增加4.7万元，增长162%。",
    "2026年机关运行经费预算7.6万元，比上年增加7.6万元，增长100%。",  # nothing before: what is usually printed
    "2026年机关运行经费预算0万元，比上年减少4万元，下降100%。",
    "2026年机关运行经费预算7.6万元，比上年增加0.05万元，与上年基本持平。",
    "支出总计1206.68万元，其中：基本支出956.90万元，占79.3%；项目支出249.78万元，占20.7%。",
])
def test_rounded_rates_and_shares_are_right(text: str) -> None:
    assert [f for f in said(text) if f["rule"] == "narrative_arithmetic"] == []


def test_the_same_mistake_said_twice_is_one_finding() -> None:
    chain = "一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）"
    assert len(said(f"{chain}2026年预算800万元。\n\n{chain}800万元，主要用于日常支出。")) == 1


@pytest.mark.parametrize(("carried", "outcome"), [("12.60", "not_compared"), ("0.00", "disagrees")])
def test_this_years_appropriation_is_not_held_against_amounts_with_what_was_carried_over(carried: str, outcome: str) -> None:
    income = f"部门收入总表\n单位：万元\n\n单位名称|合计|本年收入|上年结转\n安宁县水务局|1206.68|1194.08|{carried}\n\n"
    text = "（二）一般公共预算当年拨款结构情况\n\n一般公共服务支出（类）1049.63万元，占87.9%。\n"
    frames = audited(f"{document(budget(), budget())}{income}{text}")
    claim = next(c for c in frames["claims"].iter_rows(named=True) if c["subject_code"] == "201")
    assert claim["outcome"] == outcome


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents to work on are not here")
@pytest.mark.parametrize(("seed", "errors"), [
    ("000", []), ("002", []), ("003", []),
    ("001", [("100%", "65.95%"), ("61.84%", "162.07%")]),
    ("004", [("20万元", "248.79万元")]),
])
def test_the_known_mistakes_of_real_texts_and_no_others(seed: str, errors: list[tuple[str, str]]) -> None:
    (file,) = SEEDS.glob(f"{seed}_*.txt")
    read = understand(read_document(file))
    book = read_claims(normalise(read), read)
    found = [f for f in book.findings() if f["severity"] == "error"]
    assert sorted((f["printed"], f["expected"]) for f in found) == errors
    assert corroborated_facts(book)


def test_a_budget_in_the_text_may_be_the_adjusted_one_of_a_table() -> None:
    cover = "安宁县水务局2024年度部门决算\n\n"
    body = "项目\t预算数\t决算数\n公务接待费\t60000.00\t30000.00\n"
    table = f"“三公”经费支出决算表\n\n单位：元\n\n{body}\n注：预算数为“三公”经费全年预算数。\n\n"

    def outcomes(sentence: str) -> list[tuple[str, str | None]]:
        frames = audited(f"{cover}{table}{sentence}\n")
        return [(c["outcome"], c["fact_id"] and "fact") for c in frames["claims"].iter_rows(named=True)]

    assert outcomes("公务接待费预算6万元，支出决算3万元。") == [("agrees", "fact"), ("agrees", "fact")]
    assert outcomes("公务接待费预算5万元，支出决算3万元。") == [("not_found", None), ("agrees", "fact")]
