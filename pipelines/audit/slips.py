"""Slips of the pen: how a printed number becomes another one, and whether the gap of a sum looks like one.

A digit changed, lost or doubled, two neighbours swapped, the decimal point moved. A gap of this form in a sum of long numbers is no chance;
a sum that does not apply at all misses by whatever the row or source that it leaves out is worth.
Here: the forms, and how likely chance is. Not here: which cell it was (`locate`).
"""

from __future__ import annotations

from collections.abc import Collection

from pipelines.audit.identity import Identity

_POINT = (10, 100, 1_000, 10_000)
_FORMS_A_DIGIT = 11  # numbers that one slip of one digit leads to: nine other digits, a swap, a loss
_CHANCE = 0.01


def is_slip(printed: int, wanted: int, increment: int) -> bool:
    """Whether one slip turns one number (in steps, printed to `increment`) into the other."""
    if printed < 0 or wanted < 0 or increment <= 0 or printed == wanted:
        return False
    a, b = str(printed // increment), str(wanted // increment)
    longest = max(len(a), len(b))
    return is_point(printed, wanted) or _digits(a, b) or _digits(a.zfill(longest), b.zfill(longest))


def is_point(printed: int, wanted: int) -> bool:
    """Whether the decimal point moved."""
    return bool(printed and wanted) and any(printed * k == wanted or wanted * k == printed for k in _POINT)


def _digits(a: str, b: str) -> bool:
    if len(a) != len(b):
        if abs(len(a) - len(b)) > 1:
            return False
        return _lost(*sorted((a, b), key=len))
    if any(x.endswith("0") and _lost(x[:-1], y) for x, y in ((a, b), (b, a))):  # 2600.71 without its 7 is 2600.1, that is 2600.10
        return True
    differing = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differing) == 1:
        return True
    if len(differing) != 2 or differing[1] != differing[0] + 1:
        return False
    i, j = differing
    return a[i] == b[j] and a[j] == b[i]


def _lost(short: str, long: str) -> bool:
    return any(long[:i] + long[i + 1:] == short for i in range(len(long)))


def slipped(identity: Identity, elsewhere: Collection[int] = (), chance: float = _CHANCE) -> bool:
    """Whether the gap of an identity that fails is one slip in one of its terms, and neither chance nor an amount left out.

    `elsewhere` are the amounts (in steps) of the table or tables concerned: a gap that is one of them is a row too many or too few.
    """
    gap = abs(identity.residual)
    printed = [f for f in identity.figures if f.fact is not None and f.value > 0]
    if identity.holds or identity.empty or len(printed) < 2 or gap in elsewhere:
        return False
    finest = min((f.increment for f in printed if f.increment), default=0)
    if not finest:
        return False
    length = max(len(str(f.value // finest)) for f in printed)
    if _FORMS_A_DIGIT * length * len(printed) > chance * 10 ** length:
        return False
    left = {f.no for f in identity.left}
    return any(is_slip(f.value, f.value + (-identity.residual if f.no in left else identity.residual), f.increment) for f in printed)
