"""The numbers of a document as the audit sees them: a grid of figures by table and block, blanks included, in whole steps of 0.0001 yuan.

Here: turning frames and logical tables into plain integers with their place. Not here: which of them should add up.

A figure's value is an interval: the printed amount plus or minus half of what its last printed digit is worth (`increment`). Where a table
drops trailing zeros (12 beside 12.34) the increment is that of its finest common form, because 12 stands for 12.00 there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.normalise.facts import table_id
from pipelines.understand.amounts import is_filler, parse_amount, unit_factor
from pipelines.understand.logical import Column, ColumnMeaning, LogicalTable, Row
from pipelines.understand.text import compact
from pipelines.understand.understand import Understood

SCALE = 10_000  # steps in a yuan
_COMMON_FORM = 0.1  # share of a table's figures that must print so many decimals for the others to be cut short
_SURE_METHODS = frozenset({"lattice", "tsv", "cell_lines", "docx", "xlsx", "html"})


@dataclass(frozen=True, slots=True)
class Reading:
    """Another reading of a cell: its text, value and increment in steps, and the readings of other cells (by number) that go with it."""

    text: str
    value: int
    increment: int
    along: tuple[tuple[int, Reading], ...] = ()


@dataclass(slots=True)
class Figure:
    """One cell of an amount column: printed (with its fact) or blank (value 0, no fact)."""

    no: int
    value: int  # steps
    increment: int  # steps; 0 for a blank
    table: int  # index into Book.sheets
    row: int
    column: int
    fact: dict[str, Any] | None = None
    certain: bool = True  # the reading is sure
    readings: tuple[Reading, ...] = ()
    taken: tuple[str, int, int] | None = None  # text, value and increment of the reading that replaced the first


@dataclass(slots=True)
class Block:
    """One side of a table: its rows in order and its columns of amounts."""

    number: int
    rows: list[Row]
    columns: list[Column]


@dataclass(slots=True)
class Sheet:
    """One logical table with its figures by (row, column)."""

    index: int
    table: LogicalTable
    table_id: str
    blocks: list[Block]
    grid: dict[tuple[int, int], Figure] = field(default_factory=dict)
    unreadable: set[tuple[int, int]] = field(default_factory=set)  # cells that print something that is no amount
    decimals: int = 0

    def printed(self, row: int, column: int) -> Figure | None:
        """The printed figure of a cell; None when it is blank."""
        found = self.grid.get((row, column))
        return found if found is not None and found.fact is not None else None


@dataclass(slots=True)
class Book:
    """All figures of one document."""

    document_id: str
    fiscal_year: int | None
    year_corroborated: bool
    sheets: list[Sheet]
    figures: list[Figure]


def steps(amount: Any) -> int:
    """A Decimal of yuan in whole steps."""
    return int(amount * SCALE)


def book_of(frames: dict[str, pl.DataFrame], understood: Understood) -> Book:
    """The figures of all understood tables of one document."""
    by_cell: dict[tuple[str, int, int], dict[str, Any]] = {
        (f["table_id"], f["row_no"], f["column_no"]): f for f in frames["facts"].iter_rows(named=True)
    }
    facts_of: dict[str, list[dict[str, Any]]] = {}
    for fact in by_cell.values():
        facts_of.setdefault(fact["table_id"], []).append(fact)
    figures: list[Figure] = []
    sheets: list[Sheet] = []
    for table in understood.tables:
        own = table_id(understood.document_id, table)
        blocks = _blocks(table)
        inside = {(row.row, column.column) for block in blocks for row in block.rows for column in block.columns}
        outside = [f for f in facts_of.get(own, ()) if (f["row_no"], f["column_no"]) not in inside]
        if outside:  # amounts that were found without rows and columns of a grid (performance forms)
            blocks.append(_block_of(outside, 1 + max((b.number for b in blocks), default=-1)))
        sheets.append(_sheet(len(sheets), own, table, blocks, by_cell, figures))
    context = understood.context
    return Book(
        understood.document_id, context.fiscal_year if context else None, context.year_corroborated if context else False, sheets, figures,
    )


def _blocks(table: LogicalTable) -> list[Block]:
    columns: dict[int, list[Column]] = {}
    for column in table.columns:
        if column.role == "amount":
            columns.setdefault(column.block, []).append(column)
    rows: dict[int, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(row.block, []).append(row)
    return [Block(b, rows[b], columns[b]) for b in sorted(rows) if b in columns]


def _block_of(facts: list[dict[str, Any]], number: int) -> Block:
    """Rows and columns as the facts themselves tell them."""
    rows: dict[int, Row] = {}
    columns: dict[int, Column] = {}
    for f in sorted(facts, key=lambda f: (f["row_no"], f["column_no"])):
        rows.setdefault(f["row_no"], Row(
            row=f["row_no"], block=number, role="detail" if f["row_role"] == "of_which" else f["row_role"],  # 其中 of a form is a full list
            label=f["row_label"] or "", level=f["row_level"] or 0,
            parent=f["parent_row_no"], is_leaf=f["is_leaf"], side=f["side"], scheme=f["subject_scheme"], code=f["subject_code"],
            name=f["subject_name"], printed_code=f["printed_code"], project=f["project_name"],
        ))
        columns.setdefault(f["column_no"], Column(f["column_no"], "amount", f["column_path"] or "", number, ColumnMeaning(
            known=f["column_code"] is not None, funding=f["funding"], expenditure_type=f["expenditure_type"],
            budget_period=f["budget_period"] or "total", stage=f["stage"], year=f["fiscal_year"], measure=f["measure"] or "amount",
        )))
    return Block(number, [rows[r] for r in sorted(rows)], [columns[c] for c in sorted(columns)])


def _sheet(
    index: int, own: str, table: LogicalTable, blocks: list[Block], by_cell: dict[tuple[str, int, int], dict[str, Any]],
    figures: list[Figure],
) -> Sheet:
    sheet = Sheet(index, table, own, blocks)
    cells = {(c.row, c.column): c for c in table.cells}
    certain = table.method in _SURE_METHODS and table.confidence >= 1.0
    for block in sheet.blocks:
        for row in block.rows:
            for column in block.columns:
                at = (row.row, column.column)
                if at in sheet.grid:
                    continue
                fact, cell = by_cell.get((own, *at)), cells.get(at)
                figure = Figure(len(figures), 0, 0, index, *at)
                if fact is not None:
                    figure.value, figure.increment, figure.fact = steps(fact["amount_yuan"]), steps(fact["increment_yuan"] or 0), fact
                    figure.certain = certain and (cell is None or cell.confidence >= 1.0)
                    if cell is not None and cell.alternatives:
                        figure.readings = tuple(r for t in cell.alternatives if (r := reading_of(fact, t)) is not None)
                elif cell is not None and compact(cell.text) and not is_filler(cell.text):
                    sheet.unreadable.add(at)
                sheet.grid[at] = figure
                figures.append(figure)
    _spilt(sheet)
    _full_form(sheet)
    return sheet


def reading_of(fact: dict[str, Any], text: str) -> Reading | None:
    """Another text of a fact's cell as a reading in the same unit; None when it is no amount or says the same."""
    printed, other = parse_amount(fact["raw_text"]), parse_amount(text)
    factor = unit_factor(fact["unit"] or "")
    if printed is None or other is None or factor is None or other.value == printed.value:
        return None
    return Reading(text, steps(other.value * factor), steps(other.increment * factor))


