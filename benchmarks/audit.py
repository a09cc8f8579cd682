"""How many planted mistakes the audit finds: one at a time, of known kinds, in clean documents, with a fixed seed.

    uv run python benchmarks/audit.py [--plants 30] [--seed 20261121] [PATH ...]

Without paths the committed samples are used. Each document is read and understood once; then, for every plant, the text of one numeric
cell (or a row, a unit) of its understood tables is altered, and the rest of the way (normalise, audit) is run anew. Printed, by kind:

    found      a new finding, or a check that fails and did not before
    located    a finding names the altered cell (of a dropped row: a cell of its column or parent)
    right      the suggested amount is what stood there before
    verified   the altered amount is still called `verified`: the audit was deceived
    alarms     new findings of severity `error` that name another cell
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from msgspec.structs import replace

from pipelines.audit.amounts import identities_of
from pipelines.audit.audit import audit
from pipelines.audit.sheet import book_of
from pipelines.normalise.facts import table_id
from pipelines.normalise.normalise import normalise
from pipelines.read.reader import read_document
from pipelines.understand.logical import LogicalTable
from pipelines.understand.understand import Understood, understand

KINDS = ("digit swap", "decimal shifted", "digit misread", "row dropped", "column moved", "wrong unit")
CONFUSED = {"0": "68", "1": "7", "2": "7", "3": "8", "4": "9", "5": "6", "6": "85", "7": "1", "8": "36", "9": "4"}
Frames = dict[str, pl.DataFrame]


def main() -> int:
    """Plant, audit, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("data/samples")])
    parser.add_argument("--plants", type=int, default=30, help="mistakes of each kind a document")
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    cover: Counter[int] = Counter()
    spent = 0.0
    for path in sorted(files(options.paths)):
        understood = understand(read_document(path))
        before = audit(normalise(understood), understood)
        if not len(before["facts"]):
            continue
        cover += coverage(normalise(understood), understood)
        for kind in KINDS:
            for _ in range(options.plants):
                planted = plant(kind, understood, before, chance)
                if planted is None:
                    continue
                altered, fact, was = planted
                frames = normalise(altered)
                started = time.process_time()
                after = audit(frames, altered)
                spent += time.process_time() - started
                totals[kind] += judge(kind, before, after, fact, was)
    report(totals, cover, spent)
    return 0


def coverage(frames: Frames, understood: Understood) -> Counter[int]:
    """Non-zero cells by the number of identities that are not trivial and hold in them (2 stands for two or more)."""
    book = book_of(frames, understood)
    groups: dict[int, set[Any]] = defaultdict(set)
    for identity in identities_of(book):
        if identity.state == "applies" and not identity.trivial and identity.holds:
            for figure in identity.figures:
                groups[figure.no].add(identity.group[:4] + identity.group[4:5])
    return Counter(min(2, len(groups[f.no])) for f in book.figures if f.fact is not None and f.value)


def plant(kind: str, understood: Understood, before: Frames, chance: random.Random) -> tuple[Understood, dict[str, Any], Decimal] | None:
    """One mistake: the altered document, the fact concerned, and what stood there."""
    facts = [f for f in before["facts"].iter_rows(named=True) if f["amount_yuan"] and f["column_code"] and len(f["raw_text"]) > 2]
    for _ in range(20):
        if not facts:
            return None
        fact = chance.choice(facts)
        number = next(n for n, t in enumerate(understood.tables) if table_id(understood.document_id, t) == fact["table_id"])
        table = _altered(kind, understood.tables[number], fact, chance)
        if table is not None:
            tables = (*understood.tables[:number], table, *understood.tables[number + 1:])
            return replace(understood, tables=tables), fact, fact["amount_yuan"]
    return None


def _altered(kind: str, table: LogicalTable, fact: dict[str, Any], chance: random.Random) -> LogicalTable | None:
    row, column, text = fact["row_no"], fact["column_no"], fact["raw_text"]
    if kind == "row dropped":
        if sum(r.row == row for r in table.rows) != 1 or fact["row_role"] == "total":
            return None
        return replace(table, rows=tuple(r for r in table.rows if r.row != row), cells=tuple(c for c in table.cells if c.row != row))
    if kind == "wrong unit":
        other = {"万元": "元", "元": "万元"}.get(table.unit or "")
        return replace(table, unit=other) if other else None
    if kind == "column moved":
        return _moved(table, row, column, text)
    changed = {"digit swap": _swapped, "decimal shifted": _shifted, "digit misread": _misread}[kind](text, chance)
    if changed is None or changed == text:
        return None
    return replace(table, cells=tuple(
        replace(c, text=changed) if (c.row, c.column) == (row, column) else c for c in table.cells
    ))


