"""Where a table's header ends, and what of its body is no data: index rows, repeated headers, notes.

Rules come from the ministry's forms (a row 栏次 / 1 2 3 closes the header; ** stands in descriptor columns) and from printed tables.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.understand.amounts import parse_amount
from pipelines.understand.columns import NAMED_ITEM
from pipelines.understand.fragments import is_note
from pipelines.understand.grid import Grid
from pipelines.understand.text import bare, canon, enumerator_level
from pipelines.understand.vocabulary import Vocabulary

_INDEX_WORD = re.compile(
    r"^(?:栏次|栏目|行次|序号|\*+|—+|-+|[A-Z]|甲|乙|丙|丁|类|款|项|目|节|\d{1,2}=[\d+\-=（）()]+|\d{1,2}（[^）]*）|（?\d{1,2}）?)$"
)
_CODE = re.compile(r"^\d{3}(?:\d{2}){0,3}$")
_CODE_AND_NAME = re.compile(r"^［?\d{3}(?:\d{2}){0,2}］?[-—_]?(?=\D)")
_PROSE = 25  # characters of a sentence that is running text, no label
_AMOUNT_LIKE = re.compile(r"\d[\d,，]*\.\d+$|^\d{1,3}(?:[,，]\d{3})+$")


def is_index_row(texts: list[str]) -> bool:
    """Whether a row only numbers the columns: 栏次 1 2 3, ** ** 1 2 3, 1 2 3=1+2.

    A row of which the numbers do not run on from 1 or 2 is data.
    """
    if len(texts) < 2 and texts not in (["栏次"], ["**"]):
        return False
    if not all(_INDEX_WORD.match(canon(t)) for t in texts):
        return False
    numbers = [int(m.group()) for t in texts if (m := re.match(r"（?\d{1,2}", canon(t))) and (m := re.search(r"\d+", m.group()))]
    if not numbers:
        return any(canon(t) in ("栏次", "**", "*") for t in texts)
    return (
        (numbers[0] <= 2 and len(numbers) >= 2 and all(b - a == 1 for a, b in pairwise(numbers)))
        or (numbers in ([1], [2]) and any(canon(t) in ("栏次", "**", "*", "行次") for t in texts))
        or (len(set(numbers)) == len(numbers) >= 2 and any(canon(t) in ("栏次",) for t in texts))
    )


def index_row(grid: Grid, r: int) -> bool:
    """Whether a row of the grid only numbers the columns, cells that reach into it from above put aside (科目编码 over 栏次's row, too)."""
    if is_index_row(grid.row(r)):
        return True
    begun = [t for c in range(grid.n_columns) if (t := grid.own(r, c))]
    return len(begun) > 2 and canon(begun[0]) in ("栏次", "行次") and is_index_row(begun)


def _data_mark(text: str, words: Vocabulary) -> bool:
    """Whether a text can only stand in the body: an amount, a code, a code with its name, an enumerated label."""
    t = canon(text)
    if _AMOUNT_LIKE.search(t) and parse_amount(t) is not None:
        return True
    if _CODE.match(t) and not re.match(r"^20[0-3]\d$", t):
        return True
    if _CODE_AND_NAME.match(t) and not re.match(r"^20[0-3]\d年", t):
        return True
    level = enumerator_level(t)
    return (
        level is not None and words.role_of(bare(t)) in (None, "label", "project") and not re.search(r"[（(](?:亿|百万|万|千)?元[)）]$", t)
    )


def find_header(grid: Grid, start: int, words: Vocabulary) -> tuple[list[int], list[int], int]:
    """Header rows, index rows and the first row of the body, looking from `start`.

    Body begins at the first row with an amount, a code or an enumerated label, or with a total row's label beside a number or below a
    closed header; an index row (栏次 1 2 3) always closes the header.
    """
    header: list[int] = []
    index: list[int] = []
    reach = start  # header cells span at least down to here
    r = start
    while r < grid.n_rows:
        texts = grid.row(r)
        if not texts:
            if header and not grid.spanless and r >= reach:
                break
            r += 1
            if header and r - 1 < reach:
                header.append(r - 1)
            continue
        if len(texts) > 1 and index_row(grid, r):
            index.append(r)
            r += 1
            if header:
                return header, index, r
            continue
        if r >= reach and _is_body(grid, r, texts, header, words):
            break
        if len(header) >= 8:
            break
        header.append(r)
        for c in range(grid.n_columns):
            cell = grid.at(r, c)
            if cell is not None and cell.row == r and cell.column_span < grid.n_columns:
                reach = max(reach, r + min(cell.row_span, 6)) if cell.row_span > 1 and words.knows(cell.text) else reach
        r += 1
    while header and not grid.row(header[-1]):
        header.pop()
    if header and not index and not any(words.knows(t) for h in header for t in grid.row(h)):
        r, header = header[0], []  # a torn table: what stands on top are rows
    if r < grid.n_rows and not index and is_index_row(grid.row(r)):
        index.append(r)
        r += 1
    return header, index, r


def _is_body(grid: Grid, r: int, texts: list[str], header: list[int], words: Vocabulary) -> bool:
    if any(_data_mark(t, words) for t in texts):
        return not _years_only(texts)
    numbers = [t for t in texts if parse_amount(t) is not None and not re.match(r"^20[0-3]\d$", t)]
    known = [t for t in texts if words.knows(t)]
    if numbers and len(known) < len(texts) - len(numbers):
        return True
    if not numbers and sum(bool(NAMED_ITEM.search(t)) for t in texts) > 2:
        return False  # “三公”经费合计 | 因公出国（境）费 | 公务接待费 below its years: items as columns
    first = bare(texts[0])
    word = words.row_words.get(first)
    if numbers and (len(header) > 0):
        return True
    at_left = any(grid.own(r, c) for c in range(min(2, grid.n_columns)))
    if (
        word is not None
        and word.name in ("total", "carried_forward", "summary_none")
        and header
        and at_left
        and len(texts) <= 2
        and _closed(grid, r)
    ):
        return True
    return bool(header) and not known and _closed(grid, r)


def _years_only(texts: list[str]) -> bool:
    return all(re.match(r"^20[0-3]\d年?(?:度)?(?:预算|决算|执行)?数?$", canon(t)) for t in texts)


def _closed(grid: Grid, r: int) -> bool:
    """Whether no cell of the rows above reaches into this one."""
    return all((cell := grid.at(r, c)) is None or cell.row >= r for c in range(grid.n_columns))


def repeated_header(grid: Grid, header: list[int], r: int) -> bool:
    """Whether row r prints some header row once more (continuation pages)."""
    texts = [canon(t) for t in grid.row(r)]
    return len(texts) > 1 and any(texts == [canon(t) for t in grid.row(h)] for h in header)


def is_note_row(grid: Grid, r: int) -> bool:
    """Whether a row of the body is a note that spans the table."""
    texts = grid.row(r)
    return len(texts) == 1 and is_note(texts[0])


def prose_below(grid: Grid, body: list[int]) -> list[int]:
    """The last rows of a body that hold running text alone, typed below the table in its sheet, with heads that a blank row sets off."""
    tail: list[int] = []
    for r in reversed(body):
        texts = grid.row(r)
        if len(texts) != 1 or parse_amount(texts[0]) is not None:
            break
        tail.insert(0, r)
    if len(tail) == len(body):
        return []
    first = next((n for n, r in enumerate(tail) if _is_prose(grid.row(r)[0])), len(tail))
    parted = [n for n, r in enumerate(tail[: first + 1]) if not grid.row(r - 1)]
    return tail[min([first, *parted]):] if first < len(tail) else []


def _is_prose(text: str) -> bool:
    return len(text) >= _PROSE and "。" in text
