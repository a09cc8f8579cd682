"""Numbers of spreadsheets as the sheet prints them, without float artefacts.

Here: Excel number formats (ECMA-376 part 1, 18.8.31) as far as they change what is read: decimals, percent, leading zeros, numbers shown in
thousands or 万, units of money printed behind, and zeros that are shown as a blank or a dash. Not here: dates (ISO, by the caller),
colours, currency signs, thousands separators (left out of the text).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

_PART: Final = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[([^\]]*)\]|(;)|(.)', re.DOTALL)
_CONDITION: Final = re.compile(r"^(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")
_PLACES: Final = re.compile(r"[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+")
_DATE: Final = re.compile(r"[yYdDhHsS]|[mM]{2,}|AM/PM|上午", re.IGNORECASE)
_MONEY: Final = re.compile(r"^(?:亿|百万|万|千|百)?元$")
_LITERAL: Final = "\x00"  # stands where a format has text of its own
_SHOWN: Final = re.compile(r"^-?\d+(?:\.\d+)?$")
_FINE: Final = 6  # decimals: 万元 down to 分; what is finer was computed, and is read as the sheet shows it
_COMPARE: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}

BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"', 44: '#,##0.00;-#,##0.00;"-"',
}  # 18.8.30: formats that files name by number only


@dataclass(frozen=True)
class NumberStyle:
    """What one section of a number format does to a number."""

    decimals_least: int = 0  # zeros that are printed even when the number has fewer decimals
    decimals_most: int = 0
    digits_least: int = 1  # leading zeros: a code 05 stored as the number 5
    percent: bool = False
    power: int = 0  # the number is shown divided by ten to this power: 4 shows 万
    unit: str = ""  # printed behind: a unit of money, or a % that is a sign and no more
    instead: str | None = None  # printed in place of the number: a dash, or nothing
    blank_zero: bool = False  # #,### prints nothing for zero
    garbled: bool = False  # digits set apart by other signs: the number held is given


@dataclass(frozen=True)
class NumberFormat:
    """The sections of a format code with the numbers that each is for; None for a section that prints the number as it is."""

    sections: tuple[tuple[Callable[[Decimal], bool], NumberStyle | None], ...]

    def style(self, number: Decimal) -> NumberStyle | None:
        """The section that shows a number."""
        return next((style for holds, style in self.sections if holds(number)), None)


@dataclass
class _Section:
    """One section taken apart: its own text out of the way, and the condition in brackets."""

    bare: str = ""
    text: str = ""
    condition: tuple[str, Decimal] | None = None


@lru_cache(maxsize=4096)
def number_format(code: str) -> NumberFormat | None:
    """A format code; None for General, text, dates, fractions and exponents, which print every number as it is."""
    parts = _sections(code)[:3]
    styles = [_style(part, first=number == 0) for number, part in enumerate(parts)]
    if styles[0] is None and all(style is None or style.instead is None for style in styles):
        return None
    found = enumerate(zip(parts, styles, strict=True))
    return NumberFormat(tuple((_holds(part, number, len(parts)), style) for number, (part, style) in found))


def _sections(code: str) -> list[_Section]:
    found = [_Section()]
    for quoted, escaped, bracket, end, sign in _PART.findall(code):
        if end:
            found.append(_Section())
        elif quoted or escaped:
            found[-1].text += quoted or escaped
            found[-1].bare += _LITERAL
        elif bracket and (condition := _CONDITION.match(bracket)):
            found[-1].condition = condition.group(1), Decimal(condition.group(2))
        elif sign:
            found[-1].bare += sign
    return found


def _holds(part: _Section, number: int, count: int) -> Callable[[Decimal], bool]:
    """Which numbers a section is for: those of its condition, else positive, negative and zero in this order, the last for the rest."""
    if part.condition is not None:
        compare, bound = _COMPARE[part.condition[0]], part.condition[1]
        return lambda value: compare(value, bound)
    if number == count - 1:
        return lambda value: True
    if number == 1:
        return lambda value: value < 0
    return (lambda value: value > 0) if count > 2 else (lambda value: value >= 0)


def _style(part: _Section, *, first: bool) -> NumberStyle | None:
    bare = part.bare
    if "general" in bare.lower() or "通用格式" in bare or "@" in bare or "E" in bare or "/" in bare or _DATE.search(bare):
        return None
    places = _PLACES.findall(bare)
    if "0" not in bare and (not first or not places):  # only text, and blanks where digits would stand: what a zero is shown as
        return NumberStyle(instead=(part.text + "".join(sign for sign in bare if sign in "-—－")).strip())
    whole, _, fraction = places[0].partition(".")
    thousands = len(places[-1]) - len(places[-1].rstrip(","))
    fraction = fraction.rstrip(",")
    power = 3 * thousands
    garbled = len(places) > 1
    if len(places) == 2 and "." in part.text and "." not in bare:  # 0!.0000 sets a point between digits of the whole number
        fraction = places[1].rstrip(",")
        power, garbled = power + len(fraction), False
    return NumberStyle(
        decimals_least=fraction.count("0"), decimals_most=sum(fraction.count(sign) for sign in "0#?"),
        digits_least=max(1, len(whole.replace(",", "").lstrip("#?"))), percent="%" in bare, power=0 if garbled else power,
        unit=_unit(part.text, power), blank_zero="0" not in bare, garbled=garbled,
    )


def _unit(text: str, power: int) -> str:
    """The unit of money that a format's own text names; 万 behind numbers that are shown in 万 is 万元."""
    text = text.replace(".", "").strip()
    if (text, power) in (("万", 4), ("亿", 8)):
        return f"{text}元"
    return text if _MONEY.match(text) or text == "%" else ""


