"""What is said of amounts in the running text: rows of relation `checks`, and of `findings` where they disagree.

Here: the comparison of a claim with its fact as a check; severity and sentences. An `error` needs a meaning that is certain, sure
readings and one value to expect. Not here: finding out.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pipelines.audit.claims_arithmetic import Slip
from pipelines.audit.claims_match import Match, Record
from pipelines.audit.claims_parse import Claim
from pipelines.normalise.facts import hash_id
from pipelines.understand.amounts import parse_amount, unit_factor

AMOUNT_RULE, ARITHMETIC_RULE = "text_amount", "text_arithmetic"  # of identities.csv
_OUTCOMES = {"agrees": "pass", "agrees_rounded": "pass_by_rounding", "disagrees": "fail"}
_ZH = {
    "rate": "增减率与金额、增减额不符",
    "share": "占比与金额不符",
    "completion": "完成率与预算数、决算数不符",
    "direction": "增减方向前后矛盾",
    "flat": "称持平却另有增减额",
    "change": "增减额与两年金额不符",
    "verb": "漏写增减字样",
    "total": "各项之和与总额不符",
    "repeat": "与前文同一事项的数不一致",
    "table": "与表中上年数不符",
    "unit": "单位疑有误",
}
_EN = {
    "rate": "the rate does not follow from amount and change",
    "share": "the share does not follow from the amounts",
    "completion": "the completion rate does not follow from budget and outturn",
    "direction": "the directions of change and rate contradict one another",
    "flat": "said to be unchanged, yet a change is stated",
    "change": "the change does not follow from the two years' amounts",
    "verb": "the word for increase or decrease is missing",
    "total": "the parts do not add up to the total",
    "repeat": "differs from what the text says of the same thing before",
    "table": "does not follow from last year's amount in the table",
    "unit": "the unit seems wrong",
}


def claim_id(document_id: str, claim: Claim) -> str:
    """Public id of a claim: hash of its sentence, order and amount."""
    said = claim.amount or claim.change
    return hash_id(document_id, "claim", claim.order, claim.paragraph.sentence(claim.position), said.text if said else "")


def amount_check(document_id: str, claim: Claim, match: Match) -> Record | None:
    """The comparison of an amount in the text with the fact it means, as a row of `checks`; None where nothing was compared.

    The tolerance is half the last printed digit of either. A zero agreeing with a zero is trivial.
    """
    outcome = _OUTCOMES.get(match.outcome)
    if outcome is None or match.fact is None or claim.amount is None:
        return None
    fact, said = match.fact, claim.amount
    tolerance = (said.increment + (fact["increment_yuan"] or Decimal(0))) / 2
    return {
        "check_id": hash_id(document_id, AMOUNT_RULE, claim_id(document_id, claim)), "document_id": document_id, "rule": AMOUNT_RULE,
        "outcome": outcome, "trivial": not said.value, "left_yuan": said.value, "right_yuan": fact["amount_yuan"],
        "difference_yuan": said.value - fact["amount_yuan"], "tolerance_yuan": tolerance, "fact_ids": [fact["fact_id"]],
        "table_id": None, "detail": f"{_page(claim)}正文{claim.meaning.subject_text}{said.text}＝表中《{_label(fact)}》",
    }


def is_recomputed(claim: Claim) -> bool:
    """Whether a claim states amount, change and rate, so that the rate follows from the others."""
    return bool(claim.amount and claim.change and claim.percent)


def rate_check(document_id: str, claim: Claim) -> Record:
    """A stated rate that does follow from amount and change, as a row of `checks`."""
    said = "、".join(p.text for p in (claim.amount, claim.change, claim.percent) if p is not None)
    return {
        "check_id": hash_id(document_id, ARITHMETIC_RULE, claim_id(document_id, claim)), "document_id": document_id,
        "rule": ARITHMETIC_RULE, "outcome": "pass", "trivial": False, "fact_ids": [],
        "detail": f"{_page(claim)}正文{claim.meaning.subject_text}：{said}相互符合",
    }


def slip_check(finding: Record) -> Record:
    """The arithmetic of a statement that does not hold, as a row of `checks`: what the finding is proved by."""
    return {
        "check_id": finding["proofs"][0], "document_id": finding["document_id"], "rule": ARITHMETIC_RULE, "outcome": "fail",
        "trivial": False, "fact_ids": [finding["fact_id"]] if finding["fact_id"] else [], "detail": finding["message_zh"],
    }


def amount_finding(document_id: str, claim: Claim, match: Match, suspects: Iterable[str] = ()) -> Record | None:
    """The finding of a claim that disagrees; None when a table's figure is itself proved wrong, or nothing is sure enough to say."""
    if match.outcome != "disagrees" or claim.amount is None or match.fact is None or match.fact["fact_id"] in set(suspects):
        return None
    fact = match.fact
    expected = in_unit(fact["amount_yuan"], claim.amount.text[:-1] + "万元" if match.unit_slip else claim.amount.text)
    sure = match.certain and claim.meaning.topic is None
    hint_zh = hint_en = ""
    if match.unit_slip:
        hint_zh, hint_en = "，单位应为万元", "; the unit should be 万元"
    if match.elsewhere is not None and match.elsewhere["subject_name"]:
        other = match.elsewhere
        hint_zh = f"；{claim.amount.text}是表中{other['subject_name']}（{other['subject_code']}）的数"
        hint_en = f"; {claim.amount.text} is the table's figure for {other['subject_name']} ({other['subject_code']})"
    name = claim.meaning.subject_text
    where = f"第{fact['page']}页表中" if fact["page"] else "表中"
    place = f"page {fact['page']}" if fact["page"] else "its table"
    return _row(
        document_id, claim, "narrative_amount", "error" if sure else "warning", claim.amount.text, expected, fact,
        f"{_page(claim)}正文称{name}{claim.amount.text}，{where}《{_label(fact)}》为{fact['raw_text']}{fact['unit']}{hint_zh}。",
        f"{_page_en(claim)}the text says {claim.amount.text} for {name}; {place} prints {fact['raw_text']}{fact['unit']}"
        f" for {_label(fact)}{hint_en}.",
    )


