"""Trust: what may be said of each amount after all identities are known.

Here: the rules of CONTRACT `facts.trust`. Not here: which cell of a broken identity is wrong (`locate`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipelines.audit.echoes import digits
from pipelines.audit.identity import HINT, Identity
from pipelines.audit.locate import Cause
from pipelines.audit.sheet import Book, Figure

_STATED_TWICE = 2
_TABLES_AGREE = 2
_TELLING_DIGITS, _TELLING_NAMED = 4, 2  # digits that count: of totals, and of amounts under one name


def trust_of(
    book: Book, identities: Iterable[Identity], causes: Iterable[Cause], repaired: Collection[int] = (), odd: Collection[int] = (),
    witnessed: Collection[str] = (),
) -> dict[int, str]:
    """Trust by figure number.

    The cells of a proved cause are disputed and the identities it explains no longer speak against their other terms. Where no cell is
    proved, the terms of the failed identities are, if it is sure that these apply. Tables in `odd` have a doubtful unit; facts in
    `witnessed` stand in the running text, with their unit, too.
    """
    disputed: set[int] = set()
    cleared: set[int] = set()
    for cause in causes:
        disputed |= set(cause.cells) | cause.beside
        explained = {id(i) for i in cause.broken} - {id(i) for i in cause.given_up}
        cleared |= explained | {id(i) for i in cause.given_up if not i.sure or cause.missing}
    touching: dict[int, list[Identity]] = {}
    for identity in identities:
        if identity.state == "applies" and not identity.bound and not identity.empty:
            for figure in identity.figures:
                touching.setdefault(figure.no, []).append(identity)
    units = corroborated_units(book, touching)
    out: dict[int, str] = {}
    zeros: list[Figure] = []
    rows: dict[tuple[int, int], bool] = {}
    columns: dict[tuple[int, int], bool] = {}
    for figure in book.figures:
        if figure.fact is None:
            continue
        own = touching.get(figure.no, [])
        standing = [i for i in own if id(i) not in cleared]
        fails = any(not i.holds for i in standing)
        said = figure.fact["fact_id"] in witnessed
        # a doubtful reading is proved by exact sums only: rounding would hide a wrong last digit
        proved = said or any(i.holds and not i.trivial and (i.exact or figure.certain) for i in standing)
        proved = proved and not any(_odd_copy(i) for i in standing)
        unit = figure.table not in odd and (said or figure.table in units)
        if figure.no in repaired:
            out[figure.no] = "repaired"
        elif figure.no in disputed or fails or figure.table in odd:
            out[figure.no] = "disputed"
        else:
            out[figure.no] = "verified" if proved and unit and _year(book, figure) else "plausible"
            if not figure.value:
                zeros.append(figure)
        good = out[figure.no] in ("verified", "repaired")
        if figure.value:
            for place, key in ((rows, (figure.table, figure.row)), (columns, (figure.table, figure.column))):
                place[key] = place.get(key, True) and good
    for figure in zeros:
        around = rows.get((figure.table, figure.row), False) and columns.get((figure.table, figure.column), False)
        if out[figure.no] == "verified" and not around:
            out[figure.no] = "plausible"
    return out


def _odd_copy(identity: Identity) -> bool:
    """Whether two places print one amount to the same digit and yet not alike: rounding does not explain that."""
    printed = [f for f in identity.figures if f.value]
    alike = len(printed) == _STATED_TWICE and len({f.increment for f in printed}) == 1
    return alike and not identity.exact and (identity.strength > HINT or identity.rule == "same_amount")


def corroborated_units(book: Book, touching: dict[int, list[Identity]]) -> set[int]:
    """Tables whose unit a second place confirms: stated twice, or stated and in agreement with another table that states its own."""
    stated = {
        s.index for s in book.sheets
        if (s.table.unit is not None and s.table.unit_evidence >= 1) or any(c.meaning and c.meaning.unit for c in s.table.columns)
    }
    out = {s.index for s in book.sheets if s.table.unit is not None and s.table.unit_evidence >= _STATED_TWICE}
    seen: set[int] = set()
    for own in touching.values():
        for identity in own:
            if id(identity) in seen or identity.family != "cross_table" or not identity.holds:
                continue
            seen.add(id(identity))
            tables = {f.table for f in identity.figures if f.value}
            needed = _TELLING_DIGITS if identity.rule == "same_source" else _TELLING_NAMED
            if len(tables) == _TABLES_AGREE and tables <= stated and any(digits(f) >= needed for f in identity.figures):
                out |= tables
    return out


def _year(book: Book, figure: Figure) -> bool:
    said = book.sheets[figure.table].table.year
    return book.year_corroborated or (said is not None and said == book.fiscal_year)
