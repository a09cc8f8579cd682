"""`yusuan`: the typer application and the process's entry point.

Here: which commands there are, and how an exception becomes an exit code. Not here: what a command does (its own module),
nor anything heavy at import time: `--help` must not wait for polars or Dagster.
"""

from __future__ import annotations

import sys

import typer

from assets.cli.audit import audit, decide
from assets.cli.documents import extract, inspect
from assets.cli.explain import explain
from assets.cli.ingest import ingest, retry
from assets.cli.versions import remove, rollback, status, vocabulary

app = typer.Typer(
    name="yusuan",
    help="中国部门预算公开文件 → 一个 DuckDB 数据仓库。Budget disclosures to one DuckDB warehouse of exact, traceable amounts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (ingest, extract, inspect, explain, audit, decide, status, retry, remove, rollback, vocabulary):
    app.command(command.__name__)(command)


def main() -> None:
    """Entry point of the `yusuan` script."""
    for stream in (sys.stdout, sys.stderr):
        # a name that the terminal's encoding lacks must not end a run that has already published
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except BrokenPipeError:  # `yusuan audit | head`
        sys.stderr.close()
        raise SystemExit(141) from None
    except OSError as error:  # a full disk, a place that may not be written to: the machine's matter, told in one line
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
