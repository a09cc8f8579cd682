"""项 whose own digits a form without a column for them leaves out: 212 | 01 | 城乡社区管理事务, then 212 | 01 | 行政运行.

Here: the last step of naming rows, once the whole block is known. Not here: the subject of a single row (`subjects`).
Seen in tables with columns 类 and 款 only that list 项 all the same: an item is told from its group by the name alone. Where group and item
have one name (其他…支出), the block decides: if its other lines without lines below them are items, this one is too.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipelines.understand.logical import Row
from pipelines.understand.subjects import SubjectBook

_GROUP, _ITEM = 5, 7  # digits
_CONFIDENCE = 0.9


def items_by_place(rows: Sequence[Row], book: SubjectBook, year: int | None) -> list[Row]:
    """The rows, with the item in place of a group of the same name, where the block prints its items under their group's code.

    A block with a last line that can only be a group lists groups, and stays as it is.
    """
    named = {n: _namesake(row, book, year) for n, row in enumerate(rows) if _is_group(row) and not _has_lines_below(row, rows[n + 1:])}
    if not named or None in named.values() or not any(_short(row) for row in rows):
        return list(rows)
    return [_as_item(row, named[n] or "", book) if n in named else row for n, row in enumerate(rows)]


def _is_group(row: Row) -> bool:
    return row.scheme == "function" and row.code is not None and len(row.code) == _GROUP


def _short(row: Row) -> bool:
    """Whether a row is an item that is printed with its group's code."""
    printed, code = row.printed_code or "", row.code or ""
    return row.scheme == "function" and len(printed) == _GROUP and len(code) == _ITEM and code.startswith(printed)


def _has_lines_below(row: Row, below: Sequence[Row]) -> bool:
    return next((r.code for r in below if r.code), "").startswith(row.code or "-")


def _namesake(row: Row, book: SubjectBook, year: int | None) -> str | None:
    """The one item of a group that has the group's name, in that year."""
    items = [c for c in book.children.get(("function", row.code or ""), ()) if book.is_name_of("function", c, row.name or "")]
    items = book.in_year("function", items, year)
    return items[0] if len(items) == 1 else None


def _as_item(row: Row, code: str, book: SubjectBook) -> Row:
    return replace(
        row, code=code, name=book.name("function", code) or row.name, function_code=code if row.function_code else None,
        confidence=min(row.confidence, _CONFIDENCE),
    )
