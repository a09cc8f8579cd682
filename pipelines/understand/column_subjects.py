"""Subjects as columns: which subject a header over amounts names (工资福利支出 | 商品和服务支出 ...), and in which classification.

Here: the classification in force for a table's columns, and the subject of one header below the one above it. The same words stand in
both economic classifications (对个人和家庭的补助 is 303 and 509): title and neighbours decide. Not here: what else a header says (columns).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.understand.subjects import SubjectBook, parent_of, split_joined
from pipelines.understand.text import bare, canon

DEPARTMENT_FIRST = ("economic_department", "economic_government")
GOVERNMENT_FIRST = ("economic_government", "economic_department")
CATCH_ALL = ("399", "599")  # 其他支出: a subject only beside other subjects
_OFFICE = "机关"  # 工资福利支出 over columns of the government's classification is 机关工资福利支出


def classifications(title: str | None, headers: Iterable[str], book: SubjectBook) -> tuple[str, ...]:
    """The economic classifications in the order in which headers are looked up.

    The title says it (按政府预算经济分类), else a header that only the government's classification has (机关商品和服务支出), else the
    department's comes first.
    """
    t = canon(title or "")
    if re.search(r"政府(?:预算)?(?:支出)?经济", t):
        return GOVERNMENT_FIRST
    if re.search(r"部门(?:预算)?(?:支出)?经济", t):
        return DEPARTMENT_FIRST
    names = {split_joined(bare(h))[1] for h in headers}
    only = {n for n in names if _tops(book, "economic_government", n) and not book.candidates("economic_department", n)}
    return GOVERNMENT_FIRST if only else DEPARTMENT_FIRST


def subject_of(text: str, book: SubjectBook, schemes: tuple[str, ...], above: str | None, year: int | None = None) -> str | None:
    """The 类 or 款 that a header names, below the subject `above` it where there is one; None when it names none, or several.

    Of two codes of one name that were not in use together (其他社会保障缴费: 30104 until 2017, then 30112) the one of `year`.
    """
    code, name = split_joined(bare(text))
    if code and len(code) in (3, 5):
        return code
    if text == above or any(book.known(scheme, text) for scheme in schemes):
        return text  # the code alone, below its name or without it
    for scheme in schemes:
        found = book.in_year(scheme, [c for c in _candidates(book, scheme, name) if len(c) in (3, 5)], year)
        under = [c for c in found if above is not None and parent_of(c) == above]
        tops = [c for c in found if len(c) == 3] or found
        if len(under) == 1 or len(tops) == 1:
            return (under if len(under) == 1 else tops)[0]
    return None


def _candidates(book: SubjectBook, scheme: str, name: str) -> list[str]:
    found = book.candidates(scheme, name)
    if scheme == "economic_government" and not name.startswith(_OFFICE):
        found = [*found, *(c for c in book.candidates(scheme, _OFFICE + name) if c not in found)]
    return found


def _tops(book: SubjectBook, scheme: str, name: str) -> list[str]:
    return [c for c in book.candidates(scheme, name) if len(c) == 3]
