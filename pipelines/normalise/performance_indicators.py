"""The indicators of a performance form: level, name, target, actual value, points and score of each row.

Here: zones of kind `indicators`, and the projects of a list. Operator, value and unit in columns of their own make one target. Not here:
which cell is what (performance_fields) or what a target's text says (performance_targets).
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from pipelines.normalise.facts import Record
from pipelines.normalise.performance_across import read_across, with_worded_operators
from pipelines.normalise.performance_fields import Block, Fields, blocks, ends_page, fields_of, inherit, open_levels, unshift
from pipelines.normalise.performance_form import project_name
from pipelines.normalise.performance_runs import is_torn, numbered, settle_levels
from pipelines.normalise.performance_scores import NAMES as SCORE_NAMES
from pipelines.normalise.performance_scores import is_sum
from pipelines.normalise.performance_state import Levels, Sheet
from pipelines.normalise.performance_targets import Target, bracket_unit, composed, parse_number, parse_target, unit_of
from pipelines.normalise.performance_values import Amounts, Ladder, read_amounts
from pipelines.read.document import Cell
from pipelines.understand.amounts import is_filler
from pipelines.understand.grid import Grid
from pipelines.understand.performance_zones import ACROSS, Zone, own_cells, printed_amount
from pipelines.understand.rows import looks_like_entity
from pipelines.understand.text import bare, compact

_FOOT_ROW = re.compile(  # the label and no more: 注册志愿者人数, 说明会场次, 审核人次 are indicators
    r"^(?:备注|说明|注|(?:填表人|联系人|填报人|审核人)(?:[及和、].*|签[字名章]|姓名)?)(?:[：（［\d]|$)|^(?:自评结论|其他需要说明的问题|评价等级)"
)
_TEMPLATE = re.compile(r"^(?:指标\d+[：:]?|[…\.．]+)$")
_DASH = re.compile(r"[-—－–/ ]+")
_POINTS = re.compile(r"\d{1,2}(?:\.\d)?")
_POINT_SUMS = (Decimal(100), Decimal(90))  # 90 where 10 points are for the execution of the budget
_FEWEST_POINTS = 4


def read_indicators(sheet: Sheet, grid: Grid, zone: Zone) -> None:
    """Read one zone of indicators, and the amounts of its projects where it is a list of them."""
    zone = with_worded_operators(grid, zone, sheet.comparisons)
    amounts, ladder = Amounts(sheet, zone), Ladder()
    lists = blocks(zone, sheet.words, sheet.table.year or sheet.context.fiscal_year)
    across = bool(zone.columns(ACROSS))
    for before, r in zip((None, *zone.rows), zone.rows, strict=False):
        cells = own_cells(grid, r)
        if not cells:
            continue
        _project(sheet, grid, zone, before, r)
        if amounts.heads:
            read_amounts(sheet, grid, zone, r, amounts, ladder)
        if is_sum(cells[0].text) and not amounts.heads:
            _sums(sheet, zone, cells)
            continue
        if _FOOT_ROW.match(bare(cells[0].text)) and len(cells) <= 2:
            continue
        if across:
            read_across(sheet, grid, zone, r)
            continue
        for n, block in enumerate(lists):
            fields = fields_of(grid, block.heads, r)
            if grid.spanless and len(lists) == 1:
                unshift(fields, cells, block.heads, sheet.words)
            if before is None and sheet.scope.last is not None and not zone.header and _rest_of_row(sheet, fields, sheet.scope.last):
                continue
            levels = sheet.scope.levels.setdefault(n, Levels())
            open_levels(levels, grid, block.heads, before, r, first=before is None and bool(zone.header))
            made = _indicator(sheet, fields, r, block, levels)
            if made is not None:
                for waiting in levels.unnamed.values():
                    waiting.append(made)
                sheet.scope.numbered.setdefault(n, []).extend(filter(None, [numbered(made, fields, grid, block.heads, r)]))
            if made is not None and not fields.points:
                remarks = (c for c in fields.note[-1:] if _POINTS.fullmatch(compact(c.text)))
                sheet.out.noted.extend((made, c, Decimal(compact(c.text))) for c in remarks)
    for found in sheet.scope.numbered.values():
        settle_levels(found)


def _rest_of_row(sheet: Sheet, fields: Fields, last: Record) -> bool:
    """On top of a page that goes on: the rest of the words that the page end cut off the last indicator or its target."""
    if fields.level1 or fields.level2 or fields.actual or fields.points or fields.operator or bool(fields.indicator) == bool(fields.target):
        return False
    text = "".join(plain(c.text) for c in (*fields.indicator, *fields.target))
    if fields.indicator:
        last["indicator"] += text
    else:
        last["target_text"] = (last["target_text"] or "") + text
        target = parse_target(last["target_text"], sheet.comparisons)
        last |= {"target_operator": target.operator, "target_value": target.value, "target_unit": target.unit}
    return True


def _project(sheet: Sheet, grid: Grid, zone: Zone, before: int | None, r: int) -> None:
    """The project whose indicators begin in this row, from the project column of a list.

    Where a project's cell is cut by the page end, its name stands on one of both pages only, or half on each.
    """
    for c in zone.columns("project", "entity_project"):
        cell = grid.at(r, c)
        if cell is None or cell.row != r:
            continue
        above = grid.at(before, c) if before is not None else None
        page_top = above is None or above.page != cell.page
        text = compact(cell.text)
        if not text:
            if not page_top and above is not None and above.row_span > 1 and (cell.row_span > 1 or ends_page(grid, cell)):
                sheet.scope.waiting = True
            continue
        name = project_name(text)
        coded = name != text
        word = sheet.vocabulary.row_words.get(bare(text))
        bodies = sheet.own_names | set(sheet.known_entities)
        if (word is not None and word.name == "total") or (c in zone.columns("entity_project") and looks_like_entity(name, bodies)):
            continue
        if page_top and sheet.scope.coded and not coded and not sheet.scope.waiting and not _amounts_in(grid, zone, r):
            sheet.complete_name(name)
        elif name != sheet.scope.name or sheet.scope.waiting:
            sheet.begin_project(name, coded=coded)
        return


def _amounts_in(grid: Grid, zone: Zone, r: int) -> bool:
    return any(printed_amount(grid.text(r, c)) is not None for c in zone.columns("amount"))


def _indicator(sheet: Sheet, fields: Fields, r: int, block: Block, levels: Levels) -> Record | None:
    _whole_row(sheet, fields, block)
    inherit(levels, fields, sheet.words)
    text = "".join(plain(c.text) for c in fields.indicator)
    level1, level2 = block.level1 or levels.level1, block.level2 or levels.level2
    if not fields.level1 and not fields.level2 and (joined := sheet.words.split_levels(text)):
        level1, level2, text = joined
    if not text or is_filler(text) or _TEMPLATE.match(compact(text)):
        return None
    if sheet.scope.last is not None and is_torn(sheet.scope.last, fields, text, r):
        sheet.scope.last["indicator"] += text
        return None
    if not fields.valued and (sheet.words.level(text) is not None or (level1 is None and level2 is None)):
        return None
    value = _words(fields.target)
    operator, unit = ("".join(plain(c.text) for c in cells) for cells in (fields.operator, fields.target_unit))
    target_text = composed(operator, value, unit) if fields.operator or fields.target_unit else value
    head_unit = bracket_unit(block.target_head, sheet.comparisons)
    typed = operator not in sheet.comparisons.qualitative
    target = _target(sheet, "" if operator in sheet.comparisons.kinds else operator, value, unit, text, head_unit) if typed else Target()
    actual_text = _words(fields.actual)
    points, score = (parse_number(cells[-1].text) if cells and cells[-1].row == r else None for cells in (fields.points, fields.score))
    for cell in (*fields.target, *fields.actual, *fields.points, *fields.score, *fields.rate):
        sheet.mark(cell, "indicators")
    sheet.scope.last = sheet.indicator(
        fields.indicator[0], r, level1=level1, level2=level2, name=text, target_text=target_text, target=target, actual_text=actual_text,
        actual=parse_target(actual_text, sheet.comparisons).value if actual_text else None, points=points, score=score,
    )
    return sheet.scope.last


def _whole_row(sheet: Sheet, fields: Fields, block: Block) -> None:
    """预算执行率（10分） merged over the columns of levels and names, with points or a score: the row is an indicator of its own level."""
    columns = [h.column for h in block.heads if h.role == "indicator"]
    cell = fields.level1[0] if fields.level1 and not fields.indicator and (fields.points or fields.score) else None
    if cell is None or not columns or not cell.column <= columns[0] < cell.column + cell.column_span:
        return
    if sheet.words.level(cell.text) is None:
        fields.indicator = [cell]


def _target(sheet: Sheet, operator: str, value: str, unit: str, name: str, head_unit: str | None) -> Target:
    """The typed target. Its unit is the first printed of: with the number, in a column of units, behind the name, in the header."""
    words = sheet.comparisons
    target = parse_target(operator + value if operator and value[:1] not in operator else value, words)
    if target.value is None:
        return parse_target(composed(operator, value, unit), words)
    own = unit_of(unit, words) if unit else None
    if own is not None and (target.unit is None or own.endswith(target.unit)):
        return target._replace(unit=own)
    return target._replace(unit=target.unit or bracket_unit(name, words) or head_unit)


def _words(cells: list[Cell]) -> str:
    """What the cells of a target or actual value say; a dash says nothing."""
    return " ".join(text for c in cells if (text := plain(c.text)) and not _DASH.fullmatch(text))


def plain(text: str) -> str:
    """A printed text without line breaks and doubled blanks."""
    return re.sub(r"\s+", " ", re.sub(r"\s*\n\s*", "", text)).strip()


def _sums(sheet: Sheet, zone: Zone, cells: list[Cell]) -> None:
    """总分 | 100 | 98: the sums of points and scores, as statistics."""
    label = bare(cells[0].text)
    names = [SCORE_NAMES[role] for role in ("points", "score") if zone.columns(role)]
    values = [(c, parse_number(c.text)) for c in cells[1:]]
    numbers = [(c, Decimal(str(v))) for c, v in values if v is not None]
    if "得分" in label:
        names = names[-1:]
    elif len(numbers) == 1 and len(names) == 2:
        names = [SCORE_NAMES["score" if numbers[0][0].column in zone.columns("score") else "points"]]
    for name, (cell, value) in zip(names, numbers, strict=False):
        sheet.statistic(cell, f"{name} / {label}", value, "分")


def points_in_remarks(sheet: Sheet) -> None:
    """Bare numbers in the remarks of a scope's indicators are its points when they add up to 100, or 90; else nobody says what they are."""
    by_scope: dict[str, list[tuple[Record, Cell, Decimal]]] = defaultdict(list)
    for record, cell, value in sheet.out.noted:
        by_scope[str(record["scope"])].append((record, cell, value))
    for entries in by_scope.values():
        proved = len(entries) >= _FEWEST_POINTS and sum((v for _, _, v in entries), Decimal(0)) in _POINT_SUMS
        for record, cell, value in entries:
            sheet.mark(cell, "indicators" if proved else "not_understood")
            if proved:
                record["points"] = float(value)
