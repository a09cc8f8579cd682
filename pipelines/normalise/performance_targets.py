"""Targets of indicators as data: ≥500件, 不超过48小时, 20个以上, =100%, 前十位 → operator, value and unit; anything else stays text.

A target is typed only when it is entirely a comparison, a number and a unit. Dates (2026年12月底前), ranges and sentences have no value.
The text as printed is kept beside it, always. A unit that stands elsewhere (in a column of its own, in brackets behind the indicator's
name or in the header) completes a bare number; 百分比 is %.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import compact
from schemas import reference

FILES = ("performance_comparisons.csv", "performance_units.csv")
_WIDE = str.maketrans({"（": "(", "）": ")","＝": "=", "﹦": "=", "＞": ">", "﹥": ">",
                       "＜": "<", "﹤": "<", "≧": "≥", "≦": "≤", "≥": "≥", "％": "%",
                       "，": ",", "．": ".", "〉": ">", "〈": "<"})
_NUMBER = r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?"
_CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTED = "次个项篇份件场期套支名家人台辆批册户位条天年届处座所批类种组遍轮门部"
_UNIT = r"(?:\([^()\d]{1,10}\)|[^\d\s,，;；。:：、~～<>=≥≤-]){0,12}"
_DATE = re.compile(r"^(?:\d{4}年|\d{1,2}月(?!\))|\d{1,2}日|\d{1,2}月底)|月底|月前|日前|年底|季度末")
_NO_MEASURE = re.compile(r"完成|监测|提升|提高|达到|实现|每|以|及|前|后|内|比|按|率")  # words of a sentence, not of a unit
_SCALED = re.compile(r"^[百千万亿]+(?=.)")
_SYMBOL = re.compile(r"^(?:[%‰℃]|[A-Za-z]{1,4}[²³]?|[²³])$")
_INCLUDED = re.compile(r"\(含[^()]{0,6}\)")
_RATE = re.compile(r"^[^\d≥≤<>=。；;，,%]{1,12}率(?=[^率]*%)")  # 及时率100%: the words repeat what the indicator says
_APPROXIMATE = re.compile(r"(?:左右|上下)$")
_LONGEST_PART = 5  # characters of a unit between slashes, brackets left out: 万平方米, 万标准立方米
_NAME_UNIT = re.compile(r"[（(]((?:单位[:：])?[^（()）\d]{1,8})[)）]$")
_FULL = re.compile(r"^(100|百)%$|^百分之百$")


class Target(NamedTuple):
    """A typed target; all None when the text is none."""

    operator: str | None = None
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Words of comparison: before a number (≥, 不低于), after it (以上), and before a rank (前); and what else a column of them says."""

    before: dict[str, str]
    after: dict[str, str]
    pattern: re.Pattern[str]
    rank: re.Pattern[str]
    symbol: re.Pattern[str]
    qualitative: frozenset[str]  # 定性, 文字描述 in a column of operators: the target is its words
    kinds: frozenset[str]  # 定量, 正向 there: no comparison at all
    units: dict[str, str]  # other spellings of a unit; blank where what is printed is none


@lru_cache(maxsize=4)
def _load(digest: str) -> Comparisons:
    rows = reference.rows(FILES[0])
    before = {r["phrase"]: r["operator"] for r in rows if r["place"] == "before"}
    after = {r["phrase"]: r["operator"] for r in rows if r["place"] == "after"}
    ranks = "|".join(re.escape(r["phrase"]) for r in rows if r["place"] == "rank")
    heads, tails = (("|".join(re.escape(p) for p in sorted(words, key=len, reverse=True))) for words in (before, after))
    symbols = "|".join(re.escape(p) for p in sorted(before, key=len, reverse=True) if not re.search(r"[一-鿿]", p))
    number = rf"(?P<value>{_NUMBER})(?P<unit>{_UNIT}?)(?P<after>{tails})?(?P<rest>)$"
    return Comparisons(
        before, after,
        re.compile(rf"^(?:均|达到|达|约|每年|全年|年)?(?P<before>{heads})?(?:或等于)?{number}"),
        re.compile(rf"^(?:进入|位居|位列|全市|全省|全国|保持)*(?:{ranks})(?P<value>\d+|[一二三四五六七八九十]{{1,3}})(?P<unit>名|位|强|列)?$"),
        re.compile(rf"^[^\d。；;]{{1,20}}?(?P<before>{symbols}){number}"),
        frozenset(r["phrase"] for r in rows if r["place"] == "words"), frozenset(r["phrase"] for r in rows if r["place"] == "kind"),
        {r["phrase"]: r["unit"] for r in reference.rows(FILES[1])},
    )


