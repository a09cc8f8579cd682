"""The reviewed names and units of counted things (编制人数, 车辆, 房屋面积 ...), with the lookups that statistics need.

Here: loading statistic_names.csv and statistic_units.csv and matching a phrase against them. Not here: any phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import canon
from schemas import reference

FILES = ("statistic_names.csv", "statistic_units.csv")


class Named(NamedTuple):
    """A counted thing as found: the group its name belongs to (vehicles, staff_actual ...), its name, and where its phrase begins."""

    subject: str
    name: str
    start: int


@dataclass(frozen=True)
class _Rule:
    subject: str
    pattern: re.Pattern[str]
    units: frozenset[str]
    name: str
    start: re.Pattern[str]  # the same words where a text begins


@dataclass(frozen=True)
class StatisticWords:
    """Names by phrase and unit, and units by spelling."""

    rules: tuple[_Rule, ...]
    units: dict[str, str]
    unit_pattern: str

    def unit(self, text: str) -> str | None:
        """The unit a spelling stands for (台（件、套） → 台（套）); None for any other text."""
        return self.units.get(canon(text))

    def name(self, before: str, unit: str) -> Named | None:
        """What is counted, from the text that ends where the number begins: the phrase that reaches farthest to the left.

        `before` is canonical text, its trailing 为, 共, 合计 ... already cut off.
        """
        best: Named | None = None
        for rule in self.rules:
            if unit not in rule.units or not (m := rule.pattern.search(before)):
                continue
            if best is None or m.start() < best.start:
                parts = {k: v or "" for k, v in m.groupdict().items()}
                best = Named(rule.subject, rule.name.format(**parts), m.start())
        return best

    def named_after(self, text: str, unit: str) -> tuple[str, str] | None:
        """Group and name of what stands right behind its number (50辆公务用车): vehicles only, of other things the words vary too much."""
        text = text.removeprefix("的")
        found = [(m.end(), r) for r in self.rules if r.subject == "vehicles" and unit in r.units and (m := r.start.match(text))]
        if not found:
            return None
        rule = max(found, key=lambda f: f[0])[1]
        return rule.subject, rule.name

    def name_of(self, subject: str, unit: str) -> str | None:
        """The first name of a group in a unit: 公务接待53批次480人次 counts the visits and then the visitors."""
        return next((r.name for r in self.rules if r.subject == subject and unit in r.units), None)


@lru_cache(maxsize=4)
def _load(digest: str) -> StatisticWords:
    units = {canon(r["phrase"]): r["unit"] for r in reference.rows("statistic_units.csv")}
    rules = tuple(
        _Rule(r["subject"], re.compile(rf"(?:{r['pattern']})$"), frozenset(units.get(canon(u), u) for u in r["units"].split()), r["name"],
              re.compile(r["pattern"]))
        for r in reference.rows("statistic_names.csv")
    )
    return StatisticWords(rules, units, "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True)))


def statistic_words() -> StatisticWords:
    """The words in force, loaded once per content of their files."""
    return _load(reference.reference_hash(FILES))


def count_value(text: str) -> Decimal | None:
    """A printed count (2，244，875.43 or 1.2万) as an exact number; None for anything else."""
    m = re.fullmatch(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.(\d+))?(万)?", canon(text))
    if m is None:
        return None
    value = Decimal(re.sub(r"[,，]", "", m.group(1)) + (f".{m.group(2)}" if m.group(2) else ""))
    return value * 10_000 if m.group(3) else value
