"""What every relation's model has in common: what it is called, its key, and strict columns.

Here: the base class only. Not here: columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandera.polars as pa


@dataclass(frozen=True)
class About:
    """A relation's name in the warehouse, its Chinese and English title and description, and its key.

    `key` columns are unique together (empty: no key). `kind` is `table` or `view`.
    """

    name: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    key: tuple[str, ...] = ()
    kind: str = "table"


class RelationModel(pa.DataFrameModel):
    """A relation: columns are exactly those declared, in that order."""

    _about: ClassVar[About]  # the underscore keeps pandera from taking it for a column

    @classmethod
    def about(cls) -> About:
        """What the relation is called and what it holds."""
        return cls._about

    class Config:
        """Strict columns, in order."""

        strict = True
        ordered = True
