"""The reviewed vocabularies that understanding reads (CSV in schemas/reference), loaded once, with lookups.

Here: loading, canonical forms, phrase segmentation. Not here: any phrase. Stages key their version on `Vocabulary.digest`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import bare, canon
from schemas import reference

NOT_NONE_FILE = "not_none.csv"
SIGNATURES_FILE = "kind_signatures.csv"
FILES = (
    *(f"{name}.csv" for name in ("table_kinds", "title_patterns", "column_phrases", "column_roles", "row_words", "units")),
    NOT_NONE_FILE, SIGNATURES_FILE,
)

SAYS = {"says_type": "type", "says_source": "funding"}  # roles of text columns that say the meaning of their row's amounts
_PREFIX = re.compile(r"^(?:[A-Z]{1,3}\d{0,4}|\d{1,6})[-_.、:：\s]?(?=[^\d.,%\-])")


class Facet(NamedTuple):
    """One thing a phrase says: ('funding', 'general_public_budget'), ('type', 'basic'), ('year', '-1') ..."""

    name: str
    value: str


class TableKind(NamedTuple):
    """What holds for a kind of table when its columns say nothing else."""

    name: str
    side: str
    funding: str
    expenditure_type: str


BUDGETS = ("general_public_budget", "government_fund_budget", "state_capital_budget")  # the sources of 财政拨款
OWN_SOURCES = (
    "special_account",
    "unit_funds",
    "business_income",
    "other_income",
    "superior_subsidy",
    "business_operating_income",
    "affiliate_remittance",
)  # what a unit has beside them
_WIDER_SOURCES = {
    **dict.fromkeys(BUDGETS, ("fiscal_appropriation",)),
    **dict.fromkeys(("business_income", "other_income", "business_operating_income", "unit_other_funds"), ("unit_funds",)),
    "special_account": ("business_income", "fiscal_appropriation"),  # 事业收入（教育收费）
}
_WIDER_TYPES = {
    **dict.fromkeys(("basic_personnel", "basic_operating"), ("basic",)),
    **dict.fromkeys(("project_duty", "project_special", "project_investment"), ("project",)),
}
_YEAR = re.compile(r"(20\d\d|1\d{3}(?=年))年?度?")
_UNIT_IN_HEADER = re.compile(r"[（(](?:单位：)?(?:人民币)?(亿元|百万元|万元|千元|百元|元)[）)]|(?:，|：|/)(万元|元)$")


@dataclass
class Vocabulary:
    """All phrases, with the lookups that understanding needs."""

    kinds: dict[str, TableKind]
    titles: list[tuple[re.Pattern[str], str]]
    phrases: dict[str, tuple[Facet, ...]]  # a phrase may stand in several lines: 当年财政拨款 is a source and a period
    roles: list[tuple[re.Pattern[str], str]]
    says: list[tuple[re.Pattern[str], str]]  # headers over words that tell, row by row, kind of spending (type) or source (funding)
    row_words: dict[str, Facet]
    digest: str
    bodies: re.Pattern[str] | None = None  # names of the document's bodies: what they are called says nothing of a table
    _longest: int = 0
    _segments: dict[str, tuple[Facet, ...] | None] = field(default_factory=dict)
    _roles_seen: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Vocabulary:
        """Read the vocabularies through `schemas.reference` (its override folder included)."""
        phrases: dict[str, tuple[Facet, ...]] = {}
        for r in reference.rows("column_phrases.csv"):
            said = phrases.get(canon(r["phrase"]), ())
            if r["facet"] not in {f.name for f in said}:
                phrases[canon(r["phrase"])] = (*said, Facet(r["facet"], r["value"]))
        words: dict[str, Facet] = {}
        for r in reference.rows("row_words.csv"):
            words.setdefault(canon(r["phrase"]), Facet(r["facet"], r["value"]))
        return cls(
            kinds={
                r["table_kind"]: TableKind(r["table_kind"], r["side"], r["funding"], r["expenditure_type"])
                for r in reference.rows("table_kinds.csv")
            },
            titles=[(re.compile(r["pattern"]), r["table_kind"]) for r in reference.rows("title_patterns.csv")],
            phrases=phrases,
            roles=[(re.compile(r["pattern"]), r["role"]) for r in reference.rows("column_roles.csv") if r["role"] not in SAYS],
            says=[(re.compile(r["pattern"]), SAYS[r["role"]]) for r in reference.rows("column_roles.csv") if r["role"] in SAYS],
            row_words=words,
            digest=reference.reference_hash(FILES),
            _longest=max(map(len, phrases)),
        )

    def of_document(self, bodies: Iterable[str]) -> Vocabulary:
        """The same for one document: titles are read without the names of its bodies (某市政府采购中心2026年收支总表 is no procurement)."""
        names = sorted({canon(name) for name in bodies}, key=len, reverse=True)
        return replace(self, bodies=re.compile("|".join(map(re.escape, names)))) if names else self

    def kind_of_title(self, title: str) -> str | None:
        """The table kind a title names, by the first pattern that fits; None without one."""
        t = canon(title)
        if self.bodies is not None:
            t = self.bodies.sub("", t)
        for pattern, kind in self.titles:
            if pattern.search(t):
                return kind
        return None

    def role_of(self, phrase: str) -> str | None:
        """The role a descriptor column's header names (code, entity, project, row_no ...); None for a column of amounts."""
        key = bare(phrase)
        if key not in self._roles_seen:
            self._roles_seen[key] = (
                next((role for pattern, role in self.roles if pattern.search(key)), None) if key not in self.phrases else None
            )
        return self._roles_seen[key]

    def knows(self, text: str) -> bool:
        """Whether a header text is a known phrase or names a descriptor; a blank is neither."""
        return bool(text) and (self.role_of(text) is not None or self.facets_of(text) is not None)

    def heads_bodies(self, phrase: str) -> bool:
        """Whether a header that adds nothing to an amount (单位, 部门) heads bodies where names stand below it."""
        key = bare(phrase)
        return next((role for pattern, role in self.roles if pattern.search(key)), None) == "entity"

    def says_of(self, phrase: str) -> str | None:
        """What a column of words under this header tells of each row: `type` (项目类别) or `funding` (资金来源); None for other headers."""
        key = bare(phrase)
        return next((facet for pattern, facet in self.says if pattern.search(key)), None)

    def said(self, text: str) -> tuple[Facet, ...] | None:
        """What a word in such a column says, the number of a list before it (311 专项业务类, A-基本支出) put aside; None if not known."""
        found = self.facets_of(text)
        return found if found is not None else self.facets_of(_PREFIX.sub("", canon(text), count=1))

    def facets_of(self, text: str) -> tuple[Facet, ...] | None:
        """What a header phrase says, taken apart; None when some part of it is not known.

        Years ("2026年预算数") give ('fiscal_year', '2026'), units in brackets ('unit', '万元'); the rest is looked up whole,
        then cut into known phrases from the left, longest first, all of it or nothing.
        """
        if text not in self._segments:
            self._segments[text] = self._segment(bare(text))
        return self._segments[text]

    def leaves_out(self, text: str) -> bool:
        """Whether a header phrase is known only without its remark in brackets: 预算数（扣除基建）."""
        s = _YEAR.sub("", _UNIT_IN_HEADER.sub("", bare(text)))
        return "（" in s and self._cut(s) is None and self.facets_of(text) is not None

    def _segment(self, s: str) -> tuple[Facet, ...] | None:
        out: list[Facet] = []
        unit = _UNIT_IN_HEADER.search(s)
        if unit:
            out.append(Facet("unit", unit.group(1) or unit.group(2)))
            s = s[: unit.start()] + s[unit.end() :]
        for year in _YEAR.findall(s):
            out.append(Facet("fiscal_year", year))
        s = _YEAR.sub("", s).strip("：:、，")
        if not s:
            return tuple(out)
        rest = self._cut(s)
        if rest is None and "（" in s:  # a remark in brackets, 事业收入（不含教育收费）
            rest = self._cut(re.sub(r"（[^）]*）", "", s))
        return None if rest is None else _agreed(tuple(out) + rest)

    def _cut(self, s: str) -> tuple[Facet, ...] | None:
        if s in self.phrases:
            return self.phrases[s]
        best: dict[int, tuple[Facet, ...]] = {len(s): ()}
        for i in range(len(s) - 1, -1, -1):  # from the right, so that a longest-first choice never strands a remainder
            if s[i] in "“（）、，：/-_" and i + 1 in best:
                best[i] = best[i + 1]
                continue
            for j in range(min(len(s), i + self._longest), i, -1):
                if j in best and s[i:j] in self.phrases:
                    best[i] = (*self.phrases[s[i:j]], *best[j])
                    break
        return best.get(0)


def _agreed(facets: tuple[Facet, ...]) -> tuple[Facet, ...] | None:
    """The facets of one phrase, the narrower of two that fit (公共预算 | 财政拨款: the first); None where two exclude one another."""
    for name, wider in (("funding", _WIDER_SOURCES), ("type", _WIDER_TYPES)):
        values = {f.value for f in facets if f.name == name}
        values -= {v for v in values if any(v in wider.get(other, ()) for other in values)}
        if len(values) > 1:
            return None  # 基本支出和项目支出: neither
        facets = tuple(f for f in facets if f.name != name or f.value in values)
    return facets


@lru_cache(maxsize=4)
def _cached(digest: str) -> Vocabulary:
    return Vocabulary.load()


def vocabulary() -> Vocabulary:
    """The vocabulary in force, loaded once per content of its files."""
    return _cached(reference.reference_hash(FILES))
