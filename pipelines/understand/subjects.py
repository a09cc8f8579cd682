"""From what is printed of a subject (code, part of a code, name) to its full official code.

Here: the book of subjects with its indexes, and the rules that decide between code and name. Sources: 政府收支分类科目 as gathered in
schemas/reference; the forms of printing seen in real documents (codes whole, relative, joined to the name, left out, or wrong).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import bare
from schemas import reference

_DIGIT_SCHEME = {"1": "income", "2": "function", "3": "economic_department", "5": "economic_government"}
_PARENT_LENGTH = {7: 5, 5: 3}
_JOINED = re.compile(r"^［?(\d{2,7})］?[-—_\s:：.、]*(?=[^\d\s.,，%年月日\-—]|年[初终末]|日常)(.*)$")
_FIRST_ECONOMIC = 2018  # the oldest economic classification in the book
_CLASS = 3  # digits of a 类
_NO_CLASS = ("其他",)  # a word of every list, short for no 类
_FIRST_YEAR = 2017  # the oldest classification of functions in the book
_NUMBERED = re.compile(r"^\d{2}、")  # 18、援助其他地区支出: a number of the list, no relative code
_LOCAL = re.compile(r"^(?:3\d{6}|5\d{6}|\d{9})$")


class Resolved(NamedTuple):
    """A subject as understood: its scheme, full code, official name, how sure, and what was doubtful."""

    scheme: str
    code: str
    name: str
    confidence: float = 1.0
    doubt: str | None = None


def name_key(name: str) -> str:
    """The form in which names are compared: bare, without 的, 、 and brackets' marks, 费用 as 费, without the closing 支出."""
    s = re.sub(r"[的、（）和与及，,“\-—]", "", bare(name)).replace("费用", "费").replace("（境外）", "")
    return s[:-2] if s.endswith("支出") and len(s) > 4 else s


def scheme_of_code(code: str) -> str | None:
    """The classification that a full code belongs to by its first digit."""
    return _DIGIT_SCHEME.get(code[:1]) if len(code) in (3, 5, 7, 9) else None


def parent_of(code: str) -> str | None:
    """The code one level up: 2010301 → 20103 → 201; a local extension 3021101 → 30211."""
    if len(code) == 9:
        return code[:7]
    return code[: _PARENT_LENGTH[len(code)]] if len(code) in _PARENT_LENGTH else None


def level_of(code: str) -> int:
    """1 for 类, 2 for 款, 3 for 项 (and local extensions of an economic 款), 4 below."""
    return (len(code) - 1) // 2


def split_joined(text: str) -> tuple[str | None, str]:
    """A code printed together with its name (2014001-行政运行, [201]一般公共服务支出, 201 外交支出, 01 行政运行) and the name."""
    m = _JOINED.match(text)
    if not m or not m.group(2) or _NUMBERED.match(text):
        return None, text
    return m.group(1), m.group(2)


