"""Claims: the amounts in a document's running text, compared with its tables and with one another. The entry to the modules `claims_*`.

Here: the sequence, and claims as rows of relation `claims`. Not here: reading sentences, comparing, wording findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from pipelines.audit.claims_arithmetic import Slip, bare_change_slip, planned_slip, short_of_plan_slip, slips, table_slip
from pipelines.audit.claims_beside import bases, of_this_year, planned, stated, whole_of_share
from pipelines.audit.claims_carried import staged_by
from pipelines.audit.claims_findings import (
    amount_check,
    amount_finding,
    claim_id,
    is_recomputed,
    rate_check,
    slip_check,
    slip_finding,
    year_finding,
)
from pipelines.audit.claims_match import Match, Record, Tables, compare
from pipelines.audit.claims_meaning import meaning_of, names_of
from pipelines.audit.claims_parse import Claim, Printed, claims_in, funding_in
from pipelines.audit.claims_text import paragraphs
from pipelines.audit.claims_together import list_slips, repeats, share_slips, unit_slips
from pipelines.normalise.facts import table_id
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.context.regions import region_of_code
from pipelines.understand.understand import Understood

_HEADING = 45  # characters of a line that may be a heading
_OWN_PLAN = re.compile(r"(?:年初|全年|调整后?)?预算(?:数|安排)?")  # what an outturn is held against, of the same year
_THIS_YEAR = re.compile(r"(?:当年|本年)(?:度)?(?:一般公共预算|财政)?(?:财政)?拨款")  # without what was carried over
_LONGEST = 2_000  # characters of a sentence that are kept


@dataclass(frozen=True)
class Claims:
    """The claims of one document with what came of each, in reading order."""

    document_id: str
    year: int | None
    final: bool
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    wholes: tuple[Decimal, ...]  # totals the tables print
    against: tuple[Slip, ...] = ()  # changes that last year's amounts in the tables contradict
    undecided: bool = False  # whether the document is a budget or final accounts, nobody says
    shared: tuple[tuple[Claim, Printed], ...] = ()  # the tables' amount of what a share says to be of
    years: tuple[tuple[Claim, Record], ...] = ()  # this year's amounts under last year's year

    def records(self) -> list[Record]:
        """Rows of relation `claims`."""
        seen: set[str] = set()
        out: list[Record] = []
        for claim, match in zip(self.claims, self.matches, strict=True):
            row = _record(self, claim, match)
            if row["claim_id"] not in seen:
                seen.add(row["claim_id"])
                out.append(row)
        return out

    def checks(self, findings: Iterable[Record]) -> list[Record]:
        """Rows of relation `checks`: claims compared with a fact, rates recomputed, and what proves `findings`, its own."""
        compared = (amount_check(self.document_id, c, m) for c, m in zip(self.claims, self.matches, strict=True))
        rows = [row for row in compared if row is not None]
        slipped = [f for f in findings if f["rule"] == "narrative_arithmetic"]
        wrong = {f["claim_id"] for f in slipped}
        rows += [slip_check(f) for f in slipped]
        rows += [rate_check(self.document_id, c) for c in self.claims if is_recomputed(c) and claim_id(self.document_id, c) not in wrong]
        return list({row["check_id"]: row for row in rows}.values())

    def findings(self, suspects: Iterable[str] = ()) -> list[Record]:
        """Rows of relation `findings`; `suspects` are the facts that the tables themselves prove wrong."""
        known = set(suspects)
        matched = {id(c): m for c, m in zip(self.claims, self.matches, strict=True)}
        compared = (amount_finding(self.document_id, c, m, known) for c, m in zip(self.claims, self.matches, strict=True))
        out = [f for f in compared if f is not None]
        told = {f["claim_id"] for f in out}
        wrong = {id(c) for c, m in zip(self.claims, self.matches, strict=True) if m.outcome == "disagrees"}
        sayers = [c for c in self.claims if c.meaning.stage is not None] if self.undecided else self.claims
        repeated = [s for s in repeats(sayers, self.year, self.final) if claim_id(self.document_id, s.claim) not in told]
        told |= {claim_id(self.document_id, s.claim) for s in repeated}
        odd = (s for s in unit_slips(self.claims) if claim_id(self.document_id, s.claim) not in told)
        own = [s for s in slips(self.claims, self.wholes, {id(c): w for c, w in self.shared}) if not _explained(s, matched, self.claims)]
        every = (*own, *list_slips(self.claims, self.year, self.final, wrong), *share_slips(self.claims), *self.against, *repeated, *odd)
        out.extend(slip_finding(self.document_id, s, matched.get(id(s.claim))) for s in every)
        out.extend(year_finding(self.document_id, c, fact, self.year) for c, fact in self.years if self.year is not None)
        once: dict[object, Record] = {}
        for f in out:  # the same amount said again is the same mistake
            same = (f["rule"], f["fact_id"], f["printed"], f["expected"])
            once.setdefault(same if f["rule"] == "narrative_amount" else f["finding_id"], f)
        return list(once.values())


def _explained(slip: Slip, matched: Mapping[int, Match], claims: Sequence[Claim]) -> bool:
    """Whether the tables' amounts in place of the text's wrong ones make it right: one cause is one finding."""
    if slip.kind not in ("rate", "change", "direction", "completion", "share"):
        return False
    near = [c for c in claims if c.paragraph is slip.claim.paragraph]
    right = [_put_right(c, matched[id(c)]) for c in near]
    if all(a is b for a, b in zip(near, right, strict=True)):
        return False
    own = right[next(n for n, c in enumerate(near) if c is slip.claim)]
    return not any(s.kind == slip.kind and s.claim is own for s in slips(right, ()))


def _put_right(claim: Claim, match: Match) -> Claim:
    if match.outcome != "disagrees" or match.fact is None:
        return claim
    value = match.fact["amount_yuan"]
    return replace(claim, amount=Printed(value, match.fact["increment_yuan"] or Decimal(0), str(value), claim.position))


def read_claims(frames: dict[str, pl.DataFrame], understood: Understood) -> Claims:
    """All claims of one document. `frames` are the normalised relations (`facts` is read)."""
    context = understood.context
    facts = list(frames["facts"].iter_rows(named=True))
    year = context.fiscal_year if context else None
    final = context is not None and context.final_accounts
    printed = {(scheme, f[column]) for f in facts for scheme, column in (
        (f["subject_scheme"], "subject_code"), ("function", "function_code"), ("economic_department", "economic_department_code"),
        ("economic_government", "economic_government_code")) if f[column]}
    own_names = _own_names(context) if context else []
    names = names_of(own_names, year, printed, [u.name for u in context.units] if context else [])
    undecided = context is None or context.document_kind == "other"
    found: list[Claim] = []
    source, heading, this_year = None, "", False
    without_carryover: set[int] = set()  # claims about this year's appropriation alone
    for paragraph in paragraphs(understood.lines):
        own = claims_in(paragraph, names, len(found), source, heading)
        if undecided and heading:
            staged_by(own, meaning_of(heading, names).stage)
        heading = ""
        if not own and len(paragraph.text) <= _HEADING:
            source, heading = funding_in(paragraph.text), paragraph.text
            this_year = _THIS_YEAR.search(paragraph.text) is not None
        without_carryover |= {id(c) for c in own if this_year or _THIS_YEAR.search(paragraph.sentence(c.position))}
        found.extend(own)
    methods = {table_id(understood.document_id, t): t.method for t in understood.tables if t.confidence >= 1.0}
    tables = Tables(facts, methods, names, year, final)
    wholes = sorted({
        f["amount_yuan"] for f in tables.facts
        if f["fiscal_year"] == year and f["row_role"] in ("total", "subtotal") and not f["subject_code"]
    })
    matches = tuple(compare(c, tables) for c in found)
    for claim, match in zip(found, matches, strict=True):
        if match.outcome == "disagrees" and claim.meaning.project and _namesakes(claim, found) > 1:
            match.outcome = "not_compared"  # projects of one name: no telling which form is meant
        if match.outcome == "disagrees" and id(claim) in without_carryover and _with_carryover(match, facts):
            match.outcome = "not_compared"  # 当年拨款 in the text, amounts with 上年结转 in the tables
        if match.outcome == "disagrees" and _of_another_whole(claim, match, facts):
            match.outcome = "not_compared"  # 本年支出…，其中：项目支出…, and only 一般公共预算 has a table with 项目支出
    against = tuple(s for c, m in zip(found, matches, strict=True) if (s := _against(c, m, tables)) is not None)
    shared = tuple((c, w) for c in found if (w := whole_of_share(c, tables)) is not None)
    years = tuple((c, fact) for c in found if (fact := of_this_year(c, tables)) is not None)
    return Claims(understood.document_id, year, final, tuple(found), matches, tuple(wholes), against, undecided and not final,
                  shared, years)


def _own_names(context: DocumentContext) -> list[str]:
    """The body's names as a text may print them: with the regions around its own before them, too (云南省昆明市安宁市水务局)."""
    names = [name for name in (context.entity_name, *context.aliases) if name]
    before = [""]
    region = region_of_code(context.region_code)
    while region is not None and (region := region_of_code(region.parent_code)) is not None:
        before += [region.name + words for words in before]
    return [words + name for name in names for words in before]