def take_reading(book: Book, figure: Figure, reading: Reading) -> list[int]:
    """Replace a figure's first reading, and those of its neighbours that go with it; the numbers of all figures changed."""
    changed = []
    for no, taken in ((figure.no, reading), *reading.along):
        target = book.figures[no]
        target.value, target.increment = taken.value, taken.increment
        target.taken = (taken.text, taken.value, taken.increment)
        changed.append(no)
    return changed


def _spilt(sheet: Sheet) -> None:
    """Digits over the rule between two cells: 174,900.641 | 01,833.84 beside figures of two decimals reads 174,900.64 | 101,833.84."""
    printed = [f for f in sheet.grid.values() if f.fact is not None]
    places = Counter(_decimals(f) for f in printed)
    if not places:
        return
    usual = places.most_common(1)[0][0]
    rows: dict[int, list[Figure]] = {}
    for figure in printed:
        rows.setdefault(figure.row, []).append(figure)
    for row in rows.values():
        row.sort(key=lambda f: f.column)
        chain: list[tuple[Figure, str]] = []
        carry = ""
        for figure in row:
            text = carry + str(figure.fact["raw_text"]) if figure.fact else ""
            extra = max(0, len(text.partition(".")[2]) - usual) if usual and "." in text else 0
            if not (carry or extra):
                continue
            chain.append((figure, text[: len(text) - extra]))
            carry = text[len(text) - extra:] if extra else ""
        if len(chain) >= 2 and not carry:
            _offer(chain)


def _offer(chain: list[tuple[Figure, str]]) -> None:
    found = [(f, reading_of(f.fact, text)) for f, text in chain if f.fact is not None]
    readings = [(f, r) for f, r in found if r is not None]
    if len(readings) != len(chain):
        return
    for figure, reading in readings:
        others = tuple((f.no, r) for f, r in readings if f is not figure)
        figure.readings = (*figure.readings, Reading(reading.text, reading.value, reading.increment, others))
        figure.certain = False


def _decimals(figure: Figure) -> int:
    return len(str(figure.fact["raw_text"]).partition(".")[2]) if figure.fact else 0


def _full_form(sheet: Sheet) -> None:
    """Where the table drops trailing zeros, shorter figures are as exact as the finest common form."""
    printed = [f for f in sheet.grid.values() if f.fact is not None]
    by_unit: dict[str, list[Figure]] = {}
    for figure in printed:
        by_unit.setdefault(figure.fact["unit"], []).append(figure)  # type: ignore[index]
    for group in by_unit.values():
        counts = Counter(f.increment for f in group if f.value)
        total, seen = counts.total(), 0
        finest: int | None = None
        for increment in sorted(counts):
            seen += counts[increment]
            if seen >= 2 and seen >= _COMMON_FORM * total:
                finest = increment
                break
        if finest is not None:
            for figure in group:
                figure.increment = min(figure.increment, finest)
