"""Sums within a row: which columns of a block add up to which, from the header tree, from the meaning of the columns, and by vote.

A candidate (whole column, part columns) is only believed where the table itself bears it out: it must hold in more rows than it fails
in. A candidate that no row confirms is not applied, unless the columns' meaning is known so well that the form promises it.
Here: candidates and the vote. Not here: rows below one another (`down`), other tables (`between`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from pipelines.audit.identity import Identity
from pipelines.audit.rules import Rule, rules
from pipelines.audit.sheet import Block, Sheet
from pipelines.understand.logical import Column, ColumnMeaning
from pipelines.understand.text import bare

_TOTAL = re.compile(r"^(?:资金|金额|预算|支出|收入)?(?:总)?(?:合计|总计|小计|共计|总额|合计数|计)(?:数|金额)?$")
_OF_WHICH = re.compile(r"^其中|：其中|其中：")
_FULL_LIST = 4  # rows that must add up for each that does not, where 其中 stands before a full list of parts
_PRIOR_LISTED = 0.5
_PROMISED = 0.95  # prior of a sum that the form itself promises, in whatever words: believed in a sole row, too
_SOLE = 0.75  # its strength there
_OTHER_ITEMS = re.compile(r"会议|培训|机关运行|行政经费")
_FACETS = ("expenditure_type", "funding", "budget_period")


@dataclass(frozen=True)
class Candidate:
    """Columns that may add up: `whole` (one, or the left side) and `parts`."""

    rule: str
    whole: tuple[int, ...]
    parts: tuple[int, ...]
    prior: float  # how far the form itself promises it
    listed: bool = False  # some parts are printed as 其中


def row_sums(sheet: Sheet) -> Iterator[Identity]:
    """Identities of all rows of a table, for every candidate that the table bears out."""
    for block in sheet.blocks:
        found = [(c, list(_rows(sheet, block, c))) for c in candidates(block)]
        held = [(c, ids, *_vote(ids)) for c, ids in found]
        for candidate, ids, holds, strong, fails in held:
            if not ids:
                continue
            rivals = [o for o in held if o[0].whole == candidate.whole and o[0] is not candidate]
            if fails and any(rival[3] and rival[4] < fails for rival in rivals):
                continue  # another list of parts explains what this one does not
            if candidate.rule == "row_change" and not holds:
                continue  # which column is which year's was a guess
            if candidate.listed and (not strong or holds < _FULL_LIST * fails):
                continue  # 其中 names a part, unless the table itself shows a full list
            established = (strong and holds >= 2 * fails) or (candidate.prior >= 0.9 and holds >= fails)
            strength = candidate.prior if not fails or established else 0.0
            alone = candidate.prior >= _PROMISED and fails <= holds + 1
            for identity in ids:
                identity.strength = max(strength, 0.9) if established and holds >= 4 * fails else strength
                if not established and fails:
                    identity.state = "not_applicable" if candidate.prior < 0.9 else "applies"
                    identity.strength = _SOLE if alone else 0.4
                yield identity


def _rows(sheet: Sheet, block: Block, candidate: Candidate) -> Iterator[Identity]:
    rule = rules()[candidate.rule]
    for row in block.rows:
        left = [f for c in candidate.whole if (f := sheet.grid.get((row.row, c))) is not None]
        right = [f for c in candidate.parts if (f := sheet.grid.get((row.row, c))) is not None]
        if not any(f.fact for f in left) or not any(f.fact for f in (*left, *right)):
            continue
        broken = any((row.row, c) in sheet.unreadable for c in (*candidate.whole, *candidate.parts))
        yield Identity(
            candidate.rule, rule.family, tuple(left), tuple(right), candidate.prior,
            state="insufficient_data" if broken else "applies", table=sheet.index,
            group=("row", sheet.index, block.number, candidate.rule, candidate.whole), detail=rule.zh,
        )


def _vote(identities: Iterable[Identity]) -> tuple[int, int, int]:
    """Rows that hold, of these by two or more parts, and rows that fail. Empty rows say nothing."""
    holds = strong = fails = 0
    for identity in identities:
        if identity.state != "applies" or identity.empty:
            continue
        if identity.holds:
            holds += 1
            strong += sum(bool(f.value) for f in identity.right) >= 2
        else:
            fails += 1
    return holds, strong, fails


def candidates(block: Block) -> list[Candidate]:
    """All sums that the headers or the meanings of a block's columns suggest, each pair of whole and parts once."""
    columns = [c for c in block.columns if not _OF_WHICH.search(c.path or "")]
    out: dict[tuple[tuple[int, ...], tuple[int, ...]], Candidate] = {}
    full = [] if len(columns) == len(block.columns) else [
        replace(c, prior=_PRIOR_LISTED, listed=True) for c in (*_by_header(block.columns), *_by_meaning(block.columns))]
    for candidate in (*_by_header(columns), *_by_meaning(columns), *_by_item(columns), *_changes(columns), *_by_path(columns), *full):
        key = (candidate.whole, tuple(sorted(candidate.parts)))
        if key not in out or out[key].prior < candidate.prior:
            out[key] = candidate
    return list(out.values())


