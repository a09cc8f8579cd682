"""Sentences as many publishers write them, and what each of their amounts claims."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipelines.audit.claims_meaning import names_of
from pipelines.audit.claims_parse import Claim, Printed, claims_in
from pipelines.audit.claims_text import paragraphs
from pipelines.read.document import TextLine

CODES = {
    ("function", "2010301"), ("function", "2010302"), ("function", "205"), ("function", "208"), ("function", "2080505"),
    ("function", "221"), ("function", "2210201"), ("economic_department", "301"), ("economic_department", "30101"),
    ("economic_department", "302"), ("economic_department", "303"), ("economic_department", "30201"),
}
NAMES = names_of(["安宁县水务局", "安宁县水利和湖泊局"], 2026, CODES, ["安宁县水文站", "安宁县东湖水库管理处"])
RUNNING = (("function", "2010301"),)


def read(text: str, heading: str = "") -> list[Claim]:
    (paragraph,) = paragraphs([TextLine(text)])
    return claims_in(paragraph, NAMES, heading=heading)


def value(printed: Printed | None) -> Decimal | None:
    return None if printed is None else printed.value


def told(claim: Claim, names: dict[str, Any]) -> dict[str, Any]:
    """What a claim says, by the names asked for; amounts in 万元."""
    out: dict[str, Any] = {}
    for name in names:
        if name in ("amount", "change", "base", "budget", "whole"):
            found = value(getattr(claim, name))
            out[name] = None if found is None else float(found / 10_000)
        elif name in ("percent", "share", "done"):
            found = value(getattr(claim, name))
            out[name] = None if found is None else float(found)
        elif name == "flat":
            out[name] = claim.flat
        else:
            out[name] = getattr(claim.meaning, name)
    return out


SENTENCES: list[tuple[str, list[dict[str, Any]]]] = [
    # budgets: income and expenditure
    ("2026年收入预算1206.68万元，比上年预算数减少20万元，下降1.63%。",
     [{"amount": 1206.68, "side": "income", "year": 2026, "change": -20, "percent": -1.63}]),
    ("收入合计1206.68万元，其中：财政拨款收入1200万元，占99.45%；其他收入6.68万元，占0.55%。",
     [{"amount": 1206.68, "side": "income", "scope": ""}, {"amount": 1200, "funding": "fiscal_appropriation", "share": 99.45},
      {"amount": 6.68, "funding": "other_income", "share": 0.55}]),
    ("本年支出合计1206.68万元，其中：基本支出956.9万元，占79.3%；项目支出249.78万元，占20.7%；经营支出0万元，占0%。",
     [{"side": "expenditure", "period": "current_year"}, {"type": "basic", "share": 79.3}, {"type": "project", "share": 20.7},
      {"type": "business_operating", "amount": 0, "share": 0}]),
    ("安宁县水务局2026年收支总预算1206.68万元。", [{"side": "both", "scope": "grand", "amount": 1206.68}]),
    ("与2025年相比，收、支总计各增加36.68万元，增长3.13%。", [{"change": 36.68, "percent": 3.13, "amount": None}]),
    ("按照综合预算的原则，2026年支出总计1206.68万元。", [{"side": "expenditure", "scope": "grand", "amount": 1206.68}]),
    ("财政拨款收入支出总计2961.68万元。", [{"funding": "fiscal_appropriation", "side": "both", "scope": "grand"}]),
    ("上年结转结余12.5万元。", [{"carry": "in", "amount": 12.5}]),
    ("年末结转和结余3.2万元。", [{"carry": "out", "amount": 3.2}]),
    ("其中：一般公共预算拨款收入800万元，政府性基金预算拨款收入50万元，国有资本经营预算拨款收入0万元。",
     [{"funding": "general_public_budget", "side": "income"}, {"funding": "government_fund_budget", "amount": 50},
      {"funding": "state_capital_budget", "amount": 0}]),
    ("（一）收入预算：2026年年初预算数4536.18万元。", [{"side": "income", "stage": "budget", "year": 2026, "amount": 4536.18}]),
    ("（二）支出预算情况说明（详见表2）2026年支出预算4044.15万元，比上年增加15万元。",
     [{"side": "expenditure", "year": 2026, "amount": 4044.15, "change": 15}]),
    ("水务局2026年收入总预算1206.68万元。", [{"side": "income", "scope": "grand", "unit": ""}]),
    # amounts in 元 and 亿元
    ("2026年支出预算合计0.12亿元。", [{"amount": 1200, "side": "expenditure"}]),
    ("2026年支出预算12,066,800元，其中基本支出9,569,000.00元。", [{"amount": 1206.68}, {"amount": 956.9, "type": "basic"}]),
    ("2026年支出预算12066.8千元。", [{"amount": 1206.68}]),
    # last year's amount beside this year's
    ("2026年度收入预算4416.36万元，比2025年年初预算数4402.12万元增加14.24万元，增长0.32%。",
     [{"amount": 4416.36, "base": 4402.12, "change": 14.24, "percent": 0.32}]),
    ("支出预算4416.36万元，较上年预算4402.12万元增长0.32%。", [{"amount": 4416.36, "base": 4402.12, "percent": 0.32}]),
    ("2026年“三公”经费预算数为7.61万元，2025年预算数为9.23万元，减少1.62万元。",
     [{"item": "three_public", "amount": 7.61, "base": 9.23, "change": -1.62}, {"amount": 9.23, "year": 2025}]),
    ("机关运行经费76.5万元，比上年执行数增加4.5万元（上年执行数为72万元）。",
     [{"topic": "operating_expense", "amount": 76.5, "base": 72, "change": 4.5}, {"stage": "final_accounts", "year": 2025}]),
    ("增值税预算数为73.8亿元，比2025年增收8亿元，增长12.2%。", [{"amount": 738000, "change": 80000, "base": None, "percent": 12.2}]),
    # functional subjects
    ("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）预算数825.05万元，比上年执行数增加20.05万元，增长2.49%。",
     [{"codes": RUNNING, "amount": 825.05, "change": 20.05, "percent": 2.49}]),
    ("1.一般公共服务（类）政府办公厅（室）及相关机构事务（款）行政运行（项）2026年预算数为825.05万元。", [{"codes": RUNNING}]),
    ("（一）2010301-行政运行825.05万元，主要用于在职人员支出。", [{"codes": RUNNING, "amount": 825.05}]),
    ("行政运行（2010301）825.05万元，较上年增加5万元，增长0.61%。", [{"codes": RUNNING, "change": 5}]),
    ("“一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）”825.05万元，主要用于日常支出。", [{"codes": RUNNING}]),
    ("社会保障和就业支出（类）支出94.7万元，占7.85%。", [{"codes": (("function", "208"),), "share": 7.85}]),
    ("住房保障支出（类）住房改革支出（款）住房公积金（项）年初预算为60.1万元，支出决算为58万元，完成年初预算的96.51%。",
     [{"codes": (("function", "2210201"),), "stage": "budget"},
      {"codes": (("function", "2210201"),), "stage": "final_accounts", "done": 96.51}]),
    # economic subjects
    ("工资福利支出870.5万元，占72.14%；商品和服务支出120万元，占9.94%。",
     [{"codes": (("economic_department", "301"),), "share": 72.14}, {"codes": (("economic_department", "302"),), "share": 9.94}]),
    ("人员经费836.9万元，主要包括：基本工资211.2万元、办公费3万元。",
     [{"type": "basic_personnel"}, {"codes": (("economic_department", "30101"),)}, {"codes": (("economic_department", "30201"),)}]),
    ("一般公共预算基本支出956.9万元，其中：人员经费836.9万元，公用经费120万元。",
     [{"funding": "general_public_budget", "type": "basic"}, {"type": "basic_personnel"}, {"type": "basic_operating", "amount": 120}]),
    ("一般公共预算安排会议费2万元、培训费3.5万元。",
     [{"codes": (("economic_department", "30215"),), "soft": True}, {"codes": (("economic_department", "30216"),), "amount": 3.5}]),
    # 三公
    ("“三公”经费财政拨款预算数为5万元，其中：因公出国（境）费0万元，公务用车购置及运行费3万元，公务接待费2万元。",
     [{"item": "three_public"}, {"item": "abroad", "amount": 0}, {"item": "vehicles", "amount": 3}, {"item": "reception", "amount": 2}]),
    ("（二）公务接待费。2026年预算数2万元，与上年持平。", [{"item": "reception", "year": 2026, "amount": 2, "flat": True}]),
    ("公务用车购置及运行费3万元（其中，公务用车购置费0万元，公务用车运行费3万元）。",
     [{"item": "vehicles"}, {"item": "vehicle_purchase", "amount": 0}, {"item": "vehicle_running", "amount": 3}]),
    ("公务用车运行维护费预算3万元，较2025年预算减少0.5万元，降低14.29%，主要是压减车辆费用。",
     [{"item": "vehicle_running", "change": -0.5, "percent": -14.29}]),
    ("因公出国（境）费支出决算为0万元，完成预算1万元的0%。", [{"item": "abroad", "stage": "final_accounts", "budget": 1, "done": 0}]),
    # 机关运行, procurement, assets
    ("2026年机关运行经费财政拨款预算76.5万元，比上年增加4.5万元，增长6.25%。",
     [{"topic": "operating_expense", "funding": "fiscal_appropriation", "change": 4.5, "percent": 6.25}]),
    ("政府采购预算总额100万元，其中：政府采购货物预算30万元、政府采购工程预算0万元、政府采购服务预算70万元。",
     [{"topic": "procurement", "part": None}, {"part": "goods", "amount": 30}, {"part": "works", "amount": 0}, {"part": "services"}]),
    ("纳入2026年部门预算的政府采购项目共有100万元，其中：货物类项目30万元、工程类项目0万元、服务类项目70万元。",
     [{"topic": "procurement"}, {"part": "goods"}, {"part": "works"}, {"part": "services", "amount": 70}]),
    ("2026年政府采购支出预算总额100万元，其中：拟采购货物支出30万元、拟采购工程支出0万元、拟采购服务支出70万元。",
     [{"topic": "procurement"}, {"part": "goods"}, {"part": "works"}, {"part": "services"}]),
    ("固定资产总额4000万元，房屋3000万元，占固定资产总额的75%。", [{"amount": 4000}, {"amount": 3000, "share": 75}]),
    # final accounts
    ("2026年度收入总计1300万元，支出总计1300万元。", [{"side": "income", "scope": "grand"}, {"side": "expenditure", "scope": "grand"}]),
    ("收入支出总计1300万元。与2025年度相比，收入支出总计减少56.95万元，下降4.2%。",
     [{"side": "both", "scope": "grand", "change": -56.95, "percent": -4.2}]),
    ("一般公共预算财政拨款支出年初预算为1200万元，支出决算为1176万元，完成年初预算的98%。",
     [{"stage": "budget", "amount": 1200}, {"stage": "final_accounts", "amount": 1176, "done": 98}]),
    ("一般公共预算财政拨款支出1176万元，占本年支出合计的97.5%。", [{"funding": "general_public_budget", "share": 97.5}]),
    ("一般公共预算财政拨款支出1176万元，占本年支出1206.15万元的97.5%。", [{"amount": 1176, "whole": 1206.15, "share": 97.5}]),
    ("年初结转和结余20万元。", [{"carry": "in"}]),
    ("全年预算数292万元，执行数146万元，完成预算的50%。", [{"stage": "adjusted_budget"}, {"stage": "final_accounts", "done": 50}]),
    ("1.堤防维修项目绩效自评综述：全年预算数292万元，执行数146万元，完成预算的50%。",
     [{"project": True, "subject_text": "堤防维修", "stage": "adjusted_budget"}, {"project": True, "stage": "final_accounts", "done": 50}]),
    ("2.安宁县水文站测报设备更新项目绩效自评综述：全年预算数40万元，执行数40万元，完成预算的100%。",
     [{"unit": "安宁县水文站", "subject_text": "测报设备更新"}, {"project": True, "amount": 40}]),
    # units below, projects, unknown things
    ("安宁县水文站预算318.5万元。", [{"unit": "安宁县水文站", "amount": 318.5}]),
    ("安宁县东湖水库管理处基本支出预算100万元。", [{"unit": "安宁县东湖水库管理处", "type": "basic"}]),
    ("堤防维修加固50万元，主要用于东岸。", [{"unknown": "堤防维修加固", "amount": 50}]),
    ("新增农村饮水提升项目110万元。", [{"amount": 110, "codes": ()}]),
    # directions
    ("项目支出249.78万元，比上年压减30万元，降低10.72%。", [{"change": -30, "percent": -10.72}]),
    ("项目支出249.78万元，同比上升3.5%。", [{"percent": 3.5}]),
    ("公务接待费2万元，与2025年预算相比无变化。", [{"amount": 2, "flat": False}]),
    ("公务接待费2万元，与上年预算数持平。", [{"flat": True}]),
    ("基本支出956.9万元，较上年预算数调增6.9万元，增幅0.73%。", [{"change": 6.9}]),
    # chained clauses without a subject
    ("2026年“三公”经费预算5万元，比上年减少1万元，下降16.67%，其中公务接待费2万元，比上年减少1万元，下降33.33%。",
     [{"item": "three_public", "change": -1, "percent": -16.67}, {"item": "reception", "change": -1, "percent": -33.33}]),
    ("基本支出956.9万元，占79.3%，比上年减少20万元，下降2.05%；项目支出249.78万元，占20.7%，比上年增加10万元，增长4.17%。",
     [{"type": "basic", "share": 79.3, "change": -20}, {"type": "project", "share": 20.7, "change": 10, "percent": 4.17}]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_what_a_sentence_claims(text: str, expected: list[dict[str, Any]]) -> None:
    assert [told(c, e) for c, e in zip(read(text), expected, strict=True)] == expected


@pytest.mark.parametrize(("heading", "text", "expected"), [
    ("（一）因公出国（境）经费", "2026年预算安排3万元，与上年持平。", {"item": "abroad", "amount": 3, "year": 2026}),
    ("（二）公务接待费", "2026年预算安排2万元。", {"item": "reception", "stage": "budget"}),
    ("二、机关运行经费", "2026年预算安排76.5万元。", {"topic": "operating_expense"}),
    ("三、其他重要事项", "2026年预算安排76.5万元。", {"topic": None, "item": None}),
])
def test_the_heading_above_names_what_bare_words_leave_out(heading: str, text: str, expected: dict[str, Any]) -> None:
    (claim,) = read(text, heading)
    assert told(claim, expected) == expected


@pytest.mark.parametrize("text", [
    "单价100万元以上设备2台。", "车辆5辆，价值120万元。", "标准为每人50元。", "执行期限超过100万元的项目。",
])
def test_prices_and_bounds_are_no_claims(text: str) -> None:
    assert [c for c in read(text) if c.meaning.says_what] == []
