"""Causes as rows of relation `findings`: verdict, severity, the sentence in two languages.

Here: what is said of a cause with a cell. Not here: finding it (`locate`), causes without one (`unlocated`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from typing import Any

from pipelines.audit.identity import Identity
from pipelines.audit.locate import Cause
from pipelines.audit.rules import rules
from pipelines.audit.scale import OddUnit
from pipelines.audit.sentences import PAGE_EN, as_printed, column_name, place, row_name, unit_of
from pipelines.audit.sheet import Book, Figure
from pipelines.audit.unlocated import described, spoken_of

Record = dict[str, Any]
_SURE = 0.7  # strength from which an identity alone can accuse
_INDEPENDENT = 2


def findings_of(
    book: Book, causes: Sequence[Cause], repaired: Collection[int], check_id: Callable[[Identity], str],
) -> list[Record]:
    """One finding a cause and table; none for failures of identities that may well not apply."""
    out: list[Record] = []
    for cause in causes:
        if cause.slid:
            out.append(_slid(book, cause, check_id))
        elif cause.cells:
            out.extend(_located(book, cause, repaired, check_id))
        else:
            out.extend(_undecided(book, cause, check_id))
    return out


def severity(book: Book, cause: Cause, cells: Sequence[Figure]) -> str:
    """`error` only when several independent identities name the cell, one of them surely applies, and nothing is left over."""
    groups = {i.group for c in cells for i in cause.proofs.get(c.no, ())}
    strong = {i.group for c in cells for i in cause.proofs.get(c.no, ()) if i.strength >= _SURE}
    if cause.given_up or not all(c.certain for c in cells):
        return "warning"
    if len(groups) >= _INDEPENDENT and strong:
        return "error"
    return "warning"


def _located(book: Book, cause: Cause, repaired: Collection[int], check_id: Callable[[Identity], str]) -> list[Record]:
    printed = [book.figures[no] for no in cause.cells if book.figures[no].fact is not None]
    by_table: dict[tuple[int, int], list[Figure]] = {}
    for figure in printed:
        by_table.setdefault((figure.table, figure.row), []).append(figure)
    level = "warning" if cause.moved is not None else severity(book, cause, printed)  # a column may be misread as well as misprinted
    out = []
    for cells in by_table.values():
        first = min(cells, key=lambda f: f.column)
        fact = first.fact or {}
        expected = first.taken[1] if first.taken is not None else cause.cells[first.no]
        proofs = _once(cells, cause)
        rule = _main_rule(proofs, cause)
        read_wrong = first.no in repaired
        read_sure = first.certain and not first.readings  # a cell that can be read in two ways accuses nobody
        verdict = "extraction" if read_wrong else ("publisher" if read_sure and cause.moved is None else "undecided")
        zh, en = _sentence(book, first, expected, proofs)
        if cause.moved is not None:
            right = column_name(book, book.figures[cause.moved])
            zh, en = f"{zh[:-1]}；该金额应在“{right}”栏。", f"{en[:-1]}; the amount belongs in column {right}."
        level_now = "note" if read_wrong else level
        out.append(finding(book, rule, level_now, verdict, first, expected, [check_id(i) for i in proofs], zh, en, fact))
    return out


def _slid(book: Book, cause: Cause, check_id: Callable[[Identity], str]) -> Record:
    """One finding for a stretch of a column that stands a row too low or too high; at its first printed cell."""
    cells = sorted((book.figures[no] for no in cause.cells), key=lambda f: f.row)
    printed = [f for f in cells if f.fact is not None]
    proofs = _once(cells, cause)
    first, last = printed[0], printed[-1]
    where = place(book, first)
    until = row_name(last)
    zh_way, en_way = ("下", "low") if cause.slid > 0 else ("上", "high")
    zh = f"{where}：自此行至“{until}”，本栏金额整体{zh_way}移了一行，移回后{len(proofs)}个关系成立。"
    en = f"{where}: from here to {until} the column stands one row too {en_way}; moved back, {len(proofs)} identities hold."
    rule = _main_rule(proofs, cause)
    ids = [check_id(i) for i in proofs]
    return finding(book, rule, "warning", "undecided", first, cause.cells[first.no], ids, zh, en, first.fact or {}, "slid")


def _once(cells: Sequence[Figure], cause: Cause) -> list[Identity]:
    seen: dict[int, Identity] = {}
    for cell in cells:
        for identity in cause.proofs.get(cell.no, ()):
            seen.setdefault(id(identity), identity)
    return list(seen.values())


def _main_rule(proofs: Sequence[Identity], cause: Cause) -> str:
    order = ("hierarchy_sum", "total_sum", "row_sum", "income_equals_expenditure", "cross_table")
    found = [i.family for i in (proofs or cause.broken)]
    return min(found, key=lambda f: order.index(f) if f in order else len(order))


def _undecided(book: Book, cause: Cause, check_id: Callable[[Identity], str]) -> list[Record]:
    identity = spoken_of(cause)
    said = described(book, cause, identity) if identity is not None else None
    if identity is None or said is None:
        return []
    first, expected, zh, en = said
    family = rules()[identity.rule].family
    return [finding(book, family, "warning", "undecided", first, expected, [check_id(identity)], zh, en, first.fact or {}, identity.rule)]


def finding(
    book: Book, rule: str, level: str, verdict: str, figure: Figure, expected: int | str, proofs: list[str], zh: str, en: str,
    fact: Record, extra: str = "",
) -> Record:
    """A row of relation `findings` about one amount. `expected` is its value in steps, or words where it is not known.

    `extra` tells two findings of one rule about the same amount apart.
    """
    unit, _ = unit_of(figure)
    digest = hashlib.sha256("|".join((book.document_id, rule, fact.get("fact_id") or "", extra)).encode()).hexdigest()[:16]
    return {
        "finding_id": digest, "document_id": book.document_id, "rule": rule, "severity": level, "verdict": verdict,
        "fact_id": fact.get("fact_id"), "page": fact.get("page"), "subject_code": fact.get("subject_code"),
        "printed": f"{fact.get('raw_text')}{unit}", "proofs": proofs,
        "expected": expected if isinstance(expected, str) else as_printed(expected, figure),
        "message_zh": zh, "message_en": en,
    }


def unit_findings(book: Book, odd: Sequence[OddUnit]) -> list[Record]:
    """One finding a table whose amounts are another table's times a power of ten."""
    out = []
    for unit in odd:
        fact = unit.witness.fact or {}
        other = book.sheets[unit.others[0]].table
        times = f"{unit.factor:,}" if unit.factor > 0 else f"1/{-unit.factor:,}"
        expected = unit.witness.value // unit.factor if unit.factor > 0 else unit.witness.value * -unit.factor
        where, where_en = place(book, unit.witness), place(book, unit.witness, PAGE_EN)
        zh = f"{where}：本表金额为《{other.title or other.number or other.table_no}》同科目金额的{times}倍，两表之一的单位有误。"
        en = f"{where_en}: this table's amounts are {times} times those of table {other.table_no}: one of the two units is wrong."
        level = "error" if unit.sure else "warning"
        out.append(finding(book, "cross_table", level, "undecided", unit.witness, expected, [], zh, en, fact, "unit"))
    return out


def _sentence(book: Book, figure: Figure, expected: int, proofs: Sequence[Identity]) -> tuple[str, str]:
    fact = figure.fact or {}
    unit, _ = unit_of(figure)
    value = as_printed(expected, figure)
    names = list(dict.fromkeys(i.rule for i in proofs))
    where, where_en = place(book, figure), place(book, figure, PAGE_EN)
    zh = "；".join(rules()[n].zh for n in names)
    en = "; ".join(rules()[n].en for n in names)
    return (
        f"{where}公布为{fact.get('raw_text')}{unit}，按{len(proofs)}个关系应为{value}（{zh}）。",
        f"{where_en} prints {fact.get('raw_text')}{unit}; {len(proofs)} identities ask for {value} ({en}).",
    )
