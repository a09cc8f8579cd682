"""How many planted mistakes the audit finds: one at a time (and two at once), of known kinds, in clean documents, with a fixed seed.

    uv run python benchmarks/audit.py [--plants 20] [--seed 20261121] [--kinds "digits swapped" ...] [--show 20] [PATH ...]

Without paths the committed samples are used. Each document is read and understood once. Only clean documents count: those whose tables give
no finding and no failing check; how many were asked and how many are clean is printed. For every plant the understood tables are altered
(`planting`) and the rest of the way (normalise, audit of the amounts) is run anew.

A cell's class is decided before planting, from the identities of the clean document that hold, say something (not `trivial`) and contain
it. Two are independent when they share no other cell. An identity that only notes an agreement which no form promises (`echo`) counts in a
class of its own. A change that all of the cell's identities allow by their rounding cannot be seen by anyone; it is counted as such and
leaves the denominators. Of the rest, in per cent:

    found      a new finding, or a failing check with the altered cell in it
    located    a finding names the altered cell itself (a dropped row or a wrong unit: its table; a move: its row)
    right      the suggested amount is what stood there, or the right reading was taken
    wrong      suggestions and repairs that are not what stood there: must be 0
    innocent   findings of severity `error` that name another cell
    publisher  faults of the reading that are called mistakes of the publisher
    deceived   altered amounts that are still called `verified`
    findings   new findings a plant
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from planting import DIGITS, KINDS, READINGS, TOTALS, Fact, Key, Plant, key_of, plant

from pipelines.audit.amounts import Amounts, check_amounts
from pipelines.audit.identity import HINT, Identity
from pipelines.audit.sheet import SCALE, Figure, steps
from pipelines.normalise.normalise import normalise
from pipelines.read.reader import read_document
from pipelines.understand.understand import Understood, understand

CLASSES = ("none", "echo", "one", "two")
_UNSEEN = ("rounding", "refused")
_SINGLE = (*DIGITS, *TOTALS, *READINGS)
Totals = dict[tuple[str, str], Counter[str]]


def main() -> int:
    """Plant, audit, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("data/samples")])
    parser.add_argument("--plants", type=int, default=20, help="mistakes of each kind a document")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--show", type=int, default=0, help="print so many plants that were judged wrong, or not found or located")
    options = parser.parse_args()
    counts = Count(options.kinds, options.plants, options.seed, options.show)
    for path in sorted(files(options.paths)):
        counts.document(path.stem, understand(read_document(path)))
    sys.stdout.write("\n".join(counts.report()) + "\n")
    return 0


class Count:
    """The account over all documents."""

    def __init__(self, kinds: Sequence[str], plants: int, seed: int, show: int = 0) -> None:
        self.kinds, self.plants, self.seed, self.show = kinds, plants, seed, show
        self.totals: Totals = defaultdict(Counter)
        self.cover: Counter[str] = Counter()
        self.asked = self.clean = self.done = 0
        self.spent = 0.0
        self.examples: list[str] = []

    def document(self, name: str, understood: Understood) -> None:
        """Plant into one document, if it is clean. Each document has its own random numbers: others do not change its plants."""
        if understood.context is None:
            return
        frames = normalise(understood)
        facts = frames["facts"].to_dicts()
        if not facts:
            return
        before = check_amounts(frames, understood)
        self.asked += 1
        if before.findings() or any(c["outcome"] == "fail" for c in before.checks()):
            return
        self.clean += 1
        around = _identities(before)
        classes = {k: _class(f, around) for k, f in _cells(before).items()}
        self.cover += Counter(classes[key_of(f)] for f in facts if f["amount_yuan"] and key_of(f) in classes)
        facts = [f for f in facts if key_of(f) in classes]
        for kind in self.kinds:
            chance = random.Random(f"{self.seed} {understood.sha256} {kind}")
            for _ in range(self.plants):
                planted = plant(kind, understood, facts, chance)
                if planted is not None:
                    self._judge(name, planted, before, around, classes)

    def _judge(
        self, name: str, planted: Plant, before: Amounts, around: dict[Key, list[Identity]], classes: dict[Key, str],
    ) -> None:
        frames = normalise(planted.understood)
        started = time.process_time()
        after = check_amounts(frames, planted.understood)
        self.spent += time.process_time() - started
        self.done += 1
        out, why = judge(planted, before, after, after.facts(frames["facts"]).to_dicts())
        kind = planted.kind
        cell = _class_of(planted, before, around, classes)
        if kind in _SINGLE and (lost := _unseen(planted, frames["facts"].to_dicts(), before, around)):
            self.totals[(kind, lost)] += Counter(planted=1, wrong=out["wrong"])
            return
        self.totals[(kind, cell)] += out
        poor = (cell in ("one", "two") and not out["found"]) or (cell == "two" and not out["located"])
        worst = next((word for word in ("wrong", "innocent", "publisher", "deceived") if out[word]), None)
        if worst or poor:
            label = worst or ("not located" if out["found"] else "not found")
            self.examples.append(f"{label}: {name[-20:]} {kind} ({cell}) {why}")

    def report(self) -> list[str]:
        """Lines to print."""
        whole = self.cover.total() or 1
        shares = ", ".join(f"{name} {100 * self.cover[name] / whole:.1f} %" for name in CLASSES)
        out = [f"documents with amounts: {self.asked}, clean: {self.clean}; plants: {self.done}"]
        out.append(f"amounts (not zero) by independent identities: {shares}")
        out.append(f"audit of the amounts: {1000 * self.spent / (self.done or 1):.0f} ms CPU a document")
        out.append(f"{'kind':<19}{'class':<10}{'planted':>8}{'found':>8}{'located':>9}{'right':>8}{'wrong':>7}{'innocent':>10}"
                   f"{'publisher':>11}{'deceived':>10}{'findings':>10}")
        for cell in (*CLASSES, *_UNSEEN):
            alone = [self.totals[(k, cell)] for k in _SINGLE if (k, cell) in self.totals]
            out.append(_line("all single cells", cell, sum(alone, Counter())))
        for kind, cell in sorted(self.totals, key=lambda key: (KINDS.index(key[0]), (*CLASSES, *_UNSEEN).index(key[1]))):
            out.append(_line(kind, cell, self.totals[(kind, cell)]))
        return [*out, *self.examples[: self.show]]


