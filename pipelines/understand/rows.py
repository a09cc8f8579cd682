"""What each row of each block is: whose money, which subject, which project, total or detail, and its place in the hierarchy.

Here: reading the descriptor cells of body rows, top to bottom, with what the rows above left open (code above, unit, group). Subjects
are resolved by `subjects`. Not here: amounts, columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.understand.amounts import is_filler, parse_amount
from pipelines.understand.carry import carries, source_of
from pipelines.understand.descriptors import Slot, looks_like_entity, printed_code, row_slots
from pipelines.understand.grid import Grid
from pipelines.understand.levels import hierarchy
from pipelines.understand.logical import Column, Row
from pipelines.understand.saying import UNKNOWN_WORD, Saying, stage_alone, when
from pipelines.understand.short_items import items_by_place
from pipelines.understand.subjects import Resolved, SubjectBook, Trail, resolve, split_joined
from pipelines.understand.text import bare, canon, enumerator_level, is_of_which
from pipelines.understand.vocabulary import SAYS, Facet, Vocabulary

BASIC_KINDS = ("basic_expenditure_summary", "general_public_basic_expenditure", "fiscal_appropriation_basic_expenditure")
ECONOMIC_KINDS = (*BASIC_KINDS, "general_public_expenditure_economic", "operating_expense")
PROJECT_KINDS = ("project_expenditure_summary", "general_public_project_expenditure")
LIST_KINDS = ("procurement", "service_procurement", "project_expenditure_summary")  # the last label is the row's own
_SCHEME_ORDER = ("function", "economic_department", "economic_government", "income")
_TORN_CODE = re.compile(r"(?<=[^\d.])(\d{7}|\d{5})[-—]([^\d\-—].*)$")
_SUMS = ("小计", "合计")
_GROUP_END = re.compile(r"经济分类$|功能分类$")


@dataclass(frozen=True)
class RowContext:
    """What the rows of a table are read against."""

    kind: str
    side: str | None
    entities: frozenset[str]  # known names of the department and its units, bare
    entity_codes: dict[str, str]  # printed unit code → name
    seen_codes: set[str]
    words: Vocabulary
    book: SubjectBook
    two_sided: bool = False
    grouped: bool = False  # 基本支出 and 项目支出 stand as rows over the lines that they hold
    year: int | None = None


@dataclass
class _Found:
    """What one row's cells said, slot by slot."""

    subjects: list[Resolved] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # of these, what names the row itself: a project, a thing procured
    printed: list[str] = field(default_factory=list)
    unit_code: str = ""  # what the row prints as its code where it names no subject
    entity: str | None = None
    project: str | None = None
    stage: str | None = None
    year: int | None = None
    year_offset: int | None = None

    def said_when(self, facets: tuple[Facet, ...]) -> None:
        """Take what words say of stage and year."""
        said = {f.name: f.value for f in facets}
        self.stage = said.get("stage", self.stage)
        self.year = int(said["fiscal_year"]) if "fiscal_year" in said else self.year
        self.year_offset = int(said["year"]) if "year" in said else self.year_offset


def read_rows(grid: Grid, body: list[int], block: list[Column], number: int, ctx: RowContext) -> list[Row]:
    """The rows of one block, top to bottom, with levels and parents set. Rows that print nothing in the block are left out."""
    amounts = [c.column for c in block if c.role == "amount"]
    groups = row_slots(block, ctx.two_sided)
    described = {c.column for slot in groups for c in (*slot.codes, *([slot.name] if slot.name else []))}
    left = [
        c
        for c in block
        if amounts
        and c.column < amounts[0]
        and c.role != "blank"
        and c.column not in described - {k.column for s in groups for k in s.codes}
    ]
    saying = [c for c in block if c.role in SAYS]
    reader = _Reader(grid, groups, left, saying, number, ctx)
    rows = []
    for r in body:
        row = reader.row(r)
        if row.label or row.code or any(grid.text(r, c) for c in amounts):
            rows.append(row)
    return hierarchy(items_by_place(rows, ctx.book, ctx.year), projects=ctx.kind in PROJECT_KINDS)


