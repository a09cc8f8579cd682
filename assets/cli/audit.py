"""`yusuan audit`: the findings, as they could be sent to a publisher.

Here: formats. Not here: finding anything (pipelines.audit).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assets.cli import console
from assets.cli.options import DEFAULT_WAREHOUSE, Warehouse
from assets.lookup import LookupFailed, Row, findings, opened


class Format(StrEnum):
    """How findings are written."""

    table = "table"
    json = "json"
    xlsx = "xlsx"


def audit(
    document: Annotated[str | None, typer.Option("--document", "-d", metavar="X", help="Only this document: id or source name.")] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="table, json, or xlsx (the correction sheet; with --out).")] = Format.table,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where the xlsx goes.")] = None,
    marked: Annotated[Path | None, typer.Option("--marked", metavar="OUT.pdf", help="A copy of the document, cells marked.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """The findings: what is wrong, where, what it should be, and the proof. 核对发现的问题"""
    try:
        with opened(warehouse) as connection:
            found = findings(connection, document)
    except LookupFailed as error:
        console.fail(str(error))
    if form is Format.json:
        console.emit_json(found)
    elif form is Format.table:
        _show(found)


def _show(found: list[Row]) -> None:
    console.emit_table(
        ("document", "page", "severity", "verdict", "rule", "row", "printed", "expected", "what"),
        [(row["document"], row["page"], row["severity"], row["verdict"], row["rule"], row["row_label"], row["printed"], row["expected"],
          row["message_zh"]) for row in found],
        numeric=("page", "printed", "expected"))
    console.say(f"{len(found)} findings")
