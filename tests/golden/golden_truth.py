"""Read what is true of the samples, and compare it with what the pipeline says, cell by cell.

Here: loading `tests/golden/<sample>/*`, the meaning a fact is compared by, and a difference that a person can read. Not here: any
run of the pipeline (conftest.py), any assertion (test_*.py).
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent
SAMPLES = sorted(p.name for p in GOLDEN.iterdir() if (p / "document.json").exists())

ALWAYS = ("table_kind", "side", "subject_scheme", "funding", "expenditure_type", "budget_period", "stage", "fiscal_year", "measure", "unit",
          "column_subject_code")
WHERE_LABELLED = ("page", "entity_name", "project_name", "function_code", "economic_department_code", "economic_government_code")

Row = Mapping[str, Any]


def read(sample: str, name: str) -> list[dict[str, str]]:
    """The rows of one of a sample's CSV files; none where it has no such file."""
    path = GOLDEN / sample / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def about(sample: str) -> dict[str, Any]:
    """What is known of the whole document."""
    return json.loads((GOLDEN / sample / "document.json").read_text(encoding="utf-8"))


def label(text: str | None) -> str:
    """A row label without what only orders it: numbering, 其中, quotes, white space."""
    said = re.sub(r"\s+", "", text or "").replace("(", "（").replace(")", "）")
    said = re.sub(r"[“”\"'：:]", "", re.sub(r"^其中[:：]?", "", said))
    return re.sub(r"^(?:（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、|\d+[、.．])", "", said)


def place(row: Row) -> tuple[str, str, Decimal]:
    """Table kind, subject or label, amount: enough to find the fact that was meant."""
    return (str(row["table_kind"]), str(row["subject_code"] or "") or label(row["row_label"]), Decimal(str(row["amount_yuan"])))


def differences(want: Sequence[Row], have: Sequence[Row]) -> list[str]:
    """What is missing, what is too much, and what stands at its place with another meaning; empty when all agree.

    In `want`, `a|b` accepts either reading (the page does not decide), and a blank in one of WHERE_LABELLED accepts any.
    """
    by_place: dict[tuple[str, str, Decimal], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in have:
        by_place[place(row)][1].append(row)
    for row in want:
        readings = [place({**row, "row_label": said}) for said in str(row["row_label"]).split("|")]
        by_place[next((p for p in readings if p in by_place), readings[0])][0].append(row)
    out = []
    for (kind, what, yuan), (expected, found) in sorted(by_place.items()):
        expected, found = _unmatched(expected, found)
        for e, f in _closest(expected, found):
            if f is None and e is not None:
                out.append(f"missing   {kind} {what} {yuan} yuan, page {e['page']}, as {_meaning(e)}")
            elif e is None and f is not None:
                out.append(f"too much  {kind} {what} {yuan} yuan, page {f['page']}, as {_meaning(f)}")
            elif e is not None and f is not None:
                wrong = ", ".join(f"{c} {_text(f.get(c)) or 'none'} should be {e[c] or 'none'}" for c in _disagreeing(e, f))
                out.append(f"differs   {kind} {what} {yuan} yuan, page {f['page']}: {wrong}")
    return out


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _disagreeing(want: Row, have: Row) -> list[str]:
    columns = [*ALWAYS, *(c for c in WHERE_LABELLED if want[c])]
    return [c for c in columns if _shown(c, have.get(c)) not in {_shown(c, w) for w in str(want[c]).split("|")}]


def _shown(column: str, value: object) -> str:
    return label(_text(value)) if column.endswith("_name") else _text(value)


def _meaning(row: Row) -> str:
    return " ".join(_text(row.get(c)) for c in ALWAYS if _text(row.get(c)) not in ("", "amount"))


def _unmatched(want: Iterable[Row], have: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    left, over = [], list(have)
    for e in want:
        hit = next((i for i, f in enumerate(over) if not _disagreeing(e, f)), None)
        if hit is None:
            left.append(e)
        else:
            over.pop(hit)
    return left, over


def _closest(want: list[Row], have: list[Row]) -> Iterable[tuple[Row | None, Row | None]]:
    """Pairs with the fewest disagreements first; then what has no partner."""
    pairs = sorted(product(range(len(want)), range(len(have))), key=lambda p: len(_disagreeing(want[p[0]], have[p[1]])))
    used_w: set[int] = set()
    used_h: set[int] = set()
    for w, h in pairs:
        if w not in used_w and h not in used_h:
            used_w.add(w)
            used_h.add(h)
            yield want[w], have[h]
    yield from ((e, None) for i, e in enumerate(want) if i not in used_w)
    yield from ((None, f) for i, f in enumerate(have) if i not in used_h)