class _Reader:
    """Reads one block's rows in order; its state is what rows above leave to those below."""

    def __init__(
        self, grid: Grid, groups: list[Slot], left: list[Column], saying: list[Column], number: int, ctx: RowContext
    ) -> None:
        self.grid, self.groups, self.left, self.number, self.ctx = grid, groups, left, number, ctx
        self.unit_names = dict(ctx.entity_codes)
        self.entity: str | None = None
        self.entity_code: str | None = None
        self.expenditure_type: str | None = None
        self.type_level = 0
        self.saying = Saying(grid, saying, ctx.words)
        self.name_above = ""
        self.trails: dict[str, Trail] = {}

    def row(self, r: int) -> Row:
        """One row."""
        found = _Found()
        for slot in self.groups:
            if slot.kind in ("entity", "entity_or_project"):
                self._entity(r, slot, found)
            elif slot.kind == "project":
                self._project(r, slot, found)
            elif slot.kind == "year":
                self._year(r, slot, found)
            else:
                self._subject(r, slot, found)
        if not found.labels:  # 合计 in a column of codes or remarks; else what stands next to the amounts
            left = [t for c in self.left if (t := self._text(r, c)) and parse_amount(t) is None]
            found.labels.extend([t for t in left if bare(t) in self.ctx.words.row_words] or left[-1:])
        if not found.labels and self.name_above and (found.year or found.stage or found.year_offset is not None):
            found.labels.append(self.name_above)  # a unit over its lines of years, printed once
        self.name_above = found.labels[0] if found.labels else ""
        return self._build(r, found)

    def _text(self, r: int, column: Column | None) -> str:
        text = self.grid.text(r, column.column) if column else ""
        return "" if is_filler(text) else text

    def _set_entity(self, name: str, code: str | None) -> None:
        if self.entity is None or bare(self.entity) != bare(name) or (code and code != self.entity_code):
            self.trails.clear()
        self.entity, self.entity_code = name, code
        if code:
            self.unit_names[code] = name

    def _entity(self, r: int, slot: Slot, found: _Found) -> None:
        name = self._text(r, slot.name)
        code = next((t for c in slot.codes if (t := self._text(r, c))), "")
        if slot.name is None:  # a unit code without a name beside it
            if code in self.unit_names:
                self._set_entity(self.unit_names[code], code)
            return
        joined, rest = split_joined(canon(name)) if name else (None, name)
        if joined and looks_like_entity(rest, self.ctx.entities):
            code, name = code or joined, rest
        if not name:
            return
        found.labels.append(name)
        if self.ctx.words.row_words.get(bare(name)) is not None or parse_amount(name) is not None:  # the 0 of an empty form
            return
        alike, unit = looks_like_entity(name, self.ctx.entities), self.unit_names.get(code, name)
        if slot.kind == "entity_or_project" and not alike and bare(unit) != bare(name):
            self._set_entity(unit, code)  # the code of the unit above stands beside its projects, too
        elif slot.kind == "entity" or code or alike:
            self._set_entity(name, code or None)
            found.entity = name
            found.unit_code = code if code.isdigit() else ""
            return
        subject = self._resolve("economic", joined, rest, "economic") if self.ctx.kind in BASIC_KINDS else None
        if subject:  # 支出项目类别 of a basic expenditure table: its lines are economic subjects
            found.subjects.append(subject)
        elif not self.ctx.two_sided:
            found.project = name

    def _project(self, r: int, slot: Slot, found: _Found) -> None:
        name = self._text(r, slot.name)
        if not name:
            return
        found.labels.append(name)
        if parse_amount(name) is not None:
            return
        found.own.append(name)
        if self.ctx.two_sided or (self.ctx.side == "income" and self.ctx.kind != "non_tax_collection"):
            return  # 项目名称 over the lines of a summary: sources and kinds of spending
        if bare(name) in self.ctx.entities:
            self._set_entity(name, self._unit_code(r))
            found.entity = name
        elif found.project is None and ((word := self.ctx.words.row_words.get(bare(name))) is None or self._holds(r, slot, word)):
            found.project = name

    def _holds(self, r: int, slot: Slot, word: Facet) -> bool:
        """Whether a row's 公用经费 is the project that holds what another column of the row names (预算项目 | 采购项目)."""
        others = (self._text(r, s.name) for s in self.groups if s.kind == "project" and s is not slot)
        return word.name == "expenditure_type" and any(others)

    def _unit_code(self, r: int) -> str | None:
        """The unit code that a row prints in a column of its own, without a name beside it."""
        codes = (c for s in self.groups if s.kind == "entity" and s.name is None for c in s.codes)
        return next((t for c in codes if (t := self._text(r, c))), None)

    def _year(self, r: int, slot: Slot, found: _Found) -> None:
        found.said_when(when(self._text(r, slot.name), self.ctx.words))

    def _subject(self, r: int, slot: Slot, found: _Found) -> None:
        ctx = self.ctx
        name, code = self._text(r, slot.name), printed_code(self.grid, r, slot, self._code_above(slot))
        if slot.kind == "subject" and not name and code is None:  # 合计 in the code column
            name = next((t for c in slot.codes if (t := self._text(r, c)) and not t.isdigit() and canon(t) not in ("类", "款", "项")), "")
        if canon(name) in ("类", "款", "项"):
            name = ""  # heads that stand in the total's row: 类 | 款 | 项 | 合计
        if not name and not code:
            return
        raw = name
        joined, rest = split_joined(canon(name)) if name else (None, name)
        if joined is None and code is None and (torn := _TORN_CODE.search(canon(name))):
            joined, rest = torn.group(1), torn.group(2)  # the end of the name above hangs over the rule: 缴费支出2101101-行政单位医疗
        if joined and code is None:
            code, name = joined, rest
        elif joined and code and len(joined) == 2 and len(code) in (3, 5):
            code, name = code + joined, rest  # 212 | 01 | 01 行政运行
        if code:
            found.printed.append(code)
        if raw:
            found.labels.append(raw)
            if slot.kind == "label" and not (ctx.kind in PROJECT_KINDS and found.own and slot.unnamed(ctx.words)):
                found.own.append(raw)
        word = ctx.words.row_words.get(bare(name)) if name else None
        if not code and (
            word is not None or (slot.kind == "label" and (ctx.side == "income" or ctx.kind in (*LIST_KINDS, "three_public")))
        ):
            return  # totals, groups; sources, 三公 items and things procured are labels, no subjects
        above = {trail.last[:3] for trail in self.trails.values() if trail.last}
        key = slot.scheme or ("economic" if slot.kind == "subject" and not slot.codes and ctx.kind in ECONOMIC_KINDS else None)
        subject = self._resolve(key, code, name, key or "any")
        inside = subject is not None and subject.code[:3] in above and bare(name) not in ctx.entities  # 图书馆 below 文化支出
        entity_like = bool(name) and word is None and not inside and looks_like_entity(name, ctx.entities)
        if subject is not None and (code is not None or not entity_like):
            found.subjects.append(subject)
            if code and not entity_like and word is None and self._names_project(slot, subject, name):
                found.project = name
        elif entity_like and slot.kind != "label":
            self._set_entity(name, code or self._unit_code(r))
            found.entity = name

    def _names_project(self, slot: Slot, subject: Resolved, name: str) -> bool:
        """Whether a name beside a code is a project's (213 | 03 | 05 | 农村饮水工程 in a project table without a column for projects)."""
        ctx = self.ctx
        open_name = ctx.kind in PROJECT_KINDS and slot.name is not None and slot.name.role == "entity_or_subject"
        own = bool(name) and not ctx.book.is_name_of(subject.scheme, subject.code, name) and not ctx.book.candidates(subject.scheme, name)
        return open_name and own and not any(s.kind in ("project", "entity_or_project") for s in self.groups)

    def _resolve(self, scheme: str | None, code: str | None, name: str, trail: str) -> Resolved | None:
        ctx, here = self.ctx, self.trails.setdefault(trail, Trail())
        found = resolve(ctx.book, scheme, code, bare(name), here, ctx.seen_codes, year=ctx.year)
        if found is not None:
            here.last = found.code
        return found

    def _code_above(self, slot: Slot) -> str:
        """The code that the rows above left open in a slot's classification."""
        trail = self.trails.get(slot.scheme or "any")
        return (trail.last or "") if trail is not None else ""

    def _build(self, r: int, found: _Found) -> Row:
        ctx = self.ctx
        word = next((w for t in found.labels if (w := self._word(t))), None)
        primary = min(found.subjects, key=lambda s: _SCHEME_ORDER.index(s.scheme)) if found.subjects else None
        label = self._label(found, primary)
        group = self._group(r, found) if primary is None and found.entity is None and found.project is None else None
        if group is not None and word is not None and word.name in ("subtotal", "total") and bare(label) in _SUMS:
            label, word, group = group, Facet("subtotal", "subtotal"), None  # 其他资金 | 小计
        elif bare(label) in _SUMS and primary is None and found.entity is None and bare(found.labels[0]) not in ctx.words.row_words:
            label, word = found.labels[0], None  # 政府性基金 | 小计 and nothing below it
        if not found.labels and not found.printed and not found.subjects:
            described = any(s.kind != "year" for s in self.groups)  # without any descriptor column the one line is the total
            return Row(
                r,
                self.number,
                "total",
                self._left_label(r) if described else "合计",
                side=ctx.side,
                stage=found.stage,
                year=found.year,
                year_offset=found.year_offset,
                entity=self.entity,
                entity_code=self.entity_code,
                confidence=0.5 if described else 0.9,
            )
        if word is None and primary is None and found.entity is None and found.project is None:
            found.said_when(stage_alone(label, ctx.words))
        role = _role(label, word, primary)
        whole = found.entity is None and (role == "total" or (word is not None and word.name == "group"))  # 全额 heads units
        said, doubt = self.saying.of(r, role)
        kinds = {s.scheme: s.code for s in found.subjects} if len({s.scheme for s in found.subjects}) > 1 else {}
        return Row(
            row=r,
            block=self.number,
            role=role,
            label=label,
            side=ctx.side,
            scheme=primary.scheme if primary else "none",
            code=primary.code if primary else None,
            name=primary.name if primary else None,
            function_code=kinds.get("function"),
            economic_department_code=kinds.get("economic_department"),
            economic_government_code=kinds.get("economic_government"),
            printed_code="/".join(found.printed) or found.unit_code or None,
            project=found.project,
            entity=None if whole else self.entity,
            entity_code=None if whole else self.entity_code,
            funding=said.get("funding"),
            expenditure_type=said.get("type") or self._group_type(word, label, primary),
            budget_period=said.get("period"),
            stage=found.stage,
            year=found.year,
            year_offset=found.year_offset,
            carry=primary is None and found.entity is None and found.project is None and carries(label, ctx.words),
            group=group,
            source=source_of(label, ctx.words) if primary is None else None,
            confidence=min(primary.confidence if primary else 1.0, UNKNOWN_WORD if doubt else 1.0),
            doubt=doubt or (primary.doubt if primary else None),
        )

    def _group(self, r: int, found: _Found) -> str | None:
        """The text of a merged cell over several rows left of the row's own label, in a list of sources or kinds of spending."""
        names = [s.name for s in self.groups if s.name is not None] + self.left
        for column in names[:1]:
            cell = self.grid.at(r, column.column)
            text = self.grid.text(r, column.column)
            if cell is not None and cell.row_span > 1 and text and any(t != text for t in found.labels):
                return text
        return None

    def _left_label(self, r: int) -> str:
        """The total's label in the block left of this one (公用经费合计 over two blocks), or nothing."""
        own = [c.column for s in self.groups for c in (*s.codes, *([s.name] if s.name else []))]
        for c in range(min(own) - 1, -1, -1):
            text = self.grid.text(r, c)
            if text:
                return text if (w := self.ctx.words.row_words.get(bare(text))) and w.name in ("total", "subtotal") else ""
        return ""

    def _word(self, label: str) -> Facet | None:
        """What a label says as a row word; in two-sided tables also a kind of spending (人员经费支出) as a group."""
        name = bare(split_joined(canon(label))[1])
        word = self.ctx.words.row_words.get(name)
        if word is None and self.ctx.two_sided and self.ctx.side != "income":
            facets = self.ctx.words.facets_of(name) or ()
            types = [f.value for f in facets if f.name == "type"]
            if types and all(f.name in ("type", "neutral") for f in facets):
                return Facet("expenditure_type", types[-1])
        return word

    def _label(self, found: _Found, primary: Resolved | None) -> str:
        labels = found.labels
        if not labels:
            return primary.name if primary else ""
        if found.project is not None and self.ctx.kind in LIST_KINDS:
            return next((t for t in reversed(found.own) if bare(t) != bare(self.entity or "")), found.project)
        if self.ctx.kind in LIST_KINDS or primary is None:
            own = [t for t in labels if not any(bare(split_joined(canon(t))[1]) == bare(s.name) for s in found.subjects)]
            return own[-1] if own else labels[-1]
        named = [t for t in labels if bare(split_joined(canon(t))[1]) == bare(primary.name)]
        coded = (t for t in named if split_joined(canon(t))[0] == primary.code)  # 50103-住房公积金 | 30113-住房公积金
        return next(coded, (named or labels)[0])

    def _group_type(self, word: Facet | None, label: str, primary: Resolved | None) -> str | None:
        """基本/项目 as a group row: it and the rows below it carry the type, until a row of the same depth ends the group."""
        if not (self.ctx.two_sided or self.ctx.grouped):
            return None
        level = enumerator_level(label) or 9
        if word is not None and word.name == "expenditure_type":
            self.expenditure_type, self.type_level = word.value, level
        elif self.expenditure_type and (
            word is not None or level < self.type_level or (level == self.type_level and primary is None) or _GROUP_END.search(bare(label))
        ):
            self.expenditure_type = None
        return self.expenditure_type


def _role(label: str, word: Facet | None, primary: Resolved | None) -> str:
    if is_of_which(label):
        return "of_which"
    if word is not None and word.name in ("total", "subtotal") and primary is None:
        return word.name
    return "subtotal" if word is not None and word.name == "group" else "detail"
