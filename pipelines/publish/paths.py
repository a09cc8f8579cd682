"""Where things stand around a warehouse file: its state, batches, lock, versions and Parquet twin.

Here: names of paths only. Not here: reading or writing any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class WarehousePaths:
    """All paths that belong to one warehouse file `<folder>/<stem>.duckdb`."""

    current: Path

    @property
    def folder(self) -> Path:
        """The folder the warehouse stands in."""
        return self.current.parent

    @property
    def stem(self) -> str:
        """The warehouse's name without its ending."""
        return self.current.stem

    @property
    def state(self) -> Path:
        """Folder of everything that is not for readers."""
        return self.folder / f"{self.stem}.state"

    @property
    def database(self) -> Path:
        """The SQLite file of what has been done."""
        return self.state / "state.sqlite"

    @property
    def batches(self) -> Path:
        """Folder of Parquet batches, one folder each."""
        return self.state / "batches"

    @property
    def lock(self) -> Path:
        """The lock file of the one writer."""
        return self.state / "writer.lock"

    @property
    def foreign(self) -> Path:
        """Where write-ahead logs that other programs left are moved."""
        return self.state / "foreign-wal"

    @property
    def building(self) -> Path:
        """Folder of files being built, on the same file system as the versions."""
        return self.state / "building"

    @property
    def versions(self) -> Path:
        """Folder of finished versions."""
        return self.folder / "versions"

    def version(self, number: int) -> Path:
        """The file of one version."""
        return self.versions / f"{self.stem}-{number}{self.current.suffix or '.duckdb'}"

    def version_parquet(self, number: int) -> Path:
        """The Parquet twin of one version."""
        return self.versions / f"{self.stem}-{number}.parquet"


def warehouse_paths(warehouse: Path | str) -> WarehousePaths:
    """The paths of a warehouse file, made absolute so that a later change of folder does no harm."""
    return WarehousePaths(Path(warehouse).expanduser().absolute())
