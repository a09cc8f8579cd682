"""Years and wording of the running text: last year's year left in a heading or comparison, text that was never finished, older names.

Here: what can be said without any amount. Patterns of unfinished text stand in schemas/reference/wording_unfinished.csv. A document may
speak of other years for good reasons: only a heading that names this very publication, and a comparison with the year itself, are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipelines.audit.claims_meaning import CHAIN
from pipelines.audit.claims_text import Paragraph, paragraphs
from pipelines.audit.codes import outdated
from pipelines.normalise.facts import hash_id
from pipelines.understand.understand import Understood
from schemas import reference

Record = dict[str, Any]
FILES = ("wording_unfinished.csv",)
_HEADING = 40  # characters of the longest heading
_OTHER = r"执行|完成|绩效|自评|总结|结果|调整|上年|决算批复|审计|规划|以来"
_NAMED = {
    "budget": re.compile(r"(20\d\d)年度?(?:[^，。；：]{0,14}(?:部门|单位))?预算(?=公开|说明|编制|情况|报表|表|-|—|$|“|及|和|名词|安排)"),
    "final_accounts": re.compile(r"(20\d\d)年度?(?:[^，。；：]{0,14}(?:部门|单位))?决算(?=公开|说明|编制|情况|报表|表|-|—|$|“|及|和|名词)"),
}
# a section of this very publication: 2025年“三公”经费预算情况说明
_SECTION = re.compile(
    r"^[（）一二三四五六七八九十\d、.．]{0,6}[^，。；：]{0,20}?(20\d\d)年度?[^，。；：]{2,30}?情况(?:的)?(?:总体|具体)?说明$")
_REASON = re.compile(r"(?:主要)?原因(?:主要)?(?:是|为|在于)[：]?$")
_STARTS = re.compile(
    r"^(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．](?!\d)|第[一二三四五六七八九十]+部分)")
_COMPARED = re.compile(r"(?:比|(?<!经比)较|同比|相比|与)(20\d\d)年(?=度|预算|决算|年初|执行|增加|减少|增长|下降|上升|相比|持平|同期)")
_AS_OF = re.compile(r"截[至止](20\d\d)年(?:度|12月31日|12月底|年?底|年末)")
_OWNED = re.compile(r"车辆|固定资产|国有资产|设备|房屋")
_LEVEL = {"类": 3, "款": 5, "项": 7}


def wording_findings(understood: Understood) -> list[Record]:
    """Rows of relation `findings` about years (`year_mismatch`, warning) and unfinished or outdated wording (note)."""
    context = understood.context
    if context is None or understood.status != "read":
        return []
    whole = paragraphs(understood.lines)
    out: list[Record] = []
    if context.fiscal_year is not None:
        out.extend(_headings(understood, whole, context.fiscal_year, context.document_kind))
        out.extend(_comparisons(understood.document_id, whole, context.fiscal_year))
        out.extend(_as_of(understood.document_id, whole, context.fiscal_year, context.document_kind))
        out.extend(_older_names(understood.document_id, whole, context.fiscal_year))
    out.extend(unfinished(understood.document_id, whole))
    return list({f["finding_id"]: f for f in out}.values())


def _headings(understood: Understood, whole: Sequence[Paragraph], year: int, kind: str) -> Iterator[Record]:
    """A heading that names this publication with last year's year, where the document also prints its own year so."""
    pattern = _NAMED["final_accounts" if kind.endswith("final_accounts") else "budget"]
    for paragraph in whole:
        text = paragraph.text.lstrip("#*“ ").rstrip("#*“ ")
        if len(text) > _HEADING or re.search(_OTHER, text) or any(mark in text for mark in "。，；"):
            continue
        found = pattern.search(text) or _SECTION.search(text)
        if found and int(found[1]) == year - 1:
            quote = paragraph.raw.strip("#*")
            yield _row(
                understood.document_id, paragraph, paragraph.text.find(found[1]), "year_mismatch", "warning", quote,
                quote.replace(found[1], str(year)), f"标题为{found[1]}年，本文件为{year}年",
                f"the heading names {found[1]}, the document is of {year}")
    for table in understood.tables:
        title = table.title or ""
        named = pattern.search(title)
        if named and int(named[1]) == year - 1 and not re.search(_OTHER, title) and len(title) <= _HEADING:
            yield {
                "finding_id": hash_id(understood.document_id, "year_mismatch", "title", table.table_no, title),
                "document_id": understood.document_id, "rule": "year_mismatch", "severity": "warning", "verdict": "undecided",
                "page": table.first_page, "printed": title, "expected": title.replace(named[1], str(year)), "proofs": [],
                "message_zh": f"{_zh(table.first_page)}表题《{title}》为{named[1]}年，本文件为{year}年。",
                "message_en": f"{_en(table.first_page)}the table's title names {named[1]}, the document is of {year}: {title}.",
            }


