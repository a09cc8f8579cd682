"""What the command line prints, and how: text that can do no harm, tables, JSON, errors with an exit code.

Here: the two consoles (results to stdout, progress and complaints to stderr), escaping, and nothing that knows a relation.
Nothing printed is ever read as rich markup, and no control character of a file's name or a cell reaches the terminal.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.names import printable, valid_unicode

EXIT_FAILED = 1  # the run ended, but not as asked for (--fail-on, nothing found)
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT
EXIT_BUSY = 75  # EX_TEMPFAIL: another writer holds the warehouse


def out() -> Console:
    """The console of results: stdout."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def err() -> Console:
    """The console of progress and complaints: stderr."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def say(text: str = "") -> None:
    """One line to stdout."""
    out().print(printable(text))


def complain(text: str) -> None:
    """One line to stderr."""
    err().print(printable(text))


def fail(text: str, code: int = EXIT_USAGE) -> NoReturn:
    """End the command with a sentence on stderr and an exit code."""
    complain(text)
    raise typer.Exit(code)


def plain(value: object) -> Any:
    """A value as JSON knows it: exact amounts and dates as text, bytes never."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return valid_unicode(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def emit_json(value: object) -> None:
    """One JSON document to stdout, UTF-8, no control characters, no lone surrogates."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=1, allow_nan=False))
    sys.stdout.write("\n")


def emit_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """CSV to stdout, with a heading; None is blank."""
    written = csv.writer(sys.stdout, lineterminator="\n")
    written.writerow(columns)
    written.writerows([printable(row[name]) if row[name] is not None else "" for name in columns] for row in rows)


def emit_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, numeric: Iterable[str] = ()) -> None:
    """A table to stdout; cells are literal text, None is blank, `numeric` columns are set right."""
    right = set(numeric)
    table = Table(title=Text(printable(title)) if title else None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else printable(value)) for value in row))
    Console(markup=False, highlight=False, emoji=False).print(table)


def emit_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one a line, to stdout."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(printable(value)))
    Console(markup=False, highlight=False, emoji=False).print(table)
