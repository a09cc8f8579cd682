"""The figures of one statement against one another: base, change, rate, share, completion and direction.

All on intervals of half the last printed digit; a rate or share off by less than a whole last digit (cut short instead of rounded, or
adjusted so that shares sum to 100) is let pass. Here: what must follow. Not here: tables (`claims_match`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipelines.audit.claims_parse import Claim, Printed
from pipelines.understand.amounts import unit_factor

HUNDRED = Decimal(100)
_SHARE_SLACK, _RATE_SLACK = Decimal(1), Decimal(1)


@dataclass(frozen=True)
class Slip:
    """A figure that does not follow: what is printed, what would follow, from which printed figures.

    `kind`: rate · share · completion · direction · flat · change · verb (增加 or 减少 left out) · total · repeat · table (last year's
    amount stands in a table) · unit (yuan among amounts in 万元).
    """

    claim: Claim
    kind: str
    printed: str
    expected: str
    terms: tuple[Printed, ...]  # the printed figures it should follow from
    sure: bool
    reason: str = ""


def slips(claims: Sequence[Claim], wholes: Iterable[Decimal], named: Mapping[int, Printed] | None = None) -> list[Slip]:
    """All slips of a document's claims. `wholes` are the totals that tables print, which a share may be of; `named` by claim (`id`) the
    tables' amount of what its share says to be of (占总支出的…%)."""
    out: list[Slip] = []
    totals = set(wholes)
    for n, claim in enumerate(claims):
        near = _neighbours(claims, n)
        found = (
            _rate(claim, near), _based(claim, near), _stated_base(claim), _direction(claim), _flat(claim),
            _share(claim, claims, n, totals, (named or {}).get(id(claim))), _completion(claim, claims, n),
        )
        out.extend(slip for slip in found if slip is not None)
    return out


def _neighbours(claims: Sequence[Claim], n: int) -> list[Claim]:
    """Other amounts of the same paragraph, before this one or naming the same."""
    return [c for m, c in enumerate(claims) if m != n and c.paragraph is claims[n].paragraph]


