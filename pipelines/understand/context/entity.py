"""Whose document it is: candidates for the body's name from every place, merged by spelling, and voted on with agreement."""

from __future__ import annotations

import re
from collections import defaultdict

import msgspec

from pipelines.understand.context.model import Evidence
from pipelines.understand.context.names import BodyName, clean_name, is_party, looks_like_body, name_key
from pipelines.understand.context.places import Place, Places
from pipelines.understand.context.regions import is_national, recognise
from pipelines.understand.context.rows import cached, words
from pipelines.understand.context.year import arabic_years

_YEAR = re.compile(r"20[0-3]\d(?:年度|年|度)?")
_YEAR_LAST = re.compile(r"20[0-3]\d年度?(?:的)?$")
_ENUM = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[部章]分?[：:、-]*|（?[一二三四五六七八九十]{1,3}[、.）]+|\d{1,2}[、.．）]+|附件\d*[：:、-]*|附表[\d-]*[：:]?|表\d+|关于)+"
)
_CODE = re.compile(r"\d{3,12}(?!\d)")
_WEIGHTS = {"cover": 6.0, "book": 4.0, "label": 4.0, "heading": 2.0, "title": 1.5, "running": 2.5, "cell": 2.0, "text": 0.8}
_GROWTH, _REPEATS = 0.25, 4


class EntityVote(msgspec.Struct, frozen=True):
    """The winning name, its other spellings, printed codes by how often, scope, the supervisor, and how sure it is."""

    name: str | None
    aliases: tuple[str, ...]
    codes: tuple[str, ...]
    scope: str | None
    supervisor: str | None
    confidence: float
    corroborated: bool
    on_cover: bool
    evidence: tuple[Evidence, ...]


class _Candidate:
    """One spelling of a name with its places (mutable while counting)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: dict[str, list[tuple[float, int | None]]] = defaultdict(list)

    def score(self) -> float:
        """Best weight of each kind of place, growing a little with repetition."""
        return sum(max(w for w, _ in seen) * (1 + _GROWTH * min(len(seen) - 1, _REPEATS)) for seen in self.seen.values())


@cached(2)
def _phrase(role: str) -> re.Pattern[str]:
    found = words("document_phrases", "role", role, "pattern")
    return re.compile("|".join(f"(?:{pattern.replace('”', '“')})" for pattern in found))  # as `canon` writes quotation marks


def _leads(name: str) -> bool:
    """Whether a name begins as full names of bodies do: with a region or a party or federation word."""
    match = recognise(name)
    return is_party(name) or is_national(name) or (match is not None and match.leading)


def title_names(text: str, starts: tuple[int, ...] = (0,)) -> list[BodyName]:
    """Names in a title: what stands before 部门预算, 主要职能 ..., without year. `starts`: offsets where lines begin (joined covers)."""
    text = arabic_years(text)
    found: list[BodyName] = []
    for match in _phrase("title").finditer(text):
        end = match.start()
        years = list(_YEAR.finditer(text, 0, end))
        while end > 0:
            while years and years[-1].end() == end:
                end = years.pop().start()
            begin = years[-1].end() if years else 0
            name = _segment_name(text, begin, end, starts)
            if name:
                found.append(name)
                break
            if not years:
                break
            end = years.pop().start()  # 某局2023年度某项目绩效自评: the name stands before the year
    return found


def _segment_name(text: str, begin: int, end: int, starts: tuple[int, ...]) -> BodyName | None:
    """The name that ends at `end`, beginning at a line's begin: the shortest that leads with a region, with a region line above it."""
    best: BodyName | None = None
    leading = 0
    for start in sorted({*(start for start in starts if begin < start < end), begin}, reverse=True):
        if best is not None and leading:
            above = recognise(text[start:leading])
            if above is None or above.start or above.end != leading - start:
                break  # the line above is more than a region's name
        name = clean_name(_spoken_of(_ENUM.sub("", text[start:end])))
        if name is None or not looks_like_body(name.name):
            continue
        if _leads(name.name):
            best, leading = name, start
        else:
            best = best or name
    return best


def _spoken_of(text: str) -> str:
    """What stands behind 对 or 由 where it leads with a region: of 某工作组对安宁市教育局 the latter."""
    for match in re.finditer("[对由]", text):
        place = recognise(text[match.end():])
        if place is not None and place.leading and place.strength == "full":
            return text[match.end():]
    return text


def _text_names(text: str) -> list[BodyName]:
    """Names in running text that stand before 部门预算, 主要职责 or 是…部门, back to the last punctuation."""
    found = []
    for match in _phrase("text").finditer(text):
        before = _YEAR_LAST.sub("", text[max(0, match.start() - 48):match.start()])
        left = re.split(r"[，。；：、《]|(?:年度?)|(?:包括|纳入|根据|按照|关于)", before)[-1]
        name = clean_name(left)
        if name and looks_like_body(name.name) and _leads(name.name):
            found.append(name)
    return found


def _joined(cover: tuple[Place, ...]) -> tuple[str, tuple[int, ...]]:
    text, starts = "", []
    for place in cover:
        if re.search(r"单位：|部门：", place.text):
            continue  # labels are read apart
        starts.append(len(text))
        text += place.text
    return text, tuple(starts)


