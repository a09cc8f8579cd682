"""Where the files lie that stages leave for one another: readings and understood documents, by document.

Here: their paths, and clearing what killed workers left unfinished. Not here: writing them (tasks).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from assets.tasks.files import aside_of
from pipelines.publish.paths import WarehousePaths


def reading_path(paths: WarehousePaths, document_id: str) -> Path:
    """Where a document's reading lies."""
    return paths.state / "readings" / document_id[:2] / f"{document_id}.msgpack"


def understood_path(paths: WarehousePaths, document_id: str) -> Path:
    """Where an understood document lies."""
    return paths.state / "understood" / document_id[:2] / f"{document_id}.msgpack"


def clear_unfinished(target: Path) -> None:
    """Remove what killed workers left beside files of a target's kind. Needs the writer's lock."""
    shutil.rmtree(aside_of(target), ignore_errors=True)
