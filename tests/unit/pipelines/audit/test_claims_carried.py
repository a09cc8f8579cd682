"""Year, stage and base that a sentence hands on to its later amounts, and lines of text files that go on in the next."""

from __future__ import annotations

from decimal import Decimal

from pipelines.audit.claims_arithmetic import slips
from pipelines.audit.claims_meaning import names_of
from pipelines.audit.claims_parse import Claim, claims_in
from pipelines.audit.claims_text import paragraphs
from pipelines.audit.claims_together import list_slips, unit_slips
from pipelines.read.document import TextLine

NAMES = names_of(["安宁县水务局"], 2022, set())


def claims(*lines: str) -> list[Claim]:
    return [claim for paragraph in paragraphs([TextLine(text) for text in lines]) for claim in claims_in(paragraph, NAMES)]


def times(text: str) -> list[tuple[int | None, str | None]]:
    return [(c.meaning.year, c.meaning.stage) for c in claims(text) if c.amount is not None]


def test_the_parts_of_a_total_are_of_its_year_and_stage() -> None:
    text = "2021年度“三公”经费决算20万元，其中：公务接待费12万元，公务用车运行费8万元。"
    assert times(text) == [(2021, "final_accounts")] * 3
    text = "2021年“三公”经费决算数20万元。分项情况是：公务接待费12万元，公务用车运行费8万元。"
    assert times(text) == [(2021, "final_accounts")] * 3


def test_a_part_keeps_the_year_and_stage_it_says() -> None:
    assert times("2021年决算20万元，其中：2020年预算安排公务接待费12万元。")[1] == (2020, "budget")


def test_what_stands_beside_its_budget_at_the_beginning_of_the_year_was_spent() -> None:
    said = times("本部门公务接待费支出2万元，年初预算为3万元。")
    assert said == [(None, "final_accounts"), (None, "budget")]


def test_income_and_expenditure_parted_by_a_mark_are_one_thing() -> None:
    both, = (c for c in claims("2022年度收、支总计500万元，与2021年度相比，收、支总计各增加20万元，增长4.17%。"))
    assert (both.meaning.side or "both", both.meaning.scope, both.change and both.change.value) == ("both", "grand", Decimal(200_000))


def test_a_change_behind_two_years_is_this_years() -> None:
    now, last = claims("本单位2022年收支总预算130万元，2021年收支总预算100万元，较上年增加30万元，增长30%。")
    assert now.change is not None
    assert (now.change.value, now.base and now.base.text, last.change) == (Decimal(300_000), "100万元", None)


def test_a_sentence_that_begins_with_a_comparison_goes_on_about_the_amount_before() -> None:
    first, part = claims("2022年“三公”经费合计31万元，其中：公务接待费1万元。较2021年“三公”经费合计16万元增加15万元。")
    assert (first.base and first.base.text, first.change and first.change.text, part.change) == ("16万元", "15万元", None)


def test_what_follows_a_bracket_of_parts_is_said_of_their_total() -> None:
    whole, bought, run = claims("公务用车购置及运行费28万元（公务用车购置费10万元，公务用车运行费18万元），比上年下降26.2%。")
    assert (whole.percent and whole.percent.text, bought.percent, run.percent) == ("26.2%", None, None)


def test_numbering_in_words_is_no_part_of_a_name() -> None:
    found = claims("一是工资福利支出4万元；", "二是商品和服务支出5万元；")
    assert [c.meaning.subject_text for c in found] == ["工资福利支出", "商品和服务支出"]


def test_lines_of_a_wrapped_text_file_are_joined() -> None:
    lines = [
        "（一）教育支出 5,806,105.16 元，占支出总预算的百分之八",
        "十二，同比增加 3,520,772.45 元。支出包括：教育支出、社会",
        "保障和就业支出 557,718.56 元、卫生健康支出及住房保障支出",
        "288,986.04 元，都是按规定的标准安排的，其中有办公费、培训",
        "费和差旅费等日常公用经费，另有为完成特定任务而安排的支出",
        "以及按照规定由单位承担的部分，合计数与上年相比没有大变化",
        "（二）高中教育支出 3,717,632.50 元。",
    ]
    found = paragraphs([TextLine(line) for line in lines])
    assert len(found) == 2
    assert "社会保障和就业支出557，718.56元" in found[0].text
    assert "住房保障支出288，986.04元" in found[0].text


