"""What an amount in the running text speaks of: year, stage, side, source, kind of spending, subject, 三公 item.

Here: from the words before an amount to a `Meaning`; words in schemas/reference/claim_words.csv, names of subjects in the book. What is
not understood stays in `unknown`: such an amount is kept as a claim and never accuses. Not here: comparing (`claims_match`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.audit.claims_text import form
from pipelines.understand.subjects import SubjectBook, scheme_of_code, subject_book
from pipelines.understand.text import bare
from schemas import reference

FILES = ("claim_words.csv",)
COVERED = "covered"  # topic of what performance management covers: 涉及预算资金…万元
Code = tuple[str, str]  # scheme, full code
_YEAR = re.compile(r"(20\d\d)年?度?(?!\d)")
_RELATIVE = ((re.compile(r"(?:上年|去年)度?(?![结实决])"), -1), (re.compile(r"今年"), 0))
_LABEL_TAILS = ("为", "安排", "预算数", "决算数", "预算", "资金", "支出", "经费", "项目")
_LABEL_YEAR = re.compile(r"^20\d\d年?度?(?=\D)")
_AID = "219"  # 援助其他地区支出: its 款 bear the names of all classes
_LEVEL = {"类": 3, "款": 5, "项": 7}
_WORD = r"[^，。；：、（）“\d]"
CHAIN = re.compile(
    rf"(?P<name>{_WORD}{{2,40}}(?:（室）及相关机构事务)?)(?:支出)?（(?:(?P<before>\d{{2,7}}))?(?P<level>[类款项])(?:[：:]?(?P<after>\d{{2,7}}))?）")
_QUOTED = re.compile(r"“(?=[^“（，。；]{2,40}“（[类款项])|“(?=（[类款项])")
_CODED = re.compile(rf"(?P<name>{_WORD}{{2,30}}(?:（[^（）\d]{{1,6}}）{_WORD}{{0,20}})?)（(?P<code>\d{{3}}|\d{{5}}|\d{{7}})）")
_HAN = "一二三四五六七八九十"
_SHORTEST_UNIT = 3  # characters of a name that is no common word
_NUMBERING = re.compile(rf"^(?:[{_HAN}]{{1,3}}[、.．]|[{_HAN}]是|（[{_HAN}\d]{{1,3}}）|\d{{1,2}}[、.．](?!\d)|\d{{1,2}}）|[①-⑳]|-)+")
_OF_WHICH = re.compile(r"^（?其中[：，]?(?:包括)?[：，]?|^（(?=[^（）]*$)|^中：|^(?:主要)?包括[：，]?|^主要(?:支出)?[是为][：，]?")
_SECTION = re.compile(
    r"^第[一二三四五六七八九十]{1,3}部分[^，。；：]{0,40}?(?:情况|说明)(?=20\d\d年)"  # a heading run into its text
    r"|^[^，。；：]{0,30}?情况(?:的)?(?:总体)?说明(?:（[^（）]*）)?(?=.)")
_CODE_FIRST = re.compile(rf"^(?P<code>\d{{7}}|\d{{5}}|\d{{3}})[-—]?(?P<name>{_WORD}{{2,30}})$")
_PLACE = re.compile(r"^[^市县区局委]{2,5}(?=[市县区][^市县区])")
_LONG_UNIT = 8  # characters of a shortened name that is no other body's
_BODY = re.compile(r"局|委员会|委|厅|办公室|办|中心|院|署|部|处|所|站|校|大学|队|会|社|馆")
_LONGEST_NAME = 24
_REVIEWED = re.compile(r"(?P<name>[^，。；：]{2,80}?)(?:项目)?(?:的)?(?:支出)?绩效自评(?:情况)?(?:综述|结果|情况)?：$")
_REMARK = re.compile(r"（[^（）]*）")
_AND_BELOW = re.compile(  # ○○局（本级及）下属1家机关和2家事业单位（财政拨款）的机关运行经费: the whole department's
    r"^(?:本级)?[及和]?(?:所|下)属[^，。；：的]{1,40}?(?:机关|机构|单位)的?(?=(?:财政拨款)?的?机关运行)")


@dataclass(frozen=True)
class Meaning:
    """What an amount speaks of; null is "not said". `codes` has several entries where the name alone does not decide."""

    year: int | None = None
    stage: str | None = None
    side: str | None = None  # income · expenditure · both
    funding: str | None = None
    type: str | None = None
    period: str | None = None
    scope: str | None = None  # "" 合计 · grand 总计
    item: str | None = None  # 三公 item
    topic: str | None = None  # operating_expense · procurement
    codes: tuple[Code, ...] = ()
    subject_text: str = ""
    unknown: str = ""
    chained: bool = False  # named by a 类/款/项 chain or with its code
    carry: str | None = None  # carry-over: in 上年结转 · out 结转下年
    part: str | None = None  # part of procurement: goods · works · services
    soft: bool = False  # a subject within other words, that tables may state in part only: it can agree, never accuse
    project: bool = False  # the project that a self-evaluation summary is about
    unit: str = ""  # a unit below the publishing body
    phrase: str = ""  # the words without numbering, year and the publishing body's own name
    whole: str = ""  # the words without numbering: a project may begin with the body's name

    @property
    def partial(self) -> bool:
        """Whether it is a part that no canonical column states."""
        return self.carry is not None or self.part is not None

    @property
    def says_what(self) -> bool:
        """Whether it names something of its own, beyond year and stage."""
        return bool(self.codes or self.item or self.topic or self.funding or self.type or self.side or self.scope is not None)

    @property
    def certain(self) -> bool:
        """Whether every word is understood and at most one subject is meant."""
        return not self.unknown and not self.partial and self.says_what and len(self.codes) <= 1

    @property
    def subject(self) -> str | None:
        """The one code meant, if there is one."""
        return self.codes[0][1] if len({c for _, c in self.codes}) == 1 else None


@dataclass(frozen=True)
class Words:
    """The phrases of schemas/reference/claim_words.csv: phrase → (facet, value), the longest one's length, those that may end a name."""

    facets: dict[str, tuple[str, str]]
    longest: int
    tails: tuple[tuple[str, str], ...]  # phrase, stage