def _by_header(columns: list[Column]) -> Iterator[Candidate]:
    paths = {c.column: tuple(bare(p) for p in (c.path or "").split(" / ")) for c in columns}
    for column in columns:
        path = paths[column.column]
        if not _TOTAL.match(path[-1]):
            continue
        scope = path[:-1]
        groups: dict[str, list[Column]] = {}
        for other in columns:
            theirs = paths[other.column]
            if other.column != column.column and theirs[: len(scope)] == scope and len(theirs) > len(scope) and _like(other, column):
                groups.setdefault(theirs[len(scope)], []).append(other)
        parts: list[int] = []
        for members in groups.values():
            depth = len(scope) + 1
            total = [m for m in members if len(paths[m.column]) == depth + 1 and _TOTAL.match(paths[m.column][-1])]
            whole = [m for m in members if len(paths[m.column]) == depth]
            parts.extend(m.column for m in (total[:1] or whole or members))
        if len(parts) >= 2:
            yield Candidate("row_header", (column.column,), tuple(parts), 0.6)


def _like(part: Column, whole: Column) -> bool:
    """Whether a column counts the same thing as another: amounts are no part of procurement, nor this year of last year."""
    if part.meaning is None or whole.meaning is None:
        return True
    a, b = part.meaning, whole.meaning
    return a.measure == b.measure and (a.stage, a.year, a.year_offset) == (b.stage, b.year, b.year_offset)


def _by_meaning(columns: list[Column]) -> Iterator[Candidate]:
    known = [c for c in columns if c.meaning is not None and c.meaning.known]
    for rule in rules().values():
        if rule.kind not in _FACETS:
            continue
        for column in known:
            if _facet(column.meaning, rule.kind) != rule.whole:
                continue
            parts = _parts(column, known, rule)
            if len(parts) >= 2:
                sure = len(known) == len(columns) and rule.kind != "funding"
                yield Candidate(rule.rule, (column.column,), tuple(parts), 0.9 if sure else 0.6)


def _facet(meaning: ColumnMeaning | None, facet: str) -> str | None:
    return (getattr(meaning, facet) or "total") if meaning is not None else None


def _rest(meaning: ColumnMeaning | None, facet: str) -> tuple[object, ...]:
    if meaning is None:
        return ()
    own = changed(meaning, **{facet: "total" if facet == "budget_period" else None})
    return (own.funding, own.expenditure_type, own.budget_period, own.stage, own.year, own.year_offset, own.measure,
            own.column_subject_code, own.item, own.side)


def _parts(whole: Column, known: list[Column], rule: Rule) -> list[int]:
    rest = _rest(whole.meaning, rule.kind)
    out: list[int] = []
    for word in rule.parts:
        own = [c.column for c in known if _facet(c.meaning, rule.kind) == word and _rest(c.meaning, rule.kind) == rest and c is not whole]
        if not own:  # 财政拨款 not printed, but its parts are
            below = next((r for r in rules().values() if r.kind == rule.kind and r.whole == word), None)
            own = _parts(whole, known, below) if below is not None else []
        out.extend(own)
    return out


def _by_item(columns: list[Column]) -> Iterator[Candidate]:
    """“三公” items as columns: a sole row cannot vote, but the items themselves say what adds up."""
    groups: dict[tuple[object, ...], list[Column]] = {}
    for column in columns:
        if column.meaning is not None and column.meaning.item:
            groups.setdefault(_rest(changed(column.meaning, item=None), "budget_period"), []).append(column)
    named = [r for r in rules().values() if r.kind == "items"]
    for group in groups.values():
        others = any(_OTHER_ITEMS.search(_item(c)) for c in group)
        for rule in named:
            for whole in group:
                if not re.search(rule.whole, _item(whole)) or _OTHER_ITEMS.search(_item(whole)):
                    continue
                if others and _TOTAL.match(_item(whole)) and "三公" not in (whole.path or ""):
                    continue  # meetings and training may be in it
                parts = [_item_parts(part, group, named) for part in rule.parts]
                if all(parts) and not any(whole.column in own for own in parts):
                    yield Candidate(rule.rule, (whole.column,), tuple(c for own in parts for c in own), _PROMISED)


def _item(column: Column) -> str:
    return bare((column.meaning.item or "") if column.meaning is not None else "")


def _item_parts(part: str, group: list[Column], named: list[Rule]) -> list[int]:
    """The column of an item; where it is not printed, those it is made of; none where several columns answer to it."""
    found = [c.column for c in group if re.search(part, _item(c))]
    if found:
        return found if len(found) == 1 else []
    below = next((r for r in named if r.whole == part), None)
    own = [_item_parts(p, group, []) for p in below.parts] if below is not None else []
    return [c for columns in own for c in columns] if own and all(own) else []


def _changes(columns: list[Column]) -> Iterator[Candidate]:
    """本年 = 上年 + 增减: any two columns that differ from the change column in year or stage only."""
    for change in columns:
        if change.meaning is None or change.meaning.stage != "change":
            continue
        others = [c for c in columns if c is not change and c.meaning is not None and c.meaning.stage != "change"
                  and c.meaning.item == change.meaning.item and c.meaning.expenditure_type == change.meaning.expenditure_type]
        if len(others) <= 6:
            for later in others:
                for earlier in others:
                    if later is not earlier:
                        yield Candidate("row_change", (later.column,), (earlier.column, change.column), 0.5)


def _by_path(columns: list[Column]) -> Iterator[Candidate]:
    for rule in rules().values():
        if rule.kind != "path":
            continue
        left = [_one(columns, p) for p in (rule.whole.split(";") if ";" in rule.whole else [rule.whole])]
        right = [_one(columns, p) for p in rule.parts]
        if all(x is not None for x in (*left, *right)):
            yield Candidate(rule.rule, tuple(x for x in left if x is not None), tuple(x for x in right if x is not None), 0.7)


def _one(columns: list[Column], pattern: str) -> int | None:
    found = [c.column for c in columns if re.search(pattern, c.path or "")]
    return found[0] if len(found) == 1 else None

