"""Heads that stand in the total's own row: 合计 | 0 | 2,002.80 | 合计 | 基本支出 | 项目支出 below a merged 本年支出.

Forms that merge 科目编码 and 科目名称 with the total's label print the last level of the header beside the total's amounts. Here: reading
that level, and the grid without it, so that the row is the total's alone. Not here: where the header ends (`header`).
"""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as moved

from pipelines.understand.amounts import parse_amount
from pipelines.understand.grid import Grid, header_texts
from pipelines.understand.vocabulary import Vocabulary

_TOTALS = ("合计", "总计")
_FEWEST = 2  # heads below one merged head


def heads_of_total(grid: Grid, header: list[int], body: list[int], words: Vocabulary) -> tuple[list[list[str]], Grid]:
    """The level of heads in the first row of the body (none, or one) and the grid without their texts."""
    columns = _columns(grid, header, body, words) if header and len(body) > 1 else []
    if not columns:
        return [], grid
    row, above = body[0], header_texts(grid, header)[-1]
    level = [grid.own(row, c) if c in columns else over for c, over in enumerate(above)]
    gone = {grid.owner[row][c] for c in columns}
    cells = [moved(cell, text="") if n in gone else cell for n, cell in enumerate(grid.cells)]
    texts = [["" if n in gone else text for n, text in zip(*line, strict=True)] for line in zip(grid.owner, grid.texts, strict=True)]
    return [level], replace(grid, cells=cells, texts=texts)


def _columns(grid: Grid, header: list[int], body: list[int], words: Vocabulary) -> list[int]:
    """The columns of the heads: side by side below one head, known words, no two alike, beside the total's amounts, above amounts."""
    row, above = body[0], header_texts(grid, header)[-1]
    texts = [grid.own(row, c) for c in range(grid.n_columns)]
    if next((t for t in texts if t), "") not in _TOTALS or not any(parse_amount(t) is not None for t in texts):
        return []
    first = next(c for c, t in enumerate(texts) if t)
    found = [c for c, t in enumerate(texts) if t and c != first and parse_amount(t) is None]
    if len(found) < _FEWEST or found != list(range(found[0], found[-1] + 1)) or len({texts[c] for c in found}) < len(found):
        return []
    if len({above[c] for c in found}) != 1 or not above[found[0]] or not all(words.knows(texts[c]) for c in found):
        return []
    filled = any(parse_amount(grid.own(r, c)) is not None for r in body[1:] for c in found)
    return found if filled else []
