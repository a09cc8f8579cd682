"""Amounts in the running text against the facts of the tables.

A claim agrees when a fact of its meaning lies within half of the last printed digit. It disagrees only when its meaning is certain and no
fact of that subject (or no total, no item) of that year prints such an amount. Here: candidates and outcomes. Not here: sentences about it
(`claims_findings`), figures of the text against one another (`claims_arithmetic`), other amounts of the tables beside
the one claimed (`claims_beside`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.audit.claims_meaning import COVERED, Meaning, form_of_label
from pipelines.audit.claims_parse import Claim, Printed
from pipelines.audit.claims_tables import ITEM_FILE, Candidate, Record, Tables, summed
from pipelines.audit.claims_text import form
from pipelines.understand.text import bare

__all__ = ["ITEM_FILE", "Candidate", "Match", "Record", "Tables", "agrees", "compare"]
_PARTICULAR = 4  # digits of an amount that is no chance
_CLASS = 3  # digits of a 类
_WAN = 10_000
GOODS = "302"  # 商品和服务支出
MEETINGS = {"30215": "会议费", "30216": "培训费"}
_ACROSS = ("total", "fiscal_appropriation", "general_public_budget")


@dataclass(slots=True)
class Match:
    """What came of a comparison. `near` are the candidates of exactly the claim's meaning; `elsewhere` what else prints that amount."""

    outcome: str = "not_compared"
    fact: Record | None = None
    near: list[Candidate] = field(default_factory=list)
    elsewhere: Record | None = None
    certain: bool = False
    unit_slip: bool = False  # 元 printed for 万元


def agrees(printed: Printed, candidate: Candidate) -> bool:
    """Whether two printed numbers can be the same amount: their intervals touch."""
    difference = abs(printed.value - candidate.value)
    cut_short = abs(printed.value) < abs(candidate.value) and difference < printed.increment  # 41651元 as 4.16万元
    return 2 * difference <= printed.increment + candidate.increment or cut_short


def compare(claim: Claim, tables: Tables) -> Match:
    """The outcome of one claim. 预算数 in the text may be the adjusted one of a table; that it is another amount says nothing then."""
    stage = tables.stage_of(claim.meaning)
    found = _compare(claim, tables, stage)
    if found.fact is None and found.outcome != "disagrees" and stage == "budget":
        adjusted = _compare(claim, tables, "adjusted_budget")
        if adjusted.outcome in ("agrees", "agrees_rounded") and adjusted.fact is not None:
            return adjusted
    return found


