"""Amounts in the running text against the facts of the tables.

A claim agrees when a fact of its meaning lies within half of the last printed digit. It disagrees only when its meaning is certain and no
fact of that subject (or no total, no item) of that year prints such an amount. Here: candidates and outcomes. Not here: sentences about it
(`claims_findings`), figures of the text against one another (`claims_arithmetic`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pipelines.audit.claims_meaning import Meaning, Names, meaning_of
from pipelines.audit.claims_parse import Claim, Printed
from pipelines.understand.text import bare
from schemas import reference

Record = dict[str, Any]
ITEM_FILE = "three_public_items.csv"
_SURE_METHODS = frozenset({"lattice", "tsv", "cell_lines", "docx", "xlsx", "html"})
_SURE_MEANING = 0.8
_CLASS = 3  # digits of a 类
_WAN = 10_000
_ACROSS = ("total", "fiscal_appropriation", "general_public_budget")


@dataclass(frozen=True)
class Candidate:
    """An amount that a table states (one fact, or the sum of the rows of one subject in one column), with its interval."""

    value: Decimal
    increment: Decimal
    facts: tuple[Record, ...]

    @property
    def fact(self) -> Record:
        """The fact it is known by."""
        return self.facts[0]


@dataclass(slots=True)
class Match:
    """What came of a comparison. `near` are the candidates of exactly the claim's meaning; `elsewhere` what else prints that amount."""

    outcome: str = "not_compared"
    fact: Record | None = None
    near: list[Candidate] = field(default_factory=list)
    elsewhere: Record | None = None
    certain: bool = False
    unit_slip: bool = False  # 元 printed for 万元


class Tables:
    """The facts of one document, by what claims ask for."""

    def __init__(self, facts: Iterable[Record], methods: dict[str, str], names: Names, year: int | None, final: bool) -> None:
        self.year, self.final, self.methods, self.names = year, final, methods, names
        self._said: dict[str, Meaning] = {}
        self.facts = [f for f in facts if f["fiscal_year"] is not None and f["stage"] != "change"]
        self.by_code: dict[str, list[Record]] = defaultdict(list)
        self.unnamed: list[tuple[Record, Meaning]] = []
        self.items: dict[str, list[Record]] = defaultdict(list)
        self.named: dict[str, list[Record]] = defaultdict(list)
        for f in self.facts:
            if f["project_name"]:
                self.named[bare(f["project_name"])].append(f)
        self.departments = {f["department_id"] for f in self.facts}
        patterns = _items()
        for f in self.facts:
            label = bare(f["row_label"] or "")
            if f["table_kind"] in ("three_public", "operating_expense"):
                item = next((i for p, i in patterns if p.search(label)), None)
                if "机关运行" in label or f["table_kind"] == "operating_expense":
                    item = "operating_expense"
                if item:
                    self.items["three_public" if item == "total" else item].append(f)
                continue
            codes = {f["subject_code"], f["function_code"], f["economic_department_code"], f["economic_government_code"],
                     f["column_subject_code"]} - {None}
            for code in codes:
                self.by_code[code].append(f)
            if not codes and f["measure"] != "procurement" and f["row_role"] != "of_which":
                self.unnamed.append((f, self.label(label)))
            elif f["measure"] == "procurement" and f["row_role"] == "total":
                self.items["procurement"].append(f)

    def label(self, text: str) -> Meaning:
        """What a row's label says of itself: 一般公共预算拨款收入, 本年支出合计."""
        if text not in self._said:
            self._said[text] = meaning_of(text, self.names)
        return self._said[text]

    def sure(self, fact: Record) -> bool:
        """Whether the fact's reading and meaning are beyond doubt."""
        return self.methods.get(fact["table_id"]) in _SURE_METHODS and (fact["meaning_confidence"] or 0) >= _SURE_MEANING

    def stage_of(self, claim: Meaning) -> str:
        """The stage a claim speaks of: what it says, else that of the document."""
        return claim.stage or ("final_accounts" if self.final else "budget")


@lru_cache(maxsize=1)
def _items() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(r["pattern"]), r["item"]) for r in reference.rows(ITEM_FILE)]


def agrees(printed: Printed, candidate: Candidate) -> bool:
    """Whether two printed numbers can be the same amount: their intervals touch."""
    difference = abs(printed.value - candidate.value)
    cut_short = abs(printed.value) < abs(candidate.value) and difference < printed.increment  # 41651元 as 4.16万元
    return 2 * difference <= printed.increment + candidate.increment or cut_short


def compare(claim: Claim, tables: Tables) -> Match:
    """The outcome of one claim."""
    meaning, printed = claim.meaning, claim.amount
    if printed is None or meaning.unknown or meaning.partial or not meaning.says_what or tables.year is None:
        return Match()
    year = meaning.year or tables.year
    stage = tables.stage_of(meaning)
    here = [c for c in _candidates(meaning, tables) if c.fact["fiscal_year"] == year and _stage_fits(c.fact["stage"], stage)]
    if not here:
        return Match("not_found" if year == tables.year else "not_compared")
    near = _near(meaning, claim.head.meaning if claim.head else None, claim.context, here, tables)
    hit = next((c for c in (*near, *here) if agrees(printed, c)), None)
    if hit is not None:
        exact = hit.value == printed.value
        same = hit in near or bool(meaning.codes)
        single = len(hit.facts) == 1
        return Match(("agrees" if exact else "agrees_rounded") if same else "not_compared", hit.fact if same and single else None, near)
    named = tables.named.get(meaning.subject_text)
    if named is not None:  # a project of the same name
        project = next((f for f in named if agrees(printed, Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,)))), None)
        return Match("agrees" if project else "not_compared", project, near)
    values = {c.value for c in near}
    if not near or year != tables.year or (meaning.topic == "operating_expense" and meaning.topic not in tables.items):
        return Match("not_compared", near=near)
    slipped = [c for c in near if printed.text.endswith("元") and not printed.text.endswith("万元") and c.value == printed.value * _WAN]
    if slipped:
        return Match("disagrees", slipped[0].fact, near, None, _sure_candidates(slipped, tables), unit_slip=True)
    elsewhere = _elsewhere(printed, tables, year)
    if not meaning.codes and (elsewhere is not None or not (meaning.item or meaning.topic or claim.leading)):
        return Match("not_compared", near=near, elsewhere=elsewhere)
    certain = len(values) == 1 and _certain(claim) and _sure_candidates(near, tables) and _whole_body(near, tables)
    return Match("disagrees", near[0].fact if len(values) == 1 else None, near, elsewhere, certain)


