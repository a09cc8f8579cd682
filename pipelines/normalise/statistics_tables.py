"""Counted things in tables of amounts: quantities of procurement, people of meetings, and the counts among the rows of 机构运行信息表.

Here: which rows count things rather than money, and the name, unit and record of a count. Not here: performance forms or running text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.normalise.statistics_words import StatisticWords, statistic_words
from pipelines.read.document import Cell
from pipelines.understand.logical import Column, LogicalTable, Row
from pipelines.understand.text import bare, canon, compact, enumerator_level

_BRACKET = re.compile(r"（([^（）]{1,8})）(?:数|合计)?$")
_UNIT_HEADER = re.compile(r"^(?:计量|数量|度量)单位$|^单位$")
_QUANTITY = re.compile(r"^(?:采购|购置|计划)?(?:数量|数)$")
_SUM = re.compile(r"(?:合计|小计|总计)$")
_ITEM_HEADERS = (re.compile(r"采购(?:目录|品目|物品|货物|内容)(?!编码)|(?:品目|货物|资产|物品)名称"), re.compile(r"采购项目(?!编码)"))
_CATALOGUE_CODE = re.compile(r"^[A-C]?\d{2,10}[-_—]?(?=\D)")
_LONGEST_ITEM = 30
_RATE = re.compile(r"（[^（）]*[%％]）$|(?:增减|增长|变动|下降|完成|执行|控制|变化)(?:率|幅度|比例|百分比)$|占比$")
_VEHICLE = re.compile(r"(?:用车|车辆)(?:（[^）]*）)?$")
_YEAR = re.compile(r"20\d\d年度?")
_COUNT = re.compile(r"(?P<number>-?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?)(?:[%％]|(?P<unit>[^\d%％.,，]{1,6}))?")
_BOUGHT = "采购数量"
_LINK = " / "


def counted_rows(table: LogicalTable) -> dict[tuple[int, int], str]:
    """Unit by (row, block) of the rows that count things: the label says so (车辆数合计（辆）), or the row above, or the row's unit column.

    车辆数合计（辆） counts vehicles, and so do the kinds of 用车 enumerated below it. A line of rates (增减率（%）) is in per cent.
    """
    words = statistic_words()
    units = {} if any(c.role == "quantity" for c in table.columns) else _unit_column(table, words)  # else it is the quantity's
    out: dict[tuple[int, int], str] = {}
    vehicles: dict[int, int] = {}  # block → enumerator level of the row that counts vehicles
    for row in table.rows:
        label = canon(row.label)
        level = enumerator_level(row.label) or 0
        m = _BRACKET.search(label)
        unit = words.unit(m.group(1)) if m else None
        unit = unit or units.get(row.row) or ("%" if row.code is None and row.project is None and _RATE.search(label) else None)
        if unit is not None:
            out[row.row, row.block] = unit
            if unit == "辆":
                vehicles[row.block] = level
            else:
                vehicles.pop(row.block, None)
        elif row.block in vehicles and level > vehicles[row.block] and _VEHICLE.search(bare(row.label)):
            out[row.row, row.block] = "辆"
        else:
            vehicles.pop(row.block, None)
    return out


def _unit_column(table: LogicalTable, words: StatisticWords) -> dict[int, str]:
    """Count units by row, where a column prints each row's own unit (计量单位)."""
    columns = {c.column for c in table.columns if c.path and _UNIT_HEADER.match(bare(c.path.split(_LINK)[-1]))}
    texts = ((cell.row, cell.text) for cell in table.cells if cell.column in columns and cell.row not in table.header_rows)
    return {r: unit for r, text in texts if (unit := words.unit(text)) is not None}


def row_units(table: LogicalTable) -> dict[int, str]:
    """Every row's own unit as a column prints it (台, 套, 项, 批 ...), known or not; blank in tables without such a column."""
    columns = {c.column for c in table.columns if c.path and _UNIT_HEADER.match(bare(c.path.split(_LINK)[-1]))}
    found = ((cell.row, compact(cell.text)) for cell in table.cells if cell.column in columns and cell.row not in table.header_rows)
    return {r: text for r, text in found if text and len(text) <= 6 and not text[0].isdigit()}


def counted(table: LogicalTable, row: Row, column: Column, cell: Cell, unit: str | None) -> tuple[str, str | None]:
    """Name and unit of a count. `unit`: the row's own, where it is known.

    采购数量 / 台式计算机 for what is bought; the row's words alone where the row says what is counted (车辆数合计); else header / row.
    """
    words = statistic_words()
    leaf = column.path.split(_LINK)[-1] if column.path else ""
    head = _YEAR.sub("", canon(leaf))
    m = _BRACKET.search(head)
    unit = (words.unit(m.group(1)) if m else None) or unit or _unit_by_name(head, words)
    head = _BRACKET.sub("", head)
    label = bare(row.label)
    if column.role == "amount":
        said = _SUM.sub("", _BRACKET.sub("", label))
        known = words.name(said, unit) if unit else None
        return known.name if known is not None and known.start == 0 else (said or head), unit
    if table.kind in ("procurement", "service_procurement") and _QUANTITY.match(head):
        head, label = _BOUGHT, _item(table, row.row) or label
    if compact(cell.text).endswith(("%", "％")) or column.role == "percent":
        unit = "%"
    return _LINK.join(p for p in (head, label) if p) or "?", unit


def _item(table: LogicalTable, r: int) -> str | None:
    """What a row of a procurement table buys, where a column says it: the catalogue's item before the project's name."""
    for header in _ITEM_HEADERS:
        columns = {c.column for c in table.columns if c.path and header.search(bare(c.path.split(_LINK)[-1]))}
        texts = (_CATALOGUE_CODE.sub("", bare(cell.text)) for cell in table.cells if cell.row == r and cell.column in columns)
        if (item := next((t for t in texts if t), None)) is not None and len(item) <= _LONGEST_ITEM:
            return item
    return None


def _unit_by_name(head: str, words: StatisticWords) -> str | None:
    """The unit that a header's own word implies: 人数 → 人, 面积 → 平方米, 辆数 → 辆."""
    if head.endswith("面积"):
        return "平方米"
    return words.unit(head[-2]) if len(head) >= 2 and head.endswith("数") else words.unit(head[-2:])


def as_of(column: Column) -> str | None:
    """The year that a column's header names."""
    m = re.search(r"(20\d\d)年", canon(column.path or ""))
    return m.group(1) if m else None


def count_of(text: str) -> tuple[Decimal, str | None] | None:
    """A cell's number without its sign of per cent, and the unit of counted things that is printed with it (2台).

    None when it is not entirely one number (1，2 are two).
    """
    m = _COUNT.fullmatch(compact(text))
    unit = statistic_words().unit(m["unit"]) if m and m["unit"] else None
    return (Decimal(re.sub(r"[,，]", "", m["number"])), unit) if m and (unit or not m["unit"]) else None
