"""Sums down a column: parents and their children, totals and their rows, in every column of amounts of a block.

Each parent row is one hypothesis over all columns; hypotheses of one kind in one table stand or fall together (by vote), because a form
that adds up adds up everywhere. Of the ways in which a total may be made up (rows above, rows below, earlier total and the rows since,
subtotals, last level) the one is taken that the columns confirm.
Here: hypotheses and the vote. Not here: sums within a row (`across`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.audit.beside import in_one_list
from pipelines.audit.identity import Identity
from pipelines.audit.mend import mend
from pipelines.audit.rules import rules
from pipelines.audit.sheet import Block, Sheet
from pipelines.audit.tree import Forest, Node, forest
from pipelines.understand.logical import Row
from pipelines.understand.text import enumerator_level

_LISTS = 0.6  # goods, services and units nested in any order: their groups are a guess
_UNTRIED = 0.7  # strength of a way that was not taken
_FORM = 0.7  # strength of a total whose rows the form numbers or names
_LISTED = 3  # numbered rows
_CARRIED = re.compile(r"结转|结余|弥补")
_THIS_YEAR = re.compile(r"[本当]年")
_FEW = 4  # parents of one kind: too few for a vote against the classification itself


@dataclass(slots=True)
class Hypothesis:
    """A row and the rows that should add up to it, in all columns."""

    rule: str
    whole: Node
    parts: Sequence[Node]
    prior: float
    identities: list[Identity]
    holds: int = 0
    strong: int = 0
    fails: int = 0


def column_sums(sheet: Sheet) -> Iterator[Identity]:
    """Identities of hierarchy and totals of a table."""
    sheet = in_one_list(sheet)
    for whole in sheet.blocks:
        yield from _row_changes(sheet, whole)
        for block in _by_period(whole):
            yield from _block_sums(sheet, block)


def _by_period(block: Block) -> Iterator[Block]:
    """Rows of one year and stage add up among themselves: 2025年 | 2026年 | 增减 as rows of a unit."""
    rows: dict[tuple[object, ...], list[Row]] = {}
    for row in block.rows:
        rows.setdefault((row.stage, row.year, row.year_offset), []).append(row)
    for some in rows.values():
        yield Block(block.number, some, block.columns) if len(rows) > 1 else block


def _row_changes(sheet: Sheet, block: Block) -> Iterator[Identity]:
    """增减 as a row below two years of the same unit: later = earlier + change."""
    rule = rules()["row_change"]
    for at, row in enumerate(block.rows):
        if row.stage != "change" or at < 2:
            continue
        earlier, later = block.rows[at - 2], block.rows[at - 1]
        if earlier.stage == "change" or later.stage == "change" or earlier.entity != row.entity or later.entity != row.entity:
            continue
        for column in block.columns:
            terms = [sheet.grid.get((r.row, column.column)) for r in (later, earlier, row)]
            if all(t is not None and t.fact is not None for t in terms):
                a, b, c = (t for t in terms if t is not None)
                yield Identity("row_change", rule.family, (a,), (b, c), 0.8, table=sheet.index, detail=rule.zh,
                               group=("down", sheet.index, block.number, "row_change", row.row))


def _block_sums(sheet: Sheet, block: Block) -> Iterator[Identity]:
    trees = forest(block)
    mend(sheet, block, trees)
    groups: dict[str, list[Hypothesis]] = {}
    for node in trees.nodes:
        if node.children:
            rule = node.kind
            key = f"{rule}:{len(node.row.code or '')}"
            groups.setdefault(key, []).append(_hypothesis(sheet, block, rule, node, node.children, _prior(node)))
        for part in node.of_which:
            yield from _bounds(sheet, block, node, part)
    listed = sheet.table.kind in ("procurement", "service_procurement")
    for made in groups.values():
        for identity in _voted(made):
            if listed and not identity.rule.startswith("tree_subject"):
                identity.strength = min(identity.strength, _LISTS)
            yield identity
    for total in trees.totals:
        yield from _total(sheet, block, trees, total)


def _hypothesis(sheet: Sheet, block: Block, rule: str, whole: Node, parts: Sequence[Node], prior: float) -> Hypothesis:
    out = Hypothesis(rule, whole, parts, prior, [])
    row_prints = any(sheet.printed(whole.row.row, c.column) for c in block.columns)
    for column in block.columns:
        left = sheet.grid.get((whole.row.row, column.column))
        right = [f for p in parts if (f := sheet.grid.get((p.row.row, column.column))) is not None]
        if left is None or not row_prints or not (left.fact or any(f.fact for f in right)):
            continue
        broken = any((n.row.row, column.column) in sheet.unreadable for n in (whole, *parts))
        identity = Identity(
            rule, rules()[rule].family, (left,), tuple(right), prior, state="insufficient_data" if broken else "applies",
            group=("down", sheet.index, block.number, rule, whole.row.row), table=sheet.index, detail=rules()[rule].zh,
        )
        out.identities.append(identity)
        if broken or identity.empty or left.fact is None:
            continue
        if identity.holds:
            out.holds += 1
            out.strong += not identity.trivial
        else:
            out.fails += 1
    return out


def _prior(node: Node) -> float:
    """How far the form promises that a parent is the sum of its children: most where the classification's codes are printed."""
    if node.row.printed_code and node.row.code and all(c.row.printed_code and c.row.code for c in node.children):
        return 0.9
    return 0.8


