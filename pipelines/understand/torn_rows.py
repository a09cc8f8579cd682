"""Rows that a page end tore in two: the lower half is read with the upper, for words and for digits.

A row is taken for a lower half only on evidence (an open bracket, a code column left blank, several texts and no amount, a known name or
a number that only the two halves make) and only when none of its cells could be an amount of its own. Not here: rows torn inside a page.
"""

from __future__ import annotations

import re
from collections import Counter

from pipelines.understand.amounts import parse_amount
from pipelines.understand.columns import DESCRIPTORS, SUBJECT_ROLES
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column
from pipelines.understand.rows import RowContext
from pipelines.understand.text import bare

_DIGITS = re.compile(r"^\d{1,3}$")
_CODE_ALONE = re.compile(r"^\d{3,7}[-－—]$")  # of 2040401-行政运行
_CLASS_DIGITS = 3
_SEVERAL = 2
_SCHEMES = ("function", "economic_department", "economic_government")
_OPEN = re.compile(r"[.,，]$|^[.,，]")  # what no number ends or begins with

Wrapped = tuple[int, int, str]  # row, column, the text of both halves


def join_torn_rows(
    grid: Grid, starts: list[int], body: list[int], columns: list[Column], ctx: RowContext
) -> tuple[list[int], list[Wrapped]]:
    """The body without lower halves, whose texts are put behind those of the upper halves in `grid.texts`; and what was joined.

    `starts`: the first grid row of every fragment after the first.
    """
    wrapped: list[Wrapped] = []
    kept = list(body)
    first = {next((r for r in body if r >= start), -1) for start in starts}
    rest = [r for r in body if r not in first]  # by these it is judged what every line has
    for start in starts:
        lower = next((r for r in kept if r >= start), None)
        at = kept.index(lower) if lower is not None else 0
        if lower is None or at == 0 or not _is_lower_half(grid, kept[at - 1], lower, rest, columns, ctx):
            continue
        upper = kept[at - 1]
        for column in columns:
            below, above = grid.own(lower, column.column), grid.own(upper, column.column)
            if below:
                grid.texts[upper][column.column] = above + below
                wrapped.append((upper, column.column, above + below))
        kept.remove(lower)
    return kept, wrapped


def _is_lower_half(grid: Grid, upper: int, lower: int, body: list[int], columns: list[Column], ctx: RowContext) -> bool:
    evidence = _words_alone(grid, upper, lower, body, columns)
    blank_code = _codes_everywhere(grid, body, columns, lower)
    for column in columns:
        above, below = grid.own(upper, column.column), grid.own(lower, column.column)
        if not below:
            continue
        if _CODE_ALONE.match(above) and not any(c.isdigit() for c in below):
            evidence = True
        elif column.role == "amount":
            if not _completes(grid, above, below, column.column, body):
                return False
            evidence = evidence or bool(_DIGITS.match(below)) or _is_cut(above) or _is_cut(below)
        elif column.role in SUBJECT_ROLES:
            if not _one_code(grid, above, below, column.column, [r for r in body if r != upper], ctx):
                return False
            evidence = True
        elif column.role in DESCRIPTORS and not above:
            return False
        elif column.role in DESCRIPTORS:
            evidence = evidence or blank_code or above.count("（") > above.count("）") or _one_name(above, below, ctx)
    return evidence


def _words_alone(grid: Grid, upper: int, lower: int, body: list[int], columns: list[Column]) -> bool:
    """Whether a line goes on with several texts of the one above and has no amount, where every other line has one."""
    amounts = [column.column for column in columns if column.role == "amount"]
    texts = [column.column for column in columns if grid.own(lower, column.column)]
    if len(texts) < _SEVERAL or any(c in amounts for c in texts) or not all(grid.own(upper, c) for c in texts):
        return False
    return len(body) >= _SEVERAL and all(any(grid.own(r, c) for c in amounts) for r in body)


def _is_cut(text: str) -> bool:
    """Whether a text is no number by itself (1,643,22, 406., .26)."""
    return _OPEN.search(text) is not None or parse_amount(text) is None


def _codes_everywhere(grid: Grid, body: list[int], columns: list[Column], lower: int) -> bool:
    """Whether every other line prints a code or its number (行次), so that one without can only be the end of a name."""
    codes = [c.column for c in columns if c.role in (*SUBJECT_ROLES, "row_no")]
    return bool(codes and body) and not any(grid.own(lower, c) for c in codes) and all(any(grid.own(r, c) for c in codes) for r in body)


def _completes(grid: Grid, above: str, below: str, column: int, body: list[int]) -> bool:
    """Whether what stands below gives the number above (1,328 | .26, 91 | 3.78) the decimals that the column's other numbers have."""
    joined, upper = parse_amount(above + below), parse_amount(above)
    if joined is None or not above:
        return False
    usual = Counter(a.decimals for r in body if (a := parse_amount(grid.own(r, column))) and grid.own(r, column) != above)
    return bool(usual) and usual.most_common(1)[0][0] == joined.decimals != (upper.decimals if upper else None)


def _one_code(grid: Grid, above: str, below: str, column: int, body: list[int], ctx: RowContext) -> bool:
    """Whether two halves (2101 | 102) make one known code and one of them is none, in a column of whole codes (not 类 | 款 | 项)."""
    others = [t for r in body if (t := grid.own(r, column)).isdigit()]
    long = sum(len(t) >= _CLASS_DIGITS for t in others)
    whole = above and 2 * long > len(others) and any(ctx.book.known(scheme, above + below) for scheme in _SCHEMES)
    return bool(whole) and not all(ctx.book.known("function", half) for half in (above, below))


def _said(text: str, ctx: RowContext) -> bool:
    """Whether the vocabulary has a text as a row's label or as a phrase."""
    return bare(text) in ctx.words.row_words or ctx.words.facets_of(text) is not None


def _one_name(above: str, below: str, ctx: RowContext) -> bool:
    """Whether only the two halves together are a known name."""
    whole = bare(above + below)
    if _said(whole, ctx) and not _said(above, ctx) and not _said(below, ctx):
        return True
    return (whole in ctx.entities and bare(below) not in ctx.entities) or any(
        ctx.book.candidates(scheme, whole) and not ctx.book.candidates(scheme, below) and not ctx.book.candidates(scheme, above)
        for scheme in _SCHEMES
    )
