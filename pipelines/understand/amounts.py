"""Printed amounts as exact decimals. A lexeme is understood entirely or refused; nothing is rounded, nothing is a float."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipelines.understand.text import compact
from schemas import reference

_NUMBER = re.compile(r"^(?P<int>\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.(?P<frac>\d+))?$")
_UNITS_FILE = "units.csv"
_TOKEN = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_DASHES = {"-", "--", "—", "——", "－", "–", "/", "\\", "*", "**", "***", "×", "—-", "-—", "…", "……"}


class Amount(NamedTuple):
    """A parsed lexeme: its value in the printed unit, the number of printed decimals, and the unit written with it, if any."""

    value: Decimal
    decimals: int
    unit: str | None = None

    @property
    def increment(self) -> Decimal:
        """What one unit of the last printed digit is worth, in the printed unit."""
        return Decimal(1).scaleb(-self.decimals)


@lru_cache(maxsize=1)
def _units() -> dict[str, Decimal]:
    """Yuan in each unit of money; read once a process."""
    return {row["phrase"]: Decimal(row["yuan"]) for row in reference.rows(_UNITS_FILE)}


@lru_cache(maxsize=1)
def _unit_tail() -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, sorted(_units(), key=len, reverse=True)))})$")


def unit_factor(unit: str) -> Decimal | None:
    """Yuan in one `unit` (元, 万元, 亿元 ...); None for a unit that is not one of money."""
    return _units().get(unit)


@lru_cache(maxsize=65536)
def parse_amount(text: str) -> Amount | None:
    """The exact amount a cell prints, or None when it is not entirely one.

    Understood: separators (1,234.56 and ，), blanks inside, full-width digits, a sign (- － −), accounting brackets for negatives
    ((12.5)), a trailing unit of money, ¥. Refused: two numbers, misplaced separators, per cent, dates, anything else.
    """
    s = compact(text).replace("（", "(").replace("）", ")").replace("．", ".")
    if not s or len(s) > 40:
        return None
    s = s.lstrip("¥￥")
    unit = None
    tail = _unit_tail().search(s)
    if tail:
        unit, s = tail.group(1), s[: tail.start()]
    negative = False
    if s.startswith("(") and s.endswith(")"):
        negative, s = True, s[1:-1]
    if s[:1] in "-−－﹣–":
        if negative or len(s) < 2:
            return None
        negative, s = True, s[1:]
    elif s[:1] in "+＋":
        s = s[1:]
    if s.startswith("."):
        s = "0" + s
    m = _NUMBER.match(s)
    if not m:
        return None
    digits = m.group("int").replace(",", "").replace("，", "")
    frac = m.group("frac") or ""
    value = Decimal(f"{digits}.{frac}" if frac else digits)
    return Amount(-value if negative else value, len(frac), unit)


def is_filler(text: str) -> bool:
    """Whether a cell prints a placeholder that stands for nothing: -, ——, **, /."""
    return compact(text) in _DASHES


@lru_cache(maxsize=65536)
def number_tokens(text: str) -> tuple[str, ...]:
    """Each maximal run of digits (with separators and decimals) in a text; the unit of the numbers account."""
    return tuple(_TOKEN.findall(compact(text)))
