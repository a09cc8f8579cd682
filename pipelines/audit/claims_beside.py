"""Amounts that tables print beside the one a claim states: last year's, the budget of an outturn, the whole of a share, a bare change's.

Here: finding them, one value or none. Not here: the claim's own amount (`claims_match`), what follows from them (`claims_arithmetic`).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipelines.audit.claims_match import all_sure, candidates_of, compare, labelled_as, near_to
from pipelines.audit.claims_meaning import Meaning, meaning_of
from pipelines.audit.claims_parse import Claim, Printed
from pipelines.audit.claims_tables import Candidate, Record, Tables
from pipelines.understand.text import bare

_PARTICULAR = 4  # digits of an amount that is no chance


def stated(claim: Claim, tables: Tables) -> Printed | None:
    """This year's amount in the tables of what a bare change (收入较上年增加…万元) is of, where they agree on one."""
    return _one_of(claim.meaning, _meant(claim, tables), claim, tables)


def _one_of(meaning: Meaning, near: list[Candidate], claim: Claim, tables: Tables) -> Printed | None:
    """The one amount of the candidates, of all sources where the words name none."""
    if len({c.value for c in near}) > 1:
        near = _of_all_sources(meaning, near, tables)
    return _as_printed(near[0], claim) if len({c.value for c in near}) == 1 else None


def _as_printed(candidate: Candidate, claim: Claim) -> Printed:
    return Printed(candidate.value, candidate.increment, f"{candidate.value.normalize():f}元", claim.position)


def _meant(claim: Claim, tables: Tables) -> list[Candidate]:
    """This year's candidates of what a claim without an amount speaks of, those of its very words if there are any."""
    meaning = claim.meaning
    if tables.year is None or not meaning.certain or meaning.unit or meaning.partial or meaning.soft:
        return []
    year, stage = meaning.year or tables.year, tables.stage_of(meaning)
    here = [c for c in candidates_of(meaning, tables) if c.fact["fiscal_year"] == year and c.fact["stage"] == stage]
    near = near_to(meaning, claim.head.meaning if claim.head else None, claim.context, here, tables)
    near = labelled_as(meaning, near) or near
    return near if all_sure(near, tables) else []


def whole_of_share(claim: Claim, tables: Tables) -> Printed | None:
    """The tables' amount of what a share says to be of: 占本年支出合计的…%."""
    if claim.share is None or not claim.share_of:
        return None
    said = meaning_of(claim.share_of, tables.names)
    said = replace(said, year=said.year or claim.meaning.year, stage=said.stage or claim.meaning.stage)
    return _one_of(said, _meant(replace(claim, meaning=said, head=None, context=said.funding), tables), claim, tables)


def _of_all_sources(meaning: Meaning, near: list[Candidate], tables: Tables) -> list[Candidate]:
    """The totals over all sources, and of the year itself where 总计 is not said."""
    if meaning.funding:
        return near
    found = [c for c in near if c.fact["funding"] in (None, "total") and not tables.label(bare(c.fact["row_label"] or "")).funding]
    own = [c for c in found if tables.label(bare(c.fact["row_label"] or "")).scope != "grand"]
    return own if own and meaning.scope != "grand" else found


def bases(claim: Claim, tables: Tables) -> list[Candidate]:
    """Last year's amounts of exactly the claim's meaning, where a table prints them beside this year's."""
    meaning = claim.meaning
    if tables.year is None or not meaning.certain or meaning.unit or (meaning.year or tables.year) != tables.year:
        return []
    last = [c for c in candidates_of(meaning, tables) if c.fact["fiscal_year"] == tables.year - 1]
    return near_to(meaning, claim.head.meaning if claim.head else None, claim.context, last, tables)


def planned(claim: Claim, tables: Tables) -> list[Printed]:
    """The budgets, of the year's beginning and adjusted, that tables print of exactly what a claim says to be completed."""
    meaning = claim.meaning
    year = meaning.year or tables.year
    if year != tables.year or not meaning.certain or meaning.unit or meaning.soft:
        return []
    out: dict[Decimal, Printed] = {}
    for stage in ("budget", "adjusted_budget"):
        here = [c for c in candidates_of(meaning, tables) if c.fact["fiscal_year"] == year and c.fact["stage"] == stage]
        near = near_to(meaning, claim.head.meaning if claim.head else None, claim.context, here, tables)
        if len({c.value for c in near}) > 1 or not all_sure(near, tables):
            return []
        for c in near:
            out[c.value] = Printed(c.value, c.increment, f"{c.fact['raw_text']}{c.fact['unit']}", claim.position)
    return list(out.values())


def of_this_year(claim: Claim, tables: Tables) -> Record | None:
    """This year's fact that a claim states with last year's year: a particular amount, and no word of this year before it."""
    said, amount = claim.meaning.year, claim.amount
    if amount is None or tables.year is None or said != tables.year - 1 or claim.inherited or not claim.meaning.certain:
        return None
    if len(str(amount.value.normalize()).replace(".", "").replace("-", "").rstrip("0")) < _PARTICULAR:
        return None
    if str(tables.year) in claim.paragraph.text or any(f["fiscal_year"] == said for f in tables.facts):
        return None
    found = compare(replace(claim, meaning=replace(claim.meaning, year=None)), tables)
    return found.fact if found.outcome == "agrees" and found.fact is not None and found.near else None
