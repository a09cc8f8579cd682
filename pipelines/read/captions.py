"""Title, unit and publisher lines that stand inside a grid (表内标题行), as Excel sheets and many Word and HTML tables have them.

Here: recognising leading rows that are no part of the table and giving them back as lines. Not here: titles outside grids, what a
title means (understanding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from pipelines.read.document import Cell

# patterns are held against texts without blanks
_TITLE: Final = re.compile("|".join((
    r"(?:表|表格|报告)(?:[（(][^（()）]*[）)])?$",  # 收支总表 · 支出表（按功能分类）
    r"^附?[件表][一二三四五六七八九十\d]",  # 表1 · 附表1-2 · 附件2
    r"^(?:公开|预算|财决|财预)\d+-?\d*表",  # 公开05表
)))
_LABEL: Final = re.compile("|".join((
    r"^[（(]?(?:金额)?单位[:：]?(?:人民币)?[百千万亿]*元",  # 单位：万元 · （单位：元）
    r"单位[:：][百千万亿]*元",  # 某某局 单位：万元
    r"^金额[:：]",
    r"^(?:编制|填报|填表|公开|预算|主管|报送|申报)(?:部门|单位|日期|时间)(?:名称)?(?:[（(][^（()）]{1,6}[）)])?(?:[:：]|[^:：]{4})",
    r"^(?:部门|单位)(?:名称|编码|代码)?(?:[（(][^（()）]{1,6}[）)])?[:：]",
    r"^[（(]?\d{4}年度?[）)]?$",  # （2026年度）
    r"^[（(]?\d{4}年\d{1,2}月",
    r"^(?:年度|日期)[:：]",
)))
_YEAR: Final = re.compile(r"^[（(]?\s*\d{1,4}[,，]?\d{0,3}\s*年\s*度?\s*[）)]?$")
_NUMBER: Final = re.compile(r"^[-+－—(（]?[¥￥]?\d[\d,，.\s]*%?[)）]?$")
_MOST_ROWS: Final = 8


def is_title(text: str) -> bool:
    """Whether a text reads like a table's title or number."""
    squeezed = re.sub(r"\s", "", text)
    return len(squeezed) <= 60 and bool(_TITLE.search(squeezed))


def is_label(text: str) -> bool:
    """Whether a text reads like the lines between title and header: unit, publisher, year, date."""
    squeezed = re.sub(r"\s", "", text)
    return len(squeezed) <= 60 and bool(_LABEL.search(squeezed))


def split_captions(cells: Sequence[Cell], *, free_title: bool = False) -> tuple[list[str], list[Cell]]:
    """Leading caption rows as lines in reading order, and the other cells numbered anew.

    A row is a caption when each of its one to three texts reads like a title or label and none reaches below the row. `free_title`:
    the first row may be any single text above a row of more (the first row of a sheet). Never takes every row.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(cell)
    order = sorted(rows)
    lines: list[str] = []
    first = 0
    telling = False  # a lone （2026年度） may as well be the first row of a performance table
    for position, r in enumerate(order[:_MOST_ROWS]):
        written = sorted(rows[r], key=lambda cell: cell.column)
        if position + 1 == len(order) or not _is_caption(written, free_title and position == 0 and len(rows[order[1]]) > 0):
            break
        telling |= any(not _YEAR.match(cell.text) for cell in written)
        lines.extend(part for cell in written for part in cell.text.split("\n") if part)
        first = order[position + 1]  # blank rows below a title go with it
    if not telling:
        return [], list(cells)
    kept = [_moved(cell, first) for cell in cells if cell.row >= first]
    return lines, kept


def _is_caption(written: Sequence[Cell], free: bool) -> bool:
    if len(written) > 3 or any(cell.row_span > 1 or _NUMBER.match(cell.text) for cell in written):
        return False
    if all(is_title(cell.text) or is_label(cell.text) for cell in written):
        # 预算单位 | 科目 | … is a header: a title alone, or with labels beside it, is none
        return len(written) == 1 or any(is_label(cell.text) for cell in written)
    return free and len(written) == 1


def _moved(cell: Cell, rows: int) -> Cell:
    return msgspec.structs.replace(cell, row=cell.row - rows)
