"""Changes in the running text: the words that say one, which way, and the amount stated before that it belongs to.

Here: 增加, 减少, 持平 and the like before a number; finding the amount that a later sentence names again. Not here: reading the sentence
(`claims_parse`), whether the change is right (`claims_arithmetic`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.audit.claims_meaning import Meaning
from pipelines.audit.claims_model import Claim, Printed

_FEWER = ("少", "少支", "节支", "节约")
SPOKEN = (*_FEWER, "多", "多支")  # say a change only where something is held against: 比预算少支2.5万元
_UP, _DOWN = "增加|增长|上升|提高|上涨|调增|增|升|上浮", "减少|下降|降低|减低|压减|调减|压缩|减|降|下浮"
_LEADING = "增加|减少|压减|调减|核减|调增|追加|压缩"  # say a change before a name, too
MOVED = re.compile(rf"(?P<verb>{_UP}|{_DOWN}|(?<![至最不许])[多少]支?|节支|节约)(?:了|收|支|额|数|约|为|幅度|率|比例|金额|：)*$")
MOVED_MONEY = re.compile(rf"(?P<verb>{_LEADING})了?(?:支出|收入|预算|经费|资金|投入|拨款|安排)+$")  # 业务维持增加支出…万元
LED = re.compile(  # 压减宣传专项资金…万元
    rf"(?:主要)?(?:原因)?(?:是|为)?(?:由于|因)?(?P<verb>{_LEADING})了?(?P<name>[^，。；：\d]{{3,}})")
UNCHANGED = re.compile(r"(?P<verb>变化|变动|增减)(?:了|额|数|约|为)*$")  # which way, nobody says: of a zero only
AMBIGUOUS = re.compile(rf"(?:{_UP})[（/、](?:{_DOWN})|(?:{_DOWN})[（/、](?:{_UP})|增减")
ALL_FLAT = re.compile(r"均(?:比|较|与|和|同)[^，。；]*$")  # A…万元，B…万元，均与上年持平
SET_OUT = re.compile(  # 收入总计与上年相比，增加…
    r"(?:^|[，。；])(?P<head>[^，。；]{2,30}?)(?:与|同|和|较|比)(?P<base>(?:上年|去年|20\d\d年)[^，。；]{0,10}?)相?比较?，[^，。；]*$")
_FEWEST_PARTS = 2


def signed(value: Printed, verb: str) -> Printed:
    """A change or rate with the sign of its verb."""
    return replace(value, value=-value.value) if verb in (*_DOWN.split("|"), "核减", *_FEWER) else value


def base_said(gap: str) -> str:
    """What a change is held against, said in the clause before it: 与上年相比，增加…."""
    found = re.search(r"(?:比|较|与|和|同)([^，。；]{2,24})(?:相比)?，", gap)
    return found[1] if found else ""


def same(said: Meaning, here: Meaning) -> bool:
    """Whether the words repeat (part of) what the amount is."""
    if said.unknown:
        return False
    pairs = ((said.side, here.side), (said.funding, here.funding), (said.type, here.type), (said.item, here.item), (said.topic, here.topic))
    return all(a is None or a == b for a, b in pairs) and (not said.codes or said.codes == here.codes)


def spoken_of(claims: Iterable[Claim], here: Claim | None, sentence_no: int, said: Meaning, year: int | None) -> Claim | None:
    """The amount that the words before a change name again: the last one, or before it the last of the very meaning.

    `here` is the last amount, `sentence_no` the sentence of the change, `year` the document's.
    """
    if here is None:
        return None
    stated = [c for c in claims if c.amount is not None]
    own = [c for c in stated if same(c.meaning, said) and (c.meaning.year or year) == (said.year or year) and not c.meaning.partial]
    alone = sum(c.sentence_no == here.sentence_no for c in stated) == 1
    found = [*own, here] if here.sentence_no == sentence_no or alone else own
    fitting = [c for c in found if c.change is None and c.amount is not None and same(said, c.meaning)]
    return fitting[-1] if fitting else None


def listed(claims: Iterable[Claim], parts: Sequence[Claim]) -> Claim | None:
    """The one amount right before a sentence that lists its parts, which add up to it: what the next sentence says is said of it."""
    if len(parts) < _FEWEST_PARTS:
        return None
    above = [c for c in claims if c.amount is not None and c.sentence_no == parts[0].sentence_no - 1]
    whole = above[0].amount if len(above) == 1 else None
    if whole is None or above[0].change is not None:
        return None
    amounts = [c.amount for c in parts if c.amount is not None]
    off = abs(sum((a.value for a in amounts), Decimal(0)) - whole.value)
    return above[0] if 2 * off <= whole.increment + sum((a.increment for a in amounts), Decimal(0)) else None
