"""`yusuan status`, `remove`, `rollback` and `vocabulary`: what is there, taking out, going back, what is not known.

Here: arguments and printing. Not here: state and versions (pipelines.publish), the unknown phrases (assets.phrases).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.cli import console
from assets.cli.options import DEFAULT_WAREHOUSE, Json, Wait, Warehouse
from assets.lookup import LookupFailed, opened, overview

if TYPE_CHECKING:
    from pipelines.publish.state import State

Csv = Annotated[bool, typer.Option("--csv", help="Lines for column_phrases.csv, with the meaning of the nearest known phrase: judge each.")]


def status(warehouse: Warehouse = DEFAULT_WAREHOUSE, as_json: Json = False) -> None:
    """Inputs by status, the versions, and who is writing. 状态"""
    from pipelines.publish.lock import holder
    from pipelines.publish.paths import warehouse_paths
    from pipelines.publish.state import State

    paths = warehouse_paths(warehouse)
    if not paths.database.exists() and not warehouse.exists():
        console.fail(f"there is no warehouse {warehouse}: `yusuan ingest PATH` makes one, --warehouse names another")
    found: dict[str, object] = {"warehouse": str(warehouse), "writer": None, "pending": 0, "versions": []}
    if paths.database.exists():
        writing = holder(warehouse)
        with State(paths) as state:
            done = {record.document_id for record in state.records() if record.stage == "audit" or record.status == "quarantined"}
            found |= {
                "writer": None if writing is None else {name: getattr(writing, name) for name in ("pid", "host", "since", "task")},
                "pending": sum(1 for row in state.documents() if row["document_id"] not in done),
                "unpublished_changes": state.unpublished(),
                "versions": [row | {"kept": paths.version(row["version"]).exists()} for row in state.versions()],
            }
    try:
        with opened(warehouse) as connection:
            found |= overview(connection)
    except LookupFailed as error:
        console.complain(str(error))
    if as_json:
        console.emit_json(found)
        return
    _show(found)


def _show(found: dict[str, object]) -> None:
    publication, versions = found.get("publication"), found["versions"]
    if isinstance(publication, dict):
        when = f"{publication['published_at']:%Y-%m-%d %H:%M:%S} UTC"
        console.say(f"{found['warehouse']}: version {publication['version']}, published {when}")
    for name in ("inputs", "quarantined", "rows", "trust"):
        counts = found.get(name)
        if isinstance(counts, dict) and counts:
            console.say()
            console.emit_table((name, "n"), list(counts.items()), numeric=("n",))
    console.say()
    if found["pending"]:
        console.say(f"{found['pending']} documents are not finished: the next ingest goes on with them")
    if found["writer"]:
        console.say(f"being written: {found['writer']}")
    if isinstance(versions, list) and versions:
        console.emit_table(
            ("version", "published", "documents", "content", "kept"),
            [(row["version"], row["published_at"], row["n_documents"], row["content_hash"][:16], "yes" if row["kept"] else "no")
             for row in versions[-10:]],
            numeric=("version", "documents"))


@contextmanager
def _writing(warehouse: Path, wait: bool, task: str) -> Iterator[State]:
    """The state of a warehouse that exists, while nobody else writes to it; otherwise the command ends with its reason."""
    from pipelines.publish.lock import WriterBusy, writer
    from pipelines.publish.paths import warehouse_paths
    from pipelines.publish.state import State

    paths = warehouse_paths(warehouse)
    if not paths.database.exists():
        console.fail(f"there is no warehouse {warehouse}")
    try:
        with writer(warehouse, wait=None if wait else 0.0, task=task), State(paths) as state:
            yield state
    except WriterBusy as busy:
        console.fail(str(busy), console.EXIT_BUSY)


def remove(
    document: Annotated[list[str], typer.Argument(metavar="DOCUMENT...", help="Ids, their beginnings, or source names.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE, wait: Wait = False, as_json: Json = False,
) -> None:
    """Withdraw documents and publish without them. 撤回文件"""
    with _writing(warehouse, wait, "remove") as state:
        found = {text: state.find(text) for text in document}
        for text, ids in found.items():
            if len(ids) != 1:
                console.fail(f"{text!r} names {len(ids)} documents, not one: give an id or a source name as in `documents`")
        from assets.stages.publish import code_version
        from pipelines.publish.warehouse import publish

        removed = state.remove(identity for ids in found.values() for identity in ids)
        done = publish(state, code_version=code_version())
    if as_json:
        console.emit_json({"removed": removed, "version": done.version, "documents": done.n_documents})
    else:
        console.say(f"{removed} withdrawn; version {done.version} holds {done.n_documents} documents")


def rollback(
    version: Annotated[int | None, typer.Argument(metavar="[VERSION]", help="The version to go back to (default: the one before).")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE, wait: Wait = False, as_json: Json = False,
) -> None:
    """Put an earlier version into place again; what has been done is not forgotten. 回退版本"""
    from pipelines.publish.warehouse import PublishError
    from pipelines.publish.warehouse import rollback as put_back

    try:
        with _writing(warehouse, wait, "rollback") as state:
            done = put_back(state, version)
    except PublishError as error:
        console.fail(str(error))
    if as_json:
        console.emit_json({"version": done.version, "documents": done.n_documents, "warnings": done.warnings})
    else:
        console.say(f"{warehouse} is version {done.version} again ({done.n_documents} documents)")
        for warning in done.warnings:
            console.complain(warning)


def vocabulary(warehouse: Warehouse = DEFAULT_WAREHOUSE, as_json: Json = False, as_csv: Csv = False) -> None:
    """Header phrases that no vocabulary line explains, by how often, with the nearest known ones. 未识别的表头用语"""
    from assets.phrases import unknown

    try:
        with opened(warehouse) as connection:
            found = unknown(connection)
    except LookupFailed as error:
        console.fail(str(error))
    if as_json:
        console.emit_json(found)
        return
    if as_csv:
        console.emit_csv(("phrase", "facet", "value"), found)
        return
    columns = ("phrase", "numbers", "documents", "nearest", "example")
    console.emit_table(columns, [[row[name] for name in columns] for row in found], numeric=("numbers", "documents"))
    console.say(f"{len(found)} unknown phrases")
