"""The correction sheet (更正建议表): an Excel workbook that one can send to the department.

Here: its columns and cells. Text of a document is always written as text: a cell that begins with = + - or @ must never be a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from pipelines.audit.report.entry import Entry, rule_zh, severity_zh, verdict_zh

COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 6), ("单位", 24), ("页码", 6), ("表", 30), ("行", 26), ("列", 24), ("公布数", 18), ("应为", 18), ("依据", 60), ("性质", 8),
    ("规则", 16), ("判断", 12), ("Basis", 60), ("处理", 12), ("处理说明", 24), ("编号", 20),
)
_COLOURS = {"error": "#F8D7DA", "warning": "#FFF3CD", "note": "#E2E3E5"}


def correction_sheet(found: Sequence[Entry], path: Path) -> None:
    """Write the workbook, one row a finding. Raises `OSError` where the file cannot be written."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("更正建议")
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "text_wrap": True, "valign": "vcenter"})
        plain = {"border": 1, "text_wrap": True, "valign": "top"}
        formats = {severity: book.add_format({**plain, "bg_color": colour}) for severity, colour in _COLOURS.items()}
        body = book.add_format(plain)
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 0)
        for row, entry in enumerate(found, start=1):
            sheet.write_number(row, 0, entry.number, body)
            for column, text in enumerate(_texts(entry), start=1):
                sheet.write_string(row, column, text, formats.get(entry.severity, body) if COLUMNS[column][0] == "性质" else body)
        sheet.autofilter(0, 0, max(len(found), 1), len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _texts(entry: Entry) -> tuple[str, ...]:
    return (
        entry.document, str(entry.page or ""), entry.table, entry.row, entry.column, entry.printed, entry.expected, entry.zh,
        severity_zh(entry.severity), rule_zh(entry.rule), verdict_zh(entry.verdict), entry.en, entry.decision or "", entry.reason or "",
        entry.finding_id,
    )
