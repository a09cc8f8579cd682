"""`yusuan audit` and `yusuan decide`: the findings, as they could be sent to a publisher, and what was decided about them.

Here: formats and options. Not here: finding anything (pipelines.audit), the forms of a report (pipelines.audit.report), the file of a
document to mark (assets.marking).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assets.cli import console
from assets.cli.options import DEFAULT_WAREHOUSE, Warehouse
from assets.lookup import LookupFailed, Row, finding, findings, opened

SHEET = Path("findings.xlsx")
FALSE_ALARM = "false_alarm"


class Format(StrEnum):
    """How findings are written."""

    table = "table"
    json = "json"
    xlsx = "xlsx"


class Choice(StrEnum):
    """What can be decided of a finding."""

    accepted = "accepted"
    false_alarm = FALSE_ALARM
    corrected = "corrected"


Document = Annotated[str | None, typer.Option("--document", "-d", metavar="X", help="Only this document: id or source name.")]
Form = Annotated[Format, typer.Option("--format", "-f", help="On the screen, as JSON, or as the correction sheet.")]
Out = Annotated[Path | None, typer.Option("--output", "--out", "-o", metavar="FILE", help=f"Where the sheet goes (default {SHEET}).")]
Marked = Annotated[Path | None, typer.Option("--marked", metavar="OUT.pdf", help="Also a copy of the PDF (one --document), cells marked.")]
Every = Annotated[bool, typer.Option("--all", help="Also the findings that were decided to be false alarms.")]
Superseded = Annotated[bool, typer.Option("--superseded", help="Also of editions that another took the place of (a --document always).")]


def audit(
    document: Document = None, form: Form = Format.table, out: Out = None, marked: Marked = None, every: Every = False,
    superseded: Superseded = False, warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """The findings of current editions: what is wrong, where, what it should be, and the proof. 核对发现的问题"""
    from pipelines.publish.decisions import decisions, with_decisions

    try:
        with opened(warehouse) as connection:
            found = findings(connection, document)
    except LookupFailed as error:
        console.fail(str(error))
    found = [row for row in with_decisions(found, decisions(warehouse)) if every or row["decision"] != FALSE_ALARM]
    if document is None and not superseded:
        found = _of_current(found)
    if marked is not None:
        _mark(warehouse, found, document, marked)
    if form is Format.json:
        console.emit_json(found)
    elif form is Format.xlsx:
        _sheet(found, out or SHEET)
    else:
        _show(found)


def decide(
    finding_id: Annotated[str, typer.Argument(metavar="FINDING_ID", help="findings.finding_id, or its beginning.")],
    decision: Annotated[Choice, typer.Argument(help="What was decided.")],
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Why.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
) -> None:
    """Keep a decision about a finding over re-runs and new editions. 对问题的处理意见"""
    from pipelines.publish import decisions as kept

    try:
        with opened(warehouse) as connection:
            row = finding(connection, finding_id)
    except LookupFailed as error:
        console.fail(str(error))
    kept.decide(warehouse, row, decision.value, reason)
    console.say(f"{row['finding_id']}: {decision.value}" + (f" ({reason})" if reason else ""))


def _of_current(found: list[Row]) -> list[Row]:
    """The findings of current editions: what a publisher has corrected since is nothing to send. How many are left out is said."""
    current = [row for row in found if row["is_current"] is not False]
    if len(current) < len(found):
        console.complain(f"{len(found) - len(current)} findings of superseded editions left out; --superseded shows them")
    return current


def _mark(warehouse: Path, found: list[Row], document: str | None, out: Path) -> None:
    from assets.marking import MarkingImpossible, marked_copy
    from pipelines.audit.report.entry import entries

    if document is None:
        console.fail("--marked wants one document: name it with --document")
    if not found:
        console.complain("no findings: nothing to mark, no copy written")
        return
    if len({row["document_id"] for row in found}) > 1:
        console.fail(f"{document!r} names several documents: --marked wants one, give its id")
    try:
        count = marked_copy(warehouse, found[0]["document_id"], found[0]["media_type"], entries(found), out)
    except MarkingImpossible as error:
        console.fail(str(error), console.EXIT_FAILED)
    console.complain(f"{count} places marked in {out}")


def _sheet(found: list[Row], out: Path) -> None:
    from pipelines.audit.report.entry import entries
    from pipelines.audit.report.sheet import correction_sheet

    try:
        correction_sheet(entries(found), out)
    except OSError as error:
        console.fail(f"{out} cannot be written: {error}", console.EXIT_FAILED)
    console.say(f"{len(found)} findings in {out}")


def _show(found: list[Row]) -> None:
    """By document: place, both values, the proof in a sentence, in Chinese and English."""
    from pipelines.audit.report.entry import entries
    from pipelines.audit.report.text import proof_lines

    for line in proof_lines(entries(found)):
        console.say(line)
    console.say(f"{len(found)} findings")
