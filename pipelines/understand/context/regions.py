"""Names of administrative regions (行政区划) inside names of bodies: a longest-match recogniser over the regions table.

Here: text -> region code. Not here: which of several regions a document belongs to (see `context.py`).
Rules: full names before short ones; short names (南山) only below their parent, except those of provinces and prefectures at
the head of a name, and before 海关, 调查队; current codes before abolished ones; nothing when two regions remain.
"""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from pipelines.understand.context.rows import cached, reference_rows, words
from pipelines.understand.text import canon
from schemas.reference import Region
from schemas.reference import regions as all_regions

_STATUS_RANK = {"current": 0, "non_gb": 1, "nbs_zone": 2, "abolished": 3}
_TOWN = ("镇", "乡", "街", "村")  # what a short name before it is the name of
_LAND = ("湖", "河", "江", "山", "岛", "湾")  # the same, of land and waters: 黄石市大冶湖管理局 is the city's
_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|林区|地区|新区|[省市盟州县区旗])$")


class RegionMatch(msgspec.Struct, frozen=True):
    """A region found in a name. `strength`: full (a full name is printed) · short. `start`, `end`: where it stands in the compact name.

    `leading`: the name begins with it, or with 中共 and the like before it.
    """

    code: str
    name: str
    strength: str
    start: int
    end: int
    leading: bool = True


class _Index(msgspec.Struct, frozen=True):
    regions: dict[str, Region]
    strong: dict[str, tuple[str, ...]]
    weak: dict[str, tuple[str, ...]]
    ancestors: dict[str, frozenset[str]]
    longest: int
    heads: frozenset[str]  # first two characters of every strong form
    aliases: frozenset[str]


def _colloquial(name: str, ethnic: re.Pattern[str]) -> str | None:
    """凉山彝族自治州 -> 凉山州; 南涧彝族自治县 -> 南涧县; None where nothing is left."""
    match = ethnic.match(name)
    return match[1] + match[2] if match and len(match[1]) > 1 else None


@cached(1)
def _index() -> _Index:
    ethnic_words = "|".join(map(re.escape, words("region_words", "role", "ethnic", "word")))
    ethnic = re.compile(rf"^(.+?)(?:{ethnic_words})+自治(州|县|旗|区)$")
    never_short = frozenset(words("region_words", "role", "never_short", "word"))
    regions = {region.code: region for region in all_regions()}
    strong: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}
    ancestors: dict[str, frozenset[str]] = {}
    for region in regions.values():
        chain: list[str] = []
        parent = region.parent_code
        while parent is not None and parent in regions and parent not in chain:
            chain.append(parent)
            parent = regions[parent].parent_code
        ancestors[region.code] = frozenset(chain)
        strong.setdefault(region.name, []).append(region.code)
        short = _SUFFIX.sub("", region.name)
        other = _colloquial(region.name, ethnic)
        if other:
            strong.setdefault(other, []).append(region.code)
            short = _SUFFIX.sub("", other)
        if len(short) >= 2 and short != region.name and short not in never_short:
            weak.setdefault(short, []).append(region.code)
    aliases = {row["word"]: row["note"] for row in reference_rows("region_words") if row["role"] == "alias" and row["note"] in regions}
    for form, code in aliases.items():
        strong.setdefault(form, []).append(code)
    return _Index(
        regions=regions, ancestors=ancestors,
        strong={form: tuple(codes) for form, codes in strong.items()},
        weak={form: tuple(codes) for form, codes in weak.items()},
        longest=max(map(len, strong)), heads=frozenset(form[:2] for form in strong), aliases=frozenset(aliases),
    )


def region_of_code(code: str | None) -> Region | None:
    """The region with this code, current or abolished."""
    return _index().regions.get(code or "")


def within(code: str, other: str) -> bool:
    """Whether region `code` is `other` or lies below it."""
    return code == other or other in _index().ancestors.get(code, frozenset())


def _chains(text: str, start: int, below: str | None) -> list[tuple[int, int, int, str]]:
    """All readings of the text at `start` as a chain of regions going down: (characters of full names, characters, end, code)."""
    index = _index()
    found: list[tuple[int, int, int, str]] = []
    for length in range(min(index.longest, len(text) - start), 1, -1):
        form = text[start:start + length]
        if form in index.aliases and text[start + length:start + length + 1] in _TOWN:
            continue  # 巴州镇 is a town of other places
        for table, full in ((index.strong, length), (index.weak, 0)):
            for code in table.get(form, ()):
                region = index.regions[code]
                if below is not None:
                    if below not in index.ancestors[code] or (not full and text[start + length:start + length + 1] in _LAND):
                        continue
                elif not full and (region.level == "county" or region.status != "current"):
                    continue  # short names stand below their parent only
                elif full and length == 2 and form[-1] == "区":
                    continue  # 城区, 郊区, 矿区 alone are common words
                end = start + length
                found.append((full, length, end, code))
                found.extend((full + more, length + size, stop, last) for more, size, stop, last in _chains(text, end, code))
    return found


