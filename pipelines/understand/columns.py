"""What each column of a table is: descriptor or amounts, in which block, and what its amounts mean.

Here: roles, blocks (a two-sided table has several) and the composition of header levels into one meaning. Phrases themselves are data
(column_phrases.csv, column_roles.csv); conventions are those of the warehouse contract, section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.understand.amounts import is_filler, parse_amount
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column, ColumnMeaning
from pipelines.understand.subjects import SubjectBook, split_joined
from pipelines.understand.text import bare, canon, is_of_which
from pipelines.understand.vocabulary import Facet, Vocabulary

CODE_PARTS = ("code_class", "code_group", "code_item")
SUBJECT_ROLES = ("code", "code_function", "code_economic", "code_economic_department", "code_economic_government", *CODE_PARTS)
NAME_ROLES = ("name", "name_function", "name_economic", "name_economic_department", "name_economic_government", "entity_or_subject")
DESCRIPTORS = (*SUBJECT_ROLES, *NAME_ROLES, "label", "project", "project_code", "entity", "entity_code", "entity_or_project", "year")
COUNTED = ("quantity", "percent", "unit_price", "row_no", "score")
_CODE_TEXT = re.compile(r"^\d{2,3}$|^\d{5}$|^\d{6,9}$")
_SOURCES = (
    "general_public_budget",
    "government_fund_budget",
    "state_capital_budget",
    "special_account",
    "unit_funds",
    "fiscal_appropriation",
    "business_income",
    "other_income",
    "superior_subsidy",
    "business_operating_income",
    "affiliate_remittance",
)
_OWN_SOURCES = (
    "special_account",
    "unit_funds",
    "business_income",
    "other_income",
    "superior_subsidy",
    "business_operating_income",
    "affiliate_remittance",
)
_ITEM_TAIL = re.compile(r"(?:20\d\d年度?)|(?:年初)?(?:预算数|决算数|执行数)$")
NAMED_ITEM = re.compile(r"出国|接待|用车|公车|会议费|培训费|三公|购置费|运行.{0,4}费|行政经费|机关运行|车辆")


@dataclass(frozen=True)
class HeaderContext:
    """What composition needs to know of the table: its kind and whether columns stand for 三公 items."""

    kind: str
    side: str


def _path(levels: list[str]) -> list[str]:
    out: list[str] = []
    for text in levels:
        if text and (not out or out[-1] != text):
            out.append(text)
    return out


def scheme_hint(path: str) -> str | None:
    """The classification that a header path names: 功能 → function, 政府…经济 → economic_government ..."""
    t = canon(path)
    if "政府" in t and "经济" in t:
        return "economic_government"
    if "经济" in t:
        return "economic_department" if re.search(r"部门(?:预算)?(?:支出)?经济", t) else "economic"
    return "function" if "功能" in t else None


def column_roles(grid: Grid, levels: list[list[str]], body: list[int], words: Vocabulary) -> list[Column]:
    """A Column for every grid column, roles only: from its header path where that names one, else from what stands in it."""
    out: list[Column] = []
    for c in range(grid.n_columns):
        path = _path([row[c] for row in levels])
        texts = [t for r in body if (t := grid.own(r, c)) and not is_filler(t)]
        role = _role(path, texts, c, out, words)
        joined = " / ".join(path)
        out.append(Column(c, role, joined, scheme=scheme_hint(joined) if role in DESCRIPTORS else None))
    return out


def _role(path: list[str], texts: list[str], c: int, left: list[Column], words: Vocabulary) -> str:
    leaf = path[-1] if path else ""
    named = words.role_of(leaf) if leaf else None
    if named is None and len(path) > 1 and not _is_amounts(leaf, words):
        named = words.role_of("".join(path[-2:])) or words.role_of(path[0])
    if named is not None and texts and all(t == "0" for t in texts):
        texts = []  # the 0 that fills the descriptors of an empty form
    amounts = sum(parse_amount(t) is not None for t in texts)
    codes = sum(bool(_CODE_TEXT.match(t)) and "," not in t for t in texts)
    words_in = len(texts) - amounts
    if named in COUNTED or (named in SUBJECT_ROLES and (codes or not amounts)) or named in ("entity_code", "project_code"):
        if named in SUBJECT_ROLES and words_in > codes:
            return "name"  # 科目 over names only; 项 over names that carry their code
        return named
    if named == "year" and all(words.facets_of(t) for t in texts):
        return "year"
    if named in ("entity", "text", *NAME_ROLES, "label", "project", "entity_or_project"):
        return named if words_in >= amounts or not amounts else "amount"
    if not texts:
        if not path:
            return "blank"
        return "amount" if _is_amounts(leaf, words) else (named or "text")
    if amounts and amounts >= words_in:
        if not path and codes == len(texts) and not any("." in t for t in texts):
            return "code"
        return "amount"
    if leaf and not _is_amounts(leaf, words) and c > 0 and any(col.role == "amount" for col in left) and not NAMED_ITEM.search(leaf):
        return "text"
    return "label"


def _is_amounts(text: str, words: Vocabulary) -> bool:
    return words.facets_of(text) is not None


def assign_blocks(columns: list[Column]) -> list[Column]:
    """Number the blocks: runs of descriptors and the amounts right of them. Trailing remarks stay with the block before them."""
    has_amount_right = [any(k.role == "amount" for k in columns[i:]) for i in range(len(columns))]
    block, seen_amount, out = 0, False, []
    for i, col in enumerate(columns):
        if col.role in DESCRIPTORS and seen_amount and has_amount_right[i]:
            block, seen_amount = block + 1, False
        elif col.role == "amount":
            seen_amount = True
        out.append(Column(col.column, col.role, col.path, block, col.meaning, col.scheme))
    return out


def meanings(columns: list[Column], levels: list[list[str]], context: HeaderContext, words: Vocabulary, book: SubjectBook) -> list[Column]:
    """Give every column of amounts its meaning, composed over the levels of its header path."""
    amounts = [c for c in columns if c.role == "amount"]
    facets = [f for c in amounts for t in _path([row[c.column] for row in levels]) for f in words.facets_of(t) or ()]
    by_source = context.side == "income" or any(f.name == "funding" and f.value in _OWN_SOURCES for f in facets)
    split = context.side != "income" and (any(f.name == "period" for f in facets) or not by_source)
    out = []
    for col in columns:
        if col.role != "amount":
            out.append(col)
            continue
        path = _path([row[col.column] for row in levels])
        block = [k for k in amounts if k.block == col.block]
        shared = {t for t in path if len(block) > 1 and all(t in [row[k.column] for row in levels] for k in block)}
        out.append(Column(col.column, col.role, col.path, col.block, _compose(path, shared, split, context, words, book), col.scheme))
    return out


def _compose(path: list[str], shared: set[str], split: bool, context: HeaderContext, words: Vocabulary, book: SubjectBook) -> ColumnMeaning:
    known, unknown = bool(path), []
    got: dict[str, str] = {}
    item: str | None = None
    subject: str | None = None
    carried = False
    for depth, text in enumerate(path):
        facets = words.facets_of(text)
        if context.kind == "three_public" and (facets is None or NAMED_ITEM.search(text)):
            item, facets = _item(text, item), _around_item(text, words)
        if facets is None:
            if words.role_of(text) is not None and depth < len(path) - 1:
                continue  # 功能分类, 支出用途 over an amount: they head the labels beside it
            code = _subject(text, book)
            if code:
                subject = code
            elif text not in shared and not (depth == 0 and len(path) > 1 and _title_like(text, words)):
                known = False
                unknown.append(text)
            continue
        if context.kind == "three_public" and item and depth == len(path) - 1 and not any(f.name != "neutral" for f in facets):
            item = bare(text) if "合计" in text and "三公" in item and "小计" not in text else item
        if is_of_which(text) and "funding" in got and any(f.name == "funding" and f.value != got["funding"] for f in facets):
            known = False  # 一般公共预算 / 其中：财政拨款: a part that no canonical column names
            unknown.append(text)
        for f in facets:
            carried = _take(f, got, carried)
    if context.kind == "three_public" and item is None:
        item = next((bare(t) for t in reversed(path) if bare(t) in ("合计", "总计", "小计")), None)
    funding, period = got.get("funding"), got.get("period", "total")
    if carried:
        if split and "本年收入" not in "".join(path):
            period = "carried_over"
        else:
            funding = f"carryover.{funding}" if funding in _SOURCES else "carryover"
    if context.side == "income" and period == "current_year" and funding is not None:
        period = "total"  # this year's sources keep the period open; what is carried over is a source
    if got.get("period_income") and funding is None and not carried:
        period = "current_year"
    return ColumnMeaning(
        known=known,
        funding=funding,
        expenditure_type=got.get("type"),
        budget_period=period,
        stage=got.get("stage"),
        year=int(got["fiscal_year"]) if "fiscal_year" in got else None,
        year_offset=int(got["year"]) if "year" in got else None,
        measure=got.get("measure", "amount"),
        column_subject_code=subject,
        item=item,
        side=_side(path, context),
        unit=got.get("unit"),
        unknown=tuple(unknown),
    )


def _take(f: Facet, got: dict[str, str], carried: bool) -> bool:
    if f.name == "carry":
        got.pop("funding", None)
        return True
    if f.name == "stage" and got.get("stage") == "change":
        return carried  # 增减变化情况 / 预算数: still a change
    if f.name != "neutral":
        got[f.name] = f.value
    return carried


def _item(text: str, above: str | None) -> str | None:
    s = re.sub("“([^“]*)“", "“\\1”", _ITEM_TAIL.sub("", bare(text)))
    return s or above


def _around_item(text: str, words: Vocabulary) -> tuple[Facet, ...]:
    out: list[Facet] = []
    t = bare(text)
    if m := re.search(r"(20\d\d)年", t):
        out.append(Facet("fiscal_year", m.group(1)))
    if m := re.search(r"(年初预算数|预算数|决算数|执行数)$", t):
        out.extend(words.facets_of(m.group(1)) or ())
    return tuple(out)


def _title_like(text: str, words: Vocabulary) -> bool:
    return words.kind_of_title(text) is not None and len(canon(text)) > 6


def _subject(text: str, book: SubjectBook) -> str | None:
    code, name = split_joined(bare(text))
    if code and len(code) in (3, 5):
        return code
    for scheme in ("economic_department", "economic_government"):
        found = [c for c in book.candidates(scheme, name) if len(c) in (3, 5)]
        tops = [c for c in found if len(c) == 3] or found
        if len(tops) == 1:
            return tops[0]
    return None


def _side(path: list[str], context: HeaderContext) -> str | None:
    if context.side != "both":
        return None
    for text in path:
        t = bare(text)
        if t.startswith(("本年收入", "收入", "年初结转", "上年结转")) and "支出" not in t:
            return "income"
        if t.startswith(("本年支出", "支出", "年末结转", "结转下年")) and "收入" not in t:
            return "expenditure"
    return None
