"""What each row of each block is: whose money, which subject, which project, total or detail, and its place in the hierarchy.

Here: reading the descriptor columns of a body row. Subjects are resolved by `subjects`, entities by name. Not here: amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from msgspec.structs import replace

from pipelines.understand.amounts import is_filler
from pipelines.understand.columns import CODE_PARTS, NAME_ROLES, SUBJECT_ROLES
from pipelines.understand.grid import Grid
from pipelines.understand.logical import Column, Row
from pipelines.understand.subjects import Resolved, SubjectBook, Trail, level_of, resolve, split_joined
from pipelines.understand.text import bare, canon, enumerator_level, is_of_which
from pipelines.understand.vocabulary import Facet, Vocabulary

_ENTITY_END = re.compile(
    r"(?:局|委员会|办公室|办公厅|研究室|中心|学校|大学|学院|医院|法院|检察院|总队|支队|大队|队|站|所|馆|院|协会|联合会|联合总会|总会|人民政府|街道|街道办|街道办事处|镇|乡|园|厅|部|委|署|中学|小学|幼儿园|公司|机关|本级|保护区|指挥部|管理处|处|社|库|中队|基地|委办|总站|分局|大厅|联社|团委|妇联|工会|科协|文联|残联|侨联|台联|社科联|工商联|红十字会|党校|党组|组织部|宣传部|统战部|政法委|纪委|监委)(?:（[^）]*）)*$"
)
_NOT_ENTITY = re.compile(r"支出|经费|项目|资金|补助|补贴|收入|工程|费$|建设|采购|服务|合计|小计|预算|结转|结余|款$")
_PARENS = re.compile(r"（[^）]*）")
BASIC_KINDS = ("basic_expenditure_summary", "general_public_basic_expenditure", "fiscal_appropriation_basic_expenditure")
ECONOMIC_KINDS = ("general_public_expenditure_economic", "general_public_basic_expenditure", "basic_expenditure_summary",
                  "fiscal_appropriation_basic_expenditure", "operating_expense", "general_public_project_expenditure")


@dataclass
class Slot:
    """The columns of one descriptor: `kind` subject, entity, project or label; code columns left to right, then the name's."""

    kind: str
    codes: list[Column] = field(default_factory=list)
    name: Column | None = None

    @property
    def scheme(self) -> str | None:
        """The classification that its headers name."""
        return next((c.scheme for c in [*([self.name] if self.name else []), *self.codes] if c.scheme), None)


@dataclass(frozen=True)
class RowContext:
    """What the rows of a table are read against."""

    kind: str
    side: str | None
    entities: frozenset[str]  # known names of the department and its units, bare
    department: str | None
    seen_codes: set[str]
    words: Vocabulary
    book: SubjectBook
    two_sided: bool = False


def slots(columns: list[Column]) -> list[Slot]:
    """Group a block's descriptor columns: code parts together, a code with the name right of it."""
    out: list[Slot] = []
    for col in columns:
        role = col.role
        if role in SUBJECT_ROLES:
            last = out[-1] if out else None
            goes_on = role in CODE_PARTS[1:] and last and last.kind == "subject" and last.name is None and last.codes and last.codes[-1].role in CODE_PARTS
            if goes_on and last:
                last.codes.append(col)
            else:
                out.append(Slot("subject", [col]))
        elif role in NAME_ROLES:
            if out and out[-1].kind == "subject" and out[-1].name is None:
                out[-1].name = col
            else:
                out.append(Slot("subject", [], col))
        elif role == "entity_code":
            out.append(Slot("entity", [col]))
        elif role == "entity":
            if out and out[-1].kind == "entity" and out[-1].name is None:
                out[-1].name = col
            else:
                out.append(Slot("entity", [], col))
        elif role in ("project", "entity_or_project"):
            if out and out[-1].kind == "entity" and out[-1].name is None and role == "entity_or_project":
                out[-1].name, out[-1].kind = col, "entity_or_project"
            else:
                out.append(Slot(role if role == "entity_or_project" else "project", [], col))
        elif role == "project_code":
            continue
        elif role == "label":
            out.append(Slot("label", [], col))
    return out


