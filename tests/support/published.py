"""Small publications for tests of what readers of a published warehouse see."""

from __future__ import annotations

from pathlib import Path

import duckdb
from made_products import USUAL, Made, ingest

from pipelines.publish.state import State
from pipelines.publish.warehouse import Published, publish

DOCUMENTS = [Made(f"d{n}", entity=f"{n}局", tables=USUAL if n % 2 else USUAL[:1]) for n in range(8)]


def put(state: State, *documents: Made, **options: object) -> Published:
    """Ingest documents and publish."""
    ingest(state, documents)
    return publish(state, code_version="test", **options)  # type: ignore[arg-type]


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """A query on a published file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()
