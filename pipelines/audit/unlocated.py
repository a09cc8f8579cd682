"""What is said of failures that no single cell explains: both sides of the sum, their difference, and what it looks like.

Here: the finding for a cause without a cell (a row that is not there, a row of that amount that may not have been counted, or neither).
Not here: located causes (`findings`).
"""

from __future__ import annotations

from pipelines.audit.identity import Identity
from pipelines.audit.locate import Cause
from pipelines.audit.rules import rules
from pipelines.audit.sentences import ELSEWHERE, PAGE_EN, THE_PARTS, as_printed, place, row_name
from pipelines.audit.sheet import Book, Figure

_PLACES = frozenset({"cross_table", "income_equals_expenditure"})  # families of sums whose two sides stand in two places
_NAMED = 4  # columns of a row that is not there


def spoken_of(cause: Cause) -> Identity | None:
    """The failed identity that is reported: the surest; None when none is sure to apply."""
    sure = [i for i in cause.broken if i.sure or (cause.missing and all(f.fact for f in i.left))]
    return max(sure, key=lambda i: i.strength) if sure else None


def described(book: Book, cause: Cause, identity: Identity) -> tuple[Figure, str, str, str] | None:
    """The amount to point at, what `expected` says, and the sentence in Chinese and English."""
    first = next((f for f in (*identity.left, *identity.right) if f.fact), None)
    if first is None:
        return None
    rule = rules()[identity.rule]
    whole = as_printed(sum(f.value for f in identity.left), first)
    parts = as_printed(sum(f.value for f in identity.right), first)
    gap = as_printed(abs(identity.residual), first)
    where, where_en = place(book, first), place(book, first, PAGE_EN)
    others = [f for f in identity.right if f.fact]
    if len(others) == 1 and len(identity.right) == 1 and identity.family in _PLACES:
        there, there_en = f"{place(book, others[0])}为", f"{place(book, others[0], PAGE_EN)} prints"
        expected = f"{ELSEWHERE}{parts}"
    else:
        there, there_en = "所列各项之和为", "its parts add up to"
        expected = f"{THE_PARTS}{parts}"
    zh = f"{where}公布为{whole}，{there}{parts}，相差{gap}（{rule.zh}）"
    en = f"{where_en} prints {whole}, {there_en} {parts}: a difference of {gap} ({rule.en})"
    if cause.missing:
        amounts = _row(book, cause, identity)
        return first, expected, f"{zh}；各栏的差额恰成一行（{amounts}），可能漏列了一行。", (
            f"{en}; the differences of the columns make a row of their own ({amounts}): a row may have been left out.")
    doubtful = _not_counted(identity)
    if doubtful is not None:
        name, amount = row_name(doubtful), f"{(doubtful.fact or {}).get('raw_text')}{(doubtful.fact or {}).get('unit') or '元'}"
        return first, expected, f"{zh}；差额与“{name}”的{amount}相当，该行可能未计入。", (
            f"{en}; the difference is about {name} ({amount}), which may not have been counted.")
    return first, expected, f"{zh}，不能断定是哪一个数有误。", f"{en}; no single cell can be named."


def _row(book: Book, cause: Cause, identity: Identity) -> str:
    """The amounts of the row that is not there, by column."""
    columns = book.sheets[identity.left[0].table].table.columns
    names = {c.column: c.path.split(" / ")[-1] for c in columns}
    said = [f"{names.get(column, '')}{as_printed(value, identity.left[0])}" for column, value in sorted(cause.missing.items())]
    return "、".join(said[:_NAMED]) + ("……" if len(said) > _NAMED else "")


def _not_counted(identity: Identity) -> Figure | None:
    """The only part that is as much as the parts are too many, to the rounding of the sum."""
    found = [f for f in identity.right if f.fact and f.value and 2 * abs(f.value + identity.residual) <= identity.tolerance2]
    return found[0] if len(found) == 1 and len(identity.right) > 1 and identity.residual < 0 else None
