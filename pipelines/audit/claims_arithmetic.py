"""The figures of one statement against one another: base, change, rate, share, completion and direction.

All on intervals of half the last printed digit; a rate or share off by less than a whole last digit (cut short instead of rounded, or
adjusted so that shares sum to 100) is let pass. Here: what must follow. Not here: tables (`claims_match`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipelines.audit.claims_parse import Claim, Printed

HUNDRED = Decimal(100)
_SHARE_SLACK, _RATE_SLACK = Decimal(1), Decimal(1)


@dataclass(frozen=True)
class Slip:
    """A figure that does not follow: `kind` rate · share · completion · direction · flat, what is printed and what would follow."""

    claim: Claim
    kind: str
    printed: str
    expected: str
    terms: tuple[Printed, ...]  # the printed figures it should follow from
    sure: bool
    reason: str = ""


def slips(claims: Sequence[Claim], wholes: Iterable[Decimal]) -> list[Slip]:
    """All slips of a document's claims; `wholes` are the totals that tables print, which a share may be of."""
    out: list[Slip] = []
    totals = set(wholes)
    for n, claim in enumerate(claims):
        near = _neighbours(claims, n)
        found = (
            _rate(claim, near), _based(claim, near), _direction(claim), _flat(claim), _share(claim, claims, n, totals),
            _completion(claim, claims, n),
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
    others = [c.amount for c in near if c.amount is not None and c.sentence_no <= claim.sentence_no]
    if any(_rate_fits(other, change, percent, _RATE_SLACK) for other in others):
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


def _direction(claim: Claim) -> Slip | None:
    if not claim.direction_clash or claim.change is None or claim.percent is None:
        return None
    up = claim.change.value > 0
    return Slip(claim, "direction", claim.percent.text, "增长" if up else "下降", (claim.change,), False)


def _flat(claim: Claim) -> Slip | None:
    if not claim.flat or claim.change is None or not claim.change.value or claim.amount is None:
        return None
    return Slip(claim, "flat", claim.change.text, "0", (claim.amount,), False)


def _share(claim: Claim, claims: Sequence[Claim], n: int, totals: set[Decimal]) -> Slip | None:
    """A share of the total that heads the list (or that is named); of any other total, too, before it is called wrong."""
    if claim.share is None or claim.amount is None or not claim.amount.value:
        return None
    share, amount = claim.share, claim.amount
    before = [c for c in claims[max(0, n - _LOOK_BACK) : n] if c.amount is not None and c is not claim]
    head = claim.head or _paragraph_head(claim, before)
    whole_values = {c.amount.value for c in before if c.amount is not None} | totals
    whole_values -= {amount.value} if head is None or head.amount is None or head.amount.value != amount.value else set()
    if any(_share_fits(amount, w, share) for w in whole_values):
        return None
    if head is None or head.amount is None or head.amount.value < amount.value or not head.amount.value:
        return None
    expected = rounded(amount.value * HUNDRED / head.amount.value, share.increment)
    around = claims[max(0, n - _LOOK_BACK) : n + _LOOK_BACK]
    siblings = [c for c in around if c is not claim and (c.head or _paragraph_head(c, claims[: claims.index(c)])) is head]
    supported = any(
        c.amount is not None and c.share is not None and c.amount.value and _share_fits(c.amount, head.amount.value, c.share)
        for c in siblings)
    return Slip(claim, "share", share.text, f"{expected}%", (amount, head.amount), supported and not claim.share_of)


_LOOK_BACK = 12


def _paragraph_head(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    """The total that the paragraph before announces a list of: 支出预算1117.5万元，其中："""
    for other in reversed(before):
        text = other.paragraph.text
        if other.paragraph is not claim.paragraph and text.endswith(("：", "其中", "如下", "包括")) and other.amount is not None:
            tail = text[other.amount.position :]
            if "其中" in tail or "包括" in tail or "如下" in tail:
                return other
        if other.paragraph is not claim.paragraph and other.share is None:
            return None
    return None


def _share_fits(part: Printed, whole: Decimal, share: Printed) -> bool:
    if whole <= 0:
        return False
    low, high = ratio_bounds(part, whole, whole)
    return _fits(share, low, high, _SHARE_SLACK)


def _completion(claim: Claim, claims: Sequence[Claim], n: int) -> Slip | None:
    """完成预算的x%: the amount against the budget stated just before it, of the same thing."""
    if claim.done is None or claim.amount is None or n == 0:
        return None
    budget = claims[n - 1]
    if budget.amount is None or budget.paragraph is not claim.paragraph or not budget.amount.value:
        return None
    stages = budget.meaning.stage in ("budget", "adjusted_budget") and claim.meaning.stage == "final_accounts"
    if not stages or not _same_subject(budget, claim):
        return None
    room = budget.amount.increment / 2
    low, high = ratio_bounds(claim.amount, budget.amount.value - room, budget.amount.value + room)
    if _fits(claim.done, low, high, _SHARE_SLACK):
        return None
    expected = rounded(claim.amount.value * HUNDRED / budget.amount.value, claim.done.increment)
    sure = claim.sentence_no == budget.sentence_no
    return Slip(claim, "completion", claim.done.text, f"{expected}%", (budget.amount, claim.amount), sure)


def _same_subject(one: Claim, other: Claim) -> bool:
    a, b = one.meaning, other.meaning
    return (a.codes, a.funding, a.type, a.item) == (b.codes, b.funding, b.type, b.item)


def rounded(value: Decimal, increment: Decimal) -> Decimal:
    """To the printed number of decimals, but at least two."""
    step = min(increment, Decimal("0.01"))
    return value.quantize(step, ROUND_HALF_UP)
