"""What kind of publication (document_kind) it is: level (department, unit, government) and stage (budget, final accounts, performance).

The cover decides where it speaks; titles and headings vote otherwise. The phrases are `schemas/reference/document_kinds.csv`.
"""

from __future__ import annotations

import re
from collections import defaultdict

import msgspec

from pipelines.understand.context.model import UNKNOWN_KIND, Evidence
from pipelines.understand.context.places import Place, Places
from pipelines.understand.context.rows import cached, reference_rows

_KINDS = {
    ("department", "budget"): "department_budget", ("unit", "budget"): "unit_budget", ("government", "budget"): "government_budget",
    ("department", "final_accounts"): "department_final_accounts", ("unit", "final_accounts"): "unit_final_accounts",
    ("government", "final_accounts"): "government_final_accounts",
}
_PLACE_WEIGHT = {"cover": 4.0, "book": 3.0, "running": 0.5, "heading": 0.5, "title": 0.5, "text": 0.0}
_CAP = {"cover": 40.0, "book": 15.0, "running": 3.0, "heading": 6.0, "title": 6.0}


_EITHER = re.compile(r"预[、/]?决算|预算[、/和及]决算|决算[、/和及]预算")  # a rubric of a web site, says neither

_OWN = re.compile("本部门[^，。]{0,40}三公")  # a page of nothing but a department's “三公”经费

_YEAR = re.compile(r"20[0-3]\d(?:年度|年|度)?")

_ANNOUNCED = re.compile(r"现将(?P<what>[^，。；]*(?:预算|决算)[^，。；]*)(?:公布|公开|公示|说明|报告)如下")  # a page without any title


class KindVote(msgspec.Struct, frozen=True):
    """The decided kind; `level` and `stage` may be None; `totals` by level and stage for the record."""

    document_kind: str
    level: str | None
    stage: str | None
    confidence: float
    evidence: tuple[Evidence, ...]


@cached(1)
def _patterns() -> tuple[tuple[re.Pattern[str], str, str, float], ...]:
    return tuple(
        (re.compile(row["pattern"]), row["level"], row["stage"], float(row["weight"])) for row in reference_rows("document_kinds")
    )


@cached(4096)
def phrases(text: str) -> tuple[tuple[str, str, float], ...]:
    """(level, stage, weight) of what a text says: of each facet the strongest phrase only, so that 决算 beats the 预算 inside it."""
    levels: dict[str, float] = {}
    stages: dict[str, float] = {}
    text = _YEAR.sub("", _EITHER.sub("", text))
    for pattern, level, stage, weight in _patterns():
        if pattern.search(text):
            if level:
                levels[level] = max(weight, levels.get(level, 0.0))
            if stage:
                stages[stage] = max(weight, stages.get(stage, 0.0))
    found: list[tuple[str, str, float]] = []
    if levels:
        strongest = max(levels, key=lambda key: levels[key])
        found.append((strongest, "", levels[strongest]))
    if stages:
        strongest = max(stages, key=lambda key: (stages[key], key == "final_accounts"))
        found.append(("", strongest, stages[strongest]))
    return tuple(found)


def _winner(sums: dict[str, dict[str, float]]) -> tuple[str | None, float]:
    totals = {key: sum(kinds.values()) for key, kinds in sums.items() if sum(kinds.values()) > 0}
    if not totals:
        return None, 0.0
    best = max(totals, key=lambda key: totals[key])
    return best, totals[best] / (sum(totals.values()) + 0.5)


def vote_kind(places: Places, body_on_cover: bool = False, usual_level: str | None = None, tables: bool = True) -> KindVote:
    """Decide kind from the places. `body_on_cover`: the cover names a body other than a government. `usual_level`: what the body is
    where no phrase says department or unit; it counts only with `tables`: a report without any is no budget for using the word."""
    levels: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    stages: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    evidence: list[Evidence] = []
    cover = [Place("".join(place.text for place in places.cover), "cover", places.cover[0].page)] if places.cover else []
    announced = [
        Place(found["what"], "heading", place.page) for place in places.text for found in _ANNOUNCED.finditer(place.text)]
    for group in (cover, places.headings, places.titles, announced):
        for place in group:
            for said_level, said_stage, weight in phrases(place.text):
                worth = weight * _PLACE_WEIGHT[place.kind]
                sums, key = (levels, said_level) if said_level else (stages, said_stage)
                sums[key][place.kind] = min(sums[key][place.kind] + worth, _CAP[place.kind])
                if len(evidence) < 40:
                    evidence.append(Evidence("document_kind", key, place.kind, place.page, worth))
    if body_on_cover and "government" in levels:
        levels["government"] = {kind: worth / 4 for kind, worth in levels["government"].items()}
    level, level_sure = _winner(levels)
    stage, stage_sure = _winner(stages)
    if level is None and (tables or {"cover", "book"} & stages.get(stage or "", {}).keys()):
        own = any(_OWN.search(place.text) for place in places.text)
        level = usual_level or ("department" if own and not levels and not body_on_cover else None)
    if stage == "performance":
        kind = "performance_evaluation"
    elif stage is None:
        kind = UNKNOWN_KIND
    else:
        kind = _KINDS.get((level or "", stage), UNKNOWN_KIND)
    return KindVote(kind, level, stage, round(min(level_sure or stage_sure, stage_sure), 3), tuple(evidence))
