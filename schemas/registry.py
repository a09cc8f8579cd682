"""All relations by name, and what follows from their declarations: polars schemas, empty frames, column records.

Here: the list and lookups over it. Not here: declarations (schemas/relations), SQL (schemas/ddl), validation (schemas/validation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.relations.amounts import Facts
from schemas.relations.base import About, RelationModel
from schemas.relations.dimensions import DimColumn, DimEntity, DimEntityAlias, DimRegion, DimSubject, DimTableKind, Publication
from schemas.relations.grid import Cells, Rejects, Tables
from schemas.relations.quality import Checks, Claims, Findings
from schemas.relations.results import Indicators, Statistics
from schemas.relations.sources import Documents, Inputs
from schemas.relations.summable import Summable, SummableTotals
from schemas.view_parts import Own, View
from schemas.views import VIEWS


@dataclass(frozen=True)
class Column:
    """One declared column: polars type, whether it may be null, labels, and the vocabulary that closes it."""

    name: str
    dtype: pl.DataType
    nullable: bool
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    vocabulary: str | None


@dataclass(frozen=True)
class Relation:
    """One relation of the warehouse: its labels and its model (a view has none: it is not loaded, so nothing validates it)."""

    about: About
    model: type[RelationModel] | None

    @property
    def name(self) -> str:
        """Name in the warehouse."""
        return self.about.name

    @cached_property
    def pandera_schema(self) -> pa.DataFrameSchema:
        """The model as a pandera schema. Raises `TypeError` for a view."""
        if self.model is None:
            raise TypeError(f"{self.name} is a view: its rows are validated in the relations it takes them from")
        return self.model.to_schema()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in declared order."""
        if self.model is None:
            return tuple(_view_columns(VIEWS[self.name]))
        return tuple(_column(name, declared) for name, declared in self.pandera_schema.columns.items())

    @cached_property
    def polars_schema(self) -> pl.Schema:
        """Its columns' polars types in declared order."""
        return pl.Schema({column.name: column.dtype for column in self.columns})


def _column(name: str, declared: Any) -> Column:
    labels = declared.metadata
    dtype = declared.dtype.type
    return Column(
        name=name,
        dtype=dtype() if isinstance(dtype, type) else dtype,
        nullable=declared.nullable,
        title_zh=labels["title_zh"],
        title_en=labels["title_en"],
        description_zh=labels["description_zh"],
        description_en=labels["description_en"],
        vocabulary=labels["vocabulary"],
    )


def _view_columns(view: View) -> Iterator[Column]:
    for part in view.columns:
        if isinstance(part, Own):
            yield Column(part.name, part.dtype, True, part.zh, part.en, part.about_zh or part.zh, part.about_en or part.en, None)
        else:
            declared = {column.name: column for column in RELATIONS[part.relation].columns}
            yield from (declared[name] for name in part.names or declared)


def _relations(*models: type[RelationModel]) -> dict[str, Relation]:
    return {model.about().name: Relation(model.about(), model) for model in models}


RELATIONS: dict[str, Relation] = _relations(
    Inputs, Documents, Tables, Cells, Facts, Rejects, Checks, Findings, Claims, Indicators, Statistics,
    DimSubject, DimEntity, DimEntityAlias, DimRegion, DimTableKind, DimColumn, Summable, SummableTotals, Publication,
)
"""Relations that hold rows, in the order they are loaded."""

VIEW_RELATIONS: dict[str, Relation] = {name: Relation(view.about, None) for name, view in VIEWS.items()}
"""The views: declared and documented, not loaded."""

EVERY_RELATION: dict[str, Relation] = RELATIONS | VIEW_RELATIONS
"""Everything a reader finds in the warehouse."""

PRODUCT_RELATIONS: tuple[str, ...] = (
    "documents", "tables", "cells", "facts", "rejects", "checks", "findings", "claims", "indicators", "statistics", "dim_entity",
    "dim_entity_alias",
)
"""Relations that are made document by document, before publishing."""


def polars_schema(relation: str) -> pl.Schema:
    """The polars types of a relation's columns. Raises `KeyError` for an unknown relation."""
    return EVERY_RELATION[relation].polars_schema


def empty_frame(relation: str) -> pl.DataFrame:
    """A frame of that relation without rows."""
    return polars_schema(relation).to_frame()
