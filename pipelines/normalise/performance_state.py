"""What reading one performance table gathers: facts, indicators, statistics, and what became of each cell. Records only.

Here: making the records and the account of cells. Not here: which cell is what (performance_form, performance_rows).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from msgspec.structs import replace

from pipelines.normalise.facts import Position, Record, fact_record, hash_id, money_of, refused, table_id
from pipelines.normalise.performance_scores import EXECUTION, NAMES
from pipelines.normalise.performance_targets import Comparisons, Target
from pipelines.read.document import Cell
from pipelines.understand.amounts import Amount
from pipelines.understand.context.model import DocumentContext
from pipelines.understand.logical import Column, ColumnMeaning, LogicalTable, Row
from pipelines.understand.performance_words import PerformanceWords
from pipelines.understand.performance_zones import Zone
from pipelines.understand.text import bare
from pipelines.understand.vocabulary import Vocabulary

DEPARTMENT = "department"  # the scope of a form about the whole body


@dataclass
class Levels:
    """The first and second level in force in a list of indicators.

    `unnamed`: indicators by the level (level1, level2) whose merged cell began without a name: the next page prints it.
    """

    level1: str | None = None
    level2: str | None = None
    unnamed: dict[str, list[Record]] = field(default_factory=dict)


@dataclass(frozen=True)
class Numbered:
    """One numbered indicator (指标3：…): its number, the second level printed for its row, whether its own cell of that level is blank."""

    record: Record
    number: int
    printed: str | None
    blank: bool


@dataclass
class Scope:
    """What the next rows are about; taken over when a form goes on over the page."""

    name: str = DEPARTMENT
    project: str | None = None
    entity: str | None = None
    levels: dict[int, Levels] = field(default_factory=dict)  # by list: some forms print two side by side
    last: Record | None = None  # the last indicator read: a page end may have cut its words
    numbered: dict[int, list[Numbered]] = field(default_factory=dict)  # by list, the numbered indicators so far
    unit: str | None = None  # of money, as the form's own labels say it
    coded: bool = False  # the project's name was printed with the system's code before it
    records: list[Record] = field(default_factory=list)  # facts and indicators of this scope, to name them anew
    unnamed: list[Record] = field(default_factory=list)  # indicators of a project whose name is printed on the next page
    waiting: bool = False  # the rows being read are of such a project
    name_open: bool = False  # the name stood in the last row read, so that a page break may have cut it
    printed: dict[tuple[str, ...], tuple[int | None, int]] = field(default_factory=dict)  # a list's project and amounts → page, row


@dataclass
class PerformanceResult:
    """One table's records. `used`: (row, column) of a cell → facts, indicators, statistics, rejected, not_understood or other."""

    facts: list[Record] = field(default_factory=list)
    indicators: list[Record] = field(default_factory=list)
    statistics: list[Record] = field(default_factory=list)
    rejects: list[Record] = field(default_factory=list)
    used: dict[tuple[int, int], str] = field(default_factory=dict)
    begins: list[tuple[int, int]] = field(default_factory=list)  # where a form begins: indicators and facts made before it
    noted: list[tuple[Record, Cell, Decimal]] = field(default_factory=list)  # bare numbers in the remarks of indicators
    scope: Scope = field(default_factory=Scope)
    open_zone: Zone | None = None
    form_id: str = ""  # of the form read last
    first_rows: frozenset[tuple[str, ...]] = frozenset()  # texts of the rows of labels, to know a heading printed again