def _compare(claim: Claim, tables: Tables, stage: str) -> Match:
    meaning, printed = claim.meaning, claim.amount
    if printed is None or tables.year is None:
        return Match()
    year = meaning.year or tables.year
    if meaning.topic == COVERED and not meaning.unknown and not meaning.codes:
        return _covered(meaning, printed, tables, year, stage)
    if meaning.partial and not meaning.unknown:
        return _partial(meaning, printed, tables, year, stage)
    if meaning.unknown or not meaning.says_what or meaning.unit:
        found = _by_name(claim, printed, tables, year, stage)
        return found if found.fact is not None or not (meaning.unit and meaning.certain) else _of_unit(claim, printed, tables, year, stage)
    here = [c for c in candidates_of(meaning, tables) if c.fact["fiscal_year"] == year and c.fact["stage"] == stage]
    near = near_to(meaning, claim.head.meaning if claim.head else None, claim.context, here, tables)
    if not near and not meaning.funding and claim.context == "fiscal_appropriation":  # 财政拨款 of one source only
        one = near_to(meaning, claim.head.meaning if claim.head else None, "general_public_budget", here, tables)
        near = one if any(agrees(printed, c) for c in one) else []
    # any zero equals any other: a zero is compared with the very thing only
    hit = next((c for c in (*_wholes_first(near, meaning), *(here if printed.value else ())) if agrees(printed, c)), None)
    if hit is not None:
        same = hit in near or bool(meaning.codes)
        single = len(hit.facts) == 1
        return Match(_how(printed, hit) if same else "not_compared", hit.fact if same and single else None, near)
    classes = _by_class(claim, printed, tables, year, stage)
    if classes is not None:
        return classes
    if meaning.topic == "operating_expense" and (running := _running(printed, tables, year, stage)) is not None:
        return running
    if (meeting := _meetings(meaning, printed, tables, year, stage)) is not None:
        return meeting
    named = _by_name(claim, printed, tables, year, stage, projects_only=True)
    if named.outcome != "not_compared":  # a project of the same name
        return named
    if meaning.soft:
        printed_so = here or _meeting_rows(meaning, tables, year, stage)
        return Match("not_compared" if printed_so else "not_found", near=near)
    if not near:
        return Match("not_found" if year == tables.year and (not here or meaning.certain) else "not_compared")
    if year != tables.year or (meaning.topic == "operating_expense" and meaning.topic not in tables.items):
        return Match("not_compared", near=near)
    slipped = [c for c in near if printed.text.endswith("元") and not printed.text.endswith("万元") and c.value == printed.value * _WAN]
    if slipped:
        return Match("disagrees", slipped[0].fact, near, None, all_sure(slipped, tables), unit_slip=True)
    elsewhere = _elsewhere(printed, tables, year)
    misprints = _misprints(printed, near)
    labelled = labelled_as(meaning, near)
    meant = next((found for found in (near, labelled, misprints) if len({c.value for c in found}) == 1), [])
    told = bool(meaning.item or meaning.topic or claim.leading or (labelled and meaning.funding))
    if not meaning.codes and (elsewhere is not None or not told):
        if elsewhere is None and len({c.value for c in misprints}) == 1 and all_sure(near, tables) and _whole_body(near, tables):
            return Match("disagrees", misprints[0].fact, near)  # in the midst of a sentence, but for a digit or two the very amount
        return Match("not_compared", near=near, elsewhere=elsewhere)
    certain = bool(meant) and _certain(claim) and all_sure(near, tables) and _whole_body(near, tables)
    return Match("disagrees", meant[0].fact if meant else None, near, elsewhere, certain)


def _wholes_first(near: list[Candidate], meaning: Meaning) -> list[Candidate]:
    """The candidates of a kind of total, printed totals first: 收入 is 本年收入合计 rather than the one source that it is made of."""
    if meaning.codes or meaning.item or meaning.topic or meaning.funding:
        return near
    return sorted(near, key=lambda c: (c.fact["row_role"] != "total", c.fact["funding"] not in (None, "total")))


