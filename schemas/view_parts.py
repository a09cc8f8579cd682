"""What a view's declaration is made of: its labels, columns taken over from a relation, and columns of its own.

Here: these records. Not here: the views (schemas/views), their SQL (pipelines/publish/sql/views).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.relations.base import About


@dataclass(frozen=True)
class Own:
    """A view's own column: polars type, Chinese and English title and description."""

    name: str
    dtype: pl.DataType
    zh: str
    en: str
    about_zh: str = ""
    about_en: str = ""


@dataclass(frozen=True)
class Taken:
    """Columns taken over from a relation under their own names; no names: all of them."""

    relation: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """A view: its labels and its columns in order."""

    about: About
    columns: tuple[Own | Taken, ...]