@dataclass
class SubjectBook:
    """All subjects by code, and by name within a scheme."""

    names: dict[tuple[str, str], str]
    keys: dict[tuple[str, str], set[str]]  # (scheme, code) → all name keys, official and alternative
    by_name: dict[tuple[str, str], list[str]]
    children: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    exact: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # by the bare name, 支出 and all
    years: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # first and last year seen

    @classmethod
    def of(cls, subjects: Iterable[reference.Subject]) -> SubjectBook:
        """Index subjects."""
        names: dict[tuple[str, str], str] = {}
        keys: dict[tuple[str, str], set[str]] = {}
        by_name: dict[tuple[str, str], list[str]] = {}
        children: dict[tuple[str, str], list[str]] = {}
        exact: dict[tuple[str, str], list[str]] = {}
        years: dict[tuple[str, str], tuple[int, int]] = {}
        for s in subjects:
            if s.valid_from and s.valid_to:
                years[(s.scheme, s.code)] = (s.valid_from, s.valid_to)
            if s.parent_code:
                children.setdefault((s.scheme, s.parent_code), []).append(s.code)
            names[(s.scheme, s.code)] = s.name
            for name in (s.name, *(a.name for a in s.alternatives)):
                key = name_key(name)
                keys.setdefault((s.scheme, s.code), set()).add(key)
                for index, form in ((by_name, key), (exact, bare(name))):
                    codes = index.setdefault((s.scheme, form), [])
                    if s.code not in codes:
                        codes.append(s.code)
        return cls(names, keys, by_name, children, exact, years)

    def known(self, scheme: str, code: str) -> bool:
        """Whether the book has this code."""
        return (scheme, code) in self.names

    def name(self, scheme: str, code: str) -> str | None:
        """Official name; for a local extension that of its parent is not used: None."""
        return self.names.get((scheme, code))

    def is_name_of(self, scheme: str, code: str, name: str) -> bool:
        """Whether a printed name is one of the code's names."""
        return name_key(name) in self.keys.get((scheme, code), ())

    def candidates(self, scheme: str, name: str) -> list[str]:
        """Codes that carry a name in a scheme: the very name before one that differs in 的 or 支出 (住房保障支出, 住房保障)."""
        return self.exact.get((scheme, bare(name))) or self.by_name.get((scheme, name_key(name)), [])

    def class_named(self, scheme: str, name: str) -> str | None:
        """The one 类 of a name but for 的 and 支出: 卫生健康 is 210, where nothing says that it is 21904 below 援助其他地区支出."""
        if bare(name) in _NO_CLASS:
            return None
        named = (*self.by_name.get((scheme, name_key(name)), ()), *self.exact.get((scheme, bare(name) + "支出"), ()))
        classes = {c for c in named if len(c) == _CLASS}
        return next(iter(classes)) if len(classes) == 1 else None

    def in_year(self, scheme: str, codes: list[str], year: int | None) -> list[str]:
        """Of several codes those in use in a year (one year's grace), if any is known to be; else all."""
        if year is None or len(codes) < 2:
            return codes
        spans = ((c, self.years.get((scheme, c))) for c in codes)
        return [c for c, span in spans if span and span[0] - 1 <= year <= span[1] + 1] or codes


@lru_cache(maxsize=2)
def _book(digest: str) -> SubjectBook:
    return SubjectBook.of(reference.subjects())


def subject_book() -> SubjectBook:
    """The packaged book, indexed once per content."""
    return _book(reference.reference_hash(reference.SUBJECT_FILES.values()))


@dataclass
class Trail:
    """Where in the classification the rows above stood (one a block and scheme)."""

    last: str | None = None

    @property
    def chain(self) -> list[str]:
        """The last code and its ancestors, deepest first."""
        out, code = [], self.last
        while code:
            out.append(code)
            code = parent_of(code)
        return out


def choose(codes: list[str], trail: Trail, seen: set[str]) -> tuple[str | None, float]:
    """Of several codes with one name, the one the place in the table means; None when nothing decides.

    Children of the last code, then its siblings, then its parent's siblings; then codes that the document prints elsewhere.
    """
    if not codes:
        return None, 0.0
    if len(codes) == 1:
        return codes[0], 0.95
    for ancestor in trail.chain:
        under = [c for c in codes if parent_of(c) == ancestor]
        printed = [c for c in under if c in seen]
        if len(printed) == 1 or len(under) == 1:
            return (printed or under)[0], 0.95
        if len(under) > 1:
            return None, 0.0
    printed = [c for c in codes if c in seen]
    if len(printed) == 1:
        return printed[0], 0.9
    tops = [c for c in codes if len(c) == _CLASS]
    if len(tops) == 1 and all(c.startswith(tops[0]) for c in printed):
        return tops[0], 0.85  # 二十五、其他支出 of a list of classes, though 22999 and 2299999 are called so, too
    return None, 0.0


