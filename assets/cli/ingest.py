"""`yusuan ingest` and `yusuan retry`: the whole way from files to the published warehouse.

Here: arguments, bars, the summary and the exit code. Not here: the run itself (assets.run), which is the job that Dagster runs.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.cli import console
from assets.cli.options import DEFAULT_WAREHOUSE, Ceiling, FailOn, Json, SecondOpinion, Wait, Warehouse, Workers, parse_ceiling

if TYPE_CHECKING:
    from assets.run import Request, Summary

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders, in any mixture; archives are opened.")]
Documents = Annotated[list[str] | None, typer.Argument(metavar="[DOCUMENT]...", help="Only these; without any: all that are quarantined.")]


def ingest(
    paths: Paths,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    fail_on: FailOn = None,
    force: Annotated[bool, typer.Option("--force", help="Do again what has been done, whatever the state says.")] = False,
    wait: Wait = False,
    as_json: Json = False,
    workers: Workers = None,
    second_opinion: SecondOpinion = None,
) -> None:
    """Bring files and folders into the warehouse and publish it. 入库并发布

    Exit 0: every input reached a final status. 1: a --fail-on was exceeded. 2: wrong usage. 75: another writer holds the warehouse.
    """
    ceilings = [parse_ceiling(text) for text in fail_on or ()]
    for path in paths:
        if not path.exists():
            console.fail(f"no such file or folder: {path}")
    from assets.run import Request

    request = Request(
        paths=tuple(paths), warehouse=warehouse, force=force, wait=wait, workers=workers, second_opinion=second_opinion)
    _run(request, ceilings, as_json)


def retry(
    documents: Documents = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    wait: Wait = False,
    as_json: Json = False,
    workers: Workers = None,
    second_opinion: SecondOpinion = None,
) -> None:
    """Try the quarantined documents again. 重试隔离的文件"""
    from assets.run import Request

    request = Request(
        paths=(), warehouse=warehouse, documents=tuple(documents or ()), status="quarantined", force=True, wait=wait, workers=workers,
        second_opinion=second_opinion)
    _run(request, [], as_json)


def _run(request: Request, ceilings: list[Ceiling], as_json: bool) -> None:
    from assets.cli.bars import Bars
    from assets.progress import Silent
    from assets.run import Interrupted, RunFailed, run
    from pipelines.publish.lock import WriterBusy

    bars = contextlib.nullcontext(Silent()) if as_json else Bars()
    try:
        with bars as progress:
            summary = run(request, progress)
    except WriterBusy as busy:
        console.fail(str(busy), console.EXIT_BUSY)
    except Interrupted as stopped:
        console.fail(str(stopped), console.EXIT_INTERRUPTED)
    except RunFailed as failed:
        console.fail(str(failed), console.EXIT_FAILED)
    broken = [ceiling for ceiling in ceilings if ceiling.broken_by(summary.inputs)]
    if as_json:
        console.emit_json(summary.as_dict())
    else:
        _show(summary)
    for ceiling in broken:
        console.complain(f"--fail-on: more than {ceiling.share:%} of the inputs ended as {ceiling.status}")
    if broken or summary.unfinished:
        raise typer.Exit(console.EXIT_FAILED)


def _show(summary: Summary) -> None:
    counts = [*sorted(summary.inputs.items()), ("total", sum(summary.inputs.values()))]
    console.emit_table(("status", "inputs"), counts, numeric=("inputs",))
    console.say()
    for failure in summary.failures:
        told = ", ".join(part for part in (failure.status, failure.reason) if part)
        console.say(f"{failure.source_name}: {told}" + (f" ({failure.detail})" if failure.detail else ""))
    if summary.failures_more:
        console.say(f"and {summary.failures_more} more: see the relation inputs")
    for name in summary.checks_failed:
        console.say(f"check failed: {name}")
    second = summary.second_opinion
    if second.get("pages"):
        console.say(
            f"second opinion: {second['pages']} pages ({second['pages_not_answered']} not answered), {second['agreed']:.2%} of "
            f"{second['cells']} cells agree")
    took = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in summary.stages.items() if seconds >= 0.1)
    console.say(f"{summary.facts} facts of {summary.documents} documents in {summary.seconds:.1f} s" + (f" ({took})" if took else ""))
    console.say(f"published: {summary.warehouse} (version {summary.version})")