def judge(planted: Plant, before: Amounts, after: Amounts, facts: Sequence[Fact]) -> tuple[Counter[str], str]:
    """What the audit made of one plant, and a sentence about it."""
    out: Counter[str] = Counter(planted=1)
    known = {f["finding_id"] for f in before.findings()}
    new = [f for f in after.findings() if f["finding_id"] not in known]
    where = {f["fact_id"]: key_of(f) for f in facts}
    named = [where[f["fact_id"]] for f in new if f["fact_id"] in where]
    failing = {where[i] for c in after.checks() if c["outcome"] == "fail" for i in c["fact_ids"] if i in where}
    cells = set(planted.truth)
    in_table = any(k[0] == planted.table for k in named)
    out["found"] = int(bool(new) or bool(failing & cells) or (not cells and any(k[0] == planted.table for k in failing)))
    if not cells:
        out["located"] = int(in_table)
    elif planted.kind == "amount moved":
        out["located"] = int(any(k[:2] in {c[:2] for c in cells} for k in named))
    else:
        out["located"] = int(cells <= set(named))
    was = {key: Decimal(f.value) / SCALE for key, f in _cells(before).items()}
    good = set()
    for fact in facts:
        key = key_of(fact)
        right = planted.truth.get(key, was.get(key))
        offered = fact["suggested_yuan"] if fact["suggested_yuan"] is not None else (
            fact["amount_yuan"] if fact["trust"] == "repaired" else None)
        if offered is None:
            continue
        if offered == right and (key in planted.truth or fact["amount_yuan"] != right):
            good.add(key)
        else:
            out["wrong"] += 1
    out["deceived"] += sum(f["trust"] == "verified" and key_of(f) in cells and f["amount_yuan"] != planted.truth[key_of(f)] for f in facts)
    out["right"] = int(bool(cells) and cells <= good)
    guilty = cells or {k for k in named if k[0] == planted.table}
    out["innocent"] = sum(f["severity"] == "error" and where.get(f["fact_id"]) not in guilty for f in new)
    out["publisher"] = sum(f["verdict"] == "publisher" for f in new) if planted.kind in READINGS else 0
    out["findings"] = len(new)
    altered = "; ".join(f"{f['table_kind']} r{f['row_no']} c{f['column_no']} {f['row_label']} {was.get(key_of(f))} → {f['raw_text']}"
                        for f in facts if key_of(f) in cells) or planted.table
    said = " | ".join(f["message_zh"][:150] for f in new[:3])
    return out, f"{altered} => {said}"


def _cells(amounts: Amounts) -> dict[Key, Figure]:
    return {key_of(f.fact): f for f in amounts.book.figures if f.fact is not None}


