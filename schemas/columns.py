"""The canonical column: its code composed of parts, taken apart again, and labelled.

Here: `column_code` and its inverse; the order in which parts contain one another. Not here: how a printed header becomes parts.
A code joins by "." the parts that are not the default, in the order funding, expenditure type, budget period, stage, measure, column's
subject (`general_public_budget.basic_personnel`); a column of defaults only is `total`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schemas import reference
from schemas import vocabularies as words

TOTAL = "total"
CARRYOVER = "carryover"
_SCHEME_OF_FIRST_DIGIT = {"1": "income", "2": "function", "3": "economic_department", "5": "economic_government"}


@dataclass(frozen=True)
class ColumnParts:
    """What one column of amounts means; each part defaults to what most columns are."""

    funding: str = TOTAL
    expenditure_type: str = TOTAL
    budget_period: str = TOTAL
    stage: str = "budget"
    measure: str = "amount"
    column_subject_code: str | None = None


_DEFAULT = ColumnParts()


def column_code(parts: ColumnParts) -> str:
    """The canonical code of these parts."""
    named = (
        (parts.funding, _DEFAULT.funding),
        (parts.expenditure_type, _DEFAULT.expenditure_type),
        (parts.budget_period, _DEFAULT.budget_period),
        (parts.stage, _DEFAULT.stage),
        (parts.measure, _DEFAULT.measure),
        (parts.column_subject_code, None),
    )
    return ".".join(part for part, default in named if part is not None and part != default) or TOTAL


def column_parts(code: str) -> ColumnParts:
    """The parts of a canonical code. Raises `ValueError` naming the piece that is no word of any vocabulary."""
    found: dict[str, str] = {}
    for piece in code.split("."):
        if piece == TOTAL:
            continue
        if found.get("funding") == CARRYOVER and piece in words.FUNDING.codes:
            found["funding"] = f"{CARRYOVER}.{piece}"
            continue
        field = _field_of(piece)
        if field is None or field in found:
            raise ValueError(f"column code {code!r}: {piece!r} is no further part of a column")
        found[field] = piece
    return ColumnParts(**found)


def _field_of(piece: str) -> str | None:
    if piece.isdigit():
        return "column_subject_code"
    vocabularies = (
        ("funding", words.FUNDING), ("expenditure_type", words.EXPENDITURE_TYPE), ("budget_period", words.BUDGET_PERIOD),
        ("stage", words.STAGE), ("measure", words.MEASURE),
    )
    return next((field for field, vocabulary in vocabularies if piece in vocabulary.codes), None)


def column_label(code: str) -> tuple[str, str]:
    """Chinese and English label of a canonical code, composed of its parts' labels; a piece that is not known stands as it is."""
    try:
        parts = column_parts(code)
    except ValueError:
        return code, code
    named = (
        (words.FUNDING, parts.funding, _DEFAULT.funding), (words.EXPENDITURE_TYPE, parts.expenditure_type, _DEFAULT.expenditure_type),
        (words.BUDGET_PERIOD, parts.budget_period, _DEFAULT.budget_period), (words.STAGE, parts.stage, _DEFAULT.stage),
        (words.MEASURE, parts.measure, _DEFAULT.measure),
    )
    chosen = [label for vocabulary, part, default in named if part != default for label in _labels(vocabulary, part)]
    if parts.column_subject_code:
        chosen.append((_subject_name(parts.column_subject_code), _subject_name(parts.column_subject_code)))
    if not chosen:
        chosen = _labels(words.FUNDING, TOTAL)
    return " · ".join(zh for zh, _ in chosen), " · ".join(en for _, en in chosen)


def _labels(vocabulary: words.Vocabulary, part: str) -> list[tuple[str, str]]:
    return [(word.zh, word.en) for word in (vocabulary.word(piece) for piece in part.split("."))]


@cache
def _names(scheme: str) -> dict[str, str]:
    return {subject.code: subject.name for subject in reference.subjects(scheme)}


def _subject_name(code: str) -> str:
    scheme = _SCHEME_OF_FIRST_DIGIT.get(code[:1])
    return f"{code} {_names(scheme)[code]}" if scheme and code in _names(scheme) else code


def ancestors(vocabulary: words.Vocabulary) -> list[tuple[str, str, int]]:
    """Every (word, word it is part of, distance) of a vocabulary whose words have parents, nearest first."""
    parent = {word.code: word.parent for word in vocabulary.words}
    found = []
    for code in vocabulary.codes:
        above, distance = parent[code], 1
        while above is not None:
            found.append((code, above, distance))
            above, distance = parent[above], distance + 1
    return found