def looks_like_entity(name: str, known: frozenset[str]) -> bool:
    """Whether a label names a body: one known from the document, or a name that ends as bodies' names end."""
    b = bare(name)
    if b in known or _PARENS.sub("", b) in known:
        return True
    return 4 <= len(b) <= 40 and bool(_ENTITY_END.search(b)) and not _NOT_ENTITY.search(_PARENS.sub("", b))


def read_rows(grid: Grid, body: list[int], block: list[Column], number: int, ctx: RowContext) -> list[Row]:
    """The rows of one block, top to bottom, with levels and parents set."""
    groups = slots([c for c in block if c.role != "amount"])
    state = _State(Trail())
    amounts = [c.column for c in block if c.role == "amount"]
    if not any(slot.kind != "entity" or slot.name for slot in groups):  # headers that name no role: the texts left of the amounts are labels
        groups += [Slot("label", [], c) for c in block if c.role == "text" and amounts and c.column < amounts[0]]
    rows = [
        row for r in body
        if (row := _row(grid, r, groups, number, ctx, state)).label or any(grid.text(r, c) for c in amounts)
    ]
    return _hierarchy(rows, grid)


@dataclass
class _State:
    trail: Trail
    entity: str | None = None
    entity_code: str | None = None
    expenditure_type: str | None = None
    type_level: int = 0
    trails: dict[str, Trail] = field(default_factory=dict)
    project: str | None = None


def _row(grid: Grid, r: int, groups: list[Slot], number: int, ctx: RowContext, state: _State) -> Row:
    subjects: list[tuple[Slot, Resolved]] = []
    labels: list[str] = []
    printed: list[str] = []
    entity_here = project = None
    entity_printed = False
    for slot in groups:
        name = _own_or_merged(grid, r, slot.name) if slot.name else ""
        code = _code(grid, r, slot, state, ctx)
        if slot.kind in ("entity", "entity_or_project"):
            code_text = next((grid.text(r, c.column) for c in slot.codes if grid.text(r, c.column) and not is_filler(grid.text(r, c.column))), "")
            joined, rest = split_joined(canon(name)) if name else (None, name)
            if joined and looks_like_entity(rest, ctx.entities):
                code_text, name = code_text or joined, rest
            word = ctx.words.row_words.get(bare(name)) if name else None
            is_body = bool(name) and word is None and (slot.kind == "entity" or bool(code_text) or looks_like_entity(name, ctx.entities))
            if is_body:
                entity_here, entity_printed = name, True
                state.entity, state.entity_code = name, code_text or None
                state.trails.clear()
            elif name:
                labels.append(name)
                if word is None and slot.kind == "entity_or_project":
                    found = resolve(ctx.book, "economic", None, bare(name), state.trails.setdefault("economic", Trail()), ctx.seen_codes)
                    if found and ctx.kind in BASIC_KINDS:  # 支出项目类别 of a basic expenditure table: its lines are economic subjects
                        subjects.append((slot, found))
                        state.trails["economic"].last = found.code
                    else:
                        project = name
            if code_text and re.match(r"^\d+$", code_text):
                printed.append(code_text)
            if is_body:
                labels.append(name)
            continue
        if slot.kind == "project":
            if name and not is_filler(name):
                labels.append(name)
                if looks_like_entity(name, ctx.entities) and bare(name) in ctx.entities:
                    entity_here, entity_printed = name, True
                    state.entity, state.entity_code = name, None
                elif ctx.words.row_words.get(bare(name)) is None and name:
                    project = name
            continue
        if slot.kind == "label" and not name:
            continue
        if slot.kind == "subject" and not name and code is None:
            name = next((t for c in slot.codes if (t := grid.text(r, c.column)) and not is_filler(t) and not t.isdigit()), "")  # 合计 in the code column
            name = "" if canon(name) in ("类", "款", "项") else name
        raw = name
        joined, rest = split_joined(canon(name)) if name else (None, name)
        if joined and code is None:
            code, name = joined, rest
        elif joined and code and len(joined) == 2 and len(code) in (3, 5):
            code, name = code + joined, rest  # 212 | 01 | 01 行政运行
        if name and is_filler(name):
            name = raw = ""
        if code:
            printed.append(code)
        word = ctx.words.row_words.get(bare(name)) if name else None
        found = None
        if (code or name) and not (word is not None and word.name in ("total", "subtotal", "carried_forward") and not code):
            scheme = slot.scheme or _default_scheme(ctx, slot)
            trail = state.trails.setdefault(scheme or "any", Trail())
            if slot.kind == "label" and not code and (ctx.side == "income" or ctx.kind == "three_public"):
                found = None  # sources and 三公 items are labels, no subjects
            elif word is not None and word.name in ("summary_none", "expenditure_type") and not code:
                found = None
            else:
                found = resolve(ctx.book, scheme, code, bare(name), trail, ctx.seen_codes)
        if found is not None and (code is not None or not looks_like_entity(name, ctx.entities)):
            subjects.append((slot, found))
            state.trails.setdefault(slot.scheme or _default_scheme(ctx, slot) or "any", Trail()).last = found.code
        elif name and looks_like_entity(name, ctx.entities) and word is None and slot.kind != "label":
            entity_here, entity_printed = name, True
            state.entity, state.entity_code = name, code
            state.trails.clear()
        if raw:
            labels.append(raw)
    label = _label(labels, subjects, ctx)
    if not label and not printed and not subjects:
        return Row(r, number, "total", "" if groups else "合计", side=ctx.side, confidence=0.5 if groups else 0.9)
    return _build(r, number, label, labels, subjects, printed, entity_here, project, entity_printed, ctx, state)