def exact(value: float) -> Decimal:
    """The number that a sheet holds: fifteen significant digits, as Excel itself calculates and shows."""
    return Decimal(format(value, ".15g"))


def plain(number: Decimal, decimals: int = 0) -> str:
    """Digits without exponent, with at least `decimals` decimals and no further trailing zeros; never a negative zero."""
    whole, _, fraction = format(number or number.copy_abs(), "f").partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def number_text(value: float, form: NumberFormat | None) -> tuple[str, tuple[str, ...]]:
    """The printed text of a number, and other readings of it.

    A number with up to six decimals is given whole even where the sheet shows fewer; the shown form is then the other reading. A finer
    one was computed: it is read as shown, and the whole number is the other reading. Percent cells carry their sign, numbers shown in
    thousands or 万 are given so, with the unit where the format prints one. A number for which the sheet prints none (a zero shown
    as a blank or a dash) is what is printed.
    """
    number = exact(value)
    style = form.style(number) if form is not None else None
    if style is None or style.garbled:
        return plain(number), ()
    if style.instead is not None or (style.blank_zero and not number):
        return style.instead or "", ()
    sign = "%" if style.percent else style.unit
    if style.percent:
        number *= 100
    number = number.scaleb(-style.power)
    whole = plain(number, style.decimals_least) + sign
    shown = plain(number.quantize(Decimal(1).scaleb(-style.decimals_most), ROUND_HALF_UP), style.decimals_least) + sign
    if style.digits_least > 1 and not sign:
        minus, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        if "." not in digits:
            whole = shown = minus + digits.zfill(style.digits_least)
    if whole == shown:
        return whole, ()
    exponent = number.normalize().as_tuple().exponent
    too_fine = isinstance(exponent, int) and -exponent > _FINE
    return (shown, (whole,)) if too_fine else (whole, (shown,))


def shown_number(value: float, shown: str) -> tuple[str, tuple[str, ...]]:
    """The same as `number_text` where the file holds the shown text itself (.ods): what is whole and what is the other reading."""
    number, digits = exact(value), shown.replace(",", "").replace("，", "")
    if not _SHOWN.match(digits) or Decimal(digits) == number:
        return shown, ()  # shares, units, dashes for zeros: as printed
    exponent = number.normalize().as_tuple().exponent
    too_fine = isinstance(exponent, int) and -exponent > _FINE
    return (shown, (plain(number),)) if too_fine else (plain(number), (shown,))
