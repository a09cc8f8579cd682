"""Personal data in one text (个人信息): names behind 填表人 and its like, telephone and identity numbers, addresses of mail.

Here: finding and replacing them in a single text. Not here: labels and values in neighbouring cells or lines (privacy).

What is never touched: amounts, codes, names of bodies. A name is only taken where a label says that a person follows; a telephone number
where a label says so, or where its form is one that no amount has (a mobile number alone, an area code with a separator); an identity
number where date, region and check digit are right. Labels, surnames and words that are no names are reference data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemas import reference

MARK: Final = "〔个人信息〕"
LABEL_FILES: Final = ("personal_labels.csv", "surnames.csv", "not_names.csv", "name_letters.csv")

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_GAP: Final = r"[ \t\u3000]*"
_SUFFIX: Final = (
    rf"(?:{_GAP}(?:签字|签名|签章|盖章|姓名|名字|审签情况|审核情况|签署|及电话|电话))?"
    rf"(?:{_GAP}[（(]{_GAP}[^（）()\d]{{0,8}}{_GAP}[）)])*"
)
_AREA: Final = (  # 长途区号 in use
    r"0(?:10|2[0-57-9]|3(?:1\d|35|49|5\d|7\d|9[1-8])|4(?:1\d|2[179]|3[1-9]|40|5[1-9]|6[4789]|7\d|8[23])"
    r"|5(?:1\d|2[37]|3\d|4[36]|5\d|6[1-6]|7\d|8[07]|9\d)|6(?:3[1-5]|6[0238]|9[12])|7(?:01|1\d|2[248]|3\d|4[3-6]|5\d|6\d|7\d|9\d)"
    r"|8(?:1[2367]|2[5-7]|3\d|5\d|7\d|8\d|9\d)|9(?:0\d|1[0-79]|3\d|4[13]|5[1-5]|7\d|9\d))"
)
_DASH: Final = r"[-－—–‐‑―]"
_UNIT_AHEAD: Final = r"(?![\dA-Za-z]|[.．,，]\d|\s*[百千万亿]*\s*(?:元|美元|人民币|％|%|平方米|台|套|人次|个|件|吨))"
_MOBILE: Final = re.compile(
    rf"(?<![\dA-Za-z.．,，¥￥+-])(?:(?:\+?86){_DASH}?\s?)?1[3-9]\d(?:{_DASH}?\d{{4}}{_DASH}?\d{{4}}|\s\d{{4}}\s\d{{4}}){_UNIT_AHEAD}"
)
_LANDLINE: Final = re.compile(
    rf"(?<![\dA-Za-z.．,，])(?:[（(]{_AREA}[）)]\s*{_DASH}?\s*|{_AREA}\s*{_DASH}+\s*)"
    rf"[2-8]\d{{2,3}}\s?{_DASH}?\d{{4}}(?:\s*(?:转|{_DASH})\s*\d{{1,5}})?{_UNIT_AHEAD}"
)
_IDENTITY: Final = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx]|\d{15})(?![\dA-Za-z])")
_MAIL: Final = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DIALLED: Final = re.compile(
    rf"[:：]?\s*((?:[（(]?\+?\d{{2,5}}[）)]?\s*{_DASH}?\s*)?\d[\d\s]{{1,5}}{_DASH}?\s?\d{{2,8}}"
    rf"(?:\s*(?:转|{_DASH}|[/／、,，;；])\s*[（(]?\d[\d（()）—-]{{2,13}})*)"
)
_DOTTED_NAME: Final = rf"[{_HAN}]{{1,8}}(?:[·•‧.][{_HAN}]{{1,8}}){{1,3}}"
_WRITTEN_OUT: Final = range(4, 13)  # letters of a name of another language that is written without points
_OF_OFFICE: Final = re.compile(rf"^[{_HAN}]{{1,10}}?[科处室股办部局站所院会队心]([{_HAN}]{{2,3}})$")  # 财务科王丽
_SIGNED: Final = re.compile(r"签字|签名|签章|盖章|审签|[）)]\s*[:：]?\s*$")
_TITLES: Final = ("先生", "女士", "同志", "老师", "主任", "科长", "处长", "局长", "所长", "股长", "经理", "会计", "师傅")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_AMOUNT_ONLY: Final = re.compile(r"^[-+－—(（¥￥]*\d[\d,，.．\s]*[)）%％]?$")


@dataclass(frozen=True)
class Words:
    """The reference data of this module, compiled."""

    persons: re.Pattern[str]  # label, its suffix, and what parts it from a value
    blank_labels: frozenset[str]
    kinds: dict[str, str]  # squeezed label -> kind
    phones: re.Pattern[str]
    identities: re.Pattern[str]
    hint: re.Pattern[str]  # a cheap look by which most texts are passed over
    endings: tuple[str, ...]  # labels that also end longer ones, longest first
    last_letters: frozenset[str]
    surnames: frozenset[str]
    not_names: tuple[str, ...]
    letters: frozenset[str]  # in which names of other languages are written (阿卜杜热合曼)


def words() -> Words:
    """Compiled reference data; anew when a file changes."""
    return _words(tuple(reference.reference_bytes(name) for name in LABEL_FILES))


@lru_cache(maxsize=4)
def _words(_: tuple[bytes, ...]) -> Words:
    labels = reference.rows("personal_labels.csv")
    of_kind: dict[str, list[str]] = {"person": [], "phone": [], "identity": [], "contact": []}
    for row in labels:
        of_kind[row["kind"]].append(row["label"])
    last = "".join(sorted({row["label"][-1] for row in labels}))
    return Words(
        persons=re.compile(rf"({_any_of(of_kind['person'])}){_SUFFIX}({_GAP}[:：]{_GAP}|[ \t\u3000]+|(?<=[）)]){_GAP})"),
        blank_labels=frozenset(row["label"] for row in labels if row["binding"] == "blank"),
        kinds={row["label"]: row["kind"] for row in labels},
        phones=re.compile(rf"({_any_of(of_kind['phone'])})(?:{_GAP}[（(][^（）()\d]{{0,8}}[）)])?{_GAP}(?:号码)?{_GAP}(?=[:：\s（(+\d])"),
        identities=re.compile(rf"({_any_of(of_kind['identity'])}){_GAP}[:：]?{_GAP}$"),
        hint=re.compile(rf"[{last}][ \t\u3000]*[:：（(\s签盖姓名审及号\d+]|[）)]|@|\d{{7}}|\d{{3}}\W{{1,3}}\d{{4}}"),
        endings=tuple(sorted((row["label"] for row in labels if len(row["label"]) > 2), key=len, reverse=True)),
        last_letters=frozenset(last),
        surnames=frozenset(row["surname"] for row in reference.rows("surnames.csv")),
        not_names=tuple(row["word"] for row in reference.rows("not_names.csv")),
        letters=frozenset(row["letter"] for row in reference.rows("name_letters.csv")),
    )


def _any_of(labels: list[str]) -> str:
    """One of the labels, longest first, with any blanks between their characters (负 责 人)."""
    return "|".join(_GAP.join(map(re.escape, label)) for label in sorted(labels, key=len, reverse=True))


def squeeze(text: str) -> str:
    """Without blanks and line ends."""
    return re.sub(r"\s+", "", text)


def scrub_text(text: str, found: Words | None = None) -> tuple[str, int]:
    """The text with each item of personal data replaced by MARK, and how many were. `found` saves the look at the reference data."""
    if len(text) < 4:
        return text, 0
    counter = _Counter()
    if _AMOUNT_ONLY.match(text):
        if len(text) >= 18:
            text = _IDENTITY.sub(lambda m: counter.mark() if _eighteen(m.group(1)) else m.group(), text)
        return text, counter.n
    found = found or words()
    if not found.hint.search(text):
        return text, 0
    text = _names(text, found, counter)
    text = _numbers_behind_labels(text, found, counter)
    text = _MAIL.sub(lambda m: counter.mark(), text)
    text = _IDENTITY.sub(lambda m: counter.mark() if is_identity_number(m.group(1), m.string[:m.start()], found) else m.group(), text)
    text = _LANDLINE.sub(lambda m: counter.mark(), text)
    text = _MOBILE.sub(lambda m: counter.mark(), text)
    return text, counter.n


class _Counter:
    """Counts replacements."""

    def __init__(self) -> None:
        self.n = 0

    def mark(self) -> str:
        self.n += 1
        return MARK


def _names(text: str, found: Words, counter: _Counter) -> str:
    """Replace the names that follow a label, one or several (张三、李四)."""
    pieces: list[str] = []
    position = 0
    for label in found.persons.finditer(text):
        if label.start() < position:
            continue
        asks = squeeze(label.group(1)) in found.blank_labels  # a label that nothing but a person follows
        signed = bool(_SIGNED.search(label.group()))
        if not (asks or signed or label.group(2).strip()):
            continue
        start = label.end()
        end = start
        while name := _name_at(text, end if end == start else _separator_end(text, end), found, known_surname=not (asks or signed)):
            end = name
        if end > start:
            pieces.extend((text[position:start], counter.mark()))
            position = end
    return "".join(pieces) + text[position:]


def _separator_end(text: str, position: int) -> int:
    separator = re.compile(rf"{_GAP}[、，,/／]{_GAP}").match(text, position)
    return separator.end() if separator else len(text)


def _name_at(text: str, position: int, found: Words, *, known_surname: bool) -> int | None:
    """Where a name that starts at `position` ends, or None."""
    if position >= len(text):
        return None
    dotted = re.compile(_DOTTED_NAME).match(text, position)
    if dotted:
        return dotted.end()
    run = re.compile(rf"[{_HAN}](?:{_GAP}[{_HAN}])*").match(text, position)
    if run is None:
        return None
    tokens = [(m.group(), m.end()) for m in re.compile(rf"[{_HAN}]+").finditer(text, position, run.end())]
    joined, end = tokens[0]
    if len(joined) == 1 and len(tokens) > 1 and len(tokens[1][0]) <= 2:  # 李 塘
        joined, end = joined + tokens[1][0], tokens[1][1]
        if len(tokens) > 2 and len(joined) == 2 and len(tokens[2][0]) == 1:
            joined, end = joined + tokens[2][0], tokens[2][1]
    if looks_like_name(joined, found, known_surname=known_surname):
        return end
    # the name runs into the next label: 张三联系电话 · 张三填报日期
    for length in (3, 2, 4, *_WRITTEN_OUT):
        head, rest = joined[:length], joined[length:]
        if rest.startswith(_AFTER_NAME) and looks_like_name(head, found, known_surname=True):
            return position + _spread(text[position:], length)
    return None


_AFTER_NAME: Final = (
    "联系", "电话", "填报", "填表", "日期", "时间", "手机", "审核", "制表", "复核", "单位", "部门", "负责", "经办", "财务", "主管", "报送",
    "签", "（", "(",
)


def _spread(text: str, letters: int) -> int:
    """Length of the beginning of `text` that holds so many Han letters."""
    seen = 0
    for position, letter in enumerate(text):
        seen += not letter.isspace()
        if seen == letters:
            return position + 1
    return len(text)


def looks_like_name(text: str, found: Words, *, known_surname: bool = True) -> bool:
    """Whether Han text without blanks can be a person's name (two to four letters, dotted, or of another language), behind an office too,
    or a surname with a form of address.
    """
    if re.fullmatch(_DOTTED_NAME, text) or (len(text) in _WRITTEN_OUT and found.letters.issuperset(text)):
        return True
    if (behind := _OF_OFFICE.match(text)) and looks_like_name(behind.group(1), found):
        return True
    bare = next((text[:-len(title)] for title in _TITLES if text.endswith(title) and len(text) > len(title)), text)
    surname = bare[:2] in found.surnames or bare[:1] in found.surnames
    if bare != text and surname and len(bare) <= 3:
        return True
    if not re.fullmatch(rf"[{_HAN}]{{2,4}}", text) or any(word in text for word in found.not_names):
        return False
    if re.search(r"[科处室股局部办院所厅委会组队站校司厂]$", text):
        return False
    if len(text) == 4 and text[:2] not in found.surnames and known_surname:
        return False
    return surname or not known_surname


def _numbers_behind_labels(text: str, found: Words, counter: _Counter) -> str:
    """Replace the telephone numbers that follow 电话 and its like."""
    pieces: list[str] = []
    position = 0
    for label in found.phones.finditer(text):
        if label.start() < position:
            continue
        number = dialled_at(text, label.end())
        if number:
            pieces.extend((text[position:number[0]], counter.mark()))
            position = number[1]
    return "".join(pieces) + text[position:]


def dialled_at(text: str, position: int) -> tuple[int, int] | None:
    """Where the telephone numbers that start at `position` stand: seven digits or more, and no amount."""
    number = re.compile(rf"{_GAP}").match(text, position)
    match = _DIALLED.match(text, number.end() if number else position)
    if match is None or len(re.sub(r"\D", "", match.group(1))) < 7:
        return None
    if re.match(r"[.．]\d|[,，]\d{3}(?!\d)|\s*[百千万亿]*元", text[match.end():]):
        return None
    return match.start(1), match.end(1)


def is_phone_value(text: str) -> bool:
    """Whether a whole text is one or more telephone numbers, given that a label says so; never where it has decimals or separators."""
    squeezed = squeeze(text)
    number = dialled_at(squeezed, 0)
    return number is not None and number == (0, len(squeezed)) and not re.search(r"[.．]|\d[,，]\d{3}(?!\d)", squeezed)


def is_identity_number(digits: str, before: str, found: Words) -> bool:
    """An identity number: eighteen digits with the right check digit (GB 11643), or, behind a label, fifteen of the old form."""
    if len(digits) != 15:
        return _eighteen(digits)
    return digits.isdigit() and bool(found.identities.search(before)) and _region(digits) and _date("19" + digits[6:12])


def _eighteen(digits: str) -> bool:
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11]
    return check == digits[17].upper() and _region(digits) and _date(digits[6:14])


def _region(digits: str) -> bool:
    return 11 <= int(digits[:2]) <= 91 and digits[:2] not in ("16", "17", "18", "19", "20")


def _date(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31