def _own_or_merged(grid: Grid, r: int, column: Column | None) -> str:
    """Text of a descriptor: printed in this row, or merged down from above."""
    return grid.text(r, column.column) if column else ""


def _default_scheme(ctx: RowContext, slot: Slot) -> str | None:
    if slot.kind == "subject" and not slot.codes and ctx.kind in ECONOMIC_KINDS:
        return "economic"
    return None


def _code(grid: Grid, r: int, slot: Slot, state: _State, ctx: RowContext) -> str | None:
    if slot.kind != "subject" or not slot.codes:
        return None
    texts = []
    for c in slot.codes:
        t = re.sub(r"\D", "", grid.text(r, c.column)) if re.match(r"^［?\d[\d\-.、 ]*］?$", canon(grid.text(r, c.column))) else ""
        texts.append(t)
    if len(texts) == 1 or slot.codes[0].role not in CODE_PARTS:
        whole = "".join(texts) if len(texts) > 1 and sum(map(bool, texts)) > 1 else next((t for t in texts if t), "")
        if slot.name is not None and grid.owner[r][slot.codes[0].column] == grid.owner[r][slot.name.column] and grid.owner[r][slot.name.column] >= 0:
            return None
        return whole or None
    if any(len(t) >= 5 for t in texts):
        return next(t for t in reversed(texts) if len(t) >= 5)
    if not any(texts):
        return None
    trail = state.trails.get(slot.scheme or _default_scheme(ctx, slot) or "any", Trail())
    last = trail.last or ""
    filled = list(texts)
    deepest = max(i for i, t in enumerate(filled) if t)
    cuts = [last[:3], last[3:5], last[5:7]]
    for i in range(deepest):
        if not filled[i]:
            filled[i] = cuts[i]
            if not filled[i]:
                return filled[deepest] if len(filled[deepest]) > 2 else None
    return "".join(filled[: deepest + 1]) or None


def _label(labels: list[str], subjects: list[tuple[Slot, Resolved]], ctx: RowContext) -> str:
    if not labels:
        return subjects[0][1].name if subjects else ""
    if ctx.kind in ("procurement", "service_procurement", "project_expenditure_summary", "general_public_project_expenditure") and len(labels) > 1:
        projects = [t for t in labels if not any(bare(t) == bare(s.name) for _, s in subjects)]
        if ctx.kind != "general_public_project_expenditure":
            return projects[-1] if projects else labels[-1]
    if subjects:
        primary = _primary(subjects)
        for t in labels:
            if bare(split_joined(canon(t))[1]) == bare(primary[1].name):
                return t
    return labels[-1] if len(labels) == 1 or not subjects else labels[0]


def _primary(subjects: list[tuple[Slot, Resolved]]) -> tuple[Slot, Resolved]:
    order = ("function", "economic_department", "economic_government", "income")
    return min(subjects, key=lambda s: order.index(s[1].scheme))


