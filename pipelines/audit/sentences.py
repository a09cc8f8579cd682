"""Words for what findings speak of: where an amount stands, and amounts as their table prints them.

Here: places and amounts in words. Not here: what is found (`locate`), rows of relation `findings` (`findings`, `unlocated`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.audit.sheet import SCALE, Book, Figure
from pipelines.understand.amounts import unit_factor

PAGE_EN = "p. {}, "  # where a page is said in English
THE_PARTS, ELSEWHERE, AT_MOST = OTHER_SIDES = ("各项之和", "另处", "不大于")  # what `expected` says where no value of its own is known
_GENERAL = re.compile(r"^(?:合计|小计|总计|计|金额|预算数|决算数)$")  # headers that say nothing without the one above
_SHORT = 20  # characters of a header above that is said, too


def unit_of(figure: Figure) -> tuple[str, Decimal]:
    """The unit in force for a figure, and how many yuan it is."""
    unit = (figure.fact or {}).get("unit") or "元"
    return unit, unit_factor(unit) or Decimal(1)


def shown(value: int, increment: int, factor: Decimal) -> str:
    """A value in its table's unit with as many decimals as the table prints."""
    amount = Decimal(value) / (SCALE * factor)
    step = Decimal(increment or SCALE) / (SCALE * factor)
    places = max(0, -int(step.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


def as_printed(value: int, figure: Figure) -> str:
    """A value in the form and unit of a figure: 3,968.82万元."""
    unit, factor = unit_of(figure)
    return f"{shown(value, figure.increment, factor)}{unit}"


def money(value: int) -> str:
    """Steps as yuan with two decimals."""
    return f"{Decimal(value) / SCALE:,.2f}"


def column_name(book: Book, figure: Figure) -> str:
    """The last header over a cell."""
    columns = book.sheets[figure.table].table.columns
    return next((c.path for c in columns if c.column == figure.column), "").split(" / ")[-1]


def row_name(figure: Figure) -> str:
    """What stands at the head of a figure's row."""
    fact = figure.fact or {}
    return fact.get("subject_name") or fact.get("row_label") or ""


def place(book: Book, figure: Figure, on_page: str = "第{}页") -> str:
    """Page, table, row and column of a figure, in words; `on_page` is how the sentence's language says a page (`PAGE_EN`)."""
    fact = figure.fact or {}
    table = book.sheets[figure.table].table
    page = on_page.format(fact["page"]) if fact.get("page") else ""
    title = table.title or table.number or f"表{table.table_no}"
    path = (fact.get("column_path") or "").split(" / ")
    column = "/".join(path[-2:]) if _GENERAL.match(path[-1]) and len(path) > 1 and len(path[-2]) <= _SHORT else path[-1]
    label = row_name(figure)
    unit = fact.get("entity_name") if fact.get("entity_id") != fact.get("department_id") else None
    if unit and unit not in label:
        label = f"{unit}{'·' if label else ''}{label}"
    return f"{page}《{title}》{label}{'·' + column if column and column != label else ''}"