def _against(claim: Claim, match: Match, tables: Tables) -> Slip | None:
    """What the tables say of a change, where they agree with the amount and print last year's. The base's stage is the one that is said."""
    if claim.amount is None and claim.percent is not None:
        amount = stated(claim, tables)
        return bare_change_slip(claim, amount) if amount is not None else None
    if match.outcome in ("agrees", "agrees_rounded") and (claim.done is not None or _OWN_PLAN.fullmatch(claim.against)):
        budgets = planned(claim, tables)
        slip = planned_slip(claim, budgets) if claim.budget is None else None
        if slip is not None or (tables.final and _OWN_PLAN.fullmatch(claim.against)):
            return slip or short_of_plan_slip(claim, budgets)
    if match.outcome not in ("agrees", "agrees_rounded") or not (claim.change or claim.percent or claim.flat) or claim.base is not None:
        return None
    stage = "final_accounts" if tables.final or re.search("执行|决算", claim.against) else "budget"
    tables_of = {match.fact["table_id"]} if match.fact is not None else set()
    last = [b for b in bases(claim, tables) if b.fact["stage"] == stage and b.fact["table_id"] in tables_of]
    named = re.search(r"20\d\d", claim.against)
    if not last or (named and tables.year is not None and int(named[0]) != tables.year - 1):
        return None
    return table_slip(claim, (b.value for b in last), max(b.increment for b in last))