def year_finding(document_id: str, claim: Claim, fact: Record, year: int) -> Record:
    """The finding of this year's amount under last year's year."""
    said = claim.meaning.year
    amount = claim.amount.text if claim.amount else ""
    name = claim.meaning.subject_text
    row = _row(
        document_id, claim, "year_mismatch", "warning", f"{said}年", f"{year}年", fact,
        f"{_page(claim)}正文称{said}年{name}{amount}，该数是表中{year}年《{_label(fact)}》的数。",
        f"{_page_en(claim)}the text says {amount} for {name} of {said}; that is the table's figure for {_label(fact)} of {year}.",
    )
    return row | {"verdict": "undecided"}


def slip_finding(document_id: str, slip: Slip, match: Match | None) -> Record:
    """The finding of a figure that does not follow from the others of its statement."""
    claim = slip.claim
    fact = match.fact if match is not None else None
    parts = [p.text for p in slip.terms]
    because_zh = "，系以本年数而非上年数为基数计算" if slip.reason == "of_this_year" else ""
    because_en = ", which takes this year's amount as base instead of last year's" if slip.reason == "of_this_year" else ""
    name = claim.meaning.subject_text
    said_zh = f"公布{slip.printed}，按{'、'.join(parts)}应为{slip.expected}{because_zh}"
    said_en = f"printed {slip.printed}, {' and '.join(parts)} give {slip.expected}{because_en}"
    if slip.kind == "repeat":  # which of the two is right is not known
        said_zh, said_en = f"前文为{slip.expected}，此处为{slip.printed}", f"{slip.expected} there, {slip.printed} here"
    elif slip.kind == "unit":
        said_zh, said_en = f"公布{slip.printed}，全文其余均以万元计，疑为{slip.expected}", f"printed {slip.printed}, the rest is in 万元"
    return _row(
        document_id, claim, "narrative_arithmetic", "error" if slip.sure else "warning", slip.printed, slip.expected, fact,
        f"{_page(claim)}正文{name}：{_ZH[slip.kind]}，{said_zh}。",
        f"{_page_en(claim)}{name}: {_EN[slip.kind]}; {said_en}.", slip.kind,
    )


def _row(
    document_id: str, claim: Claim, rule: str, severity: str, printed: str, expected: str, fact: Record | None, zh: str, en: str,
    extra: str = "",
) -> Record:
    own = claim_id(document_id, claim)
    proofs = {
        "narrative_amount": [hash_id(document_id, AMOUNT_RULE, own)],
        "narrative_arithmetic": [hash_id(document_id, ARITHMETIC_RULE, own, extra)],
    }
    said = claim.amount or claim.change
    box = claim.paragraph.box(said.position if said else claim.position) or (None, None, None, None)
    return {
        "finding_id": hash_id(document_id, rule, own, extra), "document_id": document_id, "rule": rule, "severity": severity,
        "verdict": "publisher" if severity == "error" else "undecided", "fact_id": fact["fact_id"] if fact else None, "page": claim.page,
        "subject_code": claim.meaning.subject, "printed": printed, "expected": expected, "proofs": proofs.get(rule, []),
        "message_zh": zh, "message_en": en,
        "claim_id": own, "x0": box[0], "top": box[1], "x1": box[2], "bottom": box[3],
    }


def in_unit(yuan: Decimal, like: str) -> str:
    """An amount of yuan in the unit of a printed one (20万元), with as many decimals as it needs and at least as the printed one has."""
    printed = parse_amount(like.replace("，", ","))
    unit = printed.unit if printed and printed.unit else "元"
    value = yuan / (unit_factor(unit) or Decimal(1))
    places = max(printed.decimals if printed else 0, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{max(places, 0)}f}{unit}"


def _label(fact: Record) -> str:
    return "·".join(str(p) for p in (fact["subject_name"] or fact["row_label"], (fact["column_path"] or "").split(" / ")[-1]) if p)


def _page(claim: Claim) -> str:
    return f"第{claim.page}页" if claim.page else ""


def _page_en(claim: Claim) -> str:
    return f"Page {claim.page}: " if claim.page else ""
