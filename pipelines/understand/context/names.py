"""Names of public bodies (单位名称): cleaning, scope words, the key under which two spellings are one body, and its stable id."""

from __future__ import annotations

import hashlib
import re

import msgspec

from pipelines.understand.context.regions import recognise
from pipelines.understand.context.rows import cached, reference_rows, words
from pipelines.understand.text import canon

MIN_LENGTH, MAX_LENGTH = 3, 45
CODE = r"(?:\d{3}|\d{6}|\d{7}|\d{8}|\d{9}|\d{10}|\d{12})"
_LEADING_CODE = re.compile(rf"^[［（]?({CODE})[］）]?[-_－:：、.]?(?=[一-鿿（“])")
_TRAILING_CODE = re.compile(rf"[（［]({CODE})[］）]$|[-_]({CODE})$")
_END = re.compile(
    r"(?:金额)?单位：|[，。；：！？、|*]|(?:编制|填报|填表)日期|日期：|20\d\d年|(?:实施|项目|主管|承担|填报)(?:单位|部门)|（(?:以下)?简?称"
)
_LEADING_NOISE = re.compile(r"^（(?:盖章|公章|签章|[一二三四五六七八九十]{1,3}|\d{1,2})）")
_PARTY = ("中共", "中国共产党", "中国人民政治协商会议", "政协", "共青团", "中国共产主义青年团")
_EDGE = "-_.·~*#:：,，、/\\“"
_YEAR = re.compile(r"20[0-3]\d年?(?:年度|度)?")
_HEADQUARTERS = re.compile(r"^(?:中共|中国共产党|国家税务总局)(?=..)")
_ADDED_NAME = re.compile(r"（[^（）]{2,30}）$")  # 中共云南省委党校（云南行政学院）
_HAN = re.compile(r"[一-鿿]")
_ONLY_NAME = re.compile(r"^[一-鿿〇（）·“A-Za-z0-9\-]+$")


class BodyName(msgspec.Struct, frozen=True):
    """A cleaned name; `code` printed with it; `scope` own (本级) or consolidated (汇总)."""

    name: str
    code: str | None = None
    scope: str | None = None


@cached(1)
def _suffixes() -> re.Pattern[str]:
    found = sorted({row["suffix"] for row in reference_rows("entity_suffixes")}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, found)) + ")$")


@cached(1)
def _suffix_kinds() -> dict[str, str]:
    return {row["suffix"]: row["kind"] for row in reference_rows("entity_suffixes")}


@cached(1)
def _label() -> re.Pattern[str]:
    labels = sorted({canon(row["label"]) for row in reference_rows("entity_labels") if len(row["label"]) > 3}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, labels)) + ")：?(?=.{3})")


@cached(8)
def _noise(role: str) -> tuple[str, ...]:
    return words("entity_noise", "role", role, "text")


@cached(1)
def _not_names() -> frozenset[str]:
    return frozenset(_noise("not_name"))


def looks_like_body(name: str) -> bool:
    """Whether the text ends as names of bodies end (局, 委员会, 医院 ...) and is no common word (本单位, 办公室)."""
    fits = MIN_LENGTH <= len(name) <= MAX_LENGTH and name not in _not_names()
    return fits and bool(_suffixes().search(_ADDED_NAME.sub("", name))) and bool(_ONLY_NAME.match(name))


def is_party(name: str) -> bool:
    """Whether a name begins with the Party, a consultative conference or a league, before or without a region."""
    return name.startswith(_PARTY)


def names_a_body(text: str) -> bool:
    """Whether a text, once cleaned, ends or begins as names of bodies do."""
    found = clean_name(text)
    return found is not None and (looks_like_body(found.name) or recognise(found.name) is not None)


def body_sort(name: str) -> str | None:
    """organ · court · school · hospital · institution · society · enterprise · area; None for an unknown ending."""
    match = _suffixes().search(_ADDED_NAME.sub("", name))
    return _suffix_kinds()[match[0]] if match else None


@cached(16384)
def clean_name(text: str) -> BodyName | None:
    """`183 九江市浔阳区政务服务管理局（本级） 单位：万元` -> that name, 183, own. None when nothing like a name is left."""
    value = _LEADING_NOISE.sub("", canon(text).lstrip(_EDGE)).lstrip(_EDGE)
    code = scope = None
    match = _label().match(value)
    if match and (match[0][-1] == "：" or _suffixes().search(value)):
        value = value[match.end():]
    match = _LEADING_CODE.match(value)
    if match:
        code, value = match[1], value[match.end():]
    end = _END.search(value)
    if end and end.start():
        value = value[:end.start()]
    value = value.strip(_EDGE)
    match = _TRAILING_CODE.search(value)
    if match:
        code, value = code or match[1] or match[2], value[:match.start()]
    value = _YEAR.sub("", value)
    changed = True
    while changed:
        changed = False
        for role, found in (("scope_own", "own"), ("scope_all", "consolidated"), ("drop_suffix", None)):
            for word in _noise(role):
                if value.endswith(word) and len(value) - len(word) >= MIN_LENGTH:
                    rest = value[:-len(word)].strip(_EDGE)
                    if word[0] != "（" and not _suffixes().search(rest):
                        continue  # 机关 belongs to 国家机关, 本级 to nothing else
                    value, scope, changed = rest, scope or found, True
        for word in _noise("drop_prefix"):
            if value.startswith(word) and len(value) - len(word) >= MIN_LENGTH:
                value, changed = value[len(word):].lstrip("0123456789一二三四五六七八九十" + _EDGE), True
    if value.startswith("（") and value.endswith("）") and value.count("（") == 1:
        value = value[1:-1]
    if (value.startswith("（") and "）" not in value) or value.count("（") != value.count("）"):
        value = value.strip("（）")
    if not MIN_LENGTH <= len(value) <= MAX_LENGTH or value in _not_names() or not _ONLY_NAME.match(value):
        return None
    if len(_HAN.findall(value)) < MIN_LENGTH - 1:
        return None
    return BodyName(value, code, scope)


def normalise_entity_name(text: str) -> str:
    """The name of a body as it is stored: no white space, brackets full-width, no code, no （本级）/（汇总）/机关, no year.

    A text that is no name comes back compact, as printed.
    """
    cleaned = clean_name(text)
    return cleaned.name if cleaned else canon(text)


@cached(1)
def _abbreviations() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["short"]) for row in reference_rows("entity_abbreviations"))


@cached(16384)
def name_key(name: str) -> str:
    """One key for the spellings of one body: without its leading region and system words, long forms brought to short ones.

    中卫市科学技术局 and 中卫市科技局 share a key; so do 中国共产党九江市委员会组织部 and 中共九江市委组织部.
    """
    key = normalise_entity_name(name)
    for pattern, short in _abbreviations():
        key = pattern.sub(short, key)
    match = recognise(key)
    if match and match.strength == "full" and match.leading and match.end < len(key):
        key = key[:match.start] + key[match.end:]
    return _HEADQUARTERS.sub("", key)


def entity_id(region_code: str | None, name: str) -> str:
    """Stable id of a body: first 16 hex digits of the SHA-256 of its region and its normalised official name."""
    return hashlib.sha256(f"{region_code or ''}|{name_key(name)}".encode()).hexdigest()[:16]