def _voted(made: list[Hypothesis]) -> Iterator[Identity]:
    """Hypotheses of one kind: applied when more of them hold than fail."""
    good = sum(h.holds > 0 and h.holds >= h.fails for h in made)
    proved = sum(h.strong > 0 and h.holds >= h.fails for h in made)
    bad = sum(h.fails > h.holds for h in made)
    for h in made:
        for identity in h.identities:
            if proved and good >= 2 * bad:
                identity.strength = 1.0 if good >= 4 * bad else 0.85
            elif good >= bad or (h.rule == "tree_subject" and len(made) <= _FEW and h.whole.row.printed_code):
                identity.strength = h.prior * 0.8
            elif h.rule == "tree_group" and _numbered(h.parts):
                identity.strength = _FORM
            elif identity.state == "applies" and not identity.holds:
                identity.state = "not_applicable"
            yield identity


def _bounds(sheet: Sheet, block: Block, whole: Node, part: Node) -> Iterator[Identity]:
    for column in block.columns:
        left, right = sheet.printed(part.row.row, column.column), sheet.printed(whole.row.row, column.column)
        if left is not None and right is not None and right.value >= 0:
            rule = rules()["tree_of_which"]
            yield Identity(rule.rule, rule.family, (left,), (right,), 0.5, bound=True, table=sheet.index, detail=rule.zh)


def _total(sheet: Sheet, block: Block, trees: Forest, total: Node) -> Iterator[Identity]:
    """The total in the way that the columns confirm; otherwise in the way that stands to reason, if the rows are of one kind."""
    earlier = [t for t in trees.totals if t.at < total.at]
    later = [t for t in trees.totals if t.at > total.at]
    above = [r for r in trees.roots if r.at < total.at]
    below = [r for r in trees.roots if r.at > total.at]
    since = [r for r in above if not earlier or r.at > earlier[-1].at]
    until = [r for r in below if not later or r.at < later[0].at]
    leaves = [n for n in trees.nodes if not n.children and n not in trees.totals and n.row.role != "of_which"]
    ways: list[tuple[str, list[Node]]] = []
    if earlier:
        ways += [("total_carry", [earlier[-1], *since]), ("total_rows", since), ("total_rows", above)]
        if len(earlier) > 1:
            ways += [("total_subtotals", earlier), ("total_carry", [earlier[0], *[r for r in above if r.at > earlier[0].at]])]
    else:
        ways.append(("total_rows", above))
    ways += [("total_rows", until), ("total_rows", below), ("total_subtotals", later), ("total_rows", leaves), ("total_rows", trees.roots)]
    tried = [_hypothesis(sheet, block, rule, total, parts, _UNTRIED) for rule, parts in ways if parts and parts != [total]]
    if not tried:
        return
    best = max(tried, key=lambda h: (h.holds - h.fails, h.strong, -tried.index(h)))
    confirmed = best.holds >= best.fails and best.holds > 0
    promised = next((h for h in tried if _of_one_kind(h.parts)), None)
    form = None if confirmed else next((h for h in tried if _by_form(h, earlier)), None)
    if not confirmed:
        best = form or promised or tried[0]
    elif promised is not None and best.parts is leaves and promised.parts is not leaves and len(promised.parts) == len(trees.roots):
        for identity in promised.identities:  # the last level adds up: then the level above it must, too
            identity.strength = 0.7 if promised.holds else 0.5
            yield identity
    for identity in best.identities:
        if confirmed:
            identity.strength = 1.0 if best.strong and best.holds >= 2 * best.fails else 0.7
        elif best is form:
            identity.strength = _FORM
        elif _of_one_kind(best.parts) or _falls_short(best):
            identity.strength = 0.6
        elif identity.state == "applies" and not identity.holds:
            identity.state = "not_applicable"
        yield identity
    if not best.strong or best.fails:  # 总计 = 本年合计 alone shows nothing: another way may be the right one, and miss by a slip
        for other in tried:
            if other.rule == "total_subtotals" and len(other.parts) == 1:
                continue  # 本年合计 is 总计 only where nothing is carried over
            for identity in other.identities:
                if other is not best and identity.state == "applies" and not identity.holds and identity.strength <= _UNTRIED:
                    identity.state = "aside"
                    yield identity


def _by_form(tried: Hypothesis, earlier: Sequence[Node]) -> bool:
    """Whether the form says what adds up: numbered rows (一、… 二、…) to the first total; 本年合计 and carry-over to 总计."""
    if not earlier:
        return tried.rule == "total_rows" and _numbered(tried.parts)
    rest = [p for p in tried.parts if p is not earlier[-1]]
    carried = bool(rest) and all(_CARRIED.search(p.row.label) for p in rest)
    return tried.rule == "total_carry" and carried and bool(_THIS_YEAR.search(earlier[-1].row.label))


def _numbered(parts: Sequence[Node]) -> bool:
    """Whether rows are a numbered list of one level."""
    levels = {enumerator_level(p.row.label) for p in parts}
    return len(parts) >= _LISTED and len(levels) == 1 and None not in levels


def _falls_short(tried: Hypothesis) -> bool:
    """Whether the sole unit or subject listed is less than the total in several columns: another row may not be there."""
    failed = [i for i in tried.identities if not i.holds and i.state == "applies"]
    sole = len(tried.parts) == 1 and (tried.parts[0].is_unit or bool(tried.parts[0].row.code))
    return sole and len(failed) > 1 and all(i.residual > 0 for i in failed)


def _of_one_kind(parts: Sequence[Node]) -> bool:
    """Whether the parts are all units, all projects, or all subjects of one level: then a form promises that they add up."""
    if len(parts) < 2:
        return False
    if all(p.row.project is not None and not p.children for p in parts):
        return True
    return all(p.is_unit for p in parts) or len({(p.row.scheme, len(p.row.code or "")) for p in parts if p.row.code}) == 1 == len(
        {bool(p.row.code) for p in parts})
