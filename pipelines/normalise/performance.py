"""Performance tables (绩效目标表、自评表、评价基础数据表) become facts, indicators and statistics. The entry of the performance_* modules.

Points, scores and their sums: see `performance_scores`, which also gathers them by printed form for the audit.
Here: the order of zones, what a page takes over from the page before, and forms that are printed twice. Not here: how a zone is read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from pipelines.normalise.facts import Record
from pipelines.normalise.performance_form import read_form
from pipelines.normalise.performance_indicators import points_in_remarks, read_indicators
from pipelines.normalise.performance_state import DEPARTMENT, PerformanceResult, Scope, Sheet
from pipelines.normalise.performance_targets import comparisons
from pipelines.normalise.performance_values import read_values
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.grid import Grid
from pipelines.understand.header import is_index_row
from pipelines.understand.kinds import PERFORMANCE_KINDS
from pipelines.understand.logical import LogicalTable
from pipelines.understand.performance_follow import continues
from pipelines.understand.performance_words import performance_words
from pipelines.understand.performance_zones import Zone, form_grid, own_cells, placed_on, zones
from pipelines.understand.text import canon, compact
from pipelines.understand.vocabulary import Vocabulary

_TITLE_TAIL = re.compile(r"(?:项目)?(?:支出)?(?:预算)?(?:绩效|自评).*$")
_TITLE_HEAD = re.compile(r"^(?:附?(?:件|表)?(?!20\d\d年)[\d\-.、：:（）一二三四五六七八九十]*)?(?:20\d\d年度?)?")
_NO_NAME = re.compile(
    r"^(?:项目|部门|单位|政策和?项目|政策|专项资金|专项|转移支付|区域|预算|市级|省级|区级|县级|本级|重点|一般性?|总体|整体|（.*）|情况|支出|及|和|、|业务经费|\d)*$"
)
_INDICATOR = ("scope", "level1", "level2", "indicator", "target_text", "actual_text", "points", "score")
_AMOUNT = ("entity_name", "project_name", "row_label", "raw_text")
_PER_CENT = re.compile(r"（[%％]）$")  # the label down the side of a row of shares
_SHARE = re.compile(r"\d{1,3}(?:\.\d+)?[%％]?")
_SHORTEST_FORM = 3  # indicators; fewer may be alike by chance


def is_performance(table: LogicalTable) -> bool:
    """Whether a table is read here."""
    return table.kind in PERFORMANCE_KINDS


def says_nothing(result: PerformanceResult) -> bool:
    """Whether a form was left blank: no project named, no amount, no indicator, no count."""
    return result.scope.project is None and not (result.facts or result.indicators or result.statistics)


def read_performance(
    document_id: str, table: LogicalTable, context: DocumentContext, vocabulary: Vocabulary, before: PerformanceResult | None = None
) -> PerformanceResult:
    """Read one performance table. `before`: what the table directly before it gave, if that was one; used when this one goes on from it.

    Facts: side expenditure; funding and type `total` unless a column says them. Indicators: scope `department` or the project's name.
    Statistics: counted things, rates and sums of scores. Nothing is refused silently: `used` says what became of each cell.
    """
    carried = before if before is not None and continues(table) else None
    grid = form_grid(table)
    out = PerformanceResult()
    scope = carried.scope if carried else Scope(*(_named_by_title(table)))
    form = carried.form_id if carried else ""
    sheet = Sheet(document_id, table, context, vocabulary, performance_words(), comparisons(), out, scope, form)
    out.scope = scope
    skipped = {r for r in table.skipped_rows if r < grid.n_rows and _outside(grid, r)}
    open_zone = None
    if carried is not None:
        skipped |= {r for r in range(min(3, grid.n_rows)) if _texts(grid, r) and _texts(grid, r) in carried.first_rows}
        open_zone = placed_on(carried.open_zone, grid) if carried.open_zone else None
    found = zones(grid, skipped, sheet.words, open_zone)
    for n, zone in enumerate(found):
        if zone.kind == "form":
            shares = _share_rows(grid, zone)
            labels = replace(zone, rows=tuple(r for r in zone.rows if r not in shares))
            read_form(sheet, grid, labels, continued=carried is not None and n == 0)
            _read_shares(sheet, grid, shares)
        elif zone.kind == "values":
            read_values(sheet, grid, zone)
        elif zone.kind == "indicators":
            read_indicators(sheet, grid, zone)
    points_in_remarks(sheet)
    out.scope = sheet.scope
    last = found[-1] if found else None
    out.open_zone = Zone(last.kind, (), last.heads, (), last.side) if last is not None and last.kind in ("indicators", "values") else None
    rows = (_texts(grid, r) for r in range(min(3, grid.n_rows)))
    out.first_rows = frozenset(t for t in rows if t) | (carried.first_rows if carried else frozenset())
    _rest(sheet, grid)
    return out


def _share_rows(grid: Grid, zone: Zone) -> list[int]:
    """Rows of shares alone, beside a label that says （%） and below names: 资金支出计划（%） | 3月底 | 6月底 over 25.00 | 50.00."""
    return [
        r for r in zone.rows
        if r and _PER_CENT.search(canon(grid.text(r, 0))) and (cells := [c for c in own_cells(grid, r) if c.column])
        and all(_SHARE.fullmatch(compact(c.text)) and not _SHARE.fullmatch(grid.text(r - 1, c.column) or "0") for c in cells)
    ]


def _read_shares(sheet: Sheet, grid: Grid, rows: list[int]) -> None:
    for r in rows:
        side = _PER_CENT.sub("", canon(grid.text(r, 0)))
        for cell in own_cells(grid, r):
            if cell.column:
                sheet.statistic(cell, f"{side} / {grid.text(r - 1, cell.column)}", Decimal(compact(cell.text).rstrip("%％")), "%")


def _outside(grid: Grid, r: int) -> bool:
    """Whether a row that understanding set aside is a title, a note or a row of column numbers, and no header or heading printed again."""
    texts = grid.row(r)
    return len(own_cells(grid, r)) <= 1 or is_index_row(texts)


def _texts(grid: Grid, r: int) -> tuple[str, ...]:
    return tuple(canon(c.text) for c in own_cells(grid, r))


def _named_by_title(table: LogicalTable) -> tuple[str, str | None]:
    """Scope and project when the form does not print 项目名称: a project named in the title (某某项目绩效目标表), else the department."""
    if table.title is None or not table.kind.startswith("project"):
        return DEPARTMENT, None
    name = _TITLE_TAIL.sub("", _TITLE_HEAD.sub("", compact(table.title)))
    return (DEPARTMENT, None) if len(name) < 3 or _NO_NAME.match(name) else (name, name)


def _rest(sheet: Sheet, grid: Grid) -> None:
    """Numbers alone in a cell that nothing took: a bare number that no header or label explains is not understood."""
    outside = {*sheet.table.header_rows, *sheet.table.skipped_rows}
    for cell in grid.cells:
        where = (cell.row, cell.column)
        text = compact(cell.text)
        if where in sheet.out.used or cell.row in outside or not re.fullmatch(r"-?[\d,，]*\.\d+|-?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?", text):
            continue
        sheet.out.used[where] = "not_understood"


def _forms(result: PerformanceResult) -> list[tuple[list[Record], list[Record]]]:
    """The indicators and the amounts of each form of one table: several forms may have been printed under one title."""
    cuts = [*result.begins, (len(result.indicators), len(result.facts))]
    out, before = [], (0, 0)
    for cut in cuts:
        out.append((result.indicators[before[0] : cut[0]], result.facts[before[1] : cut[1]]))
        before = cut
    return out


def without_reprints(results: list[PerformanceResult]) -> list[Record]:
    """The indicators of a document's performance tables; those of a form that is printed again, word for word, are left out."""
    seen: set[tuple[tuple[str, ...], ...]] = set()
    out: list[Record] = []
    for result in results:
        for indicators, facts in _forms(result):
            said = (
                *(tuple(canon(str(i[k] or "")) for k in _INDICATOR) for i in indicators),
                *(tuple(canon(str(f[k] or "")) for k in _AMOUNT) for f in facts),
            )
            form = tuple(sorted(said))
            if len(indicators) < _SHORTEST_FORM or not facts or form not in seen:
                out.extend(indicators)
            seen.add(form)
    return out
