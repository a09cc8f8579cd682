"""The records of understanding: a logical table with its columns, rows and meaning. Plain data, no behaviour beyond (de)serialising.

`row` and `column` numbers count from 0 in the logical table's own grid (all fragments stacked, repeated headers kept as rows).
"""

from __future__ import annotations

import msgspec

from pipelines.read.document import Cell


class ColumnMeaning(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the amounts of a column are. `known` is false when some part of the header path is not in the vocabulary."""

    known: bool = True
    funding: str | None = None  # None: the table kind's default
    expenditure_type: str | None = None
    budget_period: str = "total"
    stage: str | None = None
    year: int | None = None
    year_offset: int | None = None
    measure: str = "amount"
    column_subject_code: str | None = None
    item: str | None = None  # the item a 三公 column speaks of, as printed
    side: str | None = None
    unit: str | None = None
    unknown: tuple[str, ...] = ()  # the phrases that are not known


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One grid column. `role`: amount, or the role of a descriptor (code, name, entity, project, label, text, row_no, ...), or blank."""

    column: int
    role: str
    path: str = ""
    block: int = -1
    meaning: ColumnMeaning | None = None
    scheme: str | None = None  # classification that the header names for a code or name column


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of one block (a two-sided table has one Row a side)."""

    row: int
    block: int
    role: str  # detail · subtotal · total · of_which
    label: str
    level: int = 0
    parent: int | None = None
    is_leaf: bool = True
    side: str | None = None
    scheme: str = "none"
    code: str | None = None
    name: str | None = None
    function_code: str | None = None
    economic_department_code: str | None = None
    economic_government_code: str | None = None
    printed_code: str | None = None
    project: str | None = None
    entity: str | None = None
    entity_code: str | None = None
    funding: str | None = None
    expenditure_type: str | None = None
    stage: str | None = None
    year: int | None = None
    year_offset: int | None = None
    budget_period: str | None = None
    carry: bool = False  # the label speaks of money carried over
    group: str | None = None  # the merged cell left of the label that names several rows: 其他资金 | 事业收入
    source: str | None = None  # the source that the label names
    confidence: float = 1.0
    doubt: str | None = None


class LogicalTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """One table of the publication, stitched over its pages."""

    table_no: int
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    title: str | None = None
    number: str | None = None  # 公开05表, 表三 ...
    kind: str = "other"
    kind_confidence: float = 0.0
    kind_evidence: tuple[str, ...] = ()
    unit: str | None = None
    unit_evidence: int = 0  # in how many places the unit is said
    year: int | None = None  # of the title, where it says one
    entity: str | None = None  # of the 编制单位 line of the table itself
    first_page: int | None = None
    last_page: int | None = None
    method: str = ""
    confidence: float = 1.0
    emptiness: str = "filled"
    status: str = "understood"  # understood · not_understood · no_amounts
    reason: str | None = None
    header_rows: tuple[int, ...] = ()
    skipped_rows: tuple[int, ...] = ()  # captions, index rows, notes inside the grid
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str | None = None  # printed below or above: 注：...
    sheet: str | None = None  # of a workbook
    reading_note: str | None = None  # what the reader left out or doubts, in a sentence
    wrapped: tuple[tuple[int, int, str], ...] = ()  # cells whose text goes on after a page end: row, column, the whole text
