"""The label-and-value part of a performance form: 项目名称 | X, 项目资金（万元） | 年度资金总额 | 270.4 | 其中：财政拨款 | ...

Here: whom and what a form is about, and its amounts. A number is an amount of money only beside a label that says so; codes, dates and
figures inside sentences are not. The row label says the source (contract, section 3).
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.normalise.performance_state import DEPARTMENT, Scope, Sheet
from pipelines.read.document import Cell
from pipelines.understand.amounts import Amount
from pipelines.understand.grid import Grid
from pipelines.understand.logical import ColumnMeaning
from pipelines.understand.performance_words import unit_in
from pipelines.understand.performance_zones import Zone, merged, own_cells, printed_amount
from pipelines.understand.text import bare, canon, compact, is_of_which

_INLINE = re.compile(r"^(?P<label>(?:其中[：:])?[^\d：:]{2,24})[：:](?P<amount>-?[\d,，]+(?:\.\d+)?(?:万元|元|万)?)$")
_INLINE_UNIT = re.compile(r"^(?P<label>[^\d：:（(]{2,20})(?P<amount>-?[\d,，]+(?:\.\d+)?)[（(](?P<unit>万元|元)[）)]$")
_SAID = re.compile(r"^(?P<label>[^：:]{2,12})[：:](?P<value>.{2,60})$")
_TOTAL = re.compile(r"总额|合计|总计|总量|总数|^当年预算$|^预算(?:金额|数|资金)?$|^项目金额$")
_FIXED_LABEL = re.compile(r"^主管(?:部门|单位)|^实施单位|^项目(?:属性|类型|类别|期|编码|代码|单位|负责人)|^部门名称")
_PROJECT_CODE = re.compile(r"^[0-9A-Z]{10,}[-_—]")
_ENTITY_CODE = re.compile(r"^\d{3,12}[-_—]?(?=\D)")
_LONGEST_LABEL = 16
_EXECUTION_POINTS = re.compile(r"^(?:预算)?执行率(?:分值|权重)?（(?:分值|权重)?(\d{1,2})分?）$")
_BRACKETED = re.compile(r"[（(][^（()）]{1,8}[）)]")
_DETAIL_CONFIDENCE = 0.7  # of an amount whose label is not known but stands in a group of funds


def project_name(text: str) -> str:
    """A project's name as scope: without the system's code before it and without the blanks of wrapped lines."""
    return _PROJECT_CODE.sub("", compact(text))


def entity_name(text: str) -> str:
    """A unit's name without the code before it."""
    return _ENTITY_CODE.sub("", compact(text))


def amount_role(label: str) -> str:
    """The row role of a source's label: 其中 is of_which, 总额 and 合计 total, the rest detail."""
    if is_of_which(label):
        return "of_which"
    return "total" if _TOTAL.search(bare(label)) else "detail"


def read_form(sheet: Sheet, grid: Grid, zone: Zone, *, continued: bool = False, meaning: ColumnMeaning | None = None) -> None:
    """Read one zone of labels and values.

    `continued`: it is the top of a page that goes on with the page before. `meaning`: of amounts printed in one cell with their label.
    """
    group = ""
    _unit_of_form(sheet, grid, zone)
    first_fact = len(sheet.out.facts)
    parent: int | None = None
    for n, r in enumerate(zone.rows):
        cells = own_cells(grid, r)
        if not cells:
            continue
        above = grid.at(r, 0)
        if above is not None and above.row < r and compact(above.text):
            group = above.text
        elif cells[0].column == 0 or (not grid.spanless and merged(grid)):
            group = cells[0].text if len(cells) > 1 and printed_amount(cells[1].text) is None else ""
        if continued and n == 0 and _name_goes_on(sheet, cells):
            continue
        parent = _row(sheet, grid, cells, group, parent, meaning)
    close_parents(sheet, first_fact)


def _unit_of_form(sheet: Sheet, grid: Grid, zone: Zone) -> None:
    """The unit that some label of the form carries; it may stand below the first amount (资金金额 | （万元） over two rows)."""
    labels = [c.text for r in zone.rows for c in own_cells(grid, r) if len(compact(c.text)) <= _LONGEST_LABEL]
    first = "".join(grid.own(r, 0) for r in zone.rows if len(grid.own(r, 0)) <= _LONGEST_LABEL)  # 项目资金（万 | 元） cut by a page end
    unit = next((u for t in (*labels, *_BRACKETED.findall(first)) if (u := unit_in(t))), None)
    if unit is not None:
        sheet.scope.unit = unit


def _name_goes_on(sheet: Sheet, cells: list[Cell]) -> bool:
    """The rest of a project's name that the page break cut off stands alone in the first row, under no label."""
    if len(cells) != 1 or cells[0].column == 0 or sheet.scope.project is None or not sheet.scope.name_open:
        return False
    sheet.complete_name(compact(cells[0].text))
    return True


