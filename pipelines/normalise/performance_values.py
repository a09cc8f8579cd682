"""The grids of a performance form: tasks or projects with their amounts, budget against execution, counted things, scores.

Here: zones of kind `values`, and the project and amount columns of a list of indicators. The columns say stage, year and source as in any
other table; the row label is the task, the project or the source. Points, rates and scores beside amounts are statistics.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.normalise.performance_form import amount_role, close_parents, entity_name, project_name, read_form
from pipelines.normalise.performance_scores import NAMES as SCORE_NAMES
from pipelines.normalise.performance_state import Sheet
from pipelines.normalise.performance_targets import parse_number
from pipelines.normalise.statistics_words import statistic_words
from pipelines.read.document import Cell
from pipelines.understand.amounts import Amount, is_filler, number_tokens
from pipelines.understand.columns import HeaderContext, meanings
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column, ColumnMeaning
from pipelines.understand.performance_words import unit_in
from pipelines.understand.performance_zones import MAX_HEADER_SPAN, Head, Zone, own_cells, printed_amount
from pipelines.understand.rows import looks_like_entity
from pipelines.understand.subjects import subject_book
from pipelines.understand.text import bare, canon, compact, enumerator_level

_FORMULA = re.compile(r"（[A-Za-zＡ-Ｚ÷/=＝+*%]{1,7}）")
_MONTHS = re.compile(  # of the year so far: 1—7月执行数 is 执行数
    r"^(?:1月?[-—–－至到~～]\d{1,2}月(?:份|底|末)?|截至\d{1,2}月(?:份|底|末)?|上半年|前三季度)(?:累计)?(?=执行|支出|实际|预算执行)"
)
_COUNT_UNIT = re.compile(r"（([^（）\d]{1,4})）")
_YEAR = re.compile(r"(20\d\d)年度?")
_HAN = re.compile(r"[一-鿿]")
_NAMES = ("project", "entity_project", "activity", "entity")
_PROJECTS = ("project", "entity_project")
_REPEATED = "printed again: the cell goes on over the page, or is repeated beside each indicator"


class Amounts:
    """The columns of amounts of one zone with what each means."""

    def __init__(self, sheet: Sheet, zone: Zone) -> None:
        self.heads = {h.column: h for h in zone.heads if h.role == "amount"}
        paths = {c: [_MONTHS.sub("", _FORMULA.sub("", canon(t))) for t in h.path] for c, h in self.heads.items()}
        depth = max(map(len, paths.values()), default=0)
        width = max(self.heads, default=-1) + 1
        levels = [[paths[c][min(i, len(paths[c]) - 1)] if paths.get(c) else "" for c in range(width)] for i in range(depth)]
        columns = [Column(c, "amount", " / ".join(h.path), 0) for c, h in self.heads.items()]
        self.meaning = {
            c.column: c.meaning or ColumnMeaning(known=False)
            for c in meanings(columns, levels, HeaderContext(sheet.table.kind, "expenditure"), sheet.vocabulary, subject_book())
        }
        for c, h in self.heads.items():
            if len({f.value for f in sheet.vocabulary.facets_of(h.path[-1]) or () if f.name == "funding"}) > 1:
                self.meaning[c] = ColumnMeaning(known=False)  # two headers run into one cell
        self.unit = unit_in(zone.side)
        stated = {u for c in self.heads if (u := self.unit_of(c))}
        self.unit = self.unit or (next(iter(stated)) if len(stated) == 1 else None)

    def unit_of(self, column: int) -> str | None:
        """The unit that a column's header or the label down the side states."""
        return self.meaning[column].unit or next((u for t in reversed(self.heads[column].path) if (u := unit_in(t))), None) or self.unit


