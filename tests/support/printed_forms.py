"""Forms as lines of cells, for tests: a cell a field, `|` between them, understood and normalised as a document would be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipelines.normalise.normalise import normalise
from pipelines.read.document import document_of
from pipelines.read.text import read_text
from pipelines.understand.logical import LogicalTable
from pipelines.understand.understand import Understood, understand

COVER = "安宁县水务局2026年部门预算\n\n"
ACCOUNTS_COVER = "安宁县水务局2024年度部门决算\n\n"


def understood(text: str, cover: str = COVER) -> Understood:
    """A text with `|` between cells, understood."""
    lines = "\n".join(line.replace("|", "\t") for line in (cover + text).split("\n"))
    return understand(document_of(read_text(lines), sha256="0" * 64, n_bytes=len(lines), media_type="text/plain"))


def only_table(text: str, cover: str = COVER) -> LogicalTable:
    """The one table of a text."""
    (table,) = understood(text, cover).tables
    return table


def facts(text: str, cover: str = COVER) -> list[dict[str, Any]]:
    """All facts of a text, in reading order."""
    return normalise(understood(text, cover))["facts"].sort("row_no", "column_no").to_dicts()


def meanings(text: str, *fields: str, cover: str = COVER) -> list[tuple[Any, ...]]:
    """The named fields of each fact, amounts as plain numbers in yuan."""
    return [tuple(_plain(fact[field]) for field in fields) for fact in facts(text, cover)]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value
