"""`yusuan extract` and `yusuan inspect`: one file read, nothing written to any warehouse.

Here: reading a file in a supervised worker, and printing what came of it. Not here: reading (pipelines.read).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assets.cli import console
from assets.cli.options import Json, SecondOpinion

if TYPE_CHECKING:
    from pipelines.read.document import Document, RawTable
    from pipelines.read.inputs import InputRef

File = Annotated[Path, typer.Argument(metavar="FILE", help="A document; of an archive every member.", exists=True, dir_okay=False)]
NoOcr = Annotated[bool, typer.Option("--no-ocr", help="Leave pictures of pages unread.")]


@dataclass(frozen=True)
class ReadFile:
    """One input and what was read of it; `document` is None when it could not even be handed over, then `reason` and `detail` say why."""

    ref: InputRef
    document: Document | None
    reason: str | None
    detail: str | None
    seconds: float


def extract(file: File, as_json: Json = False, no_ocr: NoOcr = False) -> None:
    """The raw tables of one file. 提取原始表格"""
    import msgspec

    found = []
    with _read(file, ocr=not no_ocr) as readings:
        for read in readings:
            tables = read.document.tables if read.document else ()
            if as_json:
                found.append({
                    "name": read.ref.name, "status": "quarantined" if read.reason else "read", "reason": read.reason, "detail": read.detail,
                    "tables": [_full(msgspec.to_builtins(table)) for table in tables],
                })
                continue
            console.say(f"# {read.ref.name}: {len(tables)} tables" + (f", {read.reason}: {read.detail}" if read.reason else ""))
            for number, table in enumerate(tables, start=1):
                _print_table(number, table)
    if as_json:
        console.emit_json(found)


def _full(table: dict[str, object]) -> dict[str, object]:
    """A table with the fields that its serialised form leaves out because they are at their defaults, as a machine wants them."""
    cells = table.get("cells")
    plain = {"text": "", "row_span": 1, "column_span": 1, "page": None, "box": None, "confidence": 1.0}
    filled = [plain | cell for cell in cells] if isinstance(cells, list | tuple) else []
    return {"page": None, "confidence": 1.0} | table | {"cells": filled}


def _print_table(number: int, table: RawTable) -> None:
    place = f", page {table.page}" if table.page else f", sheet {table.sheet}" if table.sheet else ""
    console.say()
    console.say(f"## table {number}{place}: {table.n_rows} × {table.n_columns}, {table.method}, confidence {table.confidence:.2f}"
                + (f": {table.caption}" if table.caption else "") + (f" ({table.note})" if table.note else ""))
    grid = [[""] * table.n_columns for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = console.printable(cell.text)
    for row in grid:
        console.out().print("\t".join(row))


def inspect(
    file: File, as_json: Json = False, no_ocr: NoOcr = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="DIR", help="Draw the cells over every page with tables, into DIR.")] = None,
    second_opinion: SecondOpinion = None,
) -> None:
    """Page by page: what was read, by which path, what was lost or doubled, how far stock camelot agrees (on a sample, at least one page),
    and what it cost. 逐页检查读取"""
    import msgspec

    from pipelines.read.pdf.sample import SAMPLE_SHARE

    share = SAMPLE_SHARE if second_opinion is None else second_opinion
    found: list[dict[str, Any]] = []
    with _read(file, ocr=not no_ocr, second_opinion=share) as readings:
        for read in readings:
            pages = [msgspec.structs.asdict(page) for page in read.document.pages] if read.document else []
            drawn = _draw(read, png) if png is not None and read.document else []
            found.append({
                "name": read.ref.name, "media_type": read.document.media_type if read.document else None, "reason": read.reason,
                "detail": read.detail, "seconds": read.seconds, "tables": len(read.document.tables) if read.document else 0,
                "personal_data_removed": read.document.personal_data_removed if read.document else 0, "pages": pages, "pictures": drawn,
            })
    if as_json:
        console.emit_json(found)
        return
    for entry in found:
        title = f"{entry['name']} ({entry['media_type']})" + (f": {entry['reason']}: {entry['detail']}" if entry["reason"] else "")
        lines = [_page(page, entry["media_type"] == "application/pdf") for page in entry["pages"]]
        columns = list(lines[0]) if lines else ["page"]
        texts = ("path", "2nd", "note")
        numeric = [name for name in columns if name not in texts]
        console.emit_table(columns, [list(line.values()) for line in lines], title=title, numeric=numeric)
        if entry["pictures"]:
            console.say(f"{len(entry['pictures'])} pictures in {png}")


def _page(page: dict[str, Any], digits: bool) -> dict[str, object]:
    """A page or sheet as a line. The account of its digits (seen in its text layer, kept in cells, …) is kept for PDFs only."""
    line: dict[str, object] = {name: page[name] for name in ("page", "path", "tables")}
    if digits:
        line |= {
            "digits": page["digits_seen"], "kept": page["digits_kept"], "lost": page["digits_seen"] - page["digits_kept"],
            "extra": page["digits_extra"], "hidden": page["digits_hidden"], "2nd": _agreement(page),
        }
    return line | {"ms": f"{page['cpu_ms']:.1f}", "note": page["note"]}


def _agreement(page: dict[str, Any]) -> str:
    """What a second reading said of a page: nothing where none was asked for."""
    said = page["second_opinion"] or ""
    return f"{said} {page['cells_agreed']}/{page['cells_compared']}" if page["cells_compared"] else said


def _draw(read: ReadFile, folder: Path) -> list[str]:
    """Pictures of the pages that have tables; none for formats without pages."""
    document = read.document
    if document is None or document.media_type != "application/pdf":
        return []
    from pipelines.read.inputs import load
    from pipelines.read.pdf.inspect import draw_grid

    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:  # a member of an archive is no file of its own
        copy.write(load(read.ref))
        copy.flush()
        for page in document.pages:
            if page.tables:
                name = f"{document.document_id}-{page.page:04d}.png"
                drawn.append(str(draw_grid(Path(copy.name), page.page, folder / name, document.tables, document.lines)))
    return drawn


@contextmanager
def _read(file: Path, *, ocr: bool, second_opinion: float = 0.0) -> Iterator[Iterator[ReadFile]]:
    """Each input of a file, read as an ingest would: in a supervised worker, within limits."""
    with tempfile.TemporaryDirectory(prefix="yusuan-") as folder:
        yield _each(file, Path(folder), ocr=ocr, second_opinion=second_opinion)


def _each(file: Path, folder: Path, *, ocr: bool, second_opinion: float) -> Iterator[ReadFile]:
    from assets.tasks.single import read_single
    from pipelines.read.inputs import expand

    for number, ref in enumerate(expand(file)):
        if ref.failure is not None:
            yield ReadFile(ref, None, ref.failure.reason, ref.failure.detail, 0.0)
            continue
        document, reason, detail, seconds = read_single(ref, folder / f"{number}.msgpack", ocr=ocr, second_opinion=second_opinion)
        yield ReadFile(ref, document, reason, detail, seconds)