def _is_short_form(short: str, long: str) -> bool:
    """Whether `short` abbreviates `long`: same key, or same region and its characters in order within, ending alike (省人大办公厅)."""
    if name_key(short) == name_key(long):
        return True
    if long.startswith(short):
        return False  # a branch of it, or a unit below it
    a, b = recognise(short), recognise(long)
    if a is not None and (b is None or a.code != b.code):
        return False
    core = short[a.end:] if a is not None and a.leading else short.lstrip("省市县区州")
    rest = iter(long[b.end:] if b is not None and b.leading else long)
    return len(core) >= 3 and core[-1] == long[-1] and core[:1] in long and all(char in rest for char in core)


def vote_entity(places: Places, level: str | None) -> EntityVote:
    """Decide the body from the places. `level` (unit, department) decides whether 主管部门 can be the body itself."""
    candidates: dict[str, _Candidate] = {}
    codes: dict[str, list[str]] = defaultdict(list)
    scopes: dict[str, list[str]] = defaultdict(list)
    evidence: list[Evidence] = []
    supervisors: list[str] = []
    label_codes: list[str] = []

    def add(name: BodyName, place: str, page: int | None, factor: float = 1.0) -> None:
        candidate = candidates.setdefault(name.name, _Candidate(name.name))
        weight = _WEIGHTS[place] * factor
        candidate.seen[place].append((weight, page))
        if name.code:
            codes[name.name].append(name.code)
        if name.scope and place in ("cover", "book", "label"):
            scopes[name.name].append(name.scope)
        if len(evidence) < 80:
            evidence.append(Evidence("entity_name", name.name, place, page, round(weight, 2)))

    cover_text, starts = _joined(places.cover)
    for name in title_names(cover_text, starts):
        add(name, "cover", places.cover[0].page)
    for place in places.cover:  # a line that is nothing but a name
        alone = clean_name(_ENUM.sub("", place.text))
        if alone and looks_like_body(alone.name) and _leads(alone.name) and alone.name in place.text:
            add(alone, "cover", place.page, 0.5)
    for place in (*places.headings, *places.titles):
        for name in title_names(place.text):
            add(name, place.kind, place.page)
    for place in places.text:
        for name in _text_names(place.text):
            add(name, "text", place.page)
    for label in places.labelled:
        if label.role == "code":
            printed = _CODE.match(label.value)
            label_codes.extend([printed[0]] if printed else [])
            continue
        found = clean_name(label.value)
        if found is None:
            continue
        if label.role == "supervisor":
            supervisors.append(found.name)
            if level == "unit" and label.label != "部门":
                continue
        factor = label.weight / 4 * (1.0 if looks_like_body(found.name) else 0.5)
        if len(label.label) == 2 and not looks_like_body(found.name):
            continue  # 部门：, 单位： are followed by many things
        add(found, "cover" if label.place == "cover" else label.place, label.page, factor * (1.2 if label.place == "cover" else 1.0))
    vote = _decide(candidates, codes, scopes, supervisors, evidence)
    return msgspec.structs.replace(vote, codes=tuple(dict.fromkeys(label_codes)) or vote.codes)


def _decide(
    candidates: dict[str, _Candidate], codes: dict[str, list[str]], scopes: dict[str, list[str]],
    supervisors: list[str], evidence: list[Evidence],
) -> EntityVote:
    if not candidates:
        return EntityVote(None, (), (), None, supervisors[0] if supervisors else None, 0.0, False, False, tuple(evidence))
    scores = {name: candidate.score() for name, candidate in candidates.items()}
    ranked = sorted(scores, key=lambda name: (-scores[name], -len(name), name))
    best, support = ranked[0], -1.0
    for name in ranked[:8]:  # a name is supported by the other spellings of it
        spellings = (other for other in ranked if other != name and (_leads(name) or not _leads(other)) and _is_short_form(other, name))
        total = scores[name] + sum(scores[other] for other in spellings)
        if total > support + 1e-9:
            best, support = name, total
    family = (best, *(name for name in ranked if name != best and (_is_short_form(name, best) or _is_short_form(best, name))))
    aliases = tuple(name for name in family[1:] if _leads(name) or name[0] in "省市县区州")
    shown = sum(len(candidates[name].seen) for name in family)
    pages = {(kind, page) for name in family for kind, seen in candidates[name].seen.items() for _, page in seen}
    found_codes = sorted((code for name in family for code in codes[name]), key=lambda code: (len(code), code))
    found_scopes = [scope for name in family for scope in scopes[name]]
    other = next((name for name in supervisors if name not in family), None)
    return EntityVote(
        name=best, aliases=aliases, codes=tuple(dict.fromkeys(found_codes)),
        scope=max(set(found_scopes), key=found_scopes.count) if found_scopes else None, supervisor=other,
        confidence=round(support / (sum(scores.values()) + 0.5), 3), corroborated=shown > 1 or len(pages) > 1,
        on_cover="cover" in candidates[best].seen, evidence=tuple(evidence),
    )