@lru_cache(maxsize=4)
def _words(digest: str) -> Words:
    facets = {form(r["phrase"]).replace("“", ""): (r["facet"], r["value"]) for r in reference.rows("claim_words.csv")}
    tails = tuple((w, value if facet == "stage" else "") for w, (facet, value) in facets.items() if facet in ("", "stage"))
    return Words(facets, max(map(len, facets)), tails)


def claim_words() -> Words:
    """The phrases in force."""
    return _words(reference.reference_hash(FILES))


@dataclass(frozen=True)
class Names:
    """What is peculiar to a document: its own body's names, longest first, its year, and the subjects its tables print."""

    own: tuple[str, ...]
    year: int | None
    printed: frozenset[Code]
    units: tuple[str, ...] = ()  # bodies below it, longest name first
    book: SubjectBook = field(default_factory=subject_book)
    words: Words = field(default_factory=claim_words)


def names_of(
    entity_names: Iterable[str | None], year: int | None, printed: Iterable[Code], units: Iterable[str | None] = (),
) -> Names:
    """The names of a document's own body, and of the units below it, in the form of claims."""
    own = sorted({form(n) for n in entity_names if n}, key=len, reverse=True)
    below = sorted({form(n) for n in units if n} - set(own), key=len, reverse=True)
    return Names(tuple(own), year, frozenset(printed), tuple(n for n in below if len(n) > _SHORTEST_UNIT))


def meaning_of(phrase: str, names: Names) -> Meaning:
    """The meaning of the words right before an amount, whatever numbering, section title, year or own name they begin with."""
    s = _OF_WHICH.sub("", _SECTION.sub("", _NUMBERING.sub("", phrase)))
    s = _OF_WHICH.sub("", _NUMBERING.sub("", s))
    whole = s
    for own in names.own:
        s = s.replace(own, "")
    named = len(s) < len(whole)
    unit, printed = next(((u, p) for u in names.units for p in (u, _without_place(u)) if p in s), ("", ""))
    if unit:
        s = s.replace(printed, "", 1)
    year, s = _take_year(s, names.year)
    s = _AND_BELOW.sub("", s)
    if not unit:
        s = _without_short_name(s.lstrip("，"), names.own)
        if s.startswith(("本级", "（本级）")) and len(names.units) > 1:
            unit = "本级"
    said = _said(s, year, names)
    if named and not unit and said.stage and not said.says_what and not said.unknown and not said.partial:
        said = replace(said, side="expenditure", scope="", soft=True)  # ○○局预算: all that it spends
    return replace(said, unit=unit, phrase=s, whole=whole)


def _without_place(unit: str) -> str:
    """A unit's name as the text shortens it: 安宁市水务局节水中心 → 市水务局节水中心; whole where no place stands first."""
    found = _PLACE.match(unit)
    return unit[found.end():] if found and len(unit) - found.end() > _LONG_UNIT else unit


