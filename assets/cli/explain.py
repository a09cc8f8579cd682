"""`yusuan explain`: one fact's whole way, from the file to its checks.

Here: printing. Not here: the queries (assets.lookup), the picture (assets.pictures).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.cli import console
from assets.cli.options import DEFAULT_WAREHOUSE, Json, Warehouse
from assets.lookup import LookupFailed, Row, opened, surroundings, whole_way

Fact = Annotated[str, typer.Argument(metavar="FACT_ID", help="facts.fact_id, or its beginning.")]
Crop = Annotated[Path | None, typer.Option("--crop", metavar="OUT.png", help="Write a picture of the cell.")]


def explain(fact_id: Fact, warehouse: Warehouse = DEFAULT_WAREHOUSE, crop: Crop = None, as_json: Json = False) -> None:
    """Where a fact comes from: document, page, table, cell, header path, rules, checks. 数字的来龙去脉"""
    try:
        with opened(warehouse) as connection:
            way = whole_way(connection, fact_id)
            around = surroundings(connection, way["fact"]) if crop else []
    except LookupFailed as error:
        console.fail(str(error))
    if crop is not None:
        from assets.pictures import PictureFailed, picture

        try:
            way["crop"] = picture(warehouse, way, around, crop)
        except PictureFailed as error:
            console.fail(str(error), console.EXIT_FAILED)
    if as_json:
        console.emit_json(way)
    else:
        _show(way)


def _show(way: Row) -> None:
    fact, document, table, cell = way["fact"], way["document"] or {}, way["table"] or {}, way["cell"] or {}
    box = [fact[edge] for edge in ("x0", "top", "x1", "bottom")]
    entries: list[tuple[str, object]] = [
        ("fact 事实", fact["fact_id"]),
        ("amount 金额", f"{fact['amount_yuan']} 元   (printed {fact['raw_text']!r}, unit {fact['unit'] or '?'})"),
        ("trust 可信度", _joined(
            fact["trust"], _doubt("first read as", fact["first_reading_text"]), _doubt("should be", fact["suggested_yuan"]))),
        ("file 文件", ", ".join(way["inputs"]) or document.get("source_name")),
        ("document 文档", _joined(
            fact["document_id"], document.get("entity_name"), document.get("fiscal_year"), document.get("document_kind"))),
        ("table 表格", _joined(f"no {table.get('table_no')}", table.get("title"), fact["table_kind"], table.get("method"))),
        ("kind by 判断依据", table.get("evidence")),
        ("page 页", _joined(fact["page"], "box " + ", ".join(f"{edge:.1f}" for edge in box) if None not in box else None)),
        ("sheet 工作表", _joined(table.get("sheet"), cell.get("sheet_cell"))),
        ("cell 单元格", f"row {fact['row_no']}, column {fact['column_no']}: {cell.get('text', '')!r}"),
        ("row 行", _joined(fact["row_label"], _doubt("code", fact["printed_code"]), fact["row_role"], _doubt("level", fact["row_level"]))),
        ("below 上级行", _joined((way["parent"] or {}).get("row_label"), (way["parent"] or {}).get("subject_code"))),
        ("header 表头", fact["column_path"]),
        ("column 列", _joined(fact["column_code"], (way["column"] or {}).get("label_zh"))),
        ("subject 科目", _joined(fact["subject_scheme"], fact["subject_code"], fact["subject_name"])),
        ("project 项目", fact["project_name"]),
        ("whose 单位", _joined(fact["entity_name"] or fact["department_name"], fact["entity_code"], fact["region_code"])),
        ("year, stage 年度", _joined(fact["fiscal_year"], fact["stage"], fact["side"], fact["measure"])),
        ("source 来源", _joined(fact["funding"], fact["expenditure_type"], fact["budget_period"])),
        ("sure of meaning", fact["meaning_confidence"]),
        ("rules 规则", fact["notes"]),
        ("reading 读取", table.get("reading_note")),
        ("picture 图片", way.get("crop")),
    ]
    console.emit_pairs([(name, value) for name, value in entries if value not in (None, "")])
    console.say()
    if not way["checks"]:
        console.say("checks 核对: it takes part in none")
    else:
        console.emit_table(
            ("check", "outcome", "left", "right", "difference", "tolerance", "trivial"),
            [(row["rule"], row["outcome"], row["left_yuan"], row["right_yuan"], row["difference_yuan"], row["tolerance_yuan"],
              "yes" if row["trivial"] else "") for row in way["checks"]],
            title="checks 核对", numeric=("left", "right", "difference", "tolerance"))
    for row in way["claims"]:
        console.say(_joined("text 正文", f"page {row['page']}" if row["page"] else None, row["outcome"], row["sentence"]))
    for row in way["findings"]:
        console.say(f"{row['severity']} ({row['verdict']}): {row['message_zh']} {row['message_en']}")


def _doubt(name: str, value: object) -> str | None:
    return None if value is None else f"{name} {value}"


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part not in (None, ""))