class Ladder:
    """Levels and parents of rows as they come: totals on top, enumerated rows by their enumerator, 其中 below the row before."""

    def __init__(self) -> None:
        self.rungs: list[tuple[int, int]] = []  # level and row
        self.total = False
        self.within = False  # the row before was one of 其中

    def place(self, label: str, role: str, r: int) -> tuple[int, int | None]:
        """Level and parent row of the next row."""
        if role in ("total", "subtotal"):
            level = 0
            self.total = self.total or role == "total"
        elif role == "of_which" and self.rungs:
            level = self.rungs[-1][0] + (0 if self.within else 1)
        else:
            level = (enumerator_level(label) or 0) + self.total
        self.within = role == "of_which"
        while self.rungs and self.rungs[-1][0] >= level:
            self.rungs.pop()
        parent = self.rungs[-1][1] if self.rungs else None
        self.rungs.append((level, r))
        return level, parent


def read_values(sheet: Sheet, grid: Grid, zone: Zone) -> None:
    """Read one zone of amounts, counts and scores."""
    amounts, ladder = Amounts(sheet, zone), Ladder()
    first = len(sheet.out.facts)
    sheet.scope.unit = amounts.unit or sheet.scope.unit
    for r in zone.rows:
        cells = own_cells(grid, r)
        if not cells:
            continue
        if len(cells) <= 3 and not any(printed_amount(c.text) for c in cells) and any(number_tokens(c.text) for c in cells):
            read_form(sheet, grid, Zone("form", (r,)), meaning=ColumnMeaning(known=False))  # 其中：一般公共预算：384.22, of no stage
            continue
        if _heads_unit(sheet, zone, cells):
            continue
        read_amounts(sheet, grid, zone, r, amounts, ladder)
        label = _label(grid, zone, r)[0]
        for head in zone.heads:
            if head.role in ("count", "rate", "points", "score"):
                _counted(sheet, grid, zone, r, head, label)
    close_parents(sheet, first)


def _heads_unit(sheet: Sheet, zone: Zone, cells: list[Cell]) -> bool:
    """A unit alone in a row of a list of projects: the projects below are its own."""
    if len(cells) != 1 or cells[0].column not in zone.columns("project", "entity_project", "activity") or zone.columns("entity"):
        return False
    if not _is_entity(sheet, cells[0].text):
        return False
    sheet.scope.entity = entity_name(cells[0].text)
    return True


def read_amounts(sheet: Sheet, grid: Grid, zone: Zone, r: int, amounts: Amounts, ladder: Ladder) -> None:
    """The amounts of one row, with the project, task or unit they stand beside."""
    found: dict[tuple[int, int], tuple[int, Cell, Amount]] = {}
    for column in amounts.heads:
        cell = grid.at(r, column)
        if cell is None or cell.row != r:
            continue
        if (amount := printed_amount(cell.text)) is not None:
            found.setdefault((cell.row, cell.column), (column, cell, amount))
        elif number_tokens(cell.text) and not _HAN.search(cell.text) and not is_filler(cell.text):
            sheet.mark(cell, "not_understood")
    if not found:
        return
    label, named_by = _label(grid, zone, r)
    role, project, entity = _meaning(sheet, label, named_by)
    if role == "total" and named_by is None and not zone.columns(*_NAMES):
        project = sheet.scope.project  # 合计 over the sources of one project's own form
    entity = entity or _entity(sheet, grid, zone, r)
    key = (project or "", entity or "", label, *(compact(cell.text) for _, cell, _ in found.values()))
    page = next(iter(found.values()))[1].page
    again = named_by in _NAMES and _printed_again(sheet, key, page, r, beside=zone.kind == "indicators" and named_by in _PROJECTS)
    level, parent = (0, None) if again else ladder.place(label, role, r)
    for column, cell, amount in found.values():
        head = amounts.heads[column].path
        sheet.amount(
            cell, amount, label or head[-1], role=role, unit=amounts.unit_of(column), path=" / ".join(head),
            meaning=amounts.meaning[column], project=project, entity=entity or sheet.scope.entity, level=level, parent=parent,
            is_leaf=not again and role in ("detail", "of_which"), note=_REPEATED if again else None,
        )


def _printed_again(sheet: Sheet, key: tuple[str, ...], page: int | None, r: int, *, beside: bool) -> bool:
    """Whether a project and its amounts stood on a page before, or (`beside` its indicators) in the row right above."""
    before = sheet.scope.printed.setdefault(key, (page, r))
    if beside and before[0] == page and before[1] == r - 1:
        sheet.scope.printed[key] = (page, r)
        return True
    return page is not None and before[0] != page


