"""The budget units (预算单位) a document lists, with codes: in table cells, in columns headed 单位名称, in lists in the text."""

from __future__ import annotations

import re

from pipelines.read.document import Document, RawTable
from pipelines.understand.context.model import ListedUnit
from pipelines.understand.context.names import clean_name, looks_like_body
from pipelines.understand.context.regions import recognise
from pipelines.understand.text import canon

_CODE = re.compile(r"^\d{3}(?:\d{3}){0,3}$")
_CODED = re.compile(r"^[［（]?(?:\d{3}){1,4}[］）]?[-_：:、]?(?=[一-鿿])")
_NAME_HEADER = re.compile(r"^(?:预算|决算|基层|编制|部门|二级预算)*(?:（单位）)?单位(?:（科目）)?名称(?:（科目）)?$|^部门（单位）名称$")
_CUE = re.compile(r"(?:预算|决算)(?:单位)?构成|单位构成|下属单位|所属单位|二级预算单位|编制范围的|预算单位包括|下属.{0,6}单位.{0,6}包括")
_STOP = re.compile(r"^第[一二三四五六七八九十]部分|^[一二三四五六七八九十]{1,3}、")
_SPLIT = re.compile(r"[、；;。，,：:]")
_ITEM = re.compile(r"^(?:\d{1,3}[.．、）]?|（[\d一二三四五六七八九十]{1,3}）|[①-⑳]|[-·•])+")
_HEADER_ROWS, _LIST_LINES = 6, 60


def _from_table(table: RawTable, prefix: str | None) -> list[ListedUnit]:
    found: list[ListedUnit] = []
    at = {(cell.row, cell.column): cell for cell in table.cells}
    headers = (cell for cell in table.cells if cell.row < _HEADER_ROWS and 4 <= len(cell.text) <= 16)
    columns = {cell.column for cell in headers if _NAME_HEADER.match(canon(cell.text))}
    for cell in table.cells:
        if not 4 <= len(cell.text) <= 60:
            continue
        first = cell.text[0]
        code: str | None = None
        if first.isdigit() or first in "[【［（(":
            text = canon(cell.text)
            if not _CODED.match(text):
                continue
        else:
            left = at.get((cell.row, cell.column - 1))
            if left is not None and _CODE.match(left.text.strip()):
                code = left.text.strip()
            elif cell.column not in columns:
                continue
        name = clean_name(cell.text)
        if name is None or not looks_like_body(name.name):
            continue
        code = name.code or code
        known = (prefix is not None and name.name.startswith(prefix)) or recognise(name.name) is not None
        if code and len(code) == 3 and not known:
            continue  # 202 外交…院: a function code, not a unit
        if known or cell.column in columns or (code and len(code) >= 6):
            found.append(ListedUnit(name.name, code, cell.page or table.page, "cell"))
    return found


def _from_text(document: Document) -> list[ListedUnit]:
    found: list[ListedUnit] = []
    left = 0
    for line in document.lines:
        if left <= 0 and "单位" not in line.text and "构成" not in line.text:
            continue
        text = canon(line.text)
        if _CUE.search(text):
            left = _LIST_LINES
        elif left > 0 and _STOP.match(text):
            left = 0
        if left <= 0:
            continue
        left -= 1
        for part in _SPLIT.split(text):
            name = clean_name(_ITEM.sub("", part))
            if name and looks_like_body(name.name) and recognise(name.name) and not _CUE.search(part):
                found.append(ListedUnit(name.name, name.code, line.page, "list"))
    return found


def listed_units(document: Document, entity_name: str | None = None) -> tuple[ListedUnit, ...]:
    """Units in order of their first appearance; of one name the entry with the longest code (a unit's own code is the longer one)."""
    region = recognise(entity_name) if entity_name else None
    prefix = entity_name[:region.end] if entity_name and region and region.start == 0 else None
    best: dict[str, ListedUnit] = {}
    for unit in [unit for table in document.tables for unit in _from_table(table, prefix)] + _from_text(document):
        known = best.get(unit.name)
        if known is None or (unit.code and len(unit.code) > len(known.code or "")):
            best[unit.name] = unit
    return tuple(best.values())
