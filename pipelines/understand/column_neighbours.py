"""What a column of amounts means beside the others: a part of this year, a source that gathers others, or nothing that tells it apart.

Here: meanings that only neighbouring columns settle. Not here: what a column's own header path says (columns).
"""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from pipelines.understand.column_subjects import CATCH_ALL
from pipelines.understand.logical import Column
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import OWN_SOURCES, Facet, Vocabulary


def beside_others(columns: list[Column], paths: dict[int, list[str]], words: Vocabulary, *, income: bool, subjects: bool) -> list[Column]:
    """The columns with their meanings settled. `paths`: header path by column; `subjects`: whether columns are themselves subjects."""
    if not income:
        columns = _this_years(columns, paths, words)
    return _told_apart(_gathered(columns, paths, words), paths, subjects, words)


def _is_sum(text: str) -> bool:
    """Whether a header says that its column sums the others below the same head."""
    return bare(text).endswith(("小计", "合计", "总计"))


def _this_years(columns: list[Column], paths: dict[int, list[str]], words: Vocabulary) -> list[Column]:
    """合计 | 本年预算 | 上年结转: the middle one is this year's part; in 本年预算 | 编制预算 | 上年结转 it is the whole and stays so."""
    periods: dict[tuple[str, ...], set[str]] = {}
    for col in columns:
        if col.meaning is not None and paths[col.column]:
            said = {"sum"} if _is_sum(paths[col.column][-1]) else {col.meaning.budget_period}
            periods.setdefault(tuple(paths[col.column][:-1]), set()).update(said)
    out = []
    for col in columns:
        path = paths.get(col.column, [])
        beside = periods.get(tuple(path[:-1]), set())
        if (
            col.meaning is not None
            and path
            and {"sum", "carried_over"} <= beside
            and "current_year" not in beside
            and Facet("neutral", "this_year") in (words.facets_of(path[-1]) or ())
        ):
            col = replace(col, meaning=replace(col.meaning, budget_period="current_year"))
        out.append(col)
    return out


def _gathered(columns: list[Column], paths: dict[int, list[str]], words: Vocabulary) -> list[Column]:
    """其他各项收入 over 事业收入, 上级补助收入, 其他收入 gathers the unit's own money: its 小计 is `unit_funds`, not one of its parts."""
    heads = set()
    for path in paths.values():
        for depth, text in enumerate(path[:-1]):
            below = {f.value for f in words.facets_of(path[depth + 1]) or () if f.name == "funding"}
            if Facet("funding", "other_income") in (words.facets_of(text) or ()) and below & {*OWN_SOURCES} - {"other_income"}:
                heads.add(tuple(path[: depth + 1]))
    out = []
    for col in columns:
        path = paths.get(col.column, [])
        over = path[:-1] if path and _is_sum(path[-1]) else path
        if col.meaning is not None and col.meaning.funding == "other_income" and tuple(over) in heads:
            col = replace(col, meaning=replace(col.meaning, funding="unit_funds"))
        out.append(col)
    return out


def _told_apart(columns: list[Column], paths: dict[int, list[str]], subjects: bool, words: Vocabulary) -> list[Column]:
    """Columns whose header says less than what tells them from their neighbours are not understood.

    小计 | 本级安排 below one head come out alike, and so the second is a part that no canonical column names; so is 预算数（扣除基建）
    beside 预算数. 其他支出 is a subject where other columns are (`subjects`), not among sources.
    """
    amounts = [c for c in columns if c.meaning is not None]
    sums = {(c.block, tuple(paths[c.column][:-1]), c.meaning) for c in amounts if paths[c.column] and _is_sum(paths[c.column][-1])}
    alike_in = Counter((c.block, c.meaning) for c in amounts)
    out = []
    for col in columns:
        if col.meaning is not None and col.meaning.known:
            path = paths[col.column]
            remark = alike_in[(col.block, col.meaning)] > 1 and any(words.leaves_out(t) for t in path)
            empty = all(f.name == "neutral" for f in words.facets_of(path[-1]) or ())
            alike = empty and not _is_sum(path[-1]) and (col.block, tuple(path[:-1]), col.meaning) in sums
            lone = col.meaning.column_subject_code in CATCH_ALL and not subjects
            if alike or lone or remark:
                col = replace(col, meaning=replace(col.meaning, known=False, column_subject_code=None, unknown=(path[-1],)))
        out.append(col)
    return out
