"""The reviewed words of performance forms (绩效目标表、自评表), with the lookups that reading a form needs.

Here: loading the CSV files and matching a printed text against them. Not here: any phrase, or what a form means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import bare, canon
from schemas import reference

FILES = ("performance_headers.csv", "performance_labels.csv", "performance_levels.csv")
_REMARK = re.compile(r"（[^）]*）")
_WEIGHT = re.compile(r"(?<=指标)\d{1,3}(?:\.\d+)?[分%]?$")  # 产出指标50分
_LEVEL_TAIL = re.compile(r"(?:类|性)?指标$|指$")
_MONEY_UNIT = re.compile(r"[（(](?:单位：|金额：|人民币)*(亿元|百万元|万元|千元|百元|元)[）)]|(?:，|：|/|单位：)(亿元|万元|千元|元)$")
_TWO = re.compile(r"^([^-—/\\]{2,8})[-—/\\]+([^-—/\\]{2,12})$")
_LONGEST_HEADER = 40


class Level(NamedTuple):
    """A level word: `depth` 1 一级, 2 二级, 12 either; `name` as it is stored."""

    depth: int
    name: str


@dataclass
class PerformanceWords:
    """Roles of header cells, roles of labels in key-value forms, and the names of indicator levels."""

    headers: list[tuple[re.Pattern[str], str]]
    labels: list[tuple[re.Pattern[str], str]]
    levels: dict[str, int]
    parents: dict[str, str]  # a second level → the first one that it belongs to in every form
    _joined: re.Pattern[str]
    _header_seen: dict[str, str | None] = field(default_factory=dict)
    _label_seen: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> PerformanceWords:
        """Read the three files through `schemas.reference` (its override folder included)."""
        levels = {canon(r["phrase"]): int(r["level"]) for r in reference.rows("performance_levels.csv")}
        first = "|".join(sorted((re.escape(p) for p, n in levels.items() if n != 2), key=len, reverse=True))
        second = "|".join(sorted((re.escape(p) for p, n in levels.items() if n != 1), key=len, reverse=True))
        return cls(
            headers=[(re.compile(r["pattern"]), r["role"]) for r in reference.rows("performance_headers.csv")],
            labels=[(re.compile(r["pattern"]), r["role"]) for r in reference.rows("performance_labels.csv")],
            levels=levels,
            parents={canon(r["phrase"]): canon(r["parent"]) for r in reference.rows("performance_levels.csv") if r["parent"]},
            _joined=re.compile(rf"^((?:{first})指标)[-—/、\s]*((?:{second})指标)[-—/、\s]*(.+)$", re.DOTALL),
        )

    def header_role(self, text: str) -> str | None:
        """What a header cell stands over (level1, indicator, target, amount ...); None when it is no known header."""
        if text not in self._header_seen:
            self._header_seen[text] = self._match(self.headers, text)
        return self._header_seen[text]

    def label_role(self, text: str) -> str | None:
        """What stands beside a label of a key-value form (project, entity, amount, text ...); None when it is not known."""
        if text not in self._label_seen:
            self._label_seen[text] = self._match(self.labels, text)
        return self._label_seen[text]

    @staticmethod
    def _match(patterns: list[tuple[re.Pattern[str], str]], text: str) -> str | None:
        whole = bare(text)
        if not whole or len(whole) > _LONGEST_HEADER:
            return None
        plain = _REMARK.sub("", whole)
        return next(
            (role for pattern, role in patterns if (role != "amount" and pattern.search(whole)) or (plain and pattern.search(plain))), None
        )

    def level(self, text: str) -> Level | None:
        """The indicator level a text names (产出指标（30分） → 1, 数量指标（必填） → 2, 效益指 cut off → 1); None for any other text."""
        name = level_name(text)
        depth = self.levels.get(_LEVEL_TAIL.sub("", name))
        return Level(depth, name + "标" if name.endswith("指") else name) if depth else None

    def own_parent(self, level1: str, level2: str) -> str | None:
        """The first level that a second one belongs to, where the one given owns other second levels only; else None."""
        words = {w: _LEVEL_TAIL.sub("", level_name(w)) for w in (level1, level2)}
        parent = self.parents.get(words[level2])
        return f"{parent}指标" if parent and parent != words[level1] and words[level1] in self.parents.values() else None

    def both_levels(self, text: str) -> tuple[str, str] | None:
        """First and second level of a cell that prints nothing but the two (产出指标-数量指标), or None."""
        m = _TWO.match(level_name(text))
        first, second = (self.level(part) for part in m.groups()) if m else (None, None)
        return (first.name, second.name) if first and second and first.depth != 2 and second.depth != 1 else None

    def split_levels(self, text: str) -> tuple[str, str, str] | None:
        """Both levels and the indicator of a text that joins them (产出指标 数量指标 举办会议次数), or None."""
        m = self._joined.match(text.strip())
        return (m.group(1), m.group(2), m.group(3).strip()) if m else None


def level_name(text: str) -> str:
    """A level's name without remarks in brackets, points behind it, enumerators and white space."""
    return _WEIGHT.sub("", _REMARK.sub("", bare(text)))


def unit_in(text: str) -> str | None:
    """The unit of money that a label or header carries in brackets, 项目资金（万元）; None without one."""
    m = _MONEY_UNIT.search(canon(text))
    return (m.group(1) or m.group(2)) if m else None


@lru_cache(maxsize=4)
def _cached(digest: str) -> PerformanceWords:
    return PerformanceWords.load()


def performance_words() -> PerformanceWords:
    """The words in force, loaded once per content of their files."""
    return _cached(reference.reference_hash(FILES))