def _misprints(printed: Printed, near: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that a slip of the pen makes of the printed amount, those of the fewest wrong digits only."""
    found = [(wrong, c) for c in near if len(c.facts) == 1 and (wrong := _wrong_digits(printed, c))]
    fewest = min((wrong for wrong, _ in found), default=0)
    return [c for wrong, c in found if wrong == fewest]


def _wrong_digits(printed: Printed, candidate: Candidate) -> int:
    """How many digits two amounts of as many digits differ in; 0 where that is none or more than a third."""
    one, other = (str(v.quantize(Decimal(1)) if v == v.to_integral() else v.normalize()) for v in (
        abs(printed.value / printed.increment), abs(candidate.value / printed.increment)))
    if len(one) != len(other) or "." in one + other:
        return 0
    different = sum(a != b for a, b in zip(one, other, strict=True))
    return different if different <= max(1, len(one) // 3) and len(one) > _PARTICULAR - 1 else 0


def labelled_as(meaning: Meaning, near: Iterable[Candidate]) -> list[Candidate]:
    """Of the candidates those whose row bears the very words of the claim: 本年支出合计, 政府性基金预算拨款收入."""
    words = form_of_label(meaning.subject_text)
    return [c for c in near if words and form_of_label(c.fact["row_label"] or "") == words]


def _how(printed: Printed, hit: Candidate) -> str:
    return "agrees" if hit.value == printed.value else "agrees_rounded"


def _one(f: Record) -> Candidate:
    return Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,))


def _by_name(claim: Claim, printed: Printed, tables: Tables, year: int, stage: str, projects_only: bool = False) -> Match:
    """A row or project of exactly that name: it can agree; the text may speak of a part, so a difference accuses nobody."""
    meaning = claim.meaning
    phrases = [meaning.whole, meaning.unit + meaning.phrase, meaning.phrase, meaning.subject_text]
    if meaning.unit and meaning.unknown:
        phrases.append(meaning.subject_text.replace(meaning.unit, ""))
    if meaning.unit and not meaning.says_what and not meaning.unknown:
        phrases.append(meaning.unit)
    found = [f for f in tables.by_label(p for p in phrases if p) if f["fiscal_year"] == year and f["stage"] == stage]
    found = [f for f in found if (f["project_name"] or (not projects_only and _in_total(f))) and (not meaning.unit or _of(meaning.unit, f))]
    found.sort(key=lambda f: not _in_total(f))
    if not found:
        return Match("not_compared")
    hit = next((c for f in found if agrees(printed, c := _one(f))), None)
    if hit is not None:
        return Match(_how(printed, hit), hit.fact)
    near = [_one(f) for f in found]
    totals = {f["amount_yuan"]: f for f in found if f["row_role"] == "total" and tables.sure(f)}
    if meaning.project and len(totals) == 1:  # the form's 年度资金总额 of the very project
        return Match("disagrees", next(iter(totals.values())), near)
    projects = [c for c in near if c.fact["project_name"] and c.fact["funding"] in (None, "total")]
    misprints = _misprints(printed, projects) if len({c.value for c in projects}) == 1 and all_sure(projects, tables) else []
    if misprints and _elsewhere(printed, tables, year) is None and all(f["project_name"] for f in found):
        return Match("disagrees", misprints[0].fact, near)  # but for a digit the amount of the project of that name
    return Match("not_compared", near=near)


def _in_total(fact: Record) -> bool:
    """Whether it stands in a column that is about the whole, not one source or kind of spending of it."""
    return (fact["funding"] in (None, "total")) and (fact["expenditure_type"] in (None, "total")) and fact["measure"] == "amount"


def _of(unit: str, fact: Record) -> bool:
    return bare(form(fact["entity_name"] or "")) == bare(unit) or bare(form(fact["row_label"] or "")).endswith(bare(unit))


def _of_unit(claim: Claim, printed: Printed, tables: Tables, year: int, stage: str) -> Match:
    """The amount of a unit: only facts of that unit's rows are meant."""
    here = [
        c for c in candidates_of(claim.meaning, tables)
        if c.fact["fiscal_year"] == year and c.fact["stage"] == stage and all(_of(claim.meaning.unit, f) for f in c.facts)]
    near = near_to(claim.meaning, claim.head.meaning if claim.head else None, claim.context, here, tables)
    hit = next((c for c in near if agrees(printed, c)), None)
    if hit is None or len(hit.facts) > 1:
        return Match("not_compared" if here else "not_found", near=near)
    return Match(_how(printed, hit), hit.fact, near)


def _partial(meaning: Meaning, printed: Printed, tables: Tables, year: int, stage: str) -> Match:
    """Carry-over and parts of procurement: rows that say the same and no other source."""
    rows: list[Record]
    if meaning.part:
        rows = tables.parts.get(meaning.part, []) if meaning.topic in (None, "procurement") else []
    else:
        rows = [f for f, said in tables.carried if said.carry == meaning.carry and said.funding == meaning.funding]
    found = [_one(f) for f in rows if f["fiscal_year"] == year and f["stage"] == stage]
    if meaning.part:
        found.sort(key=lambda c: c.fact["funding"] != (meaning.funding or "total"))
    columns = [f for f, said in tables.carried_columns if said == (meaning.carry, meaning.funding) and f["entity_id"] in tables.departments]
    beside = [_one(f) for f in columns if f["fiscal_year"] == year and f["stage"] == stage]  # it may hold a part only: it accuses nobody
    hit = next((c for c in (*found, *beside) if agrees(printed, c)), None)
    if hit is not None:
        return Match(_how(printed, hit), hit.fact)
    values = {c.value for c in found}
    sure = all_sure(found, tables) and _whole_body(found, tables)
    if len(values) == 1 and meaning.carry and printed.value and all(values) and sure:
        return Match("disagrees", found[0].fact, found)
    return Match("not_compared" if found else "not_found", near=found)


def _covered(meaning: Meaning, printed: Printed, tables: Tables, year: int, stage: str) -> Match:
    """What performance management covers: all that is spent, or all projects. It can be a part of either, so it never accuses."""
    if not printed.value:
        return Match()
    found = [
        _one(f) for f, said in tables.unnamed
        if f["fiscal_year"] == year and f["stage"] == stage and _of_body(f, tables) and not f["project_name"]
        and (said.side or f["side"]) == "expenditure" and _type(f, said) in ("total", "project")
        and f["funding"] in ((meaning.funding,) if meaning.funding else _ACROSS)
    ]
    hit = next((c for c in found if agrees(printed, c)), None)
    return Match(_how(printed, hit), hit.fact) if hit is not None else Match("not_compared", near=found)


def _of_body(fact: Record, tables: Tables) -> bool:
    """Whether a row is about all of the publishing body: a total, or the line that bears its name."""
    named = bare(fact["row_label"] or "") == bare(fact["entity_name"] or "")
    return fact["entity_id"] in tables.departments and (fact["row_role"] == "total" or named)


def _running(printed: Printed, tables: Tables, year: int, stage: str) -> Match | None:
    """机关运行经费 without a table about it: 公用经费 by its classes, 商品和服务支出 of basic expenditure, 行政经费 beside “三公”."""
    rows = [f for group in tables.classes.values() for f in group if GOODS in (f["subject_code"], f["economic_department_code"])]
    whole = [_one(f) for f in (*rows, *tables.items.get("administrative", ()))]
    for c in (*tables.of_classes("basic_operating"), *whole):
        own = all(f["entity_id"] in tables.departments for f in c.facts)
        if own and c.fact["fiscal_year"] == year and c.fact["stage"] == stage and printed.value and agrees(printed, c):
            return Match(_how(printed, c), c.fact if len(c.facts) == 1 else None)
    return None


def _meetings(meaning: Meaning, printed: Printed, tables: Tables, year: int, stage: str) -> Match | None:
    """会议费 and 培训费, which the “三公” tables of some provinces print as items, not as economic subjects."""
    hit = next((c for c in _meeting_rows(meaning, tables, year, stage) if agrees(printed, c)), None)
    return Match(_how(printed, hit), hit.fact) if hit is not None else None


def _meeting_rows(meaning: Meaning, tables: Tables, year: int, stage: str) -> list[Candidate]:
    labels = {MEETINGS.get(code) for _, code in meaning.codes} - {None}
    rows = [f for label in labels for f in tables.named.get(label or "", ()) if f["table_kind"] == "three_public"]
    return [_one(f) for f in rows if f["fiscal_year"] == year and f["stage"] == stage and f["entity_id"] in tables.departments]


def _by_class(claim: Claim, printed: Printed, tables: Tables, year: int, stage: str) -> Match | None:
    """人员经费, 公用经费: the sum of their economic classes."""
    kind = claim.meaning.type
    if kind not in ("basic_personnel", "basic_operating") or claim.meaning.codes:
        return None
    for c in tables.of_classes(kind):
        if c.fact["fiscal_year"] == year and c.fact["stage"] == stage and printed.value and agrees(printed, c):
            return Match(_how(printed, c), c.fact if len(c.facts) == 1 else None)
    return None


def all_sure(near: Iterable[Candidate], tables: Tables) -> bool:
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


def candidates_of(meaning: Meaning, tables: Tables) -> list[Candidate]:
    """All amounts of a claim's subject, item or kind of total, sums of a subject's rows included."""
    if meaning.item or meaning.topic:
        found = tables.items.get(meaning.item or meaning.topic or "", [])
        if meaning.topic == "operating_expense" and not found:
            found = [f for f, said in tables.unnamed if _type(f, said) == "basic_operating"]
        return summed(found)
    if meaning.codes:
        found = [f for _, code in meaning.codes for f in tables.by_code.get(code, ())]
        found = [f for f in found if _scheme_fits(f, meaning) and not (meaning.side == "expenditure" and f["side"] == "income")]
        return summed(found)
    return [Candidate(f["amount_yuan"], f["increment_yuan"] or Decimal(0), (f,)) for f, said in tables.unnamed if _is_whole(f, said)]


def _scheme_fits(fact: Record, meaning: Meaning) -> bool:
    return fact["measure"] == "amount"


def _is_whole(fact: Record, said: Meaning) -> bool:
    return not said.unknown and not said.partial and (fact["row_role"] in ("total", "subtotal") or said.says_what)


def near_to(meaning: Meaning, head: Meaning | None, context: str | None, here: list[Candidate], tables: Tables) -> list[Candidate]:
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