def ratio_bounds(top: Printed, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The least and greatest per cent that top / [low, high] can be; low and high have one sign."""
    a, b = top.value - top.increment / 2, top.value + top.increment / 2
    found = [t * HUNDRED / d for t in (a, b) for d in (low, high)]
    return min(found), max(found)


def _fits(printed: Printed, low: Decimal, high: Decimal, slack: Decimal) -> bool:
    room = printed.increment * slack
    return low - room <= printed.value <= high + room


def _rate_fits(amount: Printed, change: Printed, percent: Printed, slack: Decimal) -> bool:
    base = amount.value - change.value
    room = (amount.increment + change.increment) / 2
    if base - room <= 0:
        return True  # nothing to divide by: 增长100% is what is usually printed
    low, high = ratio_bounds(change, base - room, base + room)
    return _fits(percent, low, high, slack)


def _rate(claim: Claim, near: Sequence[Claim]) -> Slip | None:
    if claim.change is None or claim.percent is None or claim.amount is None or claim.direction_clash:
        return None
    amount, change, percent = claim.amount, claim.change, claim.percent
    if amount.value == 0 and change.value == 0:
        return None
    if _rate_fits(amount, change, percent, _RATE_SLACK):
        return None
    base = amount.value - change.value
    own = claim.meaning.item
    others = [  # the change may be of another amount than the nearest, but not of another item of “三公”
        c.amount for c in near
        if c.amount is not None and c.sentence_no <= claim.sentence_no and (not own or c.meaning.item in (own, None))
    ]
    if any(other.value > change.value and _rate_fits(other, change, percent, _RATE_SLACK) for other in others):
        return None
    expected = rounded(change.value * HUNDRED / base, percent.increment)
    of_this_year = amount.value and _fits(percent, *ratio_bounds(change, amount.value, amount.value), _RATE_SLACK)
    reason = "of_this_year" if of_this_year else ""
    sure = claim.clause_alone and not claim.inherited and claim.position < change.position < percent.position and (
        percent.position - claim.position < _SPAN)
    return Slip(claim, "rate", percent.text, f"{abs(expected)}%", (amount, change), sure, reason)


_SPAN = 70  # characters from an amount to its rate, within which they surely belong together


def _based(claim: Claim, near: Sequence[Claim]) -> Slip | None:
    """2025年711万元，2026年738万元，增长3.84%: last year's amount stated beside this year's gives the rate."""
    year = claim.meaning.year
    if claim.percent is None or claim.change is not None or claim.amount is None or year is None or not claim.meaning.codes:
        return None
    bases = [c for c in near if c.amount is not None and c.position < claim.position and c.sentence_no == claim.sentence_no]
    for base in bases:
        same = base.meaning.year == year - 1 and base.meaning.codes == claim.meaning.codes
        if same and base.amount is not None and base.amount.value > 0:
            room = base.amount.increment / 2
            low, high = ratio_bounds(claim.amount, base.amount.value - room, base.amount.value + room)
            if _fits(claim.percent, low - HUNDRED, high - HUNDRED, _RATE_SLACK):
                return None
            expected = rounded(claim.amount.value * HUNDRED / base.amount.value - HUNDRED, claim.percent.increment)
            return Slip(claim, "rate", claim.percent.text, f"{abs(expected)}%", (claim.amount, base.amount), len(bases) == 1)
    return None


def _stated_base(claim: Claim) -> Slip | None:
    """比上年100万元增加5万元, 增长5%: change and rate from both amounts."""
    amount, base, change, percent = claim.amount, claim.base, claim.change, claim.percent
    if amount is None or base is None:
        return None
    difference, room = amount.value - base.value, (amount.increment + base.increment) / 2
    near = claim.clause_alone and not claim.inherited
    if change is not None:
        slack = room + change.increment / 2
        if abs(difference - change.value) <= slack:
            return None
        if difference and abs(difference + change.value) <= slack:
            return Slip(claim, "direction", change.text, "增加" if difference > 0 else "减少", (base, amount), near)
        return Slip(claim, "change", change.text, f"{in_same_unit(difference, change)}", (base, amount), near)
    if percent is None or base.value <= 0:
        return None
    low, high = ratio_bounds(amount, base.value - base.increment / 2, base.value + base.increment / 2)
    if _fits(percent, low - HUNDRED, high - HUNDRED, _RATE_SLACK):
        return None
    for sign in (1, -1):
        moved = Printed(base.value * sign, base.increment, base.text, base.position)
        if amount.value != moved.value and _rate_fits(amount, moved, percent, _RATE_SLACK):
            return Slip(claim, "verb", base.text, ("增加" if sign > 0 else "减少") + base.text, (amount, percent), False)
    expected = rounded(amount.value * HUNDRED / base.value - HUNDRED, percent.increment)
    return Slip(claim, "rate", percent.text, f"{abs(expected)}%", (amount, base), near)


def bare_change_slip(claim: Claim, amount: Printed) -> Slip | None:
    """收入比上年增加54.13万元, 增长2.88%: the rate from the change and this year's amount in the tables."""
    if claim.amount is not None or claim.change is None or claim.percent is None or not amount.value:
        return None
    if _rate_fits(amount, claim.change, claim.percent, _RATE_SLACK):
        return None
    base = amount.value - claim.change.value
    expected = rounded(claim.change.value * HUNDRED / base, claim.percent.increment)
    return Slip(claim, "rate", claim.percent.text, f"{abs(expected)}%", (amount, claim.change), False)


def table_slip(claim: Claim, bases: Iterable[Decimal], step: Decimal) -> Slip | None:
    """Change, rate or 持平 against last year's amount as a table prints it. `bases`: that amount; several where tables differ."""
    amount, change, percent = claim.amount, claim.change, claim.percent
    values = set(bases)
    if amount is None or len(values) != 1:
        return None
    (base,) = values
    difference, room = amount.value - base, (amount.increment + step) / 2
    if claim.flat and change is None and percent is None:
        return Slip(claim, "table", "持平", in_same_unit(difference, amount), (amount,), False) if abs(difference) > room else None
    if change is not None and abs(difference - change.value) > room + change.increment:
        return Slip(claim, "table", change.text, in_same_unit(difference, change), (amount,), False)
    if percent is not None and change is None and base > 0:
        low, high = ratio_bounds(amount, base - step / 2, base + step / 2)
        if not _fits(percent, low - HUNDRED, high - HUNDRED, _RATE_SLACK):
            expected = rounded(difference * HUNDRED / base, percent.increment)
            return Slip(claim, "table", percent.text, f"{expected}%", (amount,), False)
    return None


def in_same_unit(value: Decimal, like: Printed) -> str:
    """An amount in the unit of a printed one, with its sign."""
    unit = like.text.lstrip("-0123456789,.")
    return f"{(value / (unit_factor(unit) or Decimal(1))).normalize():f}{unit}"


def _direction(claim: Claim) -> Slip | None:
    if not claim.direction_clash or claim.change is None or claim.percent is None:
        return None
    up = claim.change.value > 0
    return Slip(claim, "direction", claim.percent.text, "增长" if up else "下降", (claim.change,), False)


def _flat(claim: Claim) -> Slip | None:
    if not claim.flat or claim.change is None or not claim.change.value or claim.amount is None:
        return None
    return Slip(claim, "flat", claim.change.text, "0", (claim.amount,), False)


def _share(claim: Claim, claims: Sequence[Claim], n: int, totals: set[Decimal], of: Printed | None) -> Slip | None:
    """A share of the total that heads the list (or that is named); of any other total, too, before it is called wrong."""
    if claim.share is None or claim.amount is None or not claim.amount.value:
        return None
    share, amount = claim.share, claim.amount
    if claim.whole is not None and claim.whole.value:
        if share_fits(amount, claim.whole.value, share):
            return None
        expected = rounded(amount.value * HUNDRED / claim.whole.value, share.increment)
        return Slip(claim, "share", share.text, f"{expected}%", (amount, claim.whole), claim.clause_alone and not claim.inherited)
    if share.value - share.increment > HUNDRED:
        return Slip(claim, "share", share.text, "100%", (amount,), claim.clause_alone)
    before = [c for c in claims[max(0, n - _LOOK_BACK) : n] if c.amount is not None and c is not claim]
    named = _named_whole(claim, before)
    head = named or claim.head or _paragraph_head(claim, before)
    whole_values = {c.amount.value for c in before if c.amount is not None} | totals
    whole_values -= {amount.value} if head is None or head.amount is None or head.amount.value != amount.value else set()
    if named is None and claim.share_of:
        if of is None or of.value < amount.value or any(share_fits(amount, w, share) for w in {*whole_values, of.value}):
            return None
        return Slip(claim, "share", share.text, f"{rounded(amount.value * HUNDRED / of.value, share.increment)}%", (amount, of), False)
    if head is None or head.amount is None or head.amount.value < amount.value or not head.amount.value:
        return None
    other = any(share_fits(amount, w, share) for w in whole_values)
    if share_fits(amount, head.amount.value, share) or (other and claim.share_of):
        return None
    expected = rounded(amount.value * HUNDRED / head.amount.value, share.increment)
    around = claims[max(0, n - _LOOK_BACK) : n + _LOOK_BACK]
    siblings = [
        c for c in around if c is not claim and (
            _named_whole(c, around) if named else c.head or _paragraph_head(c, claims[: claims.index(c)])) is head]
    supporting = sum(
        c.amount is not None and c.share is not None and bool(c.amount.value) and share_fits(c.amount, head.amount.value, c.share)
        for c in siblings)
    listed = [c.amount for c in siblings if c.amount is not None and c.share is not None]
    rest = head.amount.value - sum((a.value for a in listed), amount.value)
    complete = supporting and 2 * abs(rest) <= head.amount.increment + sum((a.increment for a in listed), amount.increment)
    if other and not complete and supporting < _SURE_OF_WHOLE:
        return None  # it may be a share of another total
    return Slip(claim, "share", share.text, f"{expected}%", (amount, head.amount),
                bool(supporting) and (complete or not other) and (named is not None or not claim.share_of))


_LOOK_BACK = 12
_SURE_OF_WHOLE = 2  # other shares of a list that show which total they are of
_SAID_OF_WHOLE = re.compile(r"(?:预算)?(?:总额|总量|总数|总计|合计|总值|总和)?(?:为|是|共|约|达)*$")


def _named_whole(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """The amount that 占○○总额的 names, said before in the same paragraph in the same words: 固定资产总量4295.98万元."""
    core = _SAID_OF_WHOLE.sub("", claim.share_of)
    if len(core) < _TELLING:
        return None
    found = [
        c for c in before
        if c.paragraph is claim.paragraph and c.share is None and _SAID_OF_WHOLE.sub("", c.meaning.subject_text).endswith(core)]
    return found[-1] if found and found[-1].amount is not None and found[-1].position < claim.position else None


_TELLING = 3  # characters that name a whole


def _paragraph_head(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """The total that the paragraph before announces a list of: 支出预算1117.5万元，其中："""
    for other in reversed(before):
        text = other.paragraph.text
        if other.paragraph is not claim.paragraph and text.endswith(("：", "其中", "如下", "包括", "具体为")) and other.amount is not None:
            tail = text[other.amount.position :]
            if any(word in tail for word in ("其中", "包括", "如下", "具体为")):
                return other
        if other.paragraph is not claim.paragraph and other.share is None:
            return None
        if other.paragraph is not claim.paragraph and other.head is not None and text.endswith("；"):
            return other.head  # the list goes on in a line of its own
    return None


def share_fits(part: Printed, whole: Decimal, share: Printed) -> bool:
    """Whether a share can be that of part in whole."""
    if whole <= 0:
        return False
    low, high = ratio_bounds(part, whole, whole)
    return _fits(share, low, high, _SHARE_SLACK)


def _completion(claim: Claim, claims: Sequence[Claim], n: int) -> Slip | None:
    """完成预算的x%: the amount against the budget stated just before it, of the same thing."""
    if claim.done is None or claim.amount is None:
        return None
    if claim.budget is not None:
        return _completed(claim, claim.amount, claim.budget, claim.done, claim.clause_alone and not claim.inherited)
    if n == 0:
        return None
    budget = claims[n - 1]
    if claim.meaning.stage in ("budget", "adjusted_budget") and budget.meaning.stage == "final_accounts":
        return _turned(claim, budget)
    if budget.amount is None or budget.paragraph is not claim.paragraph or not budget.amount.value:
        return None
    stages = budget.meaning.stage in ("budget", "adjusted_budget") and claim.meaning.stage == "final_accounts"
    if not stages or not _same_subject(budget, claim):
        return None
    return _completed(claim, claim.amount, budget.amount, claim.done, claim.sentence_no == budget.sentence_no)


def _turned(claim: Claim, outturn: Claim) -> Slip | None:
    """支出决算为X万元，年初预算为Y万元，完成年初预算的z%: the outturn stands first."""
    if claim.amount is None or claim.done is None or outturn.amount is None or outturn.sentence_no != claim.sentence_no:
        return None
    if outturn.paragraph is not claim.paragraph or not _same_subject(outturn, claim):
        return None
    return _completed(claim, outturn.amount, claim.amount, claim.done, False)


def _completed(claim: Claim, amount: Printed, budget: Printed, done: Printed, sure: bool) -> Slip | None:
    if not budget.value:
        return None
    room = budget.increment / 2
    low, high = ratio_bounds(amount, budget.value - room, budget.value + room)
    if _fits(done, low, high, _SHARE_SLACK):
        return None
    expected = rounded(amount.value * HUNDRED / budget.value, done.increment)
    return Slip(claim, "completion", done.text, f"{expected}%", (budget, amount), sure)


def planned_slip(claim: Claim, budgets: Iterable[Printed]) -> Slip | None:
    """完成预算的x% against the budgets that the tables print of the same thing, where the text states none and none of them fits."""
    if claim.done is None or claim.amount is None:
        return None
    found = [_completed(claim, claim.amount, budget, claim.done, False) for budget in budgets if budget.value]
    return found[0] if found and all(found) else None


def short_of_plan_slip(claim: Claim, budgets: Sequence[Printed]) -> Slip | None:
    """比预算减少X万元 against the budgets that the tables print of the same thing, where none of them gives that change."""
    amount, change = claim.amount, claim.change
    if amount is None or change is None or not budgets:
        return None
    gaps = [amount.value - b.value for b in budgets]
    if any(abs(gap - change.value) * 2 <= amount.increment + change.increment + b.increment for gap, b in zip(gaps, budgets, strict=True)):
        return None
    expected = in_same_unit(gaps[0], change)
    return Slip(claim, "change", change.text if change.value > 0 else f"-{change.text}", expected, (budgets[0], amount), False)


def _same_subject(one: Claim, other: Claim) -> bool:
    a, b = one.meaning, other.meaning
    return (a.codes, a.funding, a.type, a.item) == (b.codes, b.funding, b.type, b.item)


def rounded(value: Decimal, increment: Decimal) -> Decimal:
    """To the printed number of decimals, but at least two."""
    step = min(increment, Decimal("0.01"))
    return value.quantize(step, ROUND_HALF_UP)
