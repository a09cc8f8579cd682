"""What each column of a table is: descriptor or amounts, in which block, and what its amounts mean.

Here: roles, blocks (a two-sided table has several) and the composition of header levels into one meaning. Phrases themselves are data
(column_phrases.csv, column_roles.csv); conventions are those of the warehouse contract, section 3. Not here: what only the columns
beside it say of one (column_neighbours), which subject a header names (column_subjects).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace

from pipelines.understand.amounts import is_filler, parse_amount
from pipelines.understand.column_neighbours import beside_others
from pipelines.understand.column_subjects import CATCH_ALL, classifications, subject_of
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column, ColumnMeaning
from pipelines.understand.subjects import SubjectBook
from pipelines.understand.text import bare, canon
from pipelines.understand.vocabulary import BUDGETS, OWN_SOURCES, Facet, Vocabulary

CODE_PARTS = ("code_class", "code_group", "code_item")
SUBJECT_ROLES = ("code", "code_function", "code_economic", "code_economic_department", "code_economic_government", *CODE_PARTS)
NAME_ROLES = ("name", "name_function", "name_economic", "name_economic_department", "name_economic_government", "entity_or_subject")
DESCRIPTORS = (*SUBJECT_ROLES, *NAME_ROLES, "label", "project", "project_code", "entity", "entity_code", "entity_or_project", "year")
_CODES_OF = {name: name.replace("name", "code") for name in NAME_ROLES if name.startswith("name")}
COUNTED = ("quantity", "percent", "unit_price", "row_no", "score")
_LABELS = (*NAME_ROLES, "label")
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
_PARTS = {
    "fiscal_appropriation": (*BUDGETS, "special_account"),
    "unit_funds": (*OWN_SOURCES, "unit_other_funds", "superior_special", "fund_balance_used"),
    "other_income": (*OWN_SOURCES, "unit_other_funds", "superior_special", "fund_balance_used"),
    "business_income": ("special_account",),  # 事业收入 / 其中：教育收费
    "superior_subsidy": BUDGETS,  # 上级补助 / 一般公共预算
}
_ITEM_TAIL = re.compile(r"(?:20\d\d年度?)|(?:年初)?(?:预算数|决算数|执行数)$")
_NUMBERED_LINES = 5  # fewer whole numbers that follow one another may be amounts
_MONEY = re.compile(r"[额数]$|元）?$|^增减$")
_ABOUT = re.compile(r"内容|概况|简介|说明")
NAMED_ITEM = re.compile(r"出国|接待|用车|公车|会议费|培训费|三公|购置费|运行.{0,4}费|行政经费|机关运行|车辆")


@dataclass(frozen=True)
class HeaderContext:
    """What composition needs to know of the table: its kind, side and title, and whether its columns can stand for 三公 items."""

    kind: str
    side: str
    title: str | None = None
    items: bool = True  # False where the rows name the items
    year: int | None = None


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
    if sum(c.role == "project" for c in out) > 1:  # 项目名称 | 项目内容: the name is the project
        out = [replace(c, role="text") if c.role == "project" and _ABOUT.search(c.path) else c for c in out]
    return _saying(grid, out, body, words)


def _saying(grid: Grid, columns: list[Column], body: list[int], words: Vocabulary) -> list[Column]:
    """Columns of words that say kind of spending or source row by row (项目类别, 资金性质), where another column names the rows."""
    out = list(columns)
    for n, col in enumerate(columns):
        says = words.says_of(col.path.split(" / ")[-1]) if col.role in ("text", "label") else None
        if says and any(k is not col and k.role in DESCRIPTORS and k.role not in ("row_no", "year") for k in columns):
            texts = {t for r in body if (t := grid.own(r, col.column)) and not is_filler(t)}
            if texts and all(parse_amount(t) is None for t in texts):
                out[n] = Column(col.column, f"says_{'type' if says == 'type' else 'source'}", col.path)
    return out


def _role(path: list[str], texts: list[str], c: int, left: list[Column], words: Vocabulary) -> str:
    leaf = path[-1] if path else ""
    named = words.role_of(leaf) if leaf else None
    if named is None and len(path) > 1 and not _is_amounts(leaf, words):
        named = words.role_of("".join(path[-2:])) or words.role_of(path[0])
    if any(words.role_of(t) == "percent" for t in path[:-1]) and not _MONEY.search(bare(leaf)):
        named = "percent"  # 比上年增减（%） / 合计 | 基本支出
    if named is not None and texts and all(t == "0" for t in texts):
        texts = []  # the 0 that fills the descriptors of an empty form
    amounts = sum(parse_amount(t) is not None for t in texts)
    codes = sum(bool(_CODE_TEXT.match(t)) and "," not in t for t in texts)
    words_in = len(texts) - amounts
    if named in CODE_PARTS and any(col.role in CODE_PARTS for col in left) and all(re.fullmatch(r"\d{1,3}", t) for t in texts):
        return named  # 款, 项 in a sheet that keeps 01 as 1
    if named in COUNTED or (named in SUBJECT_ROLES and (codes or not amounts)) or named in ("entity_code", "project_code"):
        if named in SUBJECT_ROLES and words_in > codes:
            return "name"  # 科目 over names only; 项 over names that carry their code
        return named
    if named is None and leaf and words_in > amounts and words.heads_bodies(leaf):
        named = "entity"  # 单位, 部门: over names they head bodies, over amounts they add nothing
    if named == "year" and all(words.facets_of(t) for t in texts):
        return "year"
    if named in _CODES_OF and texts and codes == len(texts) and any(len(t) >= 5 for t in texts):
        return _CODES_OF[named]  # 功能科目 over codes alone
    if named in ("entity", "text", *NAME_ROLES, "label", "project", "entity_or_project"):
        return named if words_in >= amounts or not amounts else "amount"
    if not texts:
        if not path:
            return "blank"
        return "amount" if _is_amounts(leaf, words) else (named or "text")
    if amounts and amounts >= words_in:
        if not path and codes == len(texts) and not any("." in t for t in texts):
            return "code"
        first = not path and not left and len(texts) > 1 and texts == [str(n + 1) for n in range(len(texts))]
        if first or _numbers_lines(texts):
            return "row_no"  # its 序号 or 行次 is lost in the next head
        return "amount"
    if leaf and not _is_amounts(leaf, words) and c > 0 and any(col.role == "amount" for col in left) and not NAMED_ITEM.search(leaf):
        return "text"
    return "label"


def _numbers_lines(texts: list[str]) -> bool:
    """Whether the texts only number the lines: 31, 32, 33 …, of more than a few lines."""
    whole = [int(t) for t in texts if re.fullmatch(r"\d{1,3}", t)]
    return len(whole) == len(texts) >= _NUMBERED_LINES and all(b - a == 1 for a, b in pairwise(whole))


def _is_amounts(text: str, words: Vocabulary) -> bool:
    return words.facets_of(text) is not None


def assign_blocks(columns: list[Column]) -> list[Column]:
    """Number the blocks: runs of descriptors and the amounts right of them. Trailing remarks stay with the block before them.

    A second column of labels behind the amounts (收入 | 金额 | 支出, cut there by the page) names none of them: a block without amounts.
    """
    has_amount_right = [any(k.role == "amount" for k in columns[i:]) for i in range(len(columns))]
    block, seen_amount, labelled = 0, False, False
    out: list[Column] = []
    for i, col in enumerate(columns):
        if col.role in DESCRIPTORS and seen_amount and (has_amount_right[i] or (labelled and col.role in _LABELS)):
            block, seen_amount, labelled = block + 1, False, False
        labelled = labelled or (col.role in _LABELS and not seen_amount)
        seen_amount = seen_amount or col.role == "amount"
        out.append(Column(col.column, col.role, col.path, block, col.meaning, col.scheme))
    return out


def meanings(columns: list[Column], levels: list[list[str]], context: HeaderContext, words: Vocabulary, book: SubjectBook) -> list[Column]:
    """Give every column of amounts its meaning, composed over the levels of its header path."""
    amounts = [c for c in columns if c.role == "amount"]
    paths = {c.column: _path([row[c.column] for row in levels]) for c in amounts}
    said = [words.facets_of(t) for path in paths.values() for t in path]
    facets = [f for some in said for f in some or ()]
    by_source = context.side == "income" or any(f.name == "funding" and f.value in OWN_SOURCES for f in facets)
    divided = any(f.name == "carry" or f == Facet("period", "carried_over") for f in facets)
    split = context.side != "income" and (any(f.name == "period" for f in facets) or not by_source)
    schemes = classifications(context.title, (t for path in paths.values() for t in path if words.facets_of(t) is None), book)
    flows = {bare(t)[:4] for path in paths.values() for t in path}
    sided = context.side == "both" or {"本年收入", "本年支出"} <= flows  # 年初结转 | 本年收入 | 本年支出 | 年末结转 in one row
    out = []
    for col in columns:
        if col.role != "amount":
            out.append(col)
            continue
        path = paths[col.column]
        block = [k for k in amounts if k.block == col.block]
        shared = {t for t in path if len(block) > 1 and all(t in [row[k.column] for row in levels] for k in block)}
        meaning = _compose(path, shared, split, _side(path) if sided else None, context, words, book, schemes)
        if meaning.budget_period == "current_year" and not divided and context.side != "income":
            meaning = replace(meaning, budget_period="total")  # 本年收入 | 本年支出 where nothing stands beside them: all of it
        out.append(Column(col.column, col.role, col.path, col.block, meaning, col.scheme))
    named = {subject_of(row[c.column], book, schemes, None) for row in levels for c in columns if words.facets_of(row[c.column]) is None}
    return beside_others(out, paths, words, income=context.side == "income", subjects=named - {None, *CATCH_ALL} != set())


def _compose(
    path: list[str],
    shared: set[str],
    split: bool,
    side: str | None,
    context: HeaderContext,
    words: Vocabulary,
    book: SubjectBook,
    schemes: tuple[str, ...],
) -> ColumnMeaning:
    known, unknown = bool(path), []
    got: dict[str, str] = {}
    item: str | None = None
    subject: str | None = None
    carried = False
    for depth, text in enumerate(path):
        facets, above = words.facets_of(text), got.get("funding")
        if facets is None and depth:
            facets = words.phrases.get(canon(path[depth - 1] + text))  # 资金来源 / 其他: known only below its head
        if context.kind == "three_public" and context.items and (facets is None or NAMED_ITEM.search(text)):
            item, facets = _item(text, item), _around_item(text, words)
        if facets is None:
            if words.role_of(text) is not None and depth < len(path) - 1:
                continue  # 功能分类, 支出用途 over an amount: they head the labels beside it
            code = subject_of(text, book, schemes, subject, context.year)
            if code:
                subject = code
            elif text not in shared and not (depth == 0 and len(path) > 1 and _title_like(text, words)):
                known = False
                unknown.append(text)
            continue
        last = all(words.facets_of(t) is not None and not NAMED_ITEM.search(t) for t in path[depth + 1 :])  # below it years and stages only
        if context.kind == "three_public" and item and last and not any(f.name != "neutral" for f in facets):
            item = _quoted(bare(text)) if "合计" in text and "三公" in item and "小计" not in text else item
        if named := next((f.value for f in facets if f.name == "subject"), None):  # 一般商品和服务支出: a subject under another name
            subject = subject_of(named, book, schemes, subject, context.year)
        if above in BUDGETS and Facet("funding", "fiscal_appropriation") in facets:
            facets = tuple(f for f in facets if f.name != "funding")  # 一般公共预算 / 其中：财政拨款: what of that budget is appropriated
        if any(f.name == "funding" and _odd_part(f.value, above) for f in facets):
            known = False  # 一般公共预算 / 其中：其他收入: a part that no canonical column names
            unknown.append(text)
        for f in facets:
            carried = _take(f, got, carried)
        if carried and above in BUDGETS and "funding" not in got:
            got["funding"] = above  # 一般公共预算 / 上年结转: of that budget
    if context.kind == "three_public" and context.items and item is None:
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
        side=side,
        unit=got.get("unit"),
        unknown=tuple(unknown),
    )


def _take(f: Facet, got: dict[str, str], carried: bool) -> bool:
    if got.get("type") == "carried_forward" and f.name in ("carry", "type"):
        return carried  # 年末结转和结余 / 基本支出结转: still what is carried forward
    if f.name == "carry":
        got.pop("funding", None)
        return True
    if f.name == "stage" and got.get("stage") == "change":
        return carried  # 增减变化情况 / 预算数: still a change
    if f.name not in ("neutral", "subject"):
        got[f.name] = f.value
    return carried


def _odd_part(source: str, whole: str | None) -> bool:
    """Whether a source stands below one that it is no part of (其他收入 below 一般公共预算): then the head over it makes it another."""
    return whole is not None and source != whole and source not in _PARTS.get(whole, ())


def _item(text: str, above: str | None) -> str | None:
    s = _quoted(_ITEM_TAIL.sub("", bare(text)))
    return re.sub("(?<=.)小计$", "", s) if NAMED_ITEM.search(s) else s or above


def _quoted(text: str) -> str:
    """With closing marks after opening ones: the one form that text is compared in has only the opening mark."""
    return re.sub("“([^“]*)“", "“\\1”", text)


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


def _side(path: list[str]) -> str | None:
    """The side that a header names: 本年收入, 年初结转和结余 | 本年支出, 年末结转和结余."""
    for text in path:
        t = bare(text)
        if t.startswith(("本年收入", "收入", "年初结转", "上年结转")) and "支出" not in t:
            return "income"
        if t.startswith(("本年支出", "支出", "年末结转", "结转下年")) and "收入" not in t:
            return "expenditure"
    return None