def _without_short_name(s: str, own: tuple[str, ...]) -> str:
    """Without the own body's name cut short: 市科技局, 统战部 (all its characters stand in the full name, in order, and it ends alike)."""
    best = ""
    for found in _BODY.finditer(s[:_LONGEST_NAME]):
        name = s[: found.end()]
        for full in own:
            rest = iter(full)
            if len(name) > 1 and all(mark in rest for mark in name) and full.endswith(name[-1]):
                best = name
    return s[len(best):]


def _said(s: str, year: int | None, names: Names) -> Meaning:
    chain = list(CHAIN.finditer(_QUOTED.sub("", s)))
    if chain:
        s = _QUOTED.sub("", s)
        codes = chain_codes(chain, names)
        rest = s[chain[-1].end():]
        text = "".join(m["name"] for m in chain[-1:])
        facets, unknown = _facets(_REMARK.sub("", rest).replace("“", "").strip("：-—"), names.words)
        facets.pop("code", None)
        return replace(_build(year, facets, codes, text, unknown if codes else text + unknown), chained=True)
    bare_text = s.strip("“：为")
    coded = _CODED.search(bare_text)
    if coded and (scheme := scheme_of_code(coded["code"])):
        name = coded["name"]
        facets, unknown = _facets(bare_text[coded.end():].replace("“", ""), names.words)
        if names.book.is_name_of(scheme, coded["code"], name):
            return replace(_build(year, facets, ((scheme, coded["code"]),), name, unknown), chained=True)
        return Meaning(year=year, subject_text=name, unknown=name)
    first = _CODE_FIRST.match(bare_text.replace("“", ""))
    if first and (scheme := scheme_of_code(first["code"])):
        for name, stage in _tails(first["name"], names.words):
            if names.book.is_name_of(scheme, first["code"], name):
                return replace(_build(year, {"stage": stage} if stage else {}, ((scheme, first["code"]),), name, ""), chained=True)
    s = s.replace("“", "").strip("：-—")
    named = _named(s, names)
    if named is not None:
        return _build(year, {}, named[1], named[0], "")
    facets, unknown = _facets(s, names.words)
    if unknown and "（" in s:
        other, left = _facets(_REMARK.sub("", s), names.words)
        if not left:
            facets, unknown = other, left
    code = facets.pop("code", None)
    said = _build(year, facets, (("economic_department", code),) if code else (), s if (facets or unknown or code) else "", unknown)
    return replace(said, soft=code is not None)


def reviewed_project(text: str, names: Names) -> Meaning | None:
    """The project, and the unit, that a title speaks of: ○○局○○项目绩效自评综述："""
    found = _REVIEWED.search(text)
    if found is None:
        return None
    whole = _NUMBERING.sub("", found["name"])
    unit = next((n for n in (*names.units, *names.own) if whole.startswith(n) and len(whole) > len(n) + 1), "")
    name = re.sub(r"^(?:本级)?(?:（(?:本级|机关)）)?", "", whole.removeprefix(unit))
    return Meaning(subject_text=name, unknown=name, phrase=whole, project=True, unit=unit if unit in names.units else "")


@lru_cache(maxsize=16_384)
def form_of_label(text: str) -> str:
    """A name of a row or project as it is looked up: without its year, numbering, marks, 项目 and words without meaning behind it."""
    s = _LABEL_YEAR.sub("", bare(form(text)).strip("“：-—"))
    while tail := next((t for t in _LABEL_TAILS if s.endswith(t) and len(s) > len(t) + 2), ""):
        s = s[: -len(tail)]
    return s if len(s) > 1 else ""


def _tails(core: str, words: Words) -> list[tuple[str, str]]:
    """A name as it stands and without a word of stage or no meaning behind it, with that stage."""
    out = [(core, "")]
    for name, stage in out:  # grows while words can be taken off
        for tail, said in words.tails:
            if name.endswith(tail) and len(name) > len(tail) + 1:
                shorter = name[: -len(tail)].rstrip("“（）")
                if all(shorter != known for known, _ in out):
                    out.append((shorter, said or stage))
    return out


def _build(year: int | None, facets: dict[str, str], codes: tuple[Code, ...], text: str, unknown: str) -> Meaning:
    sided, _, scope = facets.get("scope", "").partition(".")
    period, _, of_year = facets.get("period", "").partition(".")
    return Meaning(
        year, facets.get("stage"), facets.get("side") or sided or of_year or None, facets.get("funding"), facets.get("type"),
        period or None, scope if "scope" in facets else None, facets.get("item"), facets.get("topic"), codes, text, unknown,
        False, facets.get("carry"), facets.get("part"), soft=facets.get("topic") == COVERED,
    )


