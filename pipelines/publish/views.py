"""The views of a warehouse, created from packaged SQL in an order in which each finds what it reads.

Here: creating them. Not here: their columns' declarations (schemas/views.py).
"""

from __future__ import annotations

from importlib import resources

import duckdb

from schemas.ddl import identifier
from schemas.views import VIEWS


def sql(name: str) -> str:
    """The text of a packaged SQL file below `pipelines/publish/sql`."""
    return resources.files("pipelines.publish").joinpath("sql", *name.split("/")).read_text(encoding="utf-8")


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every declared view; each is written as its file has it."""
    for name in VIEWS:
        connection.execute(f"CREATE VIEW {identifier(name)} AS\n{sql(f'views/{name}.sql')}")