@dataclass
class Sheet:
    """One table being read, with all that its records need."""

    document_id: str
    table: LogicalTable
    context: DocumentContext
    vocabulary: Vocabulary
    words: PerformanceWords
    comparisons: Comparisons
    out: PerformanceResult
    scope: Scope
    form_id: str = ""  # of the printed form being read: its indicators and statistics share it
    forms: int = 0  # begun in this table
    execution: tuple[Cell, Decimal] | None = None  # 执行率分值（10分） of a form: points for the budget's execution, once it has indicators
    written: bool = True  # the form being read has records: what names a project next begins another one

    def __post_init__(self) -> None:
        if self.form_id:
            self.out.form_id = self.form_id
        else:
            self.begin_form()

    def begin_form(self) -> None:
        """What follows belongs to another printed form, if this one has begun at all."""
        if self.written:
            self.form_id = self.out.form_id = hash_id(self.document_id, "form", self.table.table_no, self.forms)
            self.forms += 1
            self.written = False
            self.execution = None

    @property
    def known_entities(self) -> dict[str, str]:
        """Units that the document lists, by their bare name."""
        return {bare(u.name): u.name for u in self.context.units}

    @property
    def own_names(self) -> frozenset[str]:
        """The names of the department itself, bare."""
        return frozenset(bare(n) for n in (self.context.entity_name, *self.context.aliases) if n)

    def begin_project(self, name: str, *, coded: bool) -> None:
        """The rows from here on are of another project; those that waited for its name get it."""
        scope = self.scope
        if name != scope.name:
            self.begin_form()
        for record in scope.unnamed:
            record |= {"scope": name, "form_id": self.form_id}
        scope.records, scope.unnamed, scope.waiting = list(scope.unnamed), [], False
        scope.name = scope.project = name
        scope.coded = coded
        scope.levels, scope.last, scope.numbered = {}, None, {}

    def complete_name(self, rest: str) -> None:
        """A page break cut the project's name: what was read under the first part gets the whole."""
        scope = self.scope
        scope.name = scope.project = scope.name + rest
        for record in scope.records:
            record["scope" if "scope" in record else "project_name"] = scope.name

    def mark(self, cell: Cell, became: str) -> None:
        """Note what a cell's numbers became; the first word stands."""
        self.out.used.setdefault((cell.row, cell.column), became)

    def amount(
        self, cell: Cell, amount: Amount, label: str, *, role: str, unit: str | None, path: str = "", meaning: ColumnMeaning | None = None,
        project: str | None = None, entity: str | None = None, confidence: float = 1.0, level: int = 0, parent: int | None = None,
        is_leaf: bool = True, raw: str | None = None, note: str | None = None,
    ) -> bool:
        """One fact from a cell; False when the cell gave none (no unit in force, too fine, given before)."""
        where = (cell.row, cell.column)
        if self.out.used.get(where) in ("facts", "rejected"):
            return False
        unit = amount.unit or unit or self.scope.unit or self.table.unit
        money = money_of(amount, unit)
        if money is None:
            self.out.used[where] = "not_understood"
            return False
        if (reject := refused(self.document_id, self.table, cell, money.yuan)) is not None:
            self.out.used[where] = "rejected"
            self.out.rejects.append(reject)
            return False
        self.out.used[where] = "facts"
        self.written = True
        row = Row(
            row=cell.row, block=0, role=role, label=label, level=level, parent=parent, is_leaf=is_leaf, side="expenditure",
            project=project, entity=entity, confidence=confidence,
        )
        column = Column(cell.column, "amount", path, meaning=meaning or ColumnMeaning())
        at = Position(self.table, row, column, cell if raw is None else replace(cell, text=raw))
        record = fact_record(self.document_id, at, money, self.context, self.vocabulary)
        record["notes"] = note
        self.out.facts.append(record)
        if project is not None and project == self.scope.project:
            self.scope.records.append(record)
        return True

    def indicator(
        self, cell: Cell, r: int, *, level1: str | None, level2: str | None, name: str, target_text: str, target: Target, actual_text: str,
        actual: float | None, points: float | None, score: float | None, part: int = 0,
    ) -> Record:
        """One indicator; the cell is that of its name, `r` the grid row it stands in (a name may be merged over several).

        `part`: which of several that one cell prints.
        """
        record: Record = {
            "indicator_id": hash_id(self.document_id, "indicator", self.table.table_no, r, cell.column, *([part] if part else [])),
            "document_id": self.document_id, "table_id": table_id(self.document_id, self.table), "page": cell.page,
            "scope": self.scope.name, "level1": level1, "level2": level2, "indicator": name,
            "target_text": target_text or None, "target_operator": target.operator,
            "target_value": target.value, "target_unit": target.unit, "actual_text": actual_text or None, "actual_value": actual,
            "points": points, "score": score, "form_id": self.form_id,
        }
        self.out.indicators.append(record)
        self.written = True
        if self.execution is not None:
            where, worth = self.execution
            self.execution = None
            self.statistic(where, f"{NAMES['points']} / {EXECUTION}", worth, "分")
        (self.scope.unnamed if self.scope.waiting else self.scope.records).append(record)
        return record

    def statistic(self, cell: Cell, name: str, value: Decimal, unit: str | None, as_of: str | None = None) -> None:
        """One counted thing."""
        self.mark(cell, "statistics")
        self.written = True
        self.out.statistics.append({
            "statistic_id": hash_id(self.document_id, "statistic", self.table.table_no, cell.row, cell.column),
            "document_id": self.document_id, "table_id": table_id(self.document_id, self.table), "page": cell.page,
            "entity_id": self.context.entity_id, "name": name, "value": value, "unit": unit, "as_of": as_of, "source": "table",
            "form_id": self.form_id,
        })
