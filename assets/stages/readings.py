"""Where the files lie that stages leave for one another: readings and understood documents, by document.

Here: names of paths only.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.publish.paths import WarehousePaths


def reading_path(paths: WarehousePaths, document_id: str) -> Path:
    """Where a document's reading lies."""
    return paths.state / "readings" / document_id[:2] / f"{document_id}.msgpack"


def understood_path(paths: WarehousePaths, document_id: str) -> Path:
    """Where an understood document lies."""
    return paths.state / "understood" / document_id[:2] / f"{document_id}.msgpack"