def _take_year(s: str, own: int | None) -> tuple[int | None, str]:
    year: int | None = None
    for found in _YEAR.finditer(s):
        year = int(found[1])
    s = _YEAR.sub("", s)
    for pattern, offset in _RELATIVE:
        if pattern.search(s):
            s = pattern.sub("", s)
            year = year or (own + offset if own else None)
    return year, s


def _facets(s: str, words: Words) -> tuple[dict[str, str], str]:
    """The cut of `s` into known phrases that leaves the fewest characters over: their facets, and what is left over."""
    best: list[tuple[int, int, tuple[tuple[str, str], ...], str]] = [(0, 0, (), "")]
    for end in range(1, len(s) + 1):
        mark = s[end - 1] in "“（）、，：-—/"
        left, pieces, found, unknown = best[end - 1]
        options = [(left + (not mark), pieces + (not mark), found, unknown if mark else unknown + s[end - 1])]
        for start in range(max(0, end - words.longest), end):
            if (hit := words.facets.get(s[start:end])) is not None:
                left, pieces, found, unknown = best[start]
                options.append((left, pieces + 1, (*found, hit), unknown))
        best.append(min(options, key=lambda o: (o[0], o[1])))
    _, _, found, unknown = best[-1]
    facets: dict[str, str] = {}
    for name, value in found:
        if not name or name == "self":
            continue
        if name == "side":
            value, _, stage = value.partition(".")
            facets.update({"stage": stage} if stage and "stage" not in facets else {})
        if name == "side" and facets.get("side") not in (None, value):
            value = "both"
        if name == "stage" and facets.get("stage") == "final_accounts":
            continue  # 预算执行数, 预算…决算
        facets[name] = value
    return facets, unknown


def _named(s: str, names: Names) -> tuple[str, tuple[Code, ...]] | None:
    """A subject named alone, perhaps with 科目 or a word of stage behind it; the codes that carry the name."""
    core = s.strip("“ ")
    options = [option for option, _ in _tails(core, names.words)]
    if any(o in names.words.facets for option in options for o in (option, option.removesuffix("支出"))):
        return None  # 公务接待费支出 is the item, not the economic subject of that name
    for option in options:
        codes = _codes_named(option, names)
        if codes:
            return option, codes
    return None


def _codes_named(name: str, names: Names) -> tuple[Code, ...]:
    if len(name) < 2:
        return ()
    found = [(s, c) for s in ("function", "economic_department", "economic_government") for c in names.book.candidates(s, bare(name))]
    whole = [("function", c) for c in names.book.candidates("function", bare(name) + "支出") if len(c) == _LEVEL["类"]]
    if whole and found and all(c.startswith(_AID) for _, c in found):
        found = whole  # 一般公共服务 is the 类, no part of 援助其他地区支出
    printed = [c for c in found if c in names.printed]
    if printed:
        first = {c for c in printed if c[0] != "economic_government"} or set(printed)
        return tuple(sorted(first))
    return tuple(sorted(found)) if len(found) == 1 else tuple(sorted(found)[:9])


def _under_named_parent(name: str, names: Names) -> list[str]:
    """The 项 of a name that prints its 款 before it, 人大事务行政运行: codes whose parent bears the first part."""
    out = []
    for cut in range(2, len(name) - 1):
        for code in names.book.candidates("function", name[cut:]):
            if len(code) == _LEVEL["项"] and names.book.is_name_of("function", code[:5], name[:cut]):
                out.append(code)
    return out


def chain_codes(chain: list[re.Match[str]], names: Names) -> tuple[Code, ...]:
    """The function codes that 类/款/项 names (with or without printed codes) mean; several where they do not decide."""
    options: list[str] = []
    depth = 0
    for part in chain:
        level = _LEVEL[part["level"]]
        own = [c for c in names.book.candidates("function", part["name"]) if len(c) == level]
        if not own and level == 3:
            own = [c for c in names.book.candidates("function", part["name"] + "支出") if len(c) == 3]
        if not own and level == _LEVEL["项"]:
            own = _under_named_parent(part["name"], names)
        number = part["before"] or part["after"]
        if number and len(number) == 2 and len(options) == 1:
            number = options[0] + number
        if number and number in own:
            own = [number]
        if level < depth:
            options = []
        elif options and own:
            own = [c for c in own if any(c.startswith(o) for o in options)] or [c for c in own if c[:3] in {o[:3] for o in options}]
        if not own and level == 5 and options:
            continue  # a 款 misnamed: the 项 below decides within the 类
        options, depth = own, level
    if not options or len(options[0]) != _LEVEL[chain[-1]["level"]]:
        return ()
    printed = [c for c in options if ("function", c) in names.printed]
    return tuple(("function", c) for c in (printed or options))