def comparisons() -> Comparisons:
    """The words of comparison in force."""
    return _load(reference.reference_hash(FILES))


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral up to 九十九; None for any other text."""
    if not text or any(ch not in _CHINESE for ch in text):
        return None
    if "十" not in text:
        return _CHINESE[text] if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)


def parse_target(text: str, words: Comparisons | None = None) -> Target:
    """A target's operator, value and unit. `20个以上` → (>=, 20, 个); `明显提升` → (None, None, None).

    `words`: those in force, looked up once by a caller with many targets.
    """
    return _parse(text, words or comparisons())


@lru_cache(maxsize=65536)
def _parse(text: str, words: Comparisons) -> Target:
    s = _INCLUDED.sub("", compact(text).translate(_WIDE))
    if not s or len(s) > 40:
        return Target()
    if _FULL.match(s):
        return Target(None, 100.0, "%")
    if m := words.rank.match(s):
        rank = int(m["value"]) if m["value"].isdigit() else chinese_number(m["value"])
        return Target("<=", float(rank), m["unit"]) if rank is not None else Target()
    m = words.pattern.match(_RATE.sub("", s)) or words.symbol.match(s)
    if m is None:
        return _spelled(s)
    before, after = m["before"], m["after"]
    unit = _APPROXIMATE.sub("", m["unit"])
    if (before is None and _DATE.search(s)) or (unit not in words.units and (_NO_MEASURE.search(unit) or not _is_measure(unit))):
        return Target()
    operator = words.before[before] if before else None
    if after:
        closing = words.after[after]
        operator = {">": ">=", "<": "<="}.get(operator or "", closing) if operator else closing
    return Target(operator, float(m["value"].replace(",", "")), _as_stored(words.units.get(unit, unit)))


def _as_stored(unit: str) -> str | None:
    """(万元) → 万元; the brackets of 台（套） are its own, and wide as in statistics."""
    plain = unit[1:-1] if unit.startswith("(") and unit.endswith(")") else unit
    return plain.replace("(", "（").replace(")", "）") or None


def _is_measure(unit: str) -> bool:
    """Whether what stands behind a number can be a unit: short words between slashes, and nothing after a sign of per cent."""
    if unit[:1] in ("%", "‰") and not re.fullmatch(r"[%‰](?:/.*)?", unit):
        return False
    return all(len(re.sub(r"\([^()]*\)", "", part)) <= _LONGEST_PART for part in unit.split("/"))


def unit_of(text: str, words: Comparisons) -> str | None:
    """A unit as a column of units prints it: 百分比 → %, 个(套) → 个（套）; None for 其他, 无 and a blank."""
    s = compact(text).translate(_WIDE)
    return _as_stored(words.units.get(s, s))


def bracket_unit(text: str, words: Comparisons) -> str | None:
    """The unit in brackets behind a name or header: 断面合格率（%）, 指标值（百分比）; None where the brackets hold something else."""
    m = _NAME_UNIT.search(compact(text))
    if m is None:
        return None
    s = re.sub(r"^单位[:：]", "", m.group(1)).translate(_WIDE)
    unit = words.units.get(s, s)
    return unit if unit and _is_known(re.sub(r"\([^()]*\)", "", unit).split("/")[0], words) else None


def _is_known(part: str, words: Comparisons) -> bool:
    """Whether a word is a unit in the list, with or without 万 and 亿 before it, or a symbol (%, km, m³)."""
    return any(w in words.units and words.units[w] for w in (part, _SCALED.sub("", part))) or bool(_SYMBOL.match(part))


def _spelled(s: str) -> Target:
    """两次, 一支, 十二期: a numeral with its measure word and nothing else."""
    if 2 <= len(s) <= 4 and s[-1] in _COUNTED and (value := chinese_number(s[:-1])) is not None:
        return Target(None, float(value), s[-1])
    return Target()


def composed(operator: str, value: str, unit: str) -> str:
    """The target of a form that prints operator, value and unit in columns of their own: ≥ | 30 | 套 → ≥30套.

    A qualitative target (定性 | 优) is its words alone, and a unit that says nothing (其他) is left out.
    """
    if not value:
        return ""
    words = comparisons()
    if operator in words.qualitative:
        return value
    tail = "" if unit_of(unit, words) is None or value.endswith(unit) else unit
    head = "" if operator in words.kinds or value[:1].translate(_WIDE) in "≥≤=<>" else operator
    return f"{head}{value}{tail}"


def parse_number(text: str) -> float | None:
    """The number of a cell of points or scores (10, 9.5分, 98.00, 100%); None for anything else."""
    m = re.fullmatch(rf"({_NUMBER})(?:分|%)?", compact(text).translate(_WIDE))
    return float(m.group(1).replace(",", "")) if m else None
