"""The budget units (预算单位) a document lists, with codes: in table cells, in columns headed 单位名称, in lists in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.read.document import Document, RawTable
from pipelines.understand.context.model import ListedUnit
from pipelines.understand.context.names import clean_name, looks_like_body, name_key
from pipelines.understand.context.places import Labelled
from pipelines.understand.context.regions import recognise, region_of_code, within
from pipelines.understand.context.rows import words
from pipelines.understand.text import canon

_CODE = re.compile(r"^\d{3}(?:\d{3}){0,3}$")
_CODED = re.compile(r"^[［（]?(?:\d{3}){1,4}[］）]?[-_：:、]?(?=[一-鿿])")
_NAME_HEADER = re.compile(r"^(?:预算|决算|基层|编制|部门|二级预算)*(?:（单位）)?单位(?:（科目）)?名称(?:（科目）)?$|^部门（单位）名称$")
_CUE = re.compile(r"(?:预算|决算)(?:单位)?构成|单位构成|[下所直]属单位|二级预算单位|编制范围的|预算单位包括|下属.{0,6}单位.{0,6}包括")
_STOP = re.compile(r"^第[一二三四五六七八九十]部分|^[一二三四五六七八九十]{1,3}、")
_SPLIT = re.compile(r"[、；;。，,：:\n]|以及|包括|[下所直]属(?:事业|行政)?单位|管理的|下设|内设")
_DIVISION = re.compile(r"(?<!管理)(?<!办事)(?<!事务)[处科]$|内设机构")
_AND = re.compile(r"[和及与](?=[一-鿿]{4})")
_ITEM = re.compile(r"^(?:\d{1,3}[.．、）]?|（[\d一二三四五六七八九十]{1,3}）|[①-⑳]|[-·•])+")
_BUDGET_WORD = re.compile(
    r"(?:本级|机关|汇总)?(?:单位)?(?:预算|决算)(?:（[^）]{1,8}）)?$|（[^）]{0,12}(?:行政|事业|参公|公益|编制|预算|核算)[^）]{0,12}）$"
)
_OWNED = re.compile(r"(?:归口|包含|分别是|分别为|单位为|有)$")
_HEADER_ROWS, _LIST_LINES, _WRAPPED = 6, 60, 18
_LEVELS = "省市区县州旗"


def _at_home(name: str, home: str | None) -> str:
    """市建筑工务署工程管理中心 in a document of 深圳市 is 深圳市建筑工务署工程管理中心."""
    region = region_of_code(home)
    if region is None or name[0] not in _LEVELS or region.name[-1] != name[0]:
        return name
    if name.startswith(words("region_words", "role", "no_level", "word")):
        return name  # 市政设施管理中心: 市 is no level there
    return region.name + name[1:]


def _from_table(table: RawTable, home: str | None) -> Iterator[ListedUnit]:
    at = {(cell.row, cell.column): cell for cell in table.cells}
    headers = (cell for cell in table.cells if cell.row < _HEADER_ROWS and 4 <= len(cell.text) <= 16)
    columns = {cell.column for cell in headers if _NAME_HEADER.match(canon(cell.text))}
    for cell in table.cells:
        if not 4 <= len(cell.text) <= 60:
            continue
        code: str | None = None
        if cell.text[0].isdigit() or cell.text[0] in "[【［（(":
            if not _CODED.match(canon(cell.text)):
                continue
        else:
            left = at.get((cell.row, cell.column - 1))
            if left is not None and _CODE.match(left.text.strip()):
                code = left.text.strip()
            elif cell.column not in columns:
                continue
        name = clean_name(cell.text)
        if name is None:
            continue
        code = name.code or code
        full = _at_home(name.name, home)
        region = recognise(full, home)
        known = region is not None and (region.end < len(full) or not region.leading)  # a region alone is no unit
        body = looks_like_body(name.name) or (known and code is not None and len(code) >= 6)
        if not body or (code and len(code) == 3 and not known):
            continue  # a function code beside a subject that happens to end like a body
        if known or cell.column in columns or (code and len(code) >= 6):
            yield ListedUnit(full, code, cell.page or table.page, "cell")


def _paragraphs(document: Document) -> Iterator[tuple[str, int | None]]:
    """The passages that list units, wrapped lines joined, each with its page."""
    left, text, page = 0, "", None
    for line in document.lines:
        if left <= 0 and "单位" not in line.text and "构成" not in line.text:
            continue
        current = canon(line.text)
        if _CUE.search(current):
            left = _LIST_LINES
        elif left > 0 and _STOP.match(current):
            left = 0
        if left <= 0:
            if text:
                yield text, page
            text = ""
            continue
        left -= 1
        joins = text and not _ITEM.match(current) and text[-1] not in "。；;：:" and len(text.rsplit("\n", 1)[-1]) >= _WRAPPED
        page = page if text else line.page
        text += current if joins else "\n" + current
    if text:
        yield text, page


def _names_in(part: str, home: str | None) -> Iterator[str]:
    """Names of bodies in one item of a list: as it stands, or after 包括, or on both sides of 和."""
    name = _BUDGET_WORD.sub("", _ITEM.sub("", part))
    sides = [_BUDGET_WORD.sub("", side) for side in _AND.split(name)]
    bodies = [found for side in sides if (found := clean_name(side)) and looks_like_body(found.name)]
    whole = clean_name(name)
    starts = [found for found in bodies if recognise(_at_home(found.name, home), home) is not None]
    if len(starts) > 1 and len(starts) == len(sides):
        yield from (_at_home(found.name, home) for found in starts)
        return
    if whole is None or not looks_like_body(whole.name) or _DIVISION.search(whole.name):
        return  # divisions (内设机构) are no budget units
    full = _at_home(whole.name, home)
    match = recognise(full, home)
    if match is None:
        return
    if not match.leading and _OWNED.search(full[:match.start]):
        full = full[match.start:]
    if match.leading or full != _at_home(whole.name, home) or full.startswith("中"):
        yield full


def listed_units(document: Document, home: str | None = None) -> tuple[ListedUnit, ...]:
    """Units in order of their first appearance, each once. `home` is the document's region code.

    `code` is the longest printed beside the name (a unit's own code is the longer one), `codes` are all of them, shortest first.
    """
    best: dict[str, ListedUnit] = {}
    codes: dict[str, set[str]] = {}
    for table in document.tables:
        for unit in _from_table(table, home):
            best.setdefault(unit.name, unit)
            if unit.code:
                codes.setdefault(unit.name, set()).add(unit.code)
    for text, page in _paragraphs(document):
        for part in _SPLIT.split(text):
            if 4 <= len(part) <= 70 and not _CUE.search(part[-12:]):
                for name in _names_in(part, home):
                    best.setdefault(name, ListedUnit(name, None, page, "list"))
    coded = {code: unit.name for unit in best.values() for code in codes.get(unit.name, ()) if looks_like_body(unit.name)}
    whole = (unit for unit in best.values() if unit.name == coded.get(unit.code or "", unit.name) or looks_like_body(unit.name))
    return tuple(_with_codes(unit, codes.get(unit.name, set())) for unit in whole)  # a torn name beside the whole one is dropped


def labelled_units(labels: Iterable[Labelled], own: Iterable[str | None], home: str | None) -> tuple[ListedUnit, ...]:
    """Units that the line 单位名称： over tables names in a department's book. `own`: the names of the department and of known units."""
    found: dict[str, ListedUnit] = {}
    known = {name_key(name) for name in own if name}
    for label in labels:
        name = clean_name(label.value) if label.role == "self" and label.place != "cover" else None
        if name is None or not looks_like_body(name.name):
            continue
        full = _at_home(name.name, home)
        region = recognise(full, home)
        if region is not None and home is not None and within(region.code, home) and name_key(full) not in known:
            found.setdefault(full, ListedUnit(full, name.code, label.page, "label", (name.code,) if name.code else ()))
    return tuple(found.values())


def _with_codes(unit: ListedUnit, codes: set[str]) -> ListedUnit:
    ordered = tuple(sorted(codes, key=lambda code: (len(code), code)))
    return ListedUnit(unit.name, ordered[-1] if ordered else None, unit.page, unit.place, ordered)
