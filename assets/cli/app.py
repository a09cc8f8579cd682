"""`yusuan`: the typer application and the process's entry point.

Here: which commands there are, and how an exception becomes an exit code. Not here: what a command does (its own module),
nor anything heavy at import time: `--help` must not wait for polars or Dagster.
"""

from __future__ import annotations

import sys

import typer

from assets.cli import audit, documents, explain, ingest, versions

app = typer.Typer(
    name="yusuan",
    help="中国部门预算公开文件 → 一个 DuckDB 数据仓库。Budget disclosures to one DuckDB warehouse of exact, traceable amounts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("ingest")(ingest.ingest)
app.command("extract")(documents.extract)
app.command("inspect")(documents.inspect)
app.command("explain")(explain.explain)
app.command("audit")(audit.audit)
app.command("status")(versions.status)
app.command("retry")(ingest.retry)
app.command("remove")(versions.remove)
app.command("rollback")(versions.rollback)
app.command("vocabulary")(versions.vocabulary)


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
