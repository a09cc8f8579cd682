"""Numbers of spreadsheets as the sheet prints them, without float artefacts.

Here: Excel number formats (ECMA-376 part 1, 18.8.31) as far as they change what is read: decimals, percent, leading zeros, scaling.
Not here: dates (ISO, by the caller), colours, currency signs, thousands separators (left out of the text).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|!.|_.|\*.')
_BRACKET: Final = re.compile(r"\[[^\]]*\]")
_PLACES: Final = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+")
_DATE: Final = re.compile(r"[yYdDhHsS]|[mM]{2,}|AM/PM|上午", re.IGNORECASE)
_FINE: Final = 6  # decimals: 万元 down to 分; what is finer was computed, and is read as the sheet shows it

BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
}  # 18.8.30: formats that files name by number only


@dataclass(frozen=True)
class NumberStyle:
    """What one number format does to a number."""

    decimals_least: int  # zeros that are printed even when the number has fewer decimals
    decimals_most: int
    digits_least: int = 1  # leading zeros: a code 05 stored as the number 5
    percent: bool = False
    scaled: bool = False  # shows thousands, or a decimal point that is not there: the printed number is another one


@lru_cache(maxsize=4096)
def number_style(code: str) -> NumberStyle | None:
    """The style of a format code; None for General, text, dates, fractions and exponents, which print the number as it is."""
    section = _BRACKET.sub("", code.split(";")[0])
    literals = "".join(part for part in _LITERAL.findall(section) if part[0] in '"\\!')
    bare = _LITERAL.sub("\x00", section)
    places = _PLACES.findall(bare)
    if not places or "general" in bare.lower() or "@" in bare or "E" in bare or "/" in bare or _DATE.search(bare):
        return None
    whole, _, fraction = places[0].partition(".")
    scaled = len(places) > 1 or whole.endswith(",") or fraction.endswith(",") or ("." in literals and "." not in places[0])
    return NumberStyle(
        decimals_least=fraction.count("0"), decimals_most=sum(fraction.count(sign) for sign in "0#?"),
        digits_least=max(1, len(whole.replace(",", "").lstrip("#?"))), percent="%" in bare, scaled=scaled,
    )


def exact(value: float) -> Decimal:
    """The number that a sheet holds: fifteen significant digits, as Excel itself calculates and shows."""
    return Decimal(format(value, ".15g"))


def plain(number: Decimal, decimals: int = 0) -> str:
    """Digits without exponent, with at least `decimals` decimals and no further trailing zeros; never a negative zero."""
    whole, _, fraction = format(number or number.copy_abs(), "f").partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def number_text(value: float, style: NumberStyle | None) -> tuple[str, tuple[str, ...]]:
    """The printed text of a number, and other readings of it.

    A number with up to six decimals is given whole even where the sheet shows fewer; the shown form is then the other reading. A finer
    one was computed: it is read as shown, and the whole number is the other reading. Percent cells carry their sign.
    """
    number = exact(value)
    if style is None or style.scaled:
        return plain(number), ()
    sign = "%" if style.percent else ""
    if style.percent:
        number *= 100
    whole = plain(number, style.decimals_least) + sign
    shown = plain(number.quantize(Decimal(1).scaleb(-style.decimals_most), ROUND_HALF_UP), style.decimals_least) + sign
    if style.digits_least > 1 and not style.percent:
        minus, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        if "." not in digits:
            whole = shown = minus + digits.zfill(style.digits_least)
    if whole == shown:
        return whole, ()
    exponent = number.normalize().as_tuple().exponent
    too_fine = isinstance(exponent, int) and -exponent > _FINE
    return (shown, (whole,)) if too_fine else (whole, (shown,))