def _row(sheet: Sheet, grid: Grid, cells: list[Cell], group: str, parent: int | None, meaning: ColumnMeaning | None) -> int | None:
    label: Cell | None = None
    stage: str | None = None  # 执行数 | 7.60 | 其中：财政拨款 | 7.60: of all amounts of the row
    waiting = taken = False
    sheet.scope.name_open = False
    for cell in cells:
        text = cell.text
        amount = printed_amount(text)
        if (worth := _EXECUTION_POINTS.match(bare(text))) is not None:
            sheet.execution = (cell, Decimal(worth.group(1)))
        if amount is not None and not (waiting and label is not None and sheet.words.label_role(label.text) == "project"):
            if taken:
                sheet.mark(cell, "not_understood")  # a second number beside one label: a grid whose header was not read
            else:
                stage = _stage_of(sheet, label) or stage
                parent = _value(sheet, cell, amount, label.text if label is not None else group, group, parent, stage)
            waiting, taken = False, True
            continue
        after, taken = taken, False
        if (inline := _INLINE.match(canon(text))) or (inline := _INLINE_UNIT.match(canon(text))):
            found = printed_amount(inline["amount"])
            if found is not None and sheet.words.label_role(inline["label"]) == "amount":
                label_here = inline["label"]
                sheet.amount(
                    cell, found, label_here, role=amount_role(label_here), unit=inline.groupdict().get("unit"), raw=inline["amount"],
                    project=sheet.scope.project, entity=sheet.scope.entity, level=1, parent=parent, confidence=_DETAIL_CONFIDENCE,
                    meaning=meaning,
                )
                continue
        if (said := _SAID.match(canon(text))) and (own := sheet.words.label_role(said["label"])) in ("project", "department"):
            _named(sheet, own, said["value"])  # 项目名称：河道清淤 in one cell
            continue
        role = sheet.words.label_role(text)
        if waiting and label is not None and not _is_label(text, role) and (role is None or _beside(grid, label, cell)):
            _named(sheet, sheet.words.label_role(label.text), text)
            waiting = False
            label = cell if role == "amount" else None
            continue
        if (unit := unit_in(text)) is not None:
            sheet.scope.unit = unit
        if role is not None:
            label, waiting = cell, role in ("project", "entity", "department")
        elif label is None or after or sheet.words.label_role(label.text) != "amount":
            label = cell
    return parent


def _stage_of(sheet: Sheet, label: Cell | None) -> str | None:
    facets = sheet.vocabulary.facets_of(label.text.rstrip("：: ")) if label is not None else None
    return next((f.value for f in facets or () if f.name == "stage"), None)


def _is_label(text: str, role: str | None) -> bool:
    """Whether a text after a label is the next label (its value is blank) rather than its value."""
    return role in ("project", "entity", "department") or bool(_FIXED_LABEL.match(bare(text)))


def _beside(grid: Grid, label: Cell, value: Cell) -> bool:
    """Whether a value stands right beside its label; in grids with spans a blank cell between them is the (blank) value."""
    if grid.spanless or not merged(grid):
        return True
    between = range(label.column + label.column_span, value.column)
    return all(grid.at(label.row, k) is None for k in between)


def _named(sheet: Sheet, role: str | None, text: str) -> None:
    if role in ("project", "department"):
        sheet.begin_form()
        sheet.out.begins.append((len(sheet.out.indicators), len(sheet.out.facts)))
    if role == "project":
        name = project_name(text)
        entity = sheet.scope.entity if sheet.scope.project is None else None
        sheet.scope = Scope(name=name, project=name, entity=entity, unit=sheet.scope.unit, name_open=True)
        sheet.out.scope = sheet.scope
    elif role == "department" and sheet.table.kind.startswith("department"):
        sheet.scope = Scope(name=DEPARTMENT, unit=sheet.scope.unit)
        sheet.out.scope = sheet.scope
    elif role is not None:
        known = sheet.known_entities.get(bare(entity_name(text)))
        if known is not None and bare(known) not in sheet.own_names:
            sheet.scope.entity = known


def _value(sheet: Sheet, cell: Cell, amount: Amount, label: str, group: str, parent: int | None, stage: str | None) -> int | None:
    """One number beside a label: an amount where the label (or the group it stands in) speaks of funds. Returns the last total's row.

    `stage`: of the row, where its own label says none.
    """
    role = sheet.words.label_role(label)
    grouped = sheet.words.label_role(group) == "amount"
    if role != "amount" and not (role is None and grouped):
        sheet.mark(cell, "other" if role is not None else "not_understood")
        return parent
    kind = amount_role(label)
    if kind == "total":
        parent = None
    facets = {f.name: f.value for f in sheet.vocabulary.facets_of(label) or () if f.name in ("stage", "fiscal_year", "year")}
    made = sheet.amount(
        cell, amount, label, role=kind, unit=unit_in(label), path=group if group != label else "", project=sheet.scope.project,
        entity=sheet.scope.entity, level=0 if kind == "total" else 1, parent=parent, confidence=1.0 if role else _DETAIL_CONFIDENCE,
        meaning=ColumnMeaning(
            stage=facets.get("stage") or stage, year=int(facets["fiscal_year"]) if "fiscal_year" in facets else None,
            year_offset=int(facets["year"]) if "year" in facets else None,
        ),
    )
    return cell.row if kind == "total" and made else parent


def close_parents(sheet: Sheet, first: int) -> None:
    """Of the facts made since `first`: one that others stand below is no leaf."""
    facts = sheet.out.facts[first:]
    deepest: dict[int, int] = {}
    for fact in facts:
        if fact["parent_row_no"] is not None:
            deepest[fact["parent_row_no"]] = max(deepest.get(fact["parent_row_no"], 0), fact["row_level"])
    for fact in facts:
        if fact["row_level"] < deepest.get(fact["row_no"], 0):
            fact["is_leaf"] = False
