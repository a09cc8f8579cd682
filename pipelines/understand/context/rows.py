"""Words and rows of the packaged CSV files that the context is read with, and the caches built from them.

Everything derived from reference data goes through `cached`, so that a changed `YUSUAN_REFERENCE` folder is seen by the next document.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from schemas import reference

P = ParamSpec("P")
R = TypeVar("R")

REFERENCE_FILES = (
    "regions.csv", "region_words.csv", "entity_suffixes.csv", "entity_labels.csv", "entity_noise.csv", "entity_abbreviations.csv",
    "document_kinds.csv", "document_phrases.csv",
)
_clear: list[Callable[[], None]] = []
_seen: list[object] = [None]


def cached(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`lru_cache` whose content goes when the reference data in force changes (see `refresh`)."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        inner = lru_cache(maxsize=size)(function)
        _clear.append(inner.cache_clear)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return inner(*args, **kwargs)  # type: ignore[arg-type]  # typeshed asks for Hashable, which a ParamSpec cannot state

        return call

    return decorate


def refresh() -> None:
    """Forget what was derived from reference data that is no longer in force. Costs a look at the environment."""
    folder = os.environ.get(reference.OVERRIDE_VARIABLE)
    state: object = None
    if folder:
        paths = (Path(folder) / name for name in REFERENCE_FILES)
        state = (folder, tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file()))
    if state != _seen[0]:
        _seen[0] = state
        for clear in _clear:
            clear()


def reference_rows(name: str) -> tuple[dict[str, str], ...]:
    """All rows of `schemas/reference/<name>.csv`. Raises `ReferenceError` when the file is not packaged."""
    return reference.rows(f"{name}.csv")


@cached(64)
def words(file: str, key: str, value: str, column: str) -> tuple[str, ...]:
    """Values of `column` in the rows of `file` whose `key` equals `value`, longest first (regex alternations need that order)."""
    found = {row[column] for row in reference_rows(file) if row[key] == value and row[column]}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
