"""Where the bytes of every input lie: needed to read a document again, to cut out a picture of a cell, to mark a copy.

Here: one small SQLite file beside the warehouse's state. Not here: what has been done with a document (pipelines.publish.state); that
is part of the warehouse's content, this is not: files may move.
Real paths are kept as bytes: a name need not be valid text.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assets.stages.register import Register
from pipelines.publish.paths import WarehousePaths

_SCHEMA = """
CREATE TABLE IF NOT EXISTS locations (
    source_name TEXT PRIMARY KEY, path BLOB NOT NULL, member TEXT NOT NULL, sha256 TEXT, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    noted INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS locations_content ON locations (sha256);
CREATE INDEX IF NOT EXISTS locations_path ON locations (path);
"""
_RACY_NS = 2_000_000_000  # a file changed so shortly before it was noted may have changed again within the clock's grain


@dataclass(frozen=True)
class Location:
    """One input's place: its real path, the way to the member of an archive, and the file's stamp when it was noted."""

    source_name: str
    path: Path
    member: tuple[int, ...]
    sha256: str | None  # of the content; null where there is none
    size: int
    modified: int  # ns
    noted: int = 0  # ns

    def unchanged(self, size: int, modified: int) -> bool:
        """Whether a file with this stamp is surely the one that was noted."""
        return (size, modified) == (self.size, self.modified) and self.noted - self.modified > _RACY_NS


class Locations(Register):
    """The register of where inputs lie."""

    def __init__(self, paths: WarehousePaths) -> None:
        super().__init__(paths, "locations.sqlite", _SCHEMA)

    def note(self, locations: Iterable[Location]) -> None:
        """Remember where inputs are, in one transaction; a name noted before is noted anew."""
        now = time.time_ns()
        with self._connection, closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany(
                "INSERT OR REPLACE INTO locations VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((entry.source_name, os.fsencode(entry.path), json.dumps(entry.member), entry.sha256, entry.size, entry.modified, now)
                 for entry in locations))

    def of_document(self, document_id: str) -> list[Location]:
        """The places that hold a document's bytes, those that still exist."""
        return [found for found in self._select("sha256 >= ? AND sha256 < ?", document_id, document_id + "g") if found.path.is_file()]

    def named(self, source_name: str) -> Location | None:
        """The place of an input by its source name."""
        return next(iter(self._select("source_name = ?", source_name)), None)

    def at(self, path: Path) -> list[Location]:
        """What was found at a path: the file itself, or an archive's members."""
        return self._select("path = ?", os.fsencode(path))

    def below(self, folder: Path) -> list[Location]:
        """Everything found in a folder and its folders."""
        start = os.fsencode(folder) + os.fsencode(os.sep)
        return self._select("substr(path, 1, ?) = ?", len(start), start)

    def _select(self, where: str, *parameters: object) -> list[Location]:
        rows = self._connection.execute(
            "SELECT source_name, path, member, sha256, size, modified, noted FROM locations WHERE " + where, parameters)
        return [Location(name, Path(os.fsdecode(path)), tuple(json.loads(member)), *rest) for name, path, member, *rest in rows]