def _decide(codes: set[str]) -> str | None:
    """One code, or the only one of the best status; the newer of two codes of one place; None when ambiguous."""
    index = _index()
    best = min(_STATUS_RANK.get(index.regions[code].status, 9) for code in codes)
    left = sorted(code for code in codes if _STATUS_RANK.get(index.regions[code].status, 9) == best)
    provinces = [code for code in left if index.regions[code].level == "province"]
    if len(provinces) == 1:
        return provinces[0]  # 吉林 is the province, 吉林市 the city
    around = [code for code in left if all(within(other, code) for other in left)]
    if len(around) == 1:
        return around[0]  # 本溪 is the city, 本溪县 lies in it
    return left[-1] if len({index.regions[code].full_name for code in left}) == 1 else None


def _at(text: str, start: int, below: str | None) -> RegionMatch | None:
    chains = _chains(text, start, below)
    if not chains:
        return None
    full, size, end, _ = max(chains)
    code = _decide({chain[3] for chain in chains if chain[:3] == (full, size, end)})
    if code is None:
        return None
    return RegionMatch(code, _index().regions[code].full_name, "full" if full else "short", start, end)


@cached(1)
def _prefixes() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, words("region_words", "role", "strip_prefix", "word"))) + ")+")


@cached(1)
def _national() -> tuple[str, ...]:
    return words("region_words", "role", "national", "word")


def is_national(name: str) -> bool:
    """Whether a name is a central body's (国家税务总局, 教育部), which belongs to no region unless its name has one."""
    return canon(name).startswith(_national())


@cached(1)
def _branch_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words("region_words", "role", "branch", "word"))))


@cached(1)
def _field_offices() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words("region_words", "role", "field_office", "word"))))


def _of_field_office(text: str) -> RegionMatch | None:
    """The one county whose short name stands before 调查队, 海关 and the like: offices of the state are called so."""
    index = _index()
    for length in range(min(index.longest, len(text) - 1), 1, -1):
        codes = index.weak.get(text[:length], ())
        if codes and _field_offices().match(text, length) and (code := _decide(set(codes))) is not None:
            return RegionMatch(code, index.regions[code].full_name, "short", 0, length)
    return None


def strip_system_prefix(name: str) -> str:
    """Without 中共, 国家税务总局, 中国人民政治协商会议 and the like, which say the system and not the region."""
    match = _prefixes().match(name)
    return name[match.end():] if match and match.end() < len(name) else name


@cached(8192)
def recognise(name: str, home: str | None = None) -> RegionMatch | None:
    """The region in the name of a body (深圳市生态环境局南山管理局 -> 440305), or None: no region, or an ambiguous one.

    `home` is a region known otherwise (the document's): 朝阳区教育局 at home in 220100 is 220104.
    """
    whole = canon(name)
    text = strip_system_prefix(whole)
    cut = len(whole) - len(text)
    match = (_at(text, 0, home) if home else None) or _at(text, 0, None)
    if match is None:  # 九三学社西安市委员会: the first place where a full name stands
        readings = (_at(text, start, None) for start in range(1, len(text) - 1))
        match = next((m for m in readings if m is not None and m.strength == "full" and m.end - m.start > 2), None)
    match = match or _of_field_office(text)
    if match is None:
        return None
    for start in range(match.end, len(text) - 1):  # a branch named after a region below: ...局南山管理局, ...公安局普陀分局
        lower = _at(text, start, match.code)
        if lower and (lower.strength == "full" or _branch_words().match(text, lower.end)):
            match = RegionMatch(lower.code, lower.name, match.strength, match.start, match.end)
            break
    return RegionMatch(match.code, match.name, match.strength, match.start + cut, match.end + cut, match.start == 0)


def mentions(text: str, limit: int = 30_000) -> Counter[str]:
    """How often regions are named in full in running text (at most `limit` characters of it are looked at)."""
    index = _index()
    found: Counter[str] = Counter()
    text = text[:limit]
    position, last = 0, len(text) - 1
    while position < last:
        if text[position:position + 2] in index.heads:
            match = _at(text, position, None)
            if match and match.strength == "full" and match.end - position > 2:
                found[match.code] += 1
                position = match.end
                continue
        position += 1
    return found