def _sure_candidates(near: Iterable[Candidate], tables: Tables) -> bool:
    return all(tables.sure(f) for c in near for f in c.facts)


def _certain(claim: Claim) -> bool:
    """Whether what the claim speaks of is beyond doubt: a subject by code, chain or 类 (or economic) name; an item; a total that opens
    its sentence. A 项 named alone may be a project, a total in the middle of a sentence a part of something else."""
    meaning = claim.meaning
    if not meaning.certain or claim.inherited:
        return False
    if meaning.codes:
        scheme, code = meaning.codes[0]
        return meaning.chained or len(code) == _CLASS or scheme != "function"
    return bool(meaning.item) or claim.leading


def _stage_fits(printed: str | None, wanted: str) -> bool:
    return printed == wanted


def _candidates(meaning: Meaning, tables: Tables) -> list[Candidate]:
    """All amounts of a claim's subject, item or kind of total, sums of a subject's rows included."""
    if meaning.item or meaning.topic:
        found = tables.items.get(meaning.item or meaning.topic or "", [])
        if meaning.topic == "operating_expense" and not found:
            found = [f for f, said in tables.unnamed if _type(f, said) == "basic_operating"]
        return _summed(found)
    if meaning.codes:
        found = [f for _, code in meaning.codes for f in tables.by_code.get(code, ())]
        found = [f for f in found if _scheme_fits(f, meaning) and not (meaning.side == "expenditure" and f["side"] == "income")]
        return _summed(found)
    return [Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,)) for f, said in tables.unnamed if _is_whole(f, said)]


def _scheme_fits(fact: Record, meaning: Meaning) -> bool:
    return fact["measure"] == "amount"


def _is_whole(fact: Record, said: Meaning) -> bool:
    return not said.unknown and not said.partial and (fact["row_role"] in ("total", "subtotal") or said.says_what)


def _summed(facts: Sequence[Record]) -> list[Candidate]:
    """Each fact, and for each table and column with several rows of the subject their sum (units, projects)."""
    out = [Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,)) for f in facts]
    groups: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for f in facts:
        groups[(f["table_id"], f["column_no"], f["fiscal_year"], f["stage"])].append(f)
    for group in groups.values():
        if len(group) > 1:
            for rows in (group, [f for f in group if f["is_leaf"]]):
                if len(rows) > 1:
                    value = sum((f["amount_yuan"] for f in rows), Decimal(0))
                    out.append(Candidate(value, sum((f["increment_yuan"] or Decimal(0) for f in rows), Decimal(0)), tuple(rows)))
    return out


def _near(meaning: Meaning, head: Meaning | None, context: str | None, here: list[Candidate], tables: Tables) -> list[Candidate]:
    """The candidates of exactly the claim's meaning: source, kind of spending, side and total as said, or as what surrounds it says."""
    if meaning.item or meaning.topic:
        own = [c for c in here if len(c.facts) == 1 and c.fact["entity_id"] in tables.departments]
        whole = [c for c in own if c.fact["row_role"] == "total"]
        return whole or own
    funding = meaning.funding or context
    kind = meaning.type or ("total" if not head or meaning.scope is not None else head.type or "total")
    out: list[Candidate] = []
    grand: list[Candidate] = []
    for c in here:
        if len(c.facts) > 1:
            continue
        f = c.fact
        said = Meaning() if meaning.codes else tables.label(bare(f["row_label"] or ""))
        source = said.funding or f["funding"]
        period = said.period or f["budget_period"]
        fits = (
            (meaning.side in (None, "both") or (said.side or f["side"]) == meaning.side)
            and (source == funding if funding else (source in _ACROSS))
            and _type(f, said) == kind
            and (meaning.period is None or period == meaning.period or period == "total")
            and (meaning.scope != "grand" or said.period is None)
        )
        if fits:
            out.append(c)
            if said.scope == "grand":
                grand.append(c)
    return grand if grand and meaning.scope == "grand" else out


def _type(fact: Record, said: Meaning) -> str:
    return said.type or fact["expenditure_type"] or "total"


def _elsewhere(printed: Printed, tables: Tables, year: int) -> Record | None:
    """A fact of another meaning that prints the very amount: what the text may be speaking of."""
    if not printed.value:
        return None
    found = [f for f in tables.facts if f["fiscal_year"] == year and f["amount_yuan"] == printed.value]
    return found[0] if found else None


def _whole_body(near: list[Candidate], tables: Tables) -> bool:
    """Whether the figures are the publishing body's own, not those of one of several units."""
    return all(f["entity_id"] == f["department_id"] for c in near for f in c.facts) or len(
        {f["entity_id"] for f in tables.facts} - tables.departments) <= 1
