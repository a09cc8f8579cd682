"""The account of numbers: every number printed in a table is a fact, an indicator, a statistic, something else, refused or not understood.

A number is a token of digits in a cell; a cell counts once, however far it spans. Here: counting only.
"""

from __future__ import annotations

from collections import Counter

from pipelines.understand.amounts import number_tokens
from pipelines.understand.logical import LogicalTable

_ONE_NUMBER = ("facts", "statistics", "rejected")


def count_numbers(table: LogicalTable, used: dict[tuple[int, int], str]) -> Counter[str]:
    """Numbers of one table by what they became, under `facts`, `indicators`, `statistics`, `other`, `rejected`,
    `not_understood`, and `total`.

    `used` names what each cell became. What is left over is `other` (codes, row numbers, years, headers, figures inside sentences), except
    that the numbers in the amount columns of a table that was not understood, or in cells marked so, are `not_understood`.
    """
    out: Counter[str] = Counter()
    amounts = {c.column for c in table.columns if c.role == "amount"}
    outside = {*table.header_rows, *table.skipped_rows}
    for cell in table.cells:
        n = len(number_tokens(cell.text))
        if not n:
            continue
        out["total"] += n
        became = used.get((cell.row, cell.column))
        if (
            became is None
            and table.status == "not_understood"
            and cell.row not in outside
            and (cell.column in amounts or not table.columns)
        ):
            became = "not_understood"
        if became is None:
            became = "other"
        if became in _ONE_NUMBER and n > 1:
            out["other"] += n - 1
            n = 1
        out[became] += n
    return out
