"""Plain text with one cell a line (一格一行), as Word writes a table when it saves text through some converters.

Here: recognising that form and rebuilding rows. Not here: tab-separated rows (text).

A cell begins with a tab. Its text goes on in lines without a tab. A blank line ends a row; two or more blank lines followed by a
further cell stand inside the row (empty paragraphs of the cell before), and so does text after one that runs into a further cell
without a blank line: titles between tables have one. Merged cells are not marked: a row has the cells that it
prints, by position only, so rows of one table differ in length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from pipelines.read.characters import clean
from pipelines.read.document import Block, RawTable, TextLine
from pipelines.read.grid import table_of_rows

_SINGLE: Final = re.compile(r"^\t[^\t]*$")
_ENOUGH: Final = 8  # lines; below that a text with leading tabs is just indented


def looks_like(lines: Sequence[str]) -> bool:
    """Whether nearly every line with a tab is a single cell, and most of them stand in runs."""
    tabbed = [n for n, line in enumerate(lines) if "\t" in line]
    if len(tabbed) < _ENOUGH:
        return False
    single = sum(1 for n in tabbed if _SINGLE.match(lines[n]))
    neighbours = sum(1 for a, b in pairwise(tabbed) if b == a + 1)
    return single >= 0.9 * len(tabbed) and neighbours >= 0.3 * len(tabbed)


def read_cell_lines(lines: Sequence[str]) -> list[Block]:
    """Blocks in reading order; tables have method `cell_lines`, and no cell where a row prints none."""
    blocks: list[Block] = []
    rows: list[list[str]] = []
    row: list[str] = []
    blanks = 0
    for number, line in enumerate(lines):
        if line.startswith("\t"):
            if row and blanks == 1:
                rows.append(row)
                row = []
            row.append(line[1:])
            blanks = 0
        elif not line.strip():
            blanks += 1
        elif row and (not blanks or (blanks == 1 and _runs_into_a_cell(lines, number))):
            row[-1] += f"\n{line}"
            blanks = 0
        else:
            if row:
                rows.append(row)
                row = []
            blocks.extend(_table(rows))
            rows = []
            blanks = 0
            blocks.append(TextLine(text=clean(line)))
    if row:
        rows.append(row)
    blocks.extend(_table(rows))
    return blocks


def _runs_into_a_cell(lines: Sequence[str], number: int) -> bool:
    """Whether the paragraph that begins at a line is followed by a cell directly."""
    while number < len(lines) and lines[number].strip() and not lines[number].startswith("\t"):
        number += 1
    return number < len(lines) and lines[number].startswith("\t")


def _table(rows: list[list[str]]) -> list[RawTable]:
    if not any(cell.strip() for row in rows for cell in row):
        return []
    return [table_of_rows(rows, method="cell_lines")]