def _meaning(sheet: Sheet, label: str, named_by: str | None) -> tuple[str, str | None, str | None]:
    """Role, project and unit of a row, from what its label is and in which column it stands."""
    word = sheet.vocabulary.row_words.get(bare(label))
    if (word is not None and word.name == "total") or bare(label).endswith(("合计", "总计")):
        return "total", None, None
    if named_by in ("entity", "entity_project") and _is_entity(sheet, label):
        return "subtotal" if named_by == "entity_project" else "detail", None, entity_name(label)
    if named_by in ("project", "entity_project"):
        return "detail", project_name(label), None
    return (amount_role(label), sheet.scope.project, None) if named_by is None else ("detail", None, None)


def _entity(sheet: Sheet, grid: Grid, zone: Zone, r: int) -> str | None:
    """The unit that a list prints in a column beside the project."""
    if not zone.columns("project"):
        return None
    heads = sorted((h for h in zone.heads if h.role == "entity"), key=lambda h: bare(h.path[-1]).startswith("主管"))
    text = next((t for h in heads if (t := grid.text(r, h.column))), "")
    return entity_name(text) if text and not is_filler(text) and sheet.vocabulary.row_words.get(bare(text)) is None else None


def _is_entity(sheet: Sheet, text: str) -> bool:
    return looks_like_entity(entity_name(text), sheet.own_names | set(sheet.known_entities))


def _label(grid: Grid, zone: Zone, r: int) -> tuple[str, str | None]:
    """What a row is called and by which column: the project's or task's, else the nearest text left of the numbers."""
    for role in _NAMES:
        for c in zone.columns(role):
            if grid.text(r, c):
                return grid.text(r, c), role
    first = min((h.column for h in zone.heads if h.role not in ("text", "note")), default=grid.n_columns)
    for c in range(first - 1, -1, -1):
        cell = grid.at(r, c)
        if cell is None or not compact(cell.text) or canon(cell.text) == canon(zone.side):
            continue
        if cell.row_span <= MAX_HEADER_SPAN or cell.row == r:
            return compact(cell.text), None
    texts = (compact(c.text) for c in own_cells(grid, r) if parse_number(c.text) is None and not is_filler(c.text))
    return next(texts, compact(zone.side)), None


def _counted(sheet: Sheet, grid: Grid, zone: Zone, r: int, head: Head, label: str) -> None:
    """A count, rate or score of one row as a statistic: 编制数, 年度资金总额 / 执行率."""
    cell = grid.at(r, head.column)
    if cell is None or cell.row != r or (cell.row, cell.column) in sheet.out.used:
        return
    value = _number(cell)
    if value is None:
        return
    listed = zone.columns(*_NAMES)  # scores of projects in a list, not of one form
    name = canon(head.path[-1]) if listed else SCORE_NAMES.get(head.role, canon(head.path[-1]))
    if head.role == "count":
        unit = next((m.group(1) for t in (name, canon(zone.side)) if (m := _COUNT_UNIT.search(t))), None)
    else:
        unit = "%" if head.role == "rate" else "分"
    label = "" if canon(label) == canon(zone.side) else label
    subject = label or _COUNT_UNIT.sub("", canon(zone.side))
    year = _YEAR.search(name)
    plain = _YEAR.sub("", re.sub(r"（[^）]*）", "", name))
    full = plain if head.role == "count" and not label else f"{plain} / {bare(subject)}"
    if head.role == "count" and not label and unit and (known := statistic_words().name(plain, unit)) is not None and known.start == 0:
        full = known.name
    sheet.statistic(cell, full, value, unit, year.group(1) if year else None)


def _number(cell: Cell) -> Decimal | None:
    text = compact(cell.text).rstrip("%％")
    if parse_number(cell.text) is None:
        return None
    return Decimal(text.replace(",", "").replace("，", "").rstrip("分"))
