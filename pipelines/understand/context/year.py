"""The fiscal year (预算年度) a document is for: a vote of its places, never of the file's name.

A single left-over heading of last year's document loses against the rest; a comparison (比2025年) speaks of the year after it.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pipelines.understand.context.model import Evidence
from pipelines.understand.context.places import LONG_CELL, Place, Places

_DIGITS = dict(zip("〇○零0O一二三四五六七八九", "00000123456789", strict=True))
_CHINESE = re.compile(r"二[〇○零0O][一二三][〇○零0O一二三四五六七八九](?=年)")
_TITLE = re.compile(
    r"(?<![\d.\-])(20[0-3]\d)(?:年度|年|度)?(?!\d|[-~至]\d|月|[.\-/]\d)(?=[^\d。]{0,40}?(?:预算|决算|绩效|收支|收入|支出|三公|部门|单位|公开|债务|情况))"
)
_ON_COVER = re.compile(r"(?<![\d.\-])(20[0-3]\d)(?:年度|年)(?!\d|[-~至]\d|度?[1-9]{0,2}月)")
_EXECUTION = re.compile(r"(20[0-3]\d)年(?=[^\d]{0,16}预算执行)")
_STATED = re.compile(r"[预决]算年度：(20[0-3]\d)")
_NOTHING = re.compile(r"(20[0-3]\d)年度?(?:没有|无|未)")  # 本部门2026年没有使用政府性基金预算拨款安排的支出
_BARE = re.compile(r"^[（(]?(20[0-3]\d)年度?[)）]?$")
_DATE = re.compile(r"(20[0-3]\d)年(\d{1,2})月")
_COMPARED = re.compile(r"(?:[比与同]|(?<!经比)较)(?:上年)?(20[0-3]\d)年")
_CHANGE_OF = re.compile(r"(20[0-3]\d)年度?[^\d，。；]{2,40}?(?:预算|决算|收入|支出|安排|总计)[^\d，。；]{0,24}\d")
_SUM_OF = re.compile(  # 2018年全市行政单位、事业单位…“三公”经费决算总额2771万元
    r"(20[0-3]\d)年度?(?:(?!20\d\d年)[^。；]){2,160}?(?:预算|决算|经费|支出)(?:总额|总数|合计|数)?(?:为|约|共)?\d[\d,，.]*万?元")
_TITLE_LENGTH = 60
_WEIGHTS = {"cover": 6.0, "book": 4.0, "running": 1.5, "heading": 1.0, "title": 1.0, "text": 0.3}
_CAPS = {
    "cover": 8.0, "book": 5.0, "running": 3.0, "heading": 6.0, "title": 5.0, "text": 3.0, "compared": 2.0, "date": 0.5, "mentioned": 0.4,
}


def arabic_years(text: str) -> str:
    """二〇二六年 -> 2026年."""
    if "二" not in text:
        return text
    return _CHINESE.sub(lambda match: "".join(_DIGITS[c] for c in match[0]), text)


def _said(place: Place, final_accounts: bool) -> list[tuple[int, str, float]]:
    """(year, class, weight) a place says."""
    text = arabic_years(place.text)
    if "20" not in text:
        return []
    found: list[tuple[int, str, float]] = []
    weight = _WEIGHTS[place.kind]
    if place.kind == "text":
        found.extend((int(year) + 1, "compared", 0.5) for year in _COMPARED.findall(text))
        own = _COMPARED.sub("", text)  # 较2025年无变化 says nothing of 2025 itself
        found.extend((int(year), "text", weight) for year in _NOTHING.findall(own))
        changed = [int(match[1]) for match in _CHANGE_OF.finditer(own)] or [int(year) for year in _SUM_OF.findall(own)[:1]]
        found.extend((year, "text", weight) for year in changed)
        return found
    pattern = _ON_COVER if place.kind == "cover" and len(text) <= _TITLE_LENGTH else _TITLE
    years = [int(match[1]) for match in pattern.finditer(text)] or [int(match[1]) for match in _TITLE.finditer(text)]
    executed = {int(year) for year in _EXECUTION.findall(text)}
    if executed and set(years) - executed:
        years = [year for year in years if year not in executed]
    years += [int(year) for year in _STATED.findall(text)]
    bare = _BARE.match(text)
    if bare and (place.kind == "cover" or text[0] == "（"):
        years.append(int(bare[1]))
    if not years:
        for year, month in _DATE.findall(text):
            spoken = int(year) - 1 if final_accounts else int(year) + (int(month) >= 11)
            found.append((spoken, "date", 0.5))
    found.extend((year, place.kind, weight) for year in set(years))
    return found


def vote_year(places: Places, stage: str | None) -> tuple[int | None, float, bool, list[Evidence]]:
    """(year, confidence 0 to 1, said in a second place, evidence). `stage`: budget · final_accounts · performance, where known."""
    final_accounts = stage in ("final_accounts", "performance")
    sums: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    spots: dict[int, set[tuple[str, int | None, str]]] = defaultdict(set)
    evidence: list[Evidence] = []
    for group in (_joined_cover(places.cover), places.headings, places.titles, places.text):
        for n, place in enumerate(group):
            for year, kind, weight in _said(place, final_accounts):
                sums[year][kind] = min(sums[year][kind] + weight, _CAPS[kind])
                spots[year].add(_spot(place, kind, n))
                if len(evidence) < 60:
                    evidence.append(Evidence("fiscal_year", str(year), kind, place.page, weight))
    for year, count in places.cell_years[:3]:
        sums[year]["mentioned"] = min(0.1 * count, _CAPS["mentioned"])
        if count > sum(f"{year}年" in place.text and len(place.text) > LONG_CELL for place in places.titles):  # in other cells than titles
            spots[year].add(("mentioned", None, ""))
    if not sums:
        return None, 0.0, False, evidence
    totals = {year: sum(kinds.values()) for year, kinds in sums.items()}
    best = max(totals, key=lambda year: (totals[year], year))
    confidence = totals[best] / (sum(totals.values()) + 0.5)
    return best, round(confidence, 3), len(spots[best]) > 1, evidence


def _spot(place: Place, kind: str, n: int) -> tuple[str, int | None, str]:
    """What makes two sayings one place: the first table's cells are both cover and title; each table's 预算年度：2025 is its own."""
    stated = _STATED.search(place.text)
    if kind == "title" and stated and n:
        return kind, place.page, f"{n}"
    return "cover" if kind == "title" else kind, place.page, stated[0] if stated else place.text[:30]


def _joined_cover(cover: tuple[Place, ...]) -> list[Place]:
    """Cover lines, and, when the year stands alone on a line, that line with the next (2026年 | 广州市统计局部门预算)."""
    joined: list[Place] = []
    for place in cover:
        if joined and re.search(r"(?:20\d\d|二〇..)年?(?:度|年度)?$", joined[-1].text):
            joined[-1] = Place(joined[-1].text + place.text, place.kind, place.page)
        else:
            joined.append(place)
    return joined
