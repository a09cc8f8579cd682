"""Amounts of the running text against one another: lists whose parts must make up their total, and the same thing said twice.

Here: what several statements must have in common. Lists are taken only where nothing else can belong to them: 货物, 工程 and 服务 make
政府采购, 购置 and 运行 公务用车, the three items “三公”经费, 人员 and 公用 基本支出. Not here: one statement's own figures
(`claims_arithmetic`), tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from pipelines.audit.claims_arithmetic import HUNDRED, Slip, in_same_unit, rounded, share_fits
from pipelines.audit.claims_meaning import Meaning
from pipelines.audit.claims_parse import Claim, Printed

_LIST = 3  # shares that make a list
_USUAL = ("fiscal_appropriation", "general_public_budget")
_REACH = 14  # claims after a total among which its parts stand
_LISTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "procurement": (("goods", "works", "services"),),
    "vehicles": (("vehicle_purchase", "vehicle_running"),),
    "three_public": (
        ("abroad", "vehicles", "reception"), ("abroad", "vehicle_purchase", "vehicle_running", "reception"),
        ("abroad", "vehicle_running", "reception"),
    ),
    "basic": (("basic_personnel", "basic_operating"),),
}

_SHORT_OF_ONE = (("abroad", "vehicle_running", "reception"),)  # the purchase may be left out for being none, or by mistake
_SMALL = Decimal(1000)  # yuan: less is no subject's budget where the rest is in 万元
_OTHERS = 5  # amounts in 万元 that show what the text's unit is


def list_slips(claims: Sequence[Claim], year: int | None, final: bool, wrong: Collection[int] = ()) -> Iterator[Slip]:
    """Totals that the parts listed behind them do not make up. `wrong` are claims (`id`) known to be, which explain the difference."""
    for n, head in enumerate(claims):
        name = _name(head.meaning)
        if name not in _LISTS or head.amount is None or not _plain(head.meaning):
            continue
        parts = _parts(claims, n, name, year, final)
        for wanted in _LISTS[name]:
            if all(p in parts for p in wanted):
                terms = [parts[p] for p in wanted]
                if any(id(c) in wrong for c in (head, *terms)):
                    break
                amounts = [t.amount for t in terms if t.amount is not None]
                total = sum((a.value for a in amounts), Decimal(0))
                if abs(total - head.amount.value) * 2 > head.amount.increment + sum((a.increment for a in amounts), Decimal(0)):
                    sure = wanted not in _SHORT_OF_ONE and not head.inherited and all(
                        t.paragraph is head.paragraph and t.sentence_no == head.sentence_no and not t.inherited for t in terms)
                    yield Slip(head, "total", head.amount.text, in_same_unit(total, head.amount), tuple(amounts), sure)
                break


def _parts(claims: Sequence[Claim], n: int, name: str, year: int | None, final: bool) -> Mapping[str, Claim]:
    """The first amount of each part behind a total, of the same year and stage, up to the next such total."""
    head = claims[n]
    found: dict[str, Claim] = {}
    for other in claims[n + 1 : n + 1 + _REACH]:
        same_time = _time(other, year, final) == _time(head, year, final)
        if _name(other.meaning) == name and _plain(other.meaning) and other.amount is not None and same_time:
            break
        if other.paragraph is not head.paragraph and name != "three_public":
            break
        own = _name(other.meaning)
        if other.amount is not None and own and same_time and _plain(other.meaning) and _source_fits(other, head):
            found.setdefault(own, other)
    return found


def _source_fits(part: Claim, head: Claim) -> bool:
    return part.meaning.funding is None or head.meaning.funding is None or part.meaning.funding == head.meaning.funding


def _plain(meaning: Meaning) -> bool:
    return not meaning.unknown and not meaning.unit and not meaning.carry and not meaning.codes and meaning.side != "income"


def _name(meaning: Meaning) -> str:
    if meaning.part:
        return meaning.part
    if meaning.item:
        return meaning.item
    if meaning.topic == "procurement":
        return "procurement"
    return meaning.type or "" if meaning.period is None else ""


def _time(claim: Claim, year: int | None, final: bool) -> tuple[int | None, str]:
    return claim.meaning.year or year, claim.meaning.stage or ("final_accounts" if final else "budget")


def share_slips(claims: Sequence[Claim]) -> Iterator[Slip]:
    """Lists of shares without a printed total: where all but one are shares of what the list sums to, that one is wrong."""
    for _, group in groupby(claims, key=lambda c: id(c.paragraph)):
        own = [c for c in group if c.share is not None and not c.share_of and c.whole is None and c.amount is not None]
        own = [c for c in own if c.head is None]
        if len(own) < _LIST:
            continue
        whole = sum((c.amount.value for c in own if c.amount is not None), Decimal(0))
        odd = [c for c in own if c.amount is not None and c.share is not None and not share_fits(c.amount, whole, c.share)]
        if len(odd) == 1 and whole:
            (claim,) = odd
            if claim.amount is not None and claim.share is not None:
                expected = rounded(claim.amount.value * HUNDRED / whole, claim.share.increment)
                yield Slip(claim, "share", claim.share.text, f"{expected}%", tuple(c.amount for c in own if c.amount is not None), False)


def repeats(claims: Sequence[Claim], year: int | None, final: bool) -> Iterator[Slip]:
    """The same thing said again with another amount, or with another change against the same base."""
    seen: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        key = _key(claim, year, final)
        if key is None or claim.amount is None:
            continue
        first = seen.setdefault(key, claim)
        if first is claim or first.amount is None:
            continue
        if not _touch(first.amount, claim.amount):
            yield Slip(claim, "repeat", claim.amount.text, first.amount.text, (first.amount,), False)
        elif first.change and claim.change and not _touch(first.change, claim.change) and first.paragraph is not claim.paragraph and (
                ("执行" in first.against) == ("执行" in claim.against)):
            yield Slip(claim, "repeat", claim.change.text, first.change.text, (first.change,), False)


def _key(claim: Claim, year: int | None, final: bool) -> tuple[object, ...] | None:
    """What a claim speaks of, where no words around it are needed to know."""
    m = claim.meaning
    if claim.inherited or m.unknown or m.unit or m.soft or m.carry or len({c for _, c in m.codes}) > 1:
        return None
    when = _time(claim, year, final)
    if m.item:
        source = m.funding or claim.context  # “三公” is of the general budget where nothing else is said
        return ("item", m.item, None if source in _USUAL else source, *when)
    if m.topic and claim.leading and not m.part:
        return ("topic", m.topic, m.funding, *when)
    if m.codes and m.chained:
        return ("code", m.codes, m.type, m.funding or claim.context, *when)
    if m.scope == "grand" and not m.type:
        return ("grand", m.side, m.funding or claim.context, *when)
    return None


def _touch(one: Printed, other: Printed) -> bool:
    return abs(one.value - other.value) * 2 <= one.increment + other.increment or abs(one.value - other.value) < max(
        one.increment, other.increment)


def unit_slips(claims: Sequence[Claim]) -> Iterator[Slip]:
    """An amount of a few yuan in a text whose amounts are all in 万元: 商品和服务支出19.8元. Zeros say no unit."""
    own = [c for c in claims if c.amount is not None and c.amount.value]
    small = [c for c in own if c.amount is not None and not c.amount.text.endswith(("万元", "亿元"))]
    if len(own) - len(small) < _OTHERS or len(small) != 1:
        return
    (claim,) = small
    said = claim.amount
    if said is not None and said.value < _SMALL and claim.meaning.says_what and not claim.meaning.unknown and not claim.meaning.soft:
        yield Slip(claim, "unit", said.text, f"{said.text.rstrip('元')}万元", (said,), False)
