"""The Parquet twin of a published version: one file a relation, facts in a folder a fiscal year.

Here: writing it and pointing `parquet/` at it. Not here: building the version. The twin stands among the versions; `parquet/` beside the
warehouse is a link that is replaced in one step, so readers never see half of one.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import duckdb

from pipelines.publish.paths import WarehousePaths
from schemas.ddl import identifier
from schemas.registry import RELATIONS

LINK = "parquet"
PARTITIONED = {"facts": "fiscal_year"}
KEEP = 2  # a reader of the version before may still be listing its files


def write_parquet(warehouse: Path, folder: Path) -> Path:
    """Write every relation of a finished warehouse file below `folder`, which must not exist; returns it."""
    folder.mkdir()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for relation in RELATIONS:
            options, target = "FORMAT parquet, COMPRESSION zstd", folder / f"{relation}.parquet"
            if relation in PARTITIONED:
                options, target = f"{options}, PARTITION_BY ({identifier(PARTITIONED[relation])})", folder / relation
                target.mkdir()
            connection.execute(f"COPY (FROM {identifier(relation)}) TO ? ({options})", [str(target)])
    return folder


def link_path(paths: WarehousePaths) -> Path:
    """`parquet/` beside the warehouse; `<stem>-parquet/` where another warehouse in the same folder has that name already."""
    link = paths.folder / LINK
    if link.is_symlink():
        ours = re.fullmatch(re.escape(paths.stem) + r"-\d+\.parquet", Path(os.readlink(link)).name)
        return link if ours else paths.folder / f"{paths.stem}-{LINK}"
    return link if not link.exists() else paths.folder / f"{paths.stem}-{LINK}"


def point_parquet(paths: WarehousePaths, version: int) -> None:
    """Make `parquet/` show the twin of a version, or nothing where that version has none any more."""
    link = link_path(paths)
    twin = paths.version_parquet(version)
    if not twin.exists():
        link.unlink(missing_ok=True)
        return
    aside = paths.building / "parquet-link"
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path(paths.versions.name) / twin.name)
    os.replace(aside, link)


def drop_parquet(paths: WarehousePaths, current: int) -> None:
    """Remove the twins of older versions, but for the last ones."""
    pattern = re.compile(re.escape(paths.stem) + r"-(\d+)\.parquet")
    numbers = sorted(int(match[1]) for path in paths.versions.glob(f"{paths.stem}-*.parquet") if (match := pattern.fullmatch(path.name)))
    for number in numbers[:-KEEP]:
        if number != current:
            shutil.rmtree(paths.version_parquet(number))