def _identities(amounts: Amounts) -> dict[Key, list[Identity]]:
    """The identities that say something about each cell."""
    out: dict[Key, list[Identity]] = defaultdict(list)
    for identity in amounts.identities:
        if identity.state == "applies" and identity.holds and not identity.trivial:
            for figure in identity.figures:
                if figure.fact is not None and _sign(identity, figure.no):
                    out[key_of(figure.fact)].append(identity)
    return out


def _sign(identity: Identity, no: int) -> int:
    return sum(f.no == no for f in identity.left) - sum(f.no == no for f in identity.right)


def _class(figure: Figure, around: dict[Key, list[Identity]]) -> str:
    """`none`, only an `echo`, `one`, or `two` (and more) promised identities that share no other cell."""
    own = around.get(key_of(figure.fact or {}), [])
    promised = sorted((i for i in own if i.strength > HINT), key=lambda i: len(i.figures))
    if not promised:
        return "echo" if own else "none"
    used: set[int] = set()
    independent = 0
    for identity in promised:
        others = {f.no for f in identity.figures if f.value} - {figure.no}
        if used.isdisjoint(others):
            used |= others
            independent += 1
    return "two" if independent > 1 else "one"


def _class_of(planted: Plant, before: Amounts, around: dict[Key, list[Identity]], classes: dict[Key, str]) -> str:
    """Of several cells the poorest class; of a row that is dropped, whether any sum of others would miss it; of a unit, by other tables.

    The sole row below its parent is missed by no sum: the parent prints the same. A wrong unit is seen by amounts that stand in other
    tables too: `two` where at least two other tables print some, `one` where one does.
    """
    if planted.truth:
        return min((classes[k] for k in planted.truth if k in classes), key=CLASSES.index, default="none")
    tables = planted.understood.tables
    own = next(n for n, s in enumerate(before.book.sheets) if s.table_id == planted.table)
    if planted.kind == "row dropped":
        left = {r.row for r in tables[own].rows}
        rows = before.book.sheets[own].table.rows
        parents = {r.parent for r in rows if r.row not in left} - {None}
        if parents and not any(r.parent in parents for r in rows if r.row in left):
            return "none"
        lost = {f.no for f in before.book.figures if f.table == own and f.fact is not None and f.value and f.row not in left}
        sums = [i for ids in around.values() for i in ids if i.table == own and i.group[:1] == ("down",) and lost & {f.no for f in i.right}]
        return "one" if any(any(f.value and f.no not in lost for f in i.right) for i in sums) else "none"
    if planted.kind == "wrong unit":
        return _tied(own, around)
    inside = [c for k, c in classes.items() if k[0] == planted.table]
    return max(inside, key=CLASSES.index, default="none")


def _tied(own: int, around: dict[Key, list[Identity]]) -> str:
    """How many other tables print amounts of a table again."""
    crossing = [i for ids in around.values() for i in ids if own in {f.table for f in i.figures if f.value}]
    promised = {f.table for i in crossing if i.strength > HINT for f in i.figures if f.value} - {own}
    echoed = {f.table for i in crossing for f in i.figures if f.value} - {own}
    return "two" if len(promised) > 1 else "one" if promised else "echo" if echoed else "none"


def _unseen(planted: Plant, facts: Sequence[Fact], before: Amounts, around: dict[Key, list[Identity]]) -> str | None:
    """`rounding` if every identity of the altered cell still holds within its rounding, `refused` if what is left is no amount."""
    (key,) = planted.truth
    now = next((f["amount_yuan"] for f in facts if key_of(f) == key), None)
    if now is None:
        return "refused"
    own = [i for i in around.get(key, []) if i.strength > HINT] or around.get(key, [])
    figure = _cells(before)[key]
    change = steps(now) - figure.value
    unseen = bool(own) and all(2 * abs(i.residual + _sign(i, figure.no) * change) <= i.tolerance2 for i in own)
    return "rounding" if unseen else None


def _line(kind: str, cell: str, counts: Counter[str]) -> str:
    n = counts["planted"]
    shares = "".join(f"{100 * counts[k] / (n or 1):>{w}.1f}" for k, w in (("found", 8), ("located", 9), ("right", 8)))
    rest = "".join(f"{counts[k]:>{w}}" for k, w in (("wrong", 7), ("innocent", 10), ("publisher", 11), ("deceived", 10)))
    return f"{kind:<19}{cell:<10}{n:>8}{shares}{rest}{counts['findings'] / (n or 1):>10.2f}"


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """All files below the paths."""
    for path in paths:
        yield from [path] if path.is_file() else (f for f in path.rglob("*") if f.is_file())


if __name__ == "__main__":
    raise SystemExit(main())
