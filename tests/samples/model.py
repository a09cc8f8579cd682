"""What a sample is made of: cells that know the fact they print, tables, text; and the budget rows that carry across forms.

Here: plain records, exact money, and the placing of cells with spans. Not here: any form (forms*.py), any body's figures
(bodies.py), any file format (write_*.py). Nothing here imports the pipeline: what is written beside a cell is what the
cell means because we made it so, which is why it can be the truth for the golden tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

YUAN_PER = {"元": Decimal(1), "万元": Decimal(10_000)}

FACT_COLUMNS = (
    "doc",
    "page",
    "table_kind",
    "title",
    "side",
    "subject_scheme",
    "subject_code",
    "row_label",
    "entity_name",
    "project_name",
    "funding",
    "expenditure_type",
    "budget_period",
    "stage",
    "fiscal_year",
    "measure",
    "column_subject_code",
    "amount_yuan",
    "function_code",
    "economic_department_code",
    "economic_government_code",
    "unit",
    "raw_text",
)


@dataclass(frozen=True)
class Meaning:
    """What a printed amount means, in the words of the warehouse (`facts`)."""

    side: str = "expenditure"
    subject_scheme: str = "none"
    subject_code: str = ""
    row_label: str = ""
    entity_name: str = ""
    project_name: str = ""
    funding: str = "total"
    expenditure_type: str = "total"
    budget_period: str = "total"
    stage: str = "budget"
    fiscal_year: int = 0
    measure: str = "amount"
    column_subject_code: str = ""
    function_code: str = ""
    economic_department_code: str = ""
    economic_government_code: str = ""


@dataclass(frozen=True)
class C:
    """One cell: its text, spans, and (for a printed amount) the amount in yuan with its meaning. `style`: head · label · money · code."""

    text: str = ""
    cols: int = 1
    rows: int = 1
    style: str = "label"
    yuan: Decimal | None = None
    meaning: Meaning | None = None


@dataclass(frozen=True)
class Placed:
    """A cell at its place in the grid."""

    row: int
    column: int
    cell: C


@dataclass(frozen=True)
class Indicator:
    """One performance indicator as the table prints it."""

    scope: str
    indicator: str
    target: str
    actual: str = ""
    points: str = ""
    score: str = ""


@dataclass(frozen=True)
class Table:
    """A table as published: `number` (公开01表) and `title` above it, `unit` at its right, `note` below it.

    `head` header rows and `body` rows as in HTML: a cell covered by a span from above or from the left is left out.
    """

    kind: str
    title: str
    head: tuple[tuple[C, ...], ...]
    body: tuple[tuple[C, ...], ...]
    unit: str = "万元"
    number: str = ""
    filler: str = ""  # 填报单位 line
    note: str = ""
    emptiness: str = "filled"
    widths: tuple[float, ...] = ()  # relative
    landscape: bool = False
    rotated: bool = False
    header_again: bool = True  # whether a continuation page prints the header again
    rows_per_page: int | None = None
    new_page: bool = True
    show_unit: bool = True
    indicators: tuple[Indicator, ...] = ()

    @property
    def n_columns(self) -> int:
        return sum(c.cols for c in self.head[0])

    def placed(self) -> list[Placed]:
        return list(place((*self.head, *self.body)))


@dataclass(frozen=True)
class Text:
    """A paragraph. `style`: cover · heading · text · note."""

    text: str
    style: str = "text"


@dataclass(frozen=True)
class PageBreak:
    """Start a new page (formats without pages ignore it)."""


Block = Table | Text | PageBreak


@dataclass(frozen=True)
class Sample:
    """One document to be written: its file name without suffix decides nothing, the suffix chooses the writer."""

    file: str
    blocks: tuple[Block, ...]
    entity: str
    region: str
    year: int
    kind: str
    about: str  # one line for docs/samples.md
    findings: tuple[dict[str, str], ...] = ()
    splits: tuple[tuple[str, int], ...] = ()  # PDF: (table title, first column of the right-hand page)

    @property
    def name(self) -> str:
        return self.file.rsplit(".", 1)[0]

    @property
    def tables(self) -> list[Table]:
        return [b for b in self.blocks if isinstance(b, Table)]


def place(rows: tuple[tuple[C, ...], ...]) -> Iterator[Placed]:
    """Give every cell its row and column. Raises ValueError when the spans do not tile the grid."""
    taken: set[tuple[int, int]] = set()
    width = sum(c.cols for c in rows[0])
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while (r, column) in taken:
                column += 1
            for dr in range(cell.rows):
                for dc in range(cell.cols):
                    if (r + dr, column + dc) in taken:
                        raise ValueError(f"cells overlap at row {r}, column {column}: {cell.text!r}")
                    taken.add((r + dr, column + dc))
            yield Placed(r, column, cell)
            column += cell.cols
    if taken != {(r, c) for r in range(len(rows)) for c in range(width)}:
        wrong = {(r, c) for r in range(len(rows)) for c in range(width)} ^ taken
        raise ValueError(f"the spans do not tile the grid: {sorted(wrong)[:5]} ({rows[0][0].text!r} …)")


def head(text: str, cols: int = 1, rows: int = 1) -> C:
    """A header cell."""
    return C(text, cols, rows, "head")


def code(text: str) -> C:
    """A code cell."""
    return C(text, style="code")


@dataclass(frozen=True)
class Money:
    """How a table prints amounts: its unit, decimals, thousands separators, and whether a zero is printed or left blank."""

    unit: str = "万元"
    decimals: int = 2
    separators: bool = False
    zero: str = "blank"  # blank · print

    def text(self, yuan: Decimal) -> str:
        """The lexeme. Raises ValueError when the amount is finer than the table prints (a sample never rounds)."""
        value = yuan / YUAN_PER[self.unit]
        shown = value.quantize(Decimal(1).scaleb(-self.decimals))
        if shown != value:
            raise ValueError(f"{yuan} yuan cannot be printed in {self.unit} with {self.decimals} decimals")
        return f"{shown:,}" if self.separators else f"{shown}"

    def cell(self, yuan: Decimal | None, meaning: Meaning, **changes: object) -> C:
        """The cell of an amount; None, and a zero that is not printed, give a blank."""
        if yuan is None or (yuan == 0 and self.zero == "blank"):
            return C(style="money")
        return C(self.text(yuan), style="money", yuan=yuan, meaning=replace(meaning, **changes))  # type: ignore[arg-type]


def wan(text: str) -> Decimal:
    """An amount given in 万元, in yuan."""
    return Decimal(text) * 10_000


@dataclass(frozen=True)
class Row:
    """One budget row: a function subject, its money by kind of spending, and its source."""

    code: str
    personnel: Decimal = Decimal(0)
    operating: Decimal = Decimal(0)
    project: Decimal = Decimal(0)
    source: str = "general_public_budget"

    @property
    def basic(self) -> Decimal:
        return self.personnel + self.operating

    @property
    def total(self) -> Decimal:
        return self.basic + self.project


@dataclass(frozen=True)
class Project:
    """One project: its name, money and source."""

    name: str
    code: str
    yuan: Decimal
    source: str = "general_public_budget"


@dataclass(frozen=True)
class Body:
    """A public body's budget for one year. `check()` says whether its figures agree with one another."""

    name: str
    code: str
    region: str
    region_name: str
    year: int
    rows: tuple[Row, ...]
    economic: tuple[tuple[str, Decimal], ...]  # basic expenditure of the general public budget by economic subject
    projects: tuple[Project, ...] = ()
    three_public: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # item: (year before, this year)
    carryover: Decimal = Decimal(0)  # 上年结转 of the general public budget within the totals
    last_year: Decimal = Decimal(0)  # last year's total, for the text
    staff: tuple[int, int] = (0, 0)  # 在职, 退休
    vehicles: int = 0

    @property
    def total(self) -> Decimal:
        return sum((r.total for r in self.rows), Decimal(0))

    def of(self, source: str) -> tuple[Row, ...]:
        return tuple(r for r in self.rows if r.source == source)

    def sum(self, what: str = "total", source: str | None = None) -> Decimal:
        return sum((getattr(r, what) for r in self.rows if source in (None, r.source)), Decimal(0))

    def income(self, source: str) -> Decimal:
        """This year's income of one source: what is spent from it less what is carried over."""
        return self.sum("total", source) - (self.carryover if source == "general_public_budget" else 0)

    def check(self) -> None:
        """Raises ValueError when the economic subjects, the projects or the functions disagree."""
        operating = sum((y for c, y in self.economic if c[:3] in ("302", "310")), Decimal(0))
        personnel = sum((y for c, y in self.economic if c[:3] in ("301", "303")), Decimal(0))
        gpb = "general_public_budget"
        pairs = {
            "公用经费": (operating, self.sum("operating", gpb)),
            "人员经费": (personnel, self.sum("personnel", gpb)),
            "项目支出": (sum((p.yuan for p in self.projects), Decimal(0)), self.sum("project")),
        }
        for r in self.rows:
            if r.project:
                pairs[f"项目 {r.code}"] = (
                    sum((p.yuan for p in self.projects if (p.code, p.source) == (r.code, r.source)), Decimal(0)),
                    r.project,
                )
        wrong = {k: v for k, v in pairs.items() if v[0] != v[1]}
        if wrong:
            raise ValueError(f"{self.name}: figures disagree: {wrong}")