def test_paragraphs_of_a_page_are_not_joined() -> None:
    lines = [f"{n}年部门预算公开说明及有关附件" for n in range(2015, 2025)]
    assert len(paragraphs([TextLine(line) for line in lines])) == len(lines)


def test_three_parts_that_leave_out_the_purchase_of_cars_are_doubted_only() -> None:
    found = claims("2022年“三公”经费31.23万元，其中：公务接待费1.58万元，车辆运行费28.91万元，因公出国（境）费0万元。")
    slip, = list_slips(found, 2022, True)
    assert (slip.expected, slip.sure) == ("30.49万元", False)


def test_a_few_yuan_among_amounts_in_wan_are_a_wrong_unit() -> None:
    rest = "工资福利支出432.69万元；对个人和家庭的补助支出46.13万元；资本性支出5万元；基本支出430万元；项目支出25万元；"
    slip, = unit_slips(claims(f"{rest}商品和服务支出19.8元。"))
    assert (slip.printed, slip.expected) == ("19.8元", "19.8万元")
    assert not list(unit_slips(claims(f"{rest}商品和服务支出0元。")))
    assert not list(unit_slips(claims(f"{rest}商品和服务支出198000元。")))


def test_a_class_named_without_its_last_word_is_the_class() -> None:
    found, = claims("“一般公共服务”306.90万元，占1.61%；")
    assert found.meaning.subject == "201"


def test_a_second_comparison_is_kept_and_checked() -> None:
    found = claims("2022年“三公”经费支出共计9.07万元，较年初预算数减少10.93万元，下降54.65%，较上年支出数减少0.71万元，下降7.83%。")
    assert [c.change and c.change.text for c in found] == ["10.93万元", "0.71万元"]
    slip, = slips(found, ())
    assert (slip.printed, slip.expected, slip.reason, slip.sure) == ("7.83%", "7.26%", "of_this_year", False)


def test_a_second_comparison_of_a_change_alone_is_kept() -> None:
    found = claims("2022年公务接待费较上年决算数减少3万元，下降0.6%；较年初预算数减少6万元，下降5.3%。")
    assert [(c.change and c.change.text, c.percent and c.percent.text) for c in found] == [("3万元", "0.6%"), ("6万元", "5.3%")]


def test_a_rate_in_a_bracket_behind_a_change_is_its_rate() -> None:
    claim, = claims("公务接待费4.00万元，较上年减少1.00万元（25%），原因是接待减少。")
    assert claim.percent
    assert claim.percent.value == -25
    slip, = slips([claim], ())
    assert (slip.printed, slip.expected) == ("25%", "20.00%")


def test_what_is_held_against_what_was_spent_so_far_belongs_to_this_years_amount() -> None:
    run, reception = claims("公务用车运行费支出25万元，比上年累计支出28万元下降3万元；公务接待费12万元，比上年累计支出14万元下降2万元。")
    assert [(c.base and c.base.text, c.change and c.change.text) for c in (run, reception)] == [("28万元", "3万元"), ("14万元", "2万元")]
    assert {c.meaning.year for c in (run, reception)} == {None}


def test_a_comparison_of_another_year_says_nothing_of_the_amount_before() -> None:
    claim, = claims("2021年公务接待费支出5万元，与上年比减少3万元，因此2022年预算比上年预算减少1万元。")
    assert claim.change
    assert claim.change.text == "3万元"


def test_an_amount_before_a_bracket_of_its_parts_is_a_claim() -> None:
    found = claims("支出总计50万元（含人员支出40万元、公用支出10万元）。单价50万元（含）以上的设备1台，60万元（含60万）以上的没有。")
    assert [(c.meaning.type, c.amount and c.amount.text) for c in found] == [
        (None, "50万元"), ("basic_personnel", "40万元"), ("basic_operating", "10万元")]


def test_operating_expenses_of_a_body_and_of_those_below_it_are_the_departments() -> None:
    found = claims("2022年安宁县水务局下属一家机关和两家事业单位财政拨款的机关运行经费预算为7.5万元；本级及下属1家单位机关运行经费6万元。")
    assert [(c.meaning.topic, c.meaning.unknown, c.meaning.unit) for c in found] == [("operating_expense", "", "")] * 2
