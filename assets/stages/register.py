"""A register: one small SQLite file beside a warehouse's state, open while it is used.

Here: opening and closing. Not here: what is registered (draw, locations).
"""

from __future__ import annotations

import sqlite3
from typing import Self

from pipelines.publish.paths import WarehousePaths


class Register:
    """A context manager over the file `name` of a warehouse's state; `schema` makes its tables where they are not there yet."""

    def __init__(self, paths: WarehousePaths, name: str, schema: str) -> None:
        paths.state.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(paths.state / name, isolation_level=None, timeout=30)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