def _of_another_whole(claim: Claim, match: Match, facts: Iterable[Record]) -> bool:
    """Whether a part is held against a table of one source whose total is not the whole that the part is said to be of."""
    fact, head = match.fact, claim.head
    if fact is None or head is None or head.amount is None or claim.meaning.funding or fact["funding"] in (None, "total"):
        return False
    totals = {
        f["amount_yuan"] for f in facts
        if f["table_id"] == fact["table_id"] and f["row_role"] == "total" and f["expenditure_type"] in (None, "total")
        and f["stage"] == fact["stage"] and f["fiscal_year"] == fact["fiscal_year"]}
    return bool(totals) and all(abs(t - head.amount.value) > head.amount.increment for t in totals)


def _with_carryover(match: Match, facts: Iterable[Record]) -> bool:
    """Whether the amount that the tables print beside a claim may hold what was carried over: some amount of the year says that it was."""
    fact = match.fact
    if fact is not None and fact["budget_period"] != "total":
        return False
    return any(
        f["amount_yuan"] and (f["budget_period"] == "carried_over" or (f["funding"] or "").startswith("carryover"))
        for f in facts if fact is None or f["fiscal_year"] == fact["fiscal_year"]
    )


def _namesakes(claim: Claim, claims: Iterable[Claim]) -> int:
    own = claim.meaning
    return sum((c.meaning.subject_text, c.meaning.unit, c.meaning.stage) == (own.subject_text, own.unit, own.stage) for c in claims
               if c.meaning.project)


def corroborated_facts(claims: Claims) -> set[str]:
    """Facts whose amount, not zero, the running text states too under the same meaning."""
    return {
        m.fact["fact_id"] for c, m in zip(claims.claims, claims.matches, strict=True)
        if m.outcome == "agrees" and m.fact is not None and c.amount is not None and c.amount.value
    }


def _record(book: Claims, claim: Claim, match: Match) -> Record:
    meaning = claim.meaning
    share = claim.share or claim.done
    project = _project_named(claim, match)
    return {
        "claim_id": claim_id(book.document_id, claim), "document_id": book.document_id, "page": claim.page,
        "sentence": claim.paragraph.sentence(claim.position)[:_LONGEST],
        "subject_code": project["subject_code"] if project else meaning.subject, "subject_text": meaning.subject_text or None,
        "funding": meaning.funding, "expenditure_type": None if project and meaning.unknown else meaning.type,
        "fiscal_year": _year(meaning.year or book.year), "stage": meaning.stage or ("final_accounts" if book.final else "budget"),
        "amount_yuan": _value(claim.amount), "change_yuan": _value(claim.change),
        "change_percent": Decimal(0) if claim.flat and claim.percent is None else _value(claim.percent), "share_percent": _value(share),
        "outcome": match.outcome, "fact_id": match.fact["fact_id"] if match.fact else None,
    }


def _project_named(claim: Claim, match: Match) -> Record | None:
    """The fact of a project whose name the text says: 统计管理 is no subject there, 临聘人员经费 no 人员经费."""
    fact = match.fact
    if fact is None or not fact["project_name"] or claim.meaning.chained:
        return None
    codes = (fact["subject_code"], fact["function_code"], fact["economic_department_code"], fact["economic_government_code"])
    return fact if claim.meaning.subject is None or claim.meaning.subject not in codes else None


def _value(printed: Printed | None) -> Decimal | None:
    return printed.value if printed is not None else None


def _year(year: int | None) -> int | None:
    return year if year is not None and 1990 <= year <= 2100 else None
