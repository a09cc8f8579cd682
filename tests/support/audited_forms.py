"""Small invented budgets as text, audited as a document would be; and what the audit made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from msgspec.structs import replace
from printed_forms import understood

from pipelines.audit.audit import audit
from pipelines.normalise.normalise import normalise

COVER = "安宁县水务局2026年部门预算\n\n安宁县水务局2026年部门预算情况说明\n\n"  # says the year twice
Cells = dict[tuple[str, str], str]  # (code, column) → what is printed there

CODES = {
    "201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行", "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出",
}
COLUMNS = ("合计", "基本支出", "项目支出")
BASIC = {"2010301": "812.45", "2010302": "0.00", "2080505": "96.30", "2080506": "48.15"}
PROJECT = {"2010301": "12.60", "2010302": "237.18", "2080505": "0.00", "2080506": "0.00"}


def budget() -> Cells:
    """The right figures of one table: three columns over eight subjects and the total."""
    out: Cells = {}
    for column, leaves in (("基本支出", BASIC), ("项目支出", PROJECT)):
        for code in CODES:
            out[code, column] = _shown(sum((Decimal(v) for c, v in leaves.items() if c.startswith(code)), Decimal(0)))
        out["合计", column] = _shown(sum((Decimal(v) for v in leaves.values()), Decimal(0)))
    for code in (*CODES, "合计"):
        out[code, "合计"] = _shown(Decimal(out[code, "基本支出"]) + Decimal(out[code, "项目支出"]))
    return out


def _shown(value: Decimal) -> str:
    return f"{value:.2f}"


def table(title: str, cells: Cells, unit: str = "万元") -> str:
    """One table as text, `|` between its cells."""
    lines = [title, f"单位：{unit}", "", "科目编码|科目名称|合计|基本支出|项目支出"]
    for code, name in CODES.items():
        if any((code, c) in cells for c in COLUMNS):
            lines.append("|".join([code, name, *(cells.get((code, c), "") for c in COLUMNS)]))
    lines.append("|".join(["合计", "", *(cells["合计", c] for c in COLUMNS)]))
    return "\n".join(lines) + "\n\n"


def document(expenditure: Cells, appropriation: Cells | None = None) -> str:
    """A budget of two tables, the second from the general public budget alone."""
    return table("部门支出总表", expenditure) + (table("一般公共预算支出表", appropriation) if appropriation is not None else "")


def audited(text: str, alternatives: dict[str, tuple[str, ...]] | None = None, cover: str = COVER) -> dict[str, pl.DataFrame]:
    """The frames of a text after the audit. `alternatives` gives cells (by their text) other readings."""
    read = understood(text, cover)
    if alternatives:
        read = replace(read, tables=tuple(
            replace(t, cells=tuple(replace(c, alternatives=alternatives.get(c.text, ())) for c in t.cells)) for t in read.tables
        ))
    return audit(normalise(read), read)


def findings(frames: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """The findings about amounts in tables."""
    return [f for f in frames["findings"].iter_rows(named=True) if not f["rule"].startswith("narrative")]


def fact(frames: dict[str, pl.DataFrame], code: str | None, column: str, table_kind: str = "expenditure_summary") -> dict[str, Any]:
    """The fact of one subject (None: the total row) and column."""
    (found,) = (
        f for f in frames["facts"].iter_rows(named=True)
        if f["table_kind"] == table_kind and f["subject_code"] == code and f["column_path"] == column
    )
    return found