def _build(
    r: int, number: int, label: str, labels: list[str], subjects: list[tuple[Slot, Resolved]], printed: list[str],
    entity_here: str | None, project: str | None, entity_printed: bool, ctx: RowContext, state: _State,
) -> Row:
    word = next((w for t in labels if (w := ctx.words.row_words.get(bare(t)))), None)
    role = _role(label, word, subjects)
    kinds = {s.scheme: s for _, s in subjects}
    several = len(kinds) > 1
    primary = _primary(subjects)[1] if subjects else None
    entity, entity_code = state.entity, state.entity_code
    if role == "total" and not entity_printed and word is not None and bare(label) not in ("小计",):
        if not subjects:
            entity = entity_code = None
    own_type = _group_type(word, label, ctx, state, subjects)
    return Row(
        row=r, block=number, role=role, label=label, side=ctx.side,
        scheme=primary.scheme if primary else "none", code=primary.code if primary else None, name=primary.name if primary else None,
        function_code=kinds["function"].code if several and "function" in kinds else None,
        economic_department_code=kinds["economic_department"].code if several and "economic_department" in kinds else None,
        economic_government_code=kinds["economic_government"].code if several and "economic_government" in kinds else None,
        printed_code="/".join(printed) or None, project=project, entity=entity, entity_code=entity_code,
        expenditure_type=own_type, confidence=primary.confidence if primary else 1.0, doubt=primary.doubt if primary else None,
    )


def _role(label: str, word: Facet | None, subjects: list[tuple[Slot, Resolved]]) -> str:
    if is_of_which(label):
        return "of_which"
    if word is not None and word.name == "total" and not subjects:
        return "total"
    if word is not None and word.name == "subtotal":
        return "subtotal"
    return "detail"


def _group_type(word: Facet | None, label: str, ctx: RowContext, state: _State, subjects: list[tuple[Slot, Resolved]]) -> str | None:
    """基本/项目 as a group row: it and the rows below it carry the type, until a row of the same depth ends the group."""
    if not ctx.two_sided:
        return None
    level = enumerator_level(label) or 9
    if word is not None and word.name == "expenditure_type":
        state.expenditure_type, state.type_level = word.value, level
        return word.value
    if state.expenditure_type and (word is not None or (level <= state.type_level and not subjects)):
        state.expenditure_type = None
    if state.expenditure_type and level < state.type_level:
        state.expenditure_type = None
    return state.expenditure_type


def _hierarchy(rows: list[Row], grid: Grid) -> list[Row]:
    """Set level, parent and is_leaf from codes, enumerators and entities; totals stand on level 0."""
    ranks: list[tuple[int, ...]] = []
    any_entity = any(row.entity and bare(row.label) == bare(row.entity) for row in rows)
    last_enumerated = 0
    for row in rows:
        enumerated = enumerator_level(row.label)
        if row.role == "total":
            ranks.append((0,))
        elif row.entity and bare(row.label) == bare(row.entity):
            ranks.append((1, min(len(row.entity_code or "000000"), 9)))
        elif row.code:
            ranks.append((2 if any_entity else 1, 100 + level_of(row.code)))
        elif enumerated:
            last_enumerated = enumerated
            ranks.append((1, enumerated))
        elif is_of_which(row.label):
            ranks.append((1, last_enumerated + 1))
        else:
            ranks.append((2 if any_entity else 1, last_enumerated + 1 if last_enumerated else 99))
    order = {rank: n for n, rank in enumerate(sorted(set(ranks)))}
    out: list[Row] = []
    path: list[tuple[int, int]] = []  # (level, index)
    has_child: set[int] = set()
    for n, (row, rank) in enumerate(zip(rows, ranks, strict=True)):
        level = order[rank]
        while path and path[-1][0] >= level:
            path.pop()
        parent = path[-1][1] if path and rank != (0,) else None
        if parent is not None and rows[parent].role != "total" and row.role != "of_which":
            has_child.add(parent)
        path.append((level, n))
        out.append(replace(row, level=level, parent=rows[parent].row if parent is not None else None))
    return [_closed(row, n not in has_child and row.role not in ("total", "subtotal")) for n, row in enumerate(out)]


def _closed(row: Row, leaf: bool) -> Row:
    return replace(row, is_leaf=leaf, role="subtotal" if not leaf and row.role == "detail" else row.role)
