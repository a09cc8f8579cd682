"""Logical tables become facts: one record an amount, with everything that is known of it, exact and traceable.

Here: crossing rows with columns, defaults of the table kind, units, ids. Conventions: warehouse contract, section 3. Not here: what a
row or column means (understand), what a performance form says (performance).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from pipelines.normalise.statistics_tables import as_of, count_of, counted, counted_rows, row_units
from pipelines.read.document import Cell
from pipelines.understand.amounts import Amount, is_filler, parse_amount, unit_factor
from pipelines.understand.columns import NAMED_ITEM
from pipelines.understand.context.dimensions import unit_entity_id
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.logical import Column, ColumnMeaning, LogicalTable, Row
from pipelines.understand.rows import BASIC_KINDS
from pipelines.understand.text import bare, canon, compact
from pipelines.understand.vocabulary import BUDGETS, Vocabulary

Record = dict[str, Any]
NAMED_BY_TITLE = (
    "three_public",
    "operating_expense",
    "performance_base_data",
    "procurement",
    "service_procurement",
    "project_expenditure_summary",
    "basic_expenditure_summary",
)  # kinds whose source only the title tells
_SUM_OF_KIND = re.compile(r"^(人员|公用|日常公用)经费(?:支出)?(?:合计|小计)$")
# the standard note below 公开 form 三公 of the final accounts since 2019: its 预算数 is the adjusted one
_WHOLE_YEAR = re.compile(r"预算数(?:为|是|指)[^，。；]{0,20}(?:全年|调整后?的?)预算")
_WHOLES, _SUMS = ("合计", "总计"), ("合计", "总计", "小计")
_ALL_THREE = re.compile(r"三公.*(?:合计|总计|总额)$")
_UNSURE = 0.3  # confidence where a column, or what a row is about, is not known
_MOST_DECIMALS, _LARGEST = 4, Decimal(10) ** 16  # of a yuan: DECIMAL(20,4)


@dataclass
class TableFacts:
    """The facts of one table, what was refused, and which cells became what (for the numbers account)."""

    facts: list[Record] = field(default_factory=list)
    rejects: list[Record] = field(default_factory=list)
    statistics: list[Record] = field(default_factory=list)
    used: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) of a cell → facts, statistics, rejected, not_understood


class Position(NamedTuple):
    """A cell that holds an amount or a count, with the row and the column that it stands in."""

    table: LogicalTable
    row: Row
    column: Column
    cell: Cell


class Money(NamedTuple):
    """A printed amount in yuan, what one unit of its last printed digit is worth in yuan, and the unit it is printed in."""

    yuan: Decimal
    increment: Decimal
    unit: str


def money_of(amount: Amount, unit: str | None) -> Money | None:
    """A printed amount in a unit; None where that is no unit of money."""
    factor = unit_factor(unit) if unit else None
    return Money(amount.value * factor, amount.increment * factor, unit) if unit is not None and factor is not None else None


def refused(document_id: str, table: LogicalTable, cell: Cell, yuan: Decimal) -> Record | None:
    """The record of relation `rejects` for an amount that DECIMAL(20,4) does not hold exactly; None for any other."""
    if abs(yuan) >= _LARGEST:
        rule = "too_large"
    elif -int(yuan.normalize().as_tuple().exponent) > _MOST_DECIMALS:
        rule = "finer_than_a_hundredth_of_a_cent"
    else:
        return None
    return {
        "document_id": document_id, "table_id": table_id(document_id, table), "page": cell.page, "row_no": cell.row,
        "column_no": cell.column, "relation": "facts", "rule": rule, "raw_text": cell.text,
    }


def hash_id(*parts: object) -> str:
    """Sixteen hex digits over the parts; the form of all public ids."""
    return hashlib.sha256("|".join("" if p is None else str(p) for p in parts).encode()).hexdigest()[:16]


def table_id(document_id: str, table: LogicalTable) -> str:
    """Public id of a table."""
    return hash_id(document_id, "table", table.table_no)


def column_code(funding: str, expenditure_type: str, period: str, stage: str, measure: str, subject: str | None) -> str:
    """The canonical column: its parts that are not the default, joined by a point; `total` when all are."""
    parts = [
        *([funding] if funding != "total" else []),
        *([expenditure_type] if expenditure_type != "total" else []),
        *([period] if period != "total" else []),
        *([stage] if stage != "budget" else []),
        *([measure] if measure != "amount" else []),
        *([subject] if subject else []),
    ]
    return ".".join(parts) or "total"


def table_facts(document_id: str, table: LogicalTable, context: DocumentContext, words: Vocabulary) -> TableFacts:
    """All facts of an understood table (performance forms excepted)."""
    out = TableFacts()
    cells = {(c.row, c.column): c for c in table.cells}
    for row_no, column_no, text in table.wrapped:
        if (row_no, column_no) in cells:
            cells[(row_no, column_no)] = replace(cells[(row_no, column_no)], text=text)
    by_block: dict[int, list[Column]] = {}
    for column in table.columns:
        if column.role in ("amount", "quantity", "percent"):
            by_block.setdefault(column.block, []).append(column)
    counts, units = counted_rows(table), row_units(table)
    counting = {c.block for c in table.columns if c.role == "quantity"}  # 数量 | 价值: the amounts beside it are money whatever is counted
    for row in table.rows:
        for column in by_block.get(row.block, ()):
            cell = cells.get((row.row, column.column))
            if cell is None or not compact(cell.text) or (row.row, column.column) in out.used:
                continue
            own = counts.get((row.row, row.block))
            if column.role == "amount" and (own is None or (own != "%" and row.block in counting)):
                _amount(out, document_id, Position(table, row, column, cell), context, words)
            else:
                _statistic(out, document_id, Position(table, row, column, cell), context, own or units.get(row.row))
    return out


def _amount(out: TableFacts, document_id: str, at: Position, context: DocumentContext, words: Vocabulary) -> None:
    table, cell = at.table, at.cell
    where = (cell.row, cell.column)
    amount = parse_amount(cell.text)
    if amount is None:
        if not is_filler(cell.text) and any(ch.isdigit() for ch in cell.text):
            out.used[where] = "not_understood"
        return
    meaning = at.column.meaning or ColumnMeaning(known=False)
    money = money_of(amount, amount.unit or meaning.unit or table.unit)
    if money is None:
        out.used[where] = "not_understood"
        return
    if (reject := refused(document_id, table, cell, money.yuan)) is not None:
        out.used[where] = "rejected"
        out.rejects.append(reject)
        return
    out.used[where] = "facts"
    out.facts.append(fact_record(document_id, at, money, context, words))


def fact_record(document_id: str, at: Position, money: Money, context: DocumentContext, words: Vocabulary) -> Record:
    """One fact as a record of relation `facts`."""
    table, row, column, cell = at
    meaning = column.meaning or ColumnMeaning(known=False)
    kind = words.kinds.get(table.kind)
    final = context.final_accounts
    side = meaning.side or row.side or (kind.side if kind and kind.side != "both" else None)
    funding = _funding(table, row, meaning, side, words)
    type_ = meaning.expenditure_type or row.expenditure_type or _sum_type(row) or _titled_type(table)
    type_ = type_ or (kind.expenditure_type if kind else "total")
    period = row.budget_period if row.budget_period and meaning.budget_period == "total" else meaning.budget_period
    stage = meaning.stage or row.stage or ("final_accounts" if final else "budget")
    if stage == "budget" and final and _WHOLE_YEAR.search(compact(table.note or "")) and "年初" not in column.path:
        stage = "adjusted_budget"
    measure = _measure(table, row, meaning, words)
    base = table.year or context.fiscal_year
    offset = meaning.year_offset if meaning.year_offset is not None else row.year_offset
    year = meaning.year or row.year or (base + (offset or 0) if base is not None else None)
    if stage == "change" and base is not None:
        year = base
    label, role, leaf = row.label, row.role, row.is_leaf
    if meaning.item is not None and table.kind == "three_public":
        label = meaning.item
        role, leaf = _item_place(table, row, column)
    if row.scheme == "none" and label and (word := words.row_words.get(bare(label))) and word.name in ("carried_forward", "summary_none"):
        type_ = "total" if meaning.expenditure_type is None else type_
    untold = table.kind == "other" and not table.kind_evidence and meaning.funding is None and row.funding is None
    known = meaning.known and not untold  # a table that nothing names: whose source and kind its amounts have is not said
    project = row.project
    named = bool(label or row.code or project or row.entity) or len({r.row for r in table.rows}) == 1  # the label may be lost in a scan
    entity_name = row.entity or table_entity(table, context)
    return {
        "fact_id": hash_id(document_id, cell.page, table.table_no, cell.row, cell.column, 0),
        "document_id": document_id,
        "table_id": table_id(document_id, table),
        "page": cell.page,
        "row_no": cell.row,
        "column_no": cell.column,
        "x0": cell.box[0] if cell.box else None,
        "top": cell.box[1] if cell.box else None,
        "x1": cell.box[2] if cell.box else None,
        "bottom": cell.box[3] if cell.box else None,
        "department_id": context.entity_id,
        "department_name": context.entity_name,
        "entity_id": unit_entity_id(context, entity_name) if entity_name else context.entity_id,
        "entity_name": compact(entity_name) if entity_name else None,
        "entity_code": row.entity_code if row.entity else (context.entity_code if not entity_name else None),
        "region_code": context.region_code,
        "document_kind": context.document_kind,
        "table_kind": table.kind,
        "fiscal_year": year,
        "side": side,
        "subject_scheme": row.scheme,
        "subject_code": row.code,
        "subject_name": row.name,
        "function_code": row.function_code,
        "economic_department_code": row.economic_department_code,
        "economic_government_code": row.economic_government_code,
        "printed_code": row.printed_code,
        "row_label": compact(label) or None,
        "project_name": compact(project) if project else None,
        "row_role": role,
        "row_level": row.level,
        "parent_row_no": row.parent,
        "is_leaf": leaf,
        "column_path": column.path or None,
        "column_code": column_code(funding, type_, period, stage, measure, meaning.column_subject_code) if known else None,
        "funding": funding if known else None,
        "expenditure_type": type_ if known else None,
        "budget_period": period if known else None,
        "stage": stage if known else None,
        "measure": measure if known else None,
        "column_subject_code": meaning.column_subject_code,
        "amount_yuan": money.yuan,
        "raw_text": cell.text.strip(),
        "first_reading_text": None,
        "unit": money.unit,
        "increment_yuan": money.increment,
        "meaning_confidence": round(min(table.kind_confidence, row.confidence, 1.0 if known and named else _UNSURE, cell.confidence), 4),
        "trust": "plausible",
        "suggested_yuan": None,
    }


def table_entity(table: LogicalTable, context: DocumentContext) -> str | None:
    """The body of a table's own 编制单位 line, where it is not the department itself (unit books inside a department's)."""
    if table.entity is None or context.entity_name is None:
        return None
    own = {bare(n) for n in (context.entity_name, *context.aliases)}
    return table.entity if bare(table.entity) not in own and any(bare(u.name) == bare(table.entity) for u in context.units) else None


def _measure(table: LogicalTable, row: Row, meaning: ColumnMeaning, words: Vocabulary) -> str:
    """What is measured: in a procurement table procurement, or the share in it that column or row names (授予中小企业合同金额)."""
    if table.kind != "procurement" or meaning.measure != "amount":
        return meaning.measure
    said = (f.value for f in (words.facets_of(row.label) or ()) if f.name == "measure") if row.scheme == "none" and not row.project else ()
    return next(iter(said), "procurement")


def _item_place(table: LogicalTable, row: Row, column: Column) -> tuple[str, bool]:
    """Role and leaf of an amount whose item is its column's: 合计 is over all, 小计 over the items beside it, others are the row's.

    “三公”经费合计 is over all where no 合计 with 会议费 or 培训费 stands beside it.
    """
    item = bare(column.meaning.item or "") if column.meaning else ""
    beside = [k for k in table.columns if k.role == "amount" and k.block == column.block and k is not column and k.meaning is not None]
    if item in _WHOLES:
        return "total", False
    if _ALL_THREE.search(item) and any(bare(k.meaning.item or "") not in ("", item) for k in beside if k.meaning):
        return ("subtotal" if any(bare(k.meaning.item or "") in _WHOLES for k in beside if k.meaning) else "total"), False
    if row.role == "total" and sum(r.block == row.block for r in table.rows) > 1:
        return "total", False
    levels, others = _item_levels(column.path), [_item_levels(k.path) for k in beside]
    above = levels[:-1] if bare(levels[-1]) in _SUMS else levels
    own = above is levels and any(path[:-1] == levels and bare(path[-1]) in _SUMS for path in others)  # its group's 小计 stands beside it
    parts = (path for path in others if bare(path[-1]) not in _SUMS)
    if not own and any(len(path) > len(above) > 0 and path[: len(above)] == above for path in parts):
        return "subtotal", False
    return ("detail", True) if row.role == "total" else (row.role, row.is_leaf)


def _item_levels(path: str) -> list[str]:
    """The levels of a header path down to the last that names an item or a sum: below it stand sources, stages and years."""
    levels = path.split(" / ")
    while len(levels) > 1 and bare(levels[-1]) not in _SUMS and not NAMED_ITEM.search(levels[-1]):
        levels.pop()
    return levels


def _funding(table: LogicalTable, row: Row, meaning: ColumnMeaning, side: str | None, words: Vocabulary) -> str:
    kind = words.kinds.get(table.kind)
    if kind is not None and kind.side == "both" and side == "income" and row.side == "income":
        return "total"  # the source is the row's label
    if meaning.funding == "fiscal_appropriation" and kind is not None and kind.funding in BUDGETS:
        return kind.funding  # 财政拨款 over a column of a table of one of its sources is that source
    if meaning.funding is not None and not (meaning.funding == "fiscal_appropriation" and table.kind == "three_public" and _public(table)):
        return meaning.funding
    if row.funding is not None:
        return row.funding
    if table.kind == "three_public" and meaning.item is not None and row.source in BUDGETS:
        return row.source  # 资金来源 | 合计 | 因公出国 …: a line a budget
    if table.kind in NAMED_BY_TITLE:
        if _public(table):
            return "general_public_budget"
        return "fiscal_appropriation" if "财政拨款" in canon(table.title or "") else "total"
    return kind.funding if kind else "total"


def _public(table: LogicalTable) -> bool:
    """Whether the title says that the table is one of the general public budget alone (not 含一般公共预算和政府性基金预算)."""
    title = canon(table.title or "")
    return bool(re.search(r"一般公共(?:财政)?预算|公共财政预算", title)) and not re.search(r"一般公共预算.{0,4}政府性基金", title)


def _sum_type(row: Row) -> str | None:
    """What the sum of people's or of offices' spending says of itself (人员经费小计), in a list without a column for it."""
    match = _SUM_OF_KIND.match(bare(row.label)) if row.role == "subtotal" else None
    return ("basic_personnel" if match[1] == "人员" else "basic_operating") if match else None


def _titled_type(table: LogicalTable) -> str | None:
    """人员经费 or 公用经费, where the title of a table of basic expenditure says one of them (基本支出表--人员经费)."""
    title = canon(table.title or "")
    people, offices = "人员经费" in title, "公用经费" in title
    if table.kind not in BASIC_KINDS or people == offices:
        return None
    return "basic_personnel" if people else "basic_operating"


def _statistic(out: TableFacts, document_id: str, at: Position, context: DocumentContext, unit: str | None) -> None:
    table, row, column, cell = at
    where = (cell.row, cell.column)
    found = count_of(cell.text)
    if found is None:
        if not is_filler(cell.text) and any(ch.isdigit() for ch in cell.text):
            out.used[where] = "not_understood"
        return
    out.used[where] = "statistics"
    value, printed = found
    name, unit = counted(table, row, column, cell, printed or unit)
    year = table.year or context.fiscal_year
    out.statistics.append(
        {
            "statistic_id": hash_id(document_id, "statistic", table.table_no, cell.row, cell.column),
            "document_id": document_id,
            "table_id": table_id(document_id, table),
            "page": cell.page,
            "entity_id": unit_entity_id(context, row.entity) if row.entity else context.entity_id,
            "name": name,
            "value": value,
            "unit": unit,
            "as_of": as_of(column) or (str(year) if year else None),
            "source": "table",
        }
    )
