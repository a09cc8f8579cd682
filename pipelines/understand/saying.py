"""Columns of words that say, row by row, the kind of spending or the source of the row's amounts (项目类别, 资金性质, 资金来源).

Here: reading them; which columns they are is decided in `columns`, what a word means is a line of column_phrases.csv. Not here: headers.
"""

from __future__ import annotations

from pipelines.understand.amounts import is_filler
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import SAYS, Facet, Vocabulary

UNKNOWN_WORD = 0.6  # confidence of a row that says its kind or source in a word that no vocabulary line explains

_WHEN = ("stage", "year", "fiscal_year")


def when(text: str, words: Vocabulary) -> tuple[Facet, ...]:
    """What a text says of year and stage (2025年执行数, 上年)."""
    return tuple(f for f in words.facets_of(text) or () if f.name in _WHEN)


def stage_alone(label: str, words: Vocabulary) -> tuple[Facet, ...]:
    """Stage and year that a row's label names and nothing else: 预算数 | 决算数 as the lines of a table whose columns are the items."""
    facets = words.facets_of(bare(label)) or ()
    alone = all(f.name in (*_WHEN, "neutral") for f in facets)
    return when(bare(label), words) if alone and any(f.name == "stage" for f in facets) else ()


class Saying:
    """The saying columns of a block, read top to bottom."""

    def __init__(self, grid: Grid, columns: list[Column], words: Vocabulary) -> None:
        self.grid, self.columns, self.words = grid, columns, words
        self.above: dict[int, str] = {}

    def of(self, r: int, role: str) -> tuple[dict[str, str], str | None]:
        """What the row's words in 项目类别, 资金性质 ... say, and a doubt where one of them is not known.

        A blank under a printed word repeats it where the format knows no merged cells; totals and groups say nothing by a blank.
        """
        out: dict[str, str] = {}
        doubt = None
        for col in self.columns:
            text = self._text(r, col.column)
            if not text and self.grid.spanless and role in ("detail", "of_which"):
                text = self.above.get(col.column, "")
            elif role != "detail" or text:
                self.above[col.column] = text if role == "detail" else ""
            facets = self.words.said(text) if text else ()
            if facets is None:
                doubt = f"not known in {col.path}: {text}"
                continue
            said = {f.value for f in facets if f.name == SAYS[col.role]}
            if len(said) == 1:  # 一般公共预算、政府性基金 in one cell: neither alone
                out[SAYS[col.role]] = said.pop()
            if any(f.name == "carry" for f in facets):
                out["period"] = "carried_over"
            elif period := next((f.value for f in facets if f.name == "period"), None):
                out["period"] = period
        return out, doubt

    def _text(self, r: int, column: int) -> str:
        text = self.grid.text(r, column)
        return "" if is_filler(text) else text
