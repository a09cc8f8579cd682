"""Plain text whose tables are lines with commas or semicolons (.csv), as Excel and databases export sheets.

Here: telling such a text from running text, its fields with quotes and line breaks in them, and the way to the tables of a sheet. Not
here: decoding (characters), where a sheet's tables begin and end (sheet_regions), tabs (text).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final

from pipelines.read.characters import clean, indented
from pipelines.read.document import Block, Cell
from pipelines.read.sheet_regions import sheet_blocks, sheet_place

_DELIMITERS: Final = (",", ";")
_LIKE: Final = 0.8  # share of the lines with delimiters that have the most frequent number of fields
_NUMBER: Final = re.compile(r"^\s*[-+(（]?[¥￥]?\d[\d,]*(?:\.\d+)?%?[)）]?\s*$")
_SEPARATOR: Final = re.compile(r"\d,\d{3}(?!\d)")  # a comma inside a printed number


def read_comma_text(text: str) -> list[Block] | None:
    """Blocks of a text of delimited fields; tables have method `tsv`. None when the text is none of that kind."""
    rows = next((rows for delimiter in _DELIMITERS if (rows := _rows(text, delimiter)) is not None), None)
    if rows is None:
        return None
    cells = {
        (r, c): Cell(row=r, column=c, text=clean(field), original=indented(field), place=sheet_place(r, c))
        for r, row in enumerate(rows) for c, field in enumerate(row)
    }
    return sheet_blocks(cells, sheet=None, note=None, method="tsv")


def _rows(text: str, delimiter: str) -> list[list[str]] | None:
    """The fields of each line, None unless they look like a table: most lines with as many fields, and numbers among them."""
    if "\t" in text or text.count(delimiter) < 2:
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    written = [row for row in rows if any(field.strip() for field in row)]
    widths = Counter(len(row) for row in written if len(row) > 1)
    if not widths:
        return None
    width, count = widths.most_common(1)[0]
    if count < 2 or count < _LIKE * widths.total() or 2 * widths.total() < len(written):
        return None
    if width == 2 and delimiter == "," and 2 * len(_SEPARATOR.findall(text)) > count:
        return None  # lines of text with one amount each
    return rows if any(_NUMBER.match(field) for row in written for field in row) else None