def resolve(
    book: SubjectBook, scheme: str | None, code: str | None, name: str, trail: Trail, seen: set[str], *, year: int | None = None
) -> Resolved | None:
    """The subject that a printed code and name mean, in a scheme if the header names one; None when it is no subject.

    A code of two digits is relative to the rows above; `year` decides between codes of one name that were not in use together.
    Where code and name disagree, a name that can only mean one subject near the code decides and the doubt is told.
    """
    if code is not None and len(code) == 2:
        options = [a + code for a in trail.chain if len(a) in (3, 5)]
        named = [c for c in options if scheme_of_code(c) and book.is_name_of(scheme_of_code(c) or "", c, name)]
        known = [c for c in options if book.known(scheme_of_code(c) or "", c)]
        ends = [c for s in _DIGIT_SCHEME.values() if scheme in (None, s) for c in book.candidates(s, name) if c.endswith(code)]
        pick = named or (ends if len(ends) == 1 else None) or known or options
        if not pick:
            return None
        code = pick[0] if len(pick[0]) != 9 else None
    if code is None:
        return _by_name(book, scheme, name, trail, seen, year)
    own = scheme_of_code(code)
    agrees = own is not None and (scheme in (None, own) or (scheme == "economic" and own.startswith("economic")))
    if own is None or not (agrees or book.is_name_of(own, code, name)):
        found = _by_name(book, scheme, name, trail, seen, year) if name else None  # 7-11-02 for 210-11-02: only the name is left
        return found._replace(confidence=0.7, doubt=f"printed code {code} is not a code of this classification") if found else None
    official = book.name(own, code)
    if year is not None and year < _FIRST_ECONOMIC and own.startswith("economic") and name and not book.is_name_of(own, code, name):
        return Resolved(own, code, name, 0.8, "a code from before the classifications that are known")  # 30311 住房公积金 of 2017
    if not name or book.is_name_of(own, code, name):
        return Resolved(own, code, official or name, 1.0 if official else 0.8)
    if _LOCAL.match(code) and own != "function" and not book.known(own, code):
        return Resolved(own, code, name, 0.9)  # 地方细化: the parent is the official five digits
    if official is None and not book.known(own, code[:5]) and not book.known(own, code[:3]):
        return None
    if official is None and year is not None and year < _FIRST_YEAR and scheme_of_code(code) == "function":
        return Resolved(own, code, name, 0.8, "a code from before the classifications that are known")
    better = _named_near(book, own, code, name, seen)
    if better and better != code:
        return Resolved(own, better, book.name(own, better) or name, 0.8, f"printed code {code} is {official or 'not in the book'}")
    return Resolved(
        own, code, official or name, 0.9 if official is None else 0.7, None if official is None else f"name differs from {official}"
    )


def _named_near(book: SubjectBook, scheme: str, code: str, name: str, seen: set[str]) -> str | None:
    codes = book.candidates(scheme, name)
    for near in (
        [c for c in codes if parent_of(c) == code],
        [c for c in codes if parent_of(c) == parent_of(code) and len(c) == len(code)],
        [c for c in codes if c[:3] == code[:3] and len(c) == len(code)],
        [c for c in codes if c in seen],
        codes if scheme != "function" else [c for c in codes if len(c) == len(code)],
    ):
        if len(near) == 1:
            return near[0]
    return None


def _by_name(
    book: SubjectBook, scheme: str | None, name: str, trail: Trail, seen: set[str], year: int | None
) -> Resolved | None:
    last = scheme_of_code(trail.last) if trail.last else None
    if scheme == "economic":
        schemes = (
            ["economic_government", "economic_department"]
            if last == "economic_government"
            else ["economic_department", "economic_government"]
        )
    elif scheme is not None:
        schemes = [scheme]
    elif last is not None:
        schemes = [last, *(s for s in ("function", "economic_department", "economic_government") if s != last)]
    else:
        schemes = ["function", "economic_department", "economic_government"]
    for s in schemes:
        here = trail if last == s else Trail()
        codes = book.candidates(s, name)
        code, sure = choose(book.in_year(s, codes, year), here, seen)
        apart = code is not None and len(code) > 3 and parent_of(code) not in here.chain and code not in seen
        if (apart or not codes) and (whole := book.class_named(s, name)) is not None:
            return Resolved(s, whole, book.name(s, whole) or name, 0.85)
        if apart and here.last:
            shortened = _shortened(book, s, name, here)
            if shortened:
                return Resolved(s, shortened, book.name(s, shortened) or name, 0.8, f"printed as {name}")
        if code:
            return Resolved(s, code, book.name(s, code) or name, sure)
    return None


def _shortened(book: SubjectBook, scheme: str, name: str, trail: Trail) -> str | None:
    """The one subject below the rows above whose official name begins with the printed one (工业和信息产业 for …监管), or the other way."""
    key = name_key(name)
    for ancestor in trail.chain:
        under = [
            c for c in book.children.get((scheme, ancestor), ())
            if any(len(key) > 3 and (k.startswith(key) or (len(k) > 3 and key.startswith(k))) for k in book.keys[(scheme, c)])
        ]
        if len(under) == 1:
            return under[0]
        if under:
            return None
    return None
