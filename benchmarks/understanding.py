"""How well a warehouse understands: its facts against hand-checked ones, with the errors counted by kind.

    uv run python benchmarks/understanding.py WAREHOUSE.duckdb TRUTH.csv... [--worst N]

A truth file has one row a printed amount: `doc` (part of the source name), `table_kind`, `subject_code` or `row_label`, `amount_yuan`
and any of the columns of relation `facts`. Facts are paired with labels inside one document and table kind by amount, the pairs that
agree most first; what a pair disagrees on is counted by column. Prints, a document a line: labels, right, missed, extra; then the
confusion, most frequent first; and the ratio to the peer `--peer WAREHOUSE` on the same labels when one is given.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal

import duckdb

COMPARED = (
    "subject_code", "side", "funding", "expenditure_type", "budget_period", "stage", "fiscal_year", "measure", "column_subject_code",
    "project_name", "entity_name", "subject_scheme",
)
ALWAYS = COMPARED[:9]


def same(field: str, truth: str, found: object) -> bool:
    """Whether a fact says what the label says; blanks are equal to null, brackets to brackets."""
    def norm(value: object) -> str:
        return re.sub(r"\s+|[“”\"]", "", "" if value is None else str(value)).replace("(", "（").replace(")", "）")
    return norm(truth) == norm(found)


def pair(labels: list[dict[str, str]], facts: list[dict[str, object]], fields: tuple[str, ...]) -> tuple[list[tuple[dict, dict]], int, int]:
    """Pairs of label and fact with one amount, best agreement first; and how many of either are left over."""
    by_amount: dict[Decimal, list[dict[str, object]]] = defaultdict(list)
    for fact in facts:
        by_amount[Decimal(str(fact["amount_yuan"])).quantize(Decimal("0.01"))].append(fact)
    scored = []
    for n, label in enumerate(labels):
        for fact in by_amount.get(Decimal(label["amount_yuan"]).quantize(Decimal("0.01")), ()):
            scored.append((sum(same(f, label.get(f, ""), fact[f]) for f in fields), n, id(fact), label, fact))
    pairs, seen_labels, seen_facts = [], set(), set()
    for _, n, key, label, fact in sorted(scored, key=lambda s: (-s[0], s[1])):
        if n not in seen_labels and key not in seen_facts:
            seen_labels.add(n)
            seen_facts.add(key)
            pairs.append((label, fact))
    return pairs, len(labels) - len(pairs), len(facts) - len(pairs)


def score(warehouse: str, truth: dict[str, list[dict[str, str]]], worst: int, say: bool) -> float:
    """Print one warehouse's figures; returns the share of labels that are right in every compared column."""
    confusion: Counter[str] = Counter()
    examples: list[str] = []
    right = labelled = 0
    with duckdb.connect(warehouse, read_only=True) as con:
        sources = dict(con.execute("select source_name, document_id from documents").fetchall())
        for doc, labels in sorted(truth.items()):
            ids = [
                i for s, i in sources.items()
                if s.endswith(doc) or (len(doc) > 3 and doc.endswith(s)) or s.split("/")[-1].startswith(f"{doc}_")
            ]
            fields = (*ALWAYS, *(f for f in COMPARED[9:] if any(r.get(f) for r in labels)))
            good = missed = extra = 0
            for kind in sorted({r["table_kind"] for r in labels}):
                wanted = [r for r in labels if r["table_kind"] == kind]
                pages = sorted({int(r["page"]) for r in wanted if r.get("page")})
                where = "document_id in (select unnest(?)) and table_kind = ?" + (" and page in (select unnest(?))" if pages else "")
                rows = con.execute(f"select * from facts where {where}", [ids, kind, *([pages] if pages else [])]).pl().to_dicts()
                pairs, lost, more = pair(wanted, rows, fields)
                missed, extra = missed + lost, extra + more
                confusion["missed: no fact with this amount in this kind of table"] += lost
                confusion["extra: a fact where nothing is labelled"] += more
                for label, fact in pairs:
                    wrong = [f for f in fields if not same(f, label.get(f, ""), fact[f])]
                    good += not wrong
                    confusion.update(f"{f}: {label.get(f) or '-'} read as {fact[f] if fact[f] is not None else '-'}" for f in wrong)
                    examples.extend(f"{doc[-24:]} {kind} {label['row_label']} {label['amount_yuan']}: {f}" for f in wrong[:1])
            right, labelled = right + good, labelled + len(labels)
            if say:
                print(f"{doc[-48:]:48} {len(labels):5} labels  {good / max(1, len(labels)):.4f} right  {missed} missed  {extra} extra")  # noqa: T201
    if say:
        for text, n in confusion.most_common():
            if n:
                print(f"{n:6}  {text}")  # noqa: T201
        for text in examples[:worst]:
            print("   ", text)  # noqa: T201
    return right / max(1, labelled)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("warehouse")
    parser.add_argument("truth", nargs="+")
    parser.add_argument("--worst", type=int, default=0, help="print so many wrong facts")
    parser.add_argument("--peer", help="another warehouse over the same documents")
    arguments = parser.parse_args()
    truth: dict[str, list[dict[str, str]]] = defaultdict(list)
    for path in arguments.truth:
        with open(path, encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                truth[row["doc"]].append({k: v or "" for k, v in row.items()})
    ours = score(arguments.warehouse, truth, arguments.worst, say=True)
    print(f"right in every compared column: {ours:.4f}")  # noqa: T201
    if arguments.peer:
        theirs = score(arguments.peer, truth, 0, say=False)
        print(f"peer: {theirs:.4f}, ratio {ours / max(theirs, 1e-9):.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
