"""Plain text whose tables are lines with tabs (制表符分隔), as converters write them.

Here: telling table lines from running text, blank lines and torn rows inside a table, left-over Markdown and HTML marks. Not here:
text with one cell a line (cell_lines) or with commas (comma_text), decoding (characters), what a table means.

A run of lines with tabs is a table; merged cells stand as blanks. A blank line ends it unless the next table line has as many
cells and is not the header printed once more. Lost pages and `[illegible]` marks stay visible as lines of text.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipelines.read import cell_lines
from pipelines.read.characters import clean
from pipelines.read.comma_text import read_comma_text
from pipelines.read.document import Block, RawTable, TextLine
from pipelines.read.grid import table_of_rows

_TAG: Final = re.compile(r"</?(?:b|i|u|p|br|em|strong|span|font|sub|sup|div|center)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_FORMULA: Final = re.compile(r"\$([^$]*\\[^$]*)\$|\\\((.*?)\\\)")
_COMMAND: Final = re.compile(r"\\([A-Za-z]+|%)\s*")
_SIGNS: Final = {
    "geq": "≥", "ge": "≥", "leq": "≤", "le": "≤", "times": "×", "sim": "~", "pm": "±", "%": "%", "neq": "≠", "approx": "≈", "cdot": "·",
}
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING: Final = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$")
_BULLET: Final = re.compile(r"^\s*[-*•·]\s+(?=[^\d\s.])")
_RULE_CELL: Final = re.compile(r"^:?-{2,}:?$")
_PIPED: Final = re.compile(r"^\s*\|.*\|\s*$")
_NUMBER: Final = re.compile(r"^[-+－(（]?\d[\d,，.]*%?[)）]?$")
_LONG: Final = 12  # a last cell at least this long may go on in the next line


def read_text(text: str) -> list[Block]:
    """Blocks of a plain text in reading order; tables have method `tsv`, or `cell_lines` where each line is one cell."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if cell_lines.looks_like(lines):
        return cell_lines.read_cell_lines(lines)
    delimited = read_comma_text(text)
    if delimited is not None:
        return delimited
    blocks: list[Block] = []
    run: list[list[str]] = []
    pending_blank = False
    for number, raw in enumerate(lines):
        line = _unpipe(raw)
        if "\t" in line:
            row = [_cell(part) for part in line.split("\t")]
            if run and pending_blank and not _goes_on(run, row):
                blocks.extend(_table(run))
                run = []
            run.append(row)
            pending_blank = False
        elif not line.strip():
            pending_blank = True
        elif run and not pending_blank and _inside(lines, number):
            run.append([_cell(line)])
        else:
            if run:
                blocks.extend(_table(run))
                run = []
            pending_blank = False
            blocks.extend(_line(line))
    if run:
        blocks.extend(_table(run))
    return blocks


def _unpipe(line: str) -> str:
    """A Markdown table line as a tab line."""
    return "\t".join(part.strip() for part in line.strip().strip("|").split("|")) if _PIPED.match(line) and line.count("|") > 2 else line


def _cell(text: str) -> str:
    """A cell's or line's text without marks that a converter left: tags, entities, bold, and signs written as formulas."""
    text = _BOLD.sub(r"\2", _TAG.sub("", text))
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = _FORMULA.sub(lambda m: _COMMAND.sub(lambda c: _SIGNS.get(c.group(1), c.group()), m.group(1) or m.group(2)).strip(), text)
    return text


def _line(line: str) -> list[TextLine]:
    """A line of running text without its Markdown marks; none when only marks stood there."""
    heading = _HEADING.match(line)
    text = clean(_cell(_BULLET.sub("", heading.group(2) if heading else line)))
    if not text or re.fullmatch(r"[-*_=#\s]{3,}", text):
        return []
    return [TextLine(text=text, role="heading" if heading else "text")]


def _inside(lines: Sequence[str], number: int) -> bool:
    """Whether a line without tabs is directly followed by a table line: then it belongs to the table around it."""
    return number + 1 < len(lines) and "\t" in lines[number + 1]


def _goes_on(run: Sequence[Sequence[str]], row: Sequence[str]) -> bool:
    """Whether a table goes on after a blank line: the same width, and not its own header again (the next page's table)."""
    return len(row) == len(run[-1]) and [text.strip() for text in row] != [text.strip() for text in run[0]]


def _table(run: list[list[str]]) -> list[RawTable]:
    rows = [row for row in _rejoin(run) if not _is_rule(row)]
    if not any(text.strip() for row in rows for text in row):
        return []
    return [table_of_rows(rows, method="tsv")]


def _is_rule(row: Sequence[str]) -> bool:
    """A Markdown separator (`--  ---  --`): at least one dashed cell and nothing else; `**` fillers are none."""
    written = [text.strip() for text in row if text.strip()]
    return bool(written) and all(_RULE_CELL.match(text) for text in written)


def _is_figures(row: Sequence[str]) -> bool:
    """A row of a word and at least one number."""
    return not _NUMBER.match(row[0].strip()) and any(_NUMBER.match(text.strip()) for text in row[1:])


def _rejoin(run: list[list[str]]) -> list[list[str]]:
    """Rows whose cell holds a line break stand on two lines: put them together where the widths prove it.

    Two lines are one row when the second begins in the middle of the cell that the first ends in, i.e. their widths add up to the
    table's. A single text before a row is the first half of its label only where a word and figures follow; a single text after a
    whole row continues its last cell when that is prose. Else it is a cell over the whole width.
    """
    width = Counter(len(row) for row in run).most_common(1)[0][0]
    joined: list[list[str]] = []
    for row in run:
        above = joined[-1] if joined else None
        broken = above is not None and len(above) < width and len(above) + len(row) - 1 == width and (len(above) > 1 or _is_figures(row))
        prose = above is not None and len(row) == 1 and len(above) == width and len(above[-1].strip()) >= _LONG
        if above is not None and (broken or prose) and above[-1].strip() and row[0].strip():
            above[-1] = f"{above[-1]}\n{row[0]}"
            above.extend(row[1:])
        else:
            joined.append(list(row))
    return joined
