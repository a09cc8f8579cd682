"""What a sentence hands on to the amounts behind its first: year, stage, and the earlier year's amount that is held beside it.

Here: 2021年…决算20万元，其中：A 8万元 (A is of 2021, and spent); …支出2万元，年初预算为3万元 (what was not planned was spent); 收、支总计.
Not here: reading the sentence (`claims_parse`), what single words mean (`claims_meaning`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.audit.claims_meaning import Meaning
from pipelines.audit.claims_model import Claim

_SIDES = re.compile(r"(?:^|[，；：])(?P<first>[^，；：、]*收入?)、(?=支)")  # 收、支总计, 收入、支出总预算
_GOES_ON = re.compile(r"^(?:其中|分项|具体|包括)")
_AT_FIRST = re.compile("年初预算")


def both_sides(gap: str, phrase: str) -> str:
    """The words before an amount with the side that a 、 cut off: 收、支总计 is one thing."""
    found = list(_SIDES.finditer(gap))
    if found and phrase.startswith("支") and gap.endswith(phrase) and found[-1].end() == len(gap) - len(phrase):
        return found[-1]["first"] + phrase
    return phrase


def handed_on(meaning: Meaning, head: Claim | None, sentence_no: int, sentence: str) -> Meaning:
    """The meaning with the year and stage of the total that announces its list, where it says none of its own.

    The total stands in the same sentence, or right before one that begins with 其中, 分项.
    """
    if head is None or not (head.sentence_no == sentence_no or (head.sentence_no == sentence_no - 1 and _GOES_ON.match(sentence))):
        return meaning
    above = head.meaning
    stage = meaning.stage or (above.stage if meaning.year in (None, above.year) else None)
    return replace(meaning, year=meaning.year or above.year, stage=stage)


def spent(meaning: Meaning, beside: Meaning, phrase: str) -> Meaning:
    """The meaning of an amount that says no stage, and beside which its budget at the year's beginning is stated: it was spent."""
    planned = beside.stage == "budget" and _AT_FIRST.search(phrase)
    return replace(meaning, stage="final_accounts") if planned and meaning.stage is None else meaning


def names_again(said: Meaning, here: Meaning) -> bool:
    """Whether the words name the very thing again, of whatever year: 2026年收支总预算…万元，2025年收支总预算…万元."""
    own = (said.codes, said.item, said.topic, said.funding, said.type, said.side, said.scope, said.unknown, said.part, said.carry)
    return said.says_what and own == (
        here.codes, here.item, here.topic, here.funding, here.type, here.side, here.scope, here.unknown, here.part, here.carry)


def opened_above(claims: Iterable[Claim], sentence_no: int) -> Claim | None:
    """The amount that the sentence before opens with: what 较2014年…万元增加… right behind it speaks of."""
    above: Sequence[Claim] = [c for c in claims if c.amount is not None and c.sentence_no == sentence_no - 1]
    first = above[0] if above else None
    free = first is not None and first.leading and first.base is None and first.change is None
    return first if free else None


def before_bracket(claims: Sequence[Claim], text: str, closed: int) -> Claim | None:
    """The amount right before the bracket that closes at `closed`, where its parts stood in it: 28万元（购置0万元，运行28万元），比上年….

    What follows is said of it. None where no other amount stands in the bracket, or nothing right before it.
    """
    depth, opened = 0, closed
    while opened > 0:
        opened -= 1
        depth += (text[opened] == "）") - (text[opened] == "（")
        if depth < 0:
            break
    inside = [c for c in claims if opened < c.position < closed]
    before = [c for c in claims if c.amount is not None and c.position < opened]
    ended = before and before[-1].amount is not None and before[-1].position + len(before[-1].amount.text.replace(",", "")) <= opened
    return before[-1] if inside and ended and "。" not in text[before[-1].position : opened] else None


def staged_by(claims: Iterable[Claim], stage: str | None) -> None:
    """Give the amounts that say no stage the heading's: 二、2021年“三公”经费决算情况. For documents whose kind is not known."""
    for claim in claims:
        if claim.meaning.stage is None and stage is not None:
            claim.meaning = replace(claim.meaning, stage=stage)
