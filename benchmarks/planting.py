"""Mistakes of known kinds for `benchmarks/audit.py`, planted into an understood document.

Here: what is altered, and what stood there before. Not here: what the audit makes of it.

Mistakes of the document alter what is printed. Faults of the reading alter the text of a cell but leave the right one among its other
readings, as a second path or the candidates of character recognition do.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from pipelines.normalise.facts import table_id
from pipelines.read.document import Cell
from pipelines.understand.logical import LogicalTable
from pipelines.understand.understand import Understood

DIGITS = ("digits swapped", "digit changed", "decimal shifted", "digit confused", "digit lost")
PLACES = ("row dropped", "amount moved", "column a row down", "wrong unit")
READINGS = ("digit misread", "digit unread")
PAIRS = ("two anywhere", "two in a row", "two in a column", "amount twice")
TOTALS = ("total changed",)
KINDS = (*DIGITS, *PLACES, *READINGS, *TOTALS, *PAIRS)

_CONFUSED = {"0": "68", "1": "7", "2": "7", "3": "8", "4": "9", "5": "6", "6": "85", "7": "1", "8": "36", "9": "4"}
_TRIES = 30
Key = tuple[str, int, int]  # table id, row, column
Fact = dict[str, Any]


@dataclass(frozen=True)
class Plant:
    """An altered document; the cells altered, with the yuan that stood there; the table concerned."""

    kind: str
    understood: Understood
    truth: dict[Key, Decimal]
    table: str


def plant(kind: str, understood: Understood, facts: Sequence[Fact], chance: random.Random) -> Plant | None:
    """One mistake of a kind (for PAIRS two), its place drawn from all amounts alike; None when no amount of the document suits."""
    for _ in range(_TRIES):
        if not facts:
            return None
        first = chance.choice(facts)
        if kind in PAIRS:
            made = _two(kind, understood, first, facts, chance)
        elif kind in TOTALS:
            made = _one("digit changed", understood, first, chance) if first["row_role"] == "total" else None
        else:
            made = _one(kind, understood, first, chance)
        if made is not None:
            return Plant(kind, *made, first["table_id"])
    return None


Made = tuple[Understood, dict[Key, Decimal]]


def _one(kind: str, understood: Understood, fact: Fact, chance: random.Random) -> Made | None:
    number = next(n for n, t in enumerate(understood.tables) if table_id(understood.document_id, t) == fact["table_id"])
    made = _altered(kind, understood.tables[number], fact, chance)
    if made is None:
        return None
    table, truth = made
    return replace(understood, tables=(*understood.tables[:number], table, *understood.tables[number + 1:])), truth


def _two(kind: str, understood: Understood, first: Fact, facts: Sequence[Fact], chance: random.Random) -> Made | None:
    """Two digits changed: anywhere in the document, in one row or column, or the same amount of a subject in two tables alike."""
    same = {
        "two anywhere": lambda f: True,
        "two in a row": lambda f: (f["table_id"], f["row_no"]) == (first["table_id"], first["row_no"]),
        "two in a column": lambda f: (f["table_id"], f["column_no"]) == (first["table_id"], first["column_no"]),
        "amount twice": lambda f: f["table_id"] != first["table_id"] and f["subject_code"] and f["raw_text"] == first["raw_text"]
        and f["subject_code"] == first["subject_code"] and f["amount_yuan"] == first["amount_yuan"],
    }[kind]
    others = [f for f in facts if f["fact_id"] != first["fact_id"] and same(f)]
    if not others:
        return None
    made = _one("digit changed", understood, first, chance)
    if made is None:
        return None
    second = chance.choice(others)
    if kind == "amount twice":
        key = key_of(first)
        text = next(c.text for t in made[0].tables if table_id(understood.document_id, t) == key[0]
                    for c in t.cells if (c.row, c.column) == key[1:])
        again = _one(f"={text}", made[0], second, chance)
    else:
        again = _one("digit changed", made[0], second, chance)
    return (again[0], made[1] | again[1]) if again is not None else None


def key_of(fact: Fact) -> Key:
    """Where an amount stands."""
    return (fact["table_id"], fact["row_no"], fact["column_no"])


def _altered(kind: str, table: LogicalTable, fact: Fact, chance: random.Random) -> tuple[LogicalTable, dict[Key, Decimal]] | None:
    text, truth = fact["raw_text"], {key_of(fact): fact["amount_yuan"]}
    place: dict[str, Callable[[LogicalTable, Fact], tuple[LogicalTable, dict[Key, Decimal]] | None]] = {
        "row dropped": _row_dropped, "amount moved": _moved, "column a row down": _row_down, "wrong unit": _wrong_unit,
    }
    if kind in place:
        return place[kind](table, fact)
    wrong = kind[1:] if kind.startswith("=") else {
        "digits swapped": _swapped, "digit changed": _changed, "decimal shifted": _shifted, "digit confused": _confused,
        "digit lost": _lost, "digit misread": _confused, "digit unread": _lost,
    }[kind](text, chance)
    if wrong is None or wrong == text or _plain(wrong) == _plain(text):
        return None
    others = (_confused(text, chance) or text, text) if kind in READINGS else ()
    return _with(table, (fact["row_no"], fact["column_no"]), wrong, others), truth


def _plain(text: str) -> str:
    return text.replace(",", "").replace("，", "")


def _with(table: LogicalTable, at: tuple[int, int], text: str, others: tuple[str, ...] = ()) -> LogicalTable:
    cells = tuple(replace(c, text=text, alternatives=others) if (c.row, c.column) == at else c for c in table.cells)
    return replace(table, cells=cells, wrapped=tuple(w for w in table.wrapped if w[:2] != at))


def _row_dropped(table: LogicalTable, fact: Fact) -> tuple[LogicalTable, dict[Key, Decimal]] | None:
    """A row of the last level that adds to others is gone."""
    row = fact["row_no"]
    if sum(r.row == row for r in table.rows) != 1 or fact["row_role"] == "total" or not fact["amount_yuan"]:
        return None
    if any(r.parent == row for r in table.rows):
        return None
    return replace(table, rows=tuple(r for r in table.rows if r.row != row), cells=tuple(c for c in table.cells if c.row != row)), {}


def _moved(table: LogicalTable, fact: Fact) -> tuple[LogicalTable, dict[Key, Decimal]] | None:
    """The amount slips into the empty cell beside it."""
    row, column, text = fact["row_no"], fact["column_no"], fact["raw_text"]
    amounts = {c.column for c in table.columns if c.role == "amount"}
    printed = {(c.row, c.column): c.text.strip() for c in table.cells}
    for beside in (column + 1, column - 1):
        if beside in amounts and not printed.get((row, beside)) and fact["amount_yuan"]:
            here = next((c for c in table.cells if (c.row, c.column) == (row, column)), None)
            if here is None:
                return None
            rest = [c for c in table.cells if (c.row, c.column) not in ((row, beside), (row, column))]
            truth = {(fact["table_id"], row, beside): Decimal(0), key_of(fact): fact["amount_yuan"]}
            return replace(table, cells=(*rest, replace(here, text=""), replace(here, column=beside, text=text))), truth
    return None


def _row_down(table: LogicalTable, fact: Fact) -> tuple[LogicalTable, dict[Key, Decimal]] | None:
    """From a row on, all amounts of a column stand one row lower; the last falls off, the first is left blank."""
    column = fact["column_no"]
    rows = sorted({r.row for r in table.rows if r.row >= fact["row_no"]})
    cells = {c.row: c for c in table.cells if c.column == column and c.row in rows}
    if len(rows) < 3 or any(r not in cells for r in rows) or len({cells[r].text for r in rows}) < 3:
        return None
    above = dict(zip(rows[1:], rows, strict=False))
    moved: list[Cell] = [replace(cells[r], text=cells[above[r]].text if r in above else "") for r in rows]
    rest = [c for c in table.cells if not (c.column == column and c.row in rows)]
    return replace(table, cells=(*rest, *moved)), {}


def _wrong_unit(table: LogicalTable, fact: Fact) -> tuple[LogicalTable, dict[Key, Decimal]] | None:
    other = {"万元": "元", "元": "万元"}.get(table.unit or "")
    return (replace(table, unit=other), {}) if other and fact["amount_yuan"] else None


def _at(text: str, chance: random.Random, usable: Callable[[int], bool]) -> int | None:
    places = [i for i in range(len(text)) if text[i].isdigit() and usable(i)]
    return chance.choice(places) if places else None


def _swapped(text: str, chance: random.Random) -> str | None:
    i = _at(text[:-1], chance, lambda i: text[i + 1].isdigit() and text[i] != text[i + 1])
    return text[:i] + text[i + 1] + text[i] + text[i + 2:] if i is not None else None


def _changed(text: str, chance: random.Random) -> str | None:
    i = _at(text, chance, lambda i: True)
    return text[:i] + chance.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1:] if i is not None else None


def _confused(text: str, chance: random.Random) -> str | None:
    i = _at(text, chance, lambda i: text[i] in _CONFUSED)
    return text[:i] + chance.choice(_CONFUSED[text[i]]) + text[i + 1:] if i is not None else None


def _lost(text: str, chance: random.Random) -> str | None:
    """A digit that counts is not there."""
    i = _at(text, chance, lambda i: sum(ch.isdigit() for ch in text) > 1)
    return _plain(text[:i] + text[i + 1:]).rstrip(".") or None if i is not None else None


def _shifted(text: str, chance: random.Random) -> str | None:
    plain = _plain(text)
    if not any(ch in "123456789" for ch in plain):
        return None
    if "." not in plain:
        return plain + "0"
    whole, _, rest = plain.partition(".")
    if (chance.random() < 0.5 and len(whole) > 1) or not rest:
        return f"{whole[:-1]}.{whole[-1]}{rest}"
    return f"{whole}{rest[0]}.{rest[1:] or '0'}"
