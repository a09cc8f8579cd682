"""Tables whose rows do not stand by their amounts: coded subjects of which hardly any adds up.

A classification that is printed with its codes adds up everywhere, or the amounts slid against the rows (lines pasted a row too high, an
earlier version's rows left at the end). One finding a table: no cell can be named. Here: that finding. Not here: single sums (`down`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.audit.findings import Record, finding
from pipelines.audit.identity import Identity
from pipelines.audit.sentences import THE_PARTS, as_printed, place
from pipelines.audit.sheet import Book

_MANY = 6  # parents that are not the sum of their children
_RULE = "tree_subject"


def disordered(book: Book, identities: Sequence[Identity], check_id: Callable[[Identity], str]) -> list[Record]:
    """One warning for each table in which the sums of the classification were set aside because they fail nearly everywhere."""
    out: list[Record] = []
    for sheet in book.sheets:
        own = [i for i in identities if i.rule == _RULE and i.table == sheet.index and not i.trivial and not i.empty]
        failed = {i.left[0].row: i for i in reversed(own) if i.state == "not_applicable" and not i.holds and i.left[0].fact is not None}
        held = {i.left[0].row for i in own if i.state == "applies" and i.holds} - failed.keys()
        if len(failed) < _MANY or 2 * len(held) > len(failed):
            continue
        first = failed[min(failed)]
        figure = first.left[0]
        parts = as_printed(sum(f.value for f in first.right), figure)
        title = sheet.table.title or sheet.table.number or f"表{sheet.table.table_no}"
        zh = (f"《{title}》{len(failed)}个科目的金额与其下级科目之和不符，相符的只有{len(held)}个：各行金额可能与科目错行。"
              f"如{place(book, figure)}公布为{as_printed(figure.value, figure)}，下级之和为{parts}。")
        en = (f"In table {title} {len(failed)} subjects are not the sum of what stands below them, only {len(held)} are: "
              "the amounts may stand beside the wrong rows.")
        ids = [check_id(failed[row]) for row in sorted(failed)]
        out.append(finding(book, "hierarchy_sum", "warning", "undecided", figure, f"{THE_PARTS}{parts}", ids, zh, en,
                           figure.fact or {}, "disordered"))
    return out
