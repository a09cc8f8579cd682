"""From failed identities to guilty cells: components, costs of changing a cell, and what a solution proves.

Here: which cells are wrong and what they should read. Not here: the search itself (`search`), findings as rows (`findings`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.audit.identity import HINT, Identity
from pipelines.audit.missing import missing_row
from pipelines.audit.peel import peel
from pipelines.audit.search import MARGIN, Search, Solution, drop_cost
from pipelines.audit.sheet import Figure
from pipelines.audit.shifted import shifted
from pipelines.audit.slid import slid
from pipelines.audit.slips import is_slip, slipped
from pipelines.audit.witness import Rounding, independent, rounding, settle, sign_of

MAX_NODES = 1_500  # of the search, a component
MAX_COMPONENTS = 60  # that are searched; of what else is broken no cell is named, but it is said
_MANY = 3  # guilty cells of a column
_WITNESSES = 2  # independent identities that prove a value on their own
_CHANCE, _CHANCE_ALONE = 0.01, 0.15  # likelihood of a gap that looks like a slip and is none
_OPEN = frozenset({"applies", "not_applicable", "aside"})
_RECONSIDERED = 0.7  # strength of an identity that was set aside, but misses by a slip of the pen
_WAN = 10_000
_COST_PRINTED, _COST_BLANK, _COST_DOUBTFUL, _COST_SLIP = 1.0, 1.25, 0.6, 0.85


@dataclass(slots=True)
class Cause:
    """What explains one component of failures.

    `cells` are the guilty ones with their expected value in steps (empty when no solution is unique); `proofs` the identities that
    the change mends; `given_up` those it leaves; `suspects` all cells of solutions that are about as good.
    """

    broken: list[Identity]
    cells: dict[int, int] = field(default_factory=dict)
    proofs: dict[int, list[Identity]] = field(default_factory=dict)
    given_up: list[Identity] = field(default_factory=list)
    suspects: set[int] = field(default_factory=set)
    unique: bool = False
    moved: int | None = None  # the cell in which the (first) guilty cell's amount should stand
    slid: int = 0  # 1: the guilty cells' amounts stand a row too low, -1: too high
    missing: dict[int, int] = field(default_factory=dict)  # amounts by column of the one row that is not there, if that explains it
    complete: bool = True
    beside: set[int] = field(default_factory=set)  # amounts that are the very gap and stand beside a blank of it: perhaps its own
    sure: set[int] = field(default_factory=set)  # guilty cells whose value is proved, to the last digit: only these are suggested


def locate(figures: Sequence[Figure], identities: Sequence[Identity]) -> list[Cause]:
    """The causes of all failures of a document, one a component of failed identities that share cells (or copies of cells)."""
    reconsider(identities)
    rounds = rounding(i for i in identities if i.state == "applies" and not i.bound)
    live = [i for i in identities if i.state == "applies" and not i.bound]
    touching: dict[int, list[int]] = defaultdict(list)
    for n, identity in enumerate(live):
        for no in {f.no for f in identity.figures}:
            touching[no].append(n)
    causes = []
    for slide in slid(live, touching, figures):
        mended = [live[n] for n in slide.mended]
        proofs = {no: [live[n] for n in touching[no] if n in slide.mended] for no in slide.cells}
        causes.append(Cause(mended, slide.cells, proofs, suspects=set(slide.cells), unique=True, slid=slide.way))
    for move in shifted(live, touching, figures):
        mended = [live[n] for n in move.mended]
        cells = {move.source: 0, move.target: figures[move.source].value}
        causes.append(Cause(mended, cells, dict.fromkeys(cells, mended), suspects=set(cells), unique=True, moved=move.target,
                            sure=set(cells)))
    for change in peel(live, touching, figures, rounds):
        mended = [live[n] for n in change.mended]
        value = figures[change.cell].value + change.delta
        causes.append(Cause(mended, {change.cell: value}, {change.cell: mended}, suspects={change.cell}, unique=True,
                            sure={change.cell} if change.sure else set()))
    broken = [n for n, i in enumerate(live) if not i.holds]
    found = components(live, broken, touching)
    causes.extend(_solve(figures, live, touching, members, rounds) for members in found[:MAX_COMPONENTS])
    causes.extend(_unsearched([live[n] for n in members]) for members in found[MAX_COMPONENTS:])
    for identity in live:
        identity.evaluate()
    _doubt_columns(figures, causes)
    _doubt_neighbours(figures, causes)
    return causes


def _doubt_neighbours(figures: Sequence[Figure], causes: Sequence[Cause]) -> None:
    """Where no cell can be named, an amount that is what a sum misses, in the row of one of its blanks, may stand in the wrong column."""
    open_ones = [i for cause in causes if not cause.cells for i in cause.broken if i.sure]
    tables = {f.table for i in open_ones for f in i.figures}
    rows: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for figure in figures if open_ones else ():
        if figure.table in tables and figure.value and figure.fact is not None:
            rows[figure.table, figure.row].append(figure)
    for cause in causes:
        for identity in cause.broken if not cause.cells else ():
            own = {f.no for f in identity.figures}
            if identity.sure:
                cause.beside |= {
                    other.no for f in identity.right if not f.value for other in rows[f.table, f.row]
                    if other.value == identity.residual and other.no not in own
                }


def _doubt_columns(figures: Sequence[Figure], causes: Sequence[Cause]) -> None:
    """Where many cells of a column are guilty, or a column slid, the column stands in the wrong place, or rows do: no value is sure.

    A failure that nobody could be named for counts as a guilty cell of each column it speaks of.
    """
    guilty = Counter((figures[no].table, figures[no].column) for cause in causes for no in cause.cells)
    for cause in causes:
        if not cause.cells and not cause.missing:
            guilty.update({(f.table, f.column) for i in cause.broken if i.sure for f in i.figures if f.value})
    slid_tables = {figures[no].table for cause in causes if cause.slid for no in cause.cells}
    for cause in causes:
        cause.sure -= {
            no for no in cause.sure
            if figures[no].table in slid_tables or guilty[(figures[no].table, figures[no].column)] >= _MANY
            or _other_unit(figures[no].value, cause.cells[no])
        }


def _other_unit(printed: int, wanted: int) -> bool:
    """Whether an amount is ten thousand times another to its rounding, but not to its last digit: one is in 元, the other in 万元."""
    big, small = max(abs(printed), abs(wanted)), min(abs(printed), abs(wanted))
    return bool(small) and big != small * _WAN and abs(big - small * _WAN) * _WAN < big


def reconsider(identities: Sequence[Identity]) -> None:
    """Identities that were set aside because they fail apply after all, where the gap is one slip of the pen in one of their terms.

    The only sum of its kind that fails in a table may do so by shorter numbers than one of many: many that fail are no sums at all.
    """
    open_ones = (i for i in identities if i.state in _OPEN and not (i.state == "applies" and i.sure))
    doubtful = [i for i in open_ones if not i.bound and not i.holds and i.strength > HINT]
    amounts: dict[int, set[int]] = defaultdict(set)
    explained = {frozenset(f.no for f in i.figures if f.value) for i in identities if i.state == "applies" and i.holds}
    kinds: Counter[tuple[object, ...]] = Counter((i.table, *i.group[:4]) for i in doubtful)
    for identity in identities if doubtful else ():
        for figure in identity.figures:
            amounts[figure.table].add(abs(figure.value))
    for identity in doubtful:
        if frozenset(f.no for f in identity.figures if f.value) in explained:
            continue
        elsewhere = set().union(*(amounts[t] for t in {f.table for f in identity.figures}))
        alone = kinds[(identity.table, *identity.group[:4])] == 1 and identity.state != "aside"
        if slipped(identity, elsewhere, _CHANCE_ALONE if alone else _CHANCE):
            identity.state, identity.strength = "applies", max(identity.strength, _RECONSIDERED)


def components(live: Sequence[Identity], broken: Sequence[int], touching: dict[int, list[int]]) -> list[list[int]]:
    """Broken identities that share a cell, or whose cells are copies of one another, belong together."""
    owner: dict[object, int] = {}
    parent = {n: n for n in broken}

    def find(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    def claim(cell: object, n: int) -> None:
        if cell in owner:
            parent[find(n)] = find(owner[cell])
        else:
            owner[cell] = n

    for n in broken:
        if live[n].group:
            claim(("group", *live[n].group), n)  # one hypothesis over several columns
        for figure in live[n].figures:
            claim(figure.no, n)
            if figure.value and live[n].group[:1] != ("row",):
                for m in touching[figure.no]:
                    if live[m].family == "cross_table":
                        for copy in live[m].figures:
                            claim(copy.no, n)
    out: dict[int, list[int]] = defaultdict(list)
    for n in broken:
        out[find(n)].append(n)
    return list(out.values())


def _unsearched(broken: list[Identity]) -> Cause:
    """The cause of failures in which no cell was looked for, or none was found."""
    return Cause(broken, given_up=broken, suspects={f.no for i in broken for f in i.figures if f.fact}, complete=False)


def _solve(
    figures: Sequence[Figure], live: Sequence[Identity], touching: dict[int, list[int]], members: list[int], rounds: Rounding,
) -> Cause:
    cause = Cause([live[n] for n in members])
    cost_of = _Costs(figures, live, touching, members)
    search = Search(live, touching, cost_of, MAX_NODES)
    limit = _give_up_cost([live[n] for n in members])
    solutions = search.run(members, limit)
    cause.complete = search.complete
    if not solutions:
        return replace(_unsearched(cause.broken), complete=search.complete)
    best = solutions[0]
    near = [s for s in solutions if s.cost <= best.cost + MARGIN and set(s.changes) != set(best.changes)]
    cause.suspects = {no for s in solutions if s.cost <= best.cost + MARGIN for no in s.changes}
    cause.unique = not near and search.complete and bool(best.changes)
    cause.given_up = [i for i in cause.broken if i.group in best.dropped]
    if cause.unique:
        _prove(cause, best, figures, live, touching, members, rounds)
    else:
        cause.given_up = cause.broken
        cause.missing = missing_row(cause.broken, live)
        cause.suspects |= {f.no for i in cause.broken if i.group in best.dropped for f in i.figures if f.fact}
    return cause


def _give_up_cost(broken: list[Identity]) -> float:
    prices: dict[object, float] = {}
    for n, identity in enumerate(broken):
        key = identity.group or n
        prices[key] = max(prices.get(key, 0.0), drop_cost(identity))
    return sum(prices.values())


class _Costs(dict[int, float]):
    """Cost of changing a cell: less for a doubtful reading or a value that a slip of the pen would explain, more for a blank."""

    def __init__(self, figures: Sequence[Figure], live: Sequence[Identity], touching: dict[int, list[int]], members: list[int]) -> None:
        super().__init__()
        self.figures = figures
        self.wanted: dict[int, set[int]] = defaultdict(set)
        for n in members:
            identity = live[n]
            for figure in identity.left:
                self.wanted[figure.no].add(figure.value - identity.residual)
            for figure in identity.right:
                self.wanted[figure.no].add(figure.value + identity.residual)

    def __missing__(self, no: int) -> float:
        figure = self.figures[no]
        wanted = self.wanted.get(no, set())
        if figure.fact is None:
            cost = _COST_BLANK
        elif any(abs(r.value - w) <= 2 * figure.increment for r in figure.readings for w in wanted):
            cost = 0.3
        elif not figure.certain:
            cost = _COST_DOUBTFUL
        elif any(is_slip(figure.value, w, figure.increment) for w in wanted):
            cost = _COST_SLIP
        else:
            cost = _COST_PRINTED
        self[no] = cost
        return cost


def _prove(
    cause: Cause, best: Solution, figures: Sequence[Figure], live: Sequence[Identity], touching: dict[int, list[int]],
    members: list[int], rounds: Rounding,
) -> None:
    dropped, inside = best.dropped, set(members)
    cause.given_up = [live[n] for n in members if live[n].group in dropped]
    _change_all(best, live, touching, 1)
    for no, found in best.changes.items():
        cause.proofs[no] = [live[n] for n in touching[no] if n in inside and live[n].group not in dropped]
        # as if only this cell were still to be found: what it must be, given the others
        terms = [(live[n], sign) for n in touching[no] if live[n].holds and (sign := sign_of(live[n], no))]
        for identity, sign in terms:
            identity.residual -= sign * found
        value = settle(figures[no], found, terms, rounds)
        own = [i for i in cause.proofs[no] if all(f.no == no or f.no not in best.changes for f in i.figures)]
        slip = is_slip(figures[no].value, figures[no].value + value.delta, figures[no].increment) and any(map(slipped, own))
        if value.sure and not cause.given_up and (independent(no, own) >= _WITNESSES or (slip and len(best.changes) == 1)):
            cause.sure.add(no)
        for identity, sign in terms:
            identity.residual += sign * found
        cause.cells[no] = figures[no].value + value.delta
    _change_all(best, live, touching, -1)


def _change_all(solution: Solution, live: Sequence[Identity], touching: dict[int, list[int]], way: int) -> None:
    for no, delta in solution.changes.items():
        for n in touching[no]:
            live[n].residual += way * sign_of(live[n], no) * delta
