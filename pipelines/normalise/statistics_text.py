"""Counted things in the running text: headcount, vehicles, floor space, large equipment, visits and receptions.

Here: finding number and unit, what is counted, as of when, and whose. A number is taken only when the words right before it name a known
thing in a unit it is counted in; what is bought or to be bought is named 购置…. Not here: amounts of money (claims) or tables.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipelines.normalise.facts import Record, hash_id
from pipelines.normalise.statistics_words import StatisticWords, count_value, statistic_words
from pipelines.read.document import TextLine
from pipelines.understand.context.dimensions import unit_entity_id
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.fragments import is_page_number
from pipelines.understand.text import canon

_LINKS = re.compile(r"(?:[：，、]|其中|分别|为|是|有|共有|共计|共|累计|合计|小计|总计|总数|数量|约|计|预计|实有数|各|均)+$")
_MEMBER = re.compile(r"^[：，、和及（]*(?:其中)?[：，、]*(行政|事业|参公|参照公务员法?管理|工勤|其他)(?:单位)?(?:人员)?$")
_STOCK = re.compile(r"截至|截止|共有|拥有|现有|实有|保有|占有|占用")  # what stands before it speaks of something else
_BUYING = re.compile(r"购置|新增|购买|增配|新购|采购|更新")
_CHANGE = re.compile(r"(?:增加|减少|增|减|调入|调出|新进|退出|报废|处置|比上年|较上年|同比)[^，；。]{0,8}$")
_KIND = re.compile(r"行政|事业|参公|公务员|工勤|专项|自收自支")
_VISITORS = ("，人次", "、人次", "，人数", "，来访人次")
_DATES = (
    (re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日"), lambda m, y: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"),
    (re.compile(r"(20\d\d)年(\d{1,2})月"), lambda m, y: f"{m[1]}-{int(m[2]):02d}"),
    (re.compile(r"(20\d\d)年?(?:年)?(?:度)?(?:底|末)"), lambda m, y: f"{m[1]}-12-31"),
    (re.compile(r"(20\d\d)年"), lambda m, y: m[1]),
    (re.compile(r"上年(?:年)?(?:底|末)"), lambda m, y: f"{y - 1}-12-31" if y else None),
    (re.compile(r"当年|本年"), lambda m, y: str(y) if y else None),
)
_COMPARED = re.compile(r"[较比与]$")  # 较2025年年初预算: not the year that is spoken of
_LONGEST_PHRASE = 60
_LONGEST_NAME = 12  # of a thing named behind its number: 50辆公务用车
_NEAR = 80  # characters over which a date goes on to speak of the next sentence's counts


@dataclass(frozen=True)
class Passage:
    """The running text as one canonical string, with the page on which each piece begins."""

    text: str
    starts: tuple[int, ...]
    pages: tuple[int | None, ...]

    def page(self, position: int) -> int | None:
        """The page a position of the text stands on."""
        return self.pages[bisect_right(self.starts, position) - 1] if self.starts else None


def passage(lines: Iterable[TextLine]) -> Passage:
    """Join printed lines, running headers and page numbers left out: wrapped lines become sentences again."""
    parts: list[str] = []
    starts: list[int] = []
    pages: list[int | None] = []
    length = 0
    for line in lines:
        if line.role in ("header", "footer") or is_page_number(line.text):
            continue
        text = canon(line.text) + ("。" if line.role == "heading" else "")
        starts.append(length)
        pages.append(line.page)
        parts.append(text)
        length += len(text)
    return Passage("".join(parts), tuple(starts), tuple(pages))


@lru_cache(maxsize=4)
def _count(unit_pattern: str) -> re.Pattern[str]:
    number = r"(?<![\d.．，])(?P<number>\d{1,3}(?:，\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<wan>万)?"
    bare = r"(?<=[制人]数)(?P<bare>\d{1,6})(?=[，。；、])"  # 编制数10，
    return re.compile(rf"{number}(?P<unit>{unit_pattern})(?!元|[年月日])|{bare}")


def text_statistics(document_id: str, lines: Iterable[TextLine], context: DocumentContext) -> list[Record]:
    """Records of relation `statistics` from the running text, in reading order; the same thing said twice is one."""
    words, whole = statistic_words(), passage(lines)
    out: list[Record] = []
    seen: set[tuple[object, ...]] = set()
    last_end, clause_start = 0, 0
    last_subject: str | None = None
    group: str | None = None
    last_date: tuple[int, str | None] = (-_NEAR, None)
    changing = False
    for m in _count(words.unit_pattern).finditer(whole.text):
        unit = words.units[m["unit"]] if m["unit"] else "人"
        value = count_value((m["number"] or m["bare"]) + (m["wan"] or ""))
        sentence = max((whole.text.rfind(mark, 0, m.start()) for mark in "。！？"), default=-1) + 1
        clause = max(sentence, whole.text.rfind("；", 0, m.start()) + 1)
        if clause != clause_start:
            clause_start, last_subject = clause, None
        if sentence > last_end:
            group = None
        before = whole.text[max(last_end, clause, m.start() - _LONGEST_PHRASE): m.start()]
        changing = _changes(before, changing and sentence <= last_end and unit == "人")
        last_end = m.end()
        named = None if changing else _named(before, unit, words, last_subject, group)
        behind = named is None and not changing and bool(m["unit"])
        if behind:
            named = words.named_after(whole.text[m.end(): m.end() + _LONGEST_NAME], unit)
        if named is None or value is None:
            continue
        subject, name = named
        last_subject = subject
        if not name.startswith("/"):
            group = _group(name) if subject in ("staff_establishment", "staff_actual") else None
        full = f"{group}（{name[1:]}）" if name.startswith("/") else name
        so_far = _STOCK.split(whole.text[sentence: m.start()])[-1]
        if behind:
            so_far = re.split("[，；、]", so_far)[-1]
        if subject in ("vehicles", "equipment") and _BUYING.search(so_far):
            full = f"购置{full}"
        as_of = _as_of(whole.text[sentence: m.start()], context.fiscal_year)
        if as_of is None and m.start() - last_date[0] < _NEAR:
            as_of = last_date[1]
        last_date = (m.end(), as_of)
        entity = _entity(whole.text[sentence: m.start()], context)
        key = (full, value, unit, as_of, entity)
        if key in seen:
            continue
        seen.add(key)
        out.append({
            "statistic_id": hash_id(document_id, "statistic", "text", *key), "document_id": document_id, "table_id": None,
            "page": whole.page(m.start()), "entity_id": entity, "name": full, "value": value, "unit": unit, "as_of": as_of,
            "source": "text",
        })
    return out


def _named(before: str, unit: str, words: StatisticWords, last: str | None, group: str | None) -> tuple[str, str] | None:
    """Group and name of what a number counts; a name that begins with / is a part of the group before (行政 of 实有人数)."""
    phrase = _LINKS.sub("", before)
    if not phrase:
        name = words.name_of(last, unit) if last else None
        return (last, name) if last and name else None
    if phrase in _VISITORS and last is not None and (name := words.name_of(last, unit)):
        return last, name
    if group is not None and unit == "人" and (m := _MEMBER.match(phrase)):
        return last or "staff_actual", f"/{m.group(1)}"
    found = words.name(phrase, unit)
    return (found.subject, found.name) if found else None


def _changes(before: str, already: bool) -> bool:
    """Whether a number is what was added or taken away. 增加在职3人，退休2人: so is the next, until the text speaks of what there is."""
    phrase = _LINKS.sub("", before)
    if _CHANGE.search(phrase):
        return True
    return already and phrase[:1] in ("，", "、") and not _STOCK.search(before)


def _group(name: str) -> str | None:
    """The whole that a following 行政28人 is a part of: 实有人数 of 实有人数（行政）; none for a kind of staff, 行政编制人数."""
    whole = name.split("（")[0]
    return None if _KIND.search(whole) else whole


def _as_of(text: str, year: int | None) -> str | None:
    """The date or year that the sentence last named before the number."""
    best: tuple[int, str | None] = (-1, None)
    for pattern, form in _DATES:
        for m in pattern.finditer(text):
            if m.start() > best[0] and not _COMPARED.search(text[: m.start()]):
                best = (m.start(), form(m, year))
    return best[1]


def _entity(text: str, context: DocumentContext) -> str | None:
    """Whose: the listed unit that the sentence names before the number, else the department."""
    found = [u.name for u in context.units if canon(u.name) in text]
    return unit_entity_id(context, max(found, key=len)) if found else context.entity_id