def _comparisons(document_id: str, whole: Sequence[Paragraph], year: int) -> Iterator[Record]:
    for paragraph in whole:
        for found in _COMPARED.finditer(paragraph.text):
            if int(found[1]) == year:
                before = paragraph.text[max(0, found.start() - 30) : found.start()]
                if re.search(r"20\d\d", before) and str(year + 1) in before:
                    continue
                quote = paragraph.raw[found.start() : found.end() + 6]
                better = quote.replace(found[1], str(year - 1))
                yield _row(document_id, paragraph, found.start(1), "year_mismatch", "warning", quote, better,
                           f"{year}年的文件与{found[1]}年自身相比", f"a document of {year} compares with {found[1]} itself")


def _as_of(document_id: str, whole: Sequence[Paragraph], year: int, kind: str) -> Iterator[Record]:
    """Assets as of the end of a year: a budget is published before its own year ends, final accounts are of their own year's end."""
    final = kind.endswith("final_accounts")
    wrong, right = (year - 1, year) if final else (year, year - 1)
    for paragraph in whole:
        for found in _AS_OF.finditer(paragraph.text):
            if int(found[1]) == wrong and _OWNED.search(paragraph.text[found.end() : found.end() + 40]):
                quote = paragraph.raw[found.start() : found.end()]
                what = "决算" if final else "预算"
                yield _row(document_id, paragraph, found.start(), "year_mismatch", "warning", quote, quote.replace(found[1], str(right)),
                           f"{year}年{what}中资产的时点应为{right}年末", f"assets in a document of {year} are as of the end of {right}")


def _older_names(document_id: str, whole: Sequence[Paragraph], year: int) -> Iterator[Record]:
    subjects = _by_former_name(reference.reference_hash(reference.SUBJECT_FILES.values()))
    for paragraph in whole:
        for part in CHAIN.finditer(paragraph.text):
            for subject in subjects.get((part["name"].strip("“"), _LEVEL[part["level"]]), ()):
                last = outdated(subject, part["name"], year)
                if last is not None:
                    yield _row(document_id, paragraph, part.start("name"), "code_name_mismatch", "note", part["name"], subject.name,
                               f"“{part['name']}”是较早年度的科目名称（最近见于{last}年）",
                               f"{part['name']} is an older name, last seen in {last}")


@lru_cache(maxsize=2)
def _by_former_name(digest: str) -> dict[tuple[str, int], tuple[reference.Subject, ...]]:
    """Function subjects by a former name and the length of their code; a name that some subject bears now is no former name."""
    found: dict[tuple[str, int], list[reference.Subject]] = {}
    now = {(s.name, len(s.code)) for s in reference.subjects("function")}
    for subject in reference.subjects("function"):
        for other in subject.alternatives:
            if (other.name, len(subject.code)) not in now:
                found.setdefault((other.name, len(subject.code)), []).append(subject)
    return {key: tuple(own) for key, own in found.items() if len(own) == 1}


@lru_cache(maxsize=2)
def _patterns(digest: str) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple((re.compile(r["pattern"]), r["what_zh"], r["what_en"]) for r in reference.rows("wording_unfinished.csv"))


def unfinished(document_id: str, whole: Sequence[Paragraph]) -> Iterator[Record]:
    """Unfinished text. It is arithmetic that cannot be followed: rule `narrative_arithmetic`, severity `note`."""
    for paragraph, after in pairwise(whole):
        found = _REASON.search(paragraph.text)
        # at the foot of a page, or where the text goes on below, the reason may stand elsewhere
        if found and paragraph.page(found.start()) == after.page(0) and _STARTS.match(after.text) and not paragraph.text.endswith("："):
            quote = paragraph.raw[max(0, found.start() - 12) :]
            yield _row(document_id, paragraph, found.start(), "narrative_arithmetic", "note", quote, None, "原因未写完",
                       "a reason that is not given")
    patterns = _patterns(reference.reference_hash(FILES))
    for paragraph in whole:
        taken: set[int] = set()
        for pattern, zh, en in patterns:
            for found in pattern.finditer(paragraph.text):
                if found.start() in taken:
                    continue
                taken.add(found.start())
                quote = paragraph.raw[max(0, found.start() - 12) : found.end() + 8]
                yield _row(document_id, paragraph, found.start(), "narrative_arithmetic", "note", quote, None, zh, en)


def _row(
    document_id: str, paragraph: Paragraph, position: int, rule: str, severity: str, printed: str, expected: str | None, zh: str, en: str,
) -> Record:
    page = paragraph.page(max(position, 0))
    box = paragraph.box(max(position, 0)) or (None, None, None, None)
    return {
        "finding_id": hash_id(document_id, rule, "wording", page, position, paragraph.raw), "document_id": document_id, "rule": rule,
        "severity": severity, "verdict": "publisher" if rule == "narrative_arithmetic" else "undecided", "fact_id": None, "page": page,
        "printed": printed, "expected": expected, "proofs": [], "message_zh": f"{_zh(page)}{zh}：“{printed}”。",
        "message_en": f"{_en(page)}{en}: “{printed}”.", "x0": box[0], "top": box[1], "x1": box[2], "bottom": box[3],
    }


def _zh(page: int | None) -> str:
    return f"第{page}页" if page else ""


def _en(page: int | None) -> str:
    return f"Page {page}: " if page else ""