def _moved(table: LogicalTable, row: int, column: int, text: str) -> LogicalTable | None:
    """The amount slips into the empty cell beside it."""
    amounts = {c.column for c in table.columns if c.role == "amount"}
    printed = {(c.row, c.column): c.text.strip() for c in table.cells}
    for beside in (column + 1, column - 1):
        if beside in amounts and not printed.get((row, beside)):
            rest = [c for c in table.cells if (c.row, c.column) not in ((row, beside), (row, column))]
            here = next(c for c in table.cells if (c.row, c.column) == (row, column))
            return replace(table, cells=(*rest, replace(here, text=""), replace(here, column=beside, text=text)))
    return None


def _swapped(text: str, chance: random.Random) -> str | None:
    places = [i for i in range(len(text) - 1) if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1]]
    if not places:
        return None
    i = chance.choice(places)
    return text[:i] + text[i + 1] + text[i] + text[i + 2:]


def _shifted(text: str, chance: random.Random) -> str | None:
    plain = text.replace(",", "").replace("，", "")
    if "." not in plain:
        return plain + "0"
    whole, _, rest = plain.partition(".")
    if chance.random() < 0.5 and len(whole) > 1:
        return f"{whole[:-1]}.{whole[-1]}{rest}"
    return f"{whole}{rest[0]}.{rest[1:] or '0'}".lstrip("0") or None


def _misread(text: str, chance: random.Random) -> str | None:
    places = [i for i, ch in enumerate(text) if ch in CONFUSED]
    if not places:
        return None
    i = chance.choice(places)
    return text[:i] + chance.choice(CONFUSED[text[i]]) + text[i + 1:]


def judge(kind: str, before: Frames, after: Frames, fact: dict[str, Any], was: Decimal) -> Counter[str]:
    """What the audit made of one plant."""
    known = set(before["findings"]["finding_id"])
    new = [f for f in after["findings"].iter_rows(named=True) if f["finding_id"] not in known]
    failed = set(after["checks"].filter(pl.col("outcome") == "fail")["check_id"]) - set(
        before["checks"].filter(pl.col("outcome") == "fail")["check_id"])
    now = {f["fact_id"]: f for f in after["facts"].iter_rows(named=True)}
    cell = now.get(fact["fact_id"])
    table = fact["table_id"]
    out: Counter[str] = Counter(planted=1)
    out["found"] = int(bool(new or failed))
    inside = [f for f in new if (found := now.get(f["fact_id"])) is not None and found["table_id"] == table]
    if kind in ("row dropped", "wrong unit"):
        out["located"] = int(bool(inside))
    elif kind == "column moved":
        out["located"] = int(any(now[f["fact_id"]]["row_no"] == fact["row_no"] for f in inside))
    else:
        out["located"] = int(any(f["fact_id"] == fact["fact_id"] for f in new))
        right = cell is not None and (cell["suggested_yuan"] == was or (cell["trust"] == "repaired" and cell["amount_yuan"] == was))
        out["right"] = int(right)
    out["alarms"] = sum(f["severity"] == "error" and f not in inside and f["fact_id"] != fact["fact_id"] for f in new)
    wrong = {"digit swap", "decimal shifted", "digit misread"}
    out["verified"] = int(kind in wrong and cell is not None and cell["trust"] == "verified" and cell["amount_yuan"] != was)
    return out


def report(totals: dict[str, Counter[str]], cover: Counter[int], spent: float) -> None:
    """Print the shares."""
    whole = cover.total() or 1
    shares = ", ".join(f"{100 * cover[n] / whole:.1f} %" for n in range(3))
    lines = [f"non-zero amounts in no, one, two or more independent identities: {shares}"]
    lines.append(f"{'kind':<16}{'planted':>8}{'found':>8}{'located':>9}{'right':>8}{'verified':>10}{'alarms':>8}")
    for kind, counts in [*totals.items(), ("all", sum(totals.values(), Counter[str]()))]:
        n = counts["planted"] or 1
        shares = "".join(f"{100 * counts[k] / n:>{w}.1f}" for k, w in (("found", 8), ("located", 9), ("right", 8), ("verified", 10)))
        lines.append(f"{kind:<16}{counts['planted']:>8}{shares}{counts['alarms']:>8}")
    n = sum(c["planted"] for c in totals.values()) or 1
    lines.append(f"audit: {1000 * spent / n:.0f} ms CPU a document")
    sys.stdout.write("\n".join(lines) + "\n")


def files(paths: list[Path]) -> Iterator[Path]:
    """All files below the paths."""
    for path in paths:
        yield from [path] if path.is_file() else (f for f in path.rglob("*") if f.is_file())


if __name__ == "__main__":
    raise SystemExit(main())
