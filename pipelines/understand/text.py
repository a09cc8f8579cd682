"""Printed text, brought to one form for comparison. Pure string functions; what a text *means* is decided elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

_SPACE = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_PUNCT = str.maketrans(
    {
        "(": "（",
        ")": "）",
        ":": "：",
        ",": "，",
        ";": "；",
        "％": "%",
        "﹣": "-",
        "－": "-",
        "—": "-",
        "–": "-",
        "[": "［",
        "]": "］",
        "【": "［",
        "】": "］",
        "〔": "［",
        "〕": "］",
        '"': "“",
        "”": "“",
        "„": "“",
        "'": "“",
        "‘": "“",
        "’": "“",
        "＂": "“",
        "《": "",
        "》": "",
        "．": ".",
        "／": "/",
    }
)
_FULLWIDTH = str.maketrans({chr(0xFF10 + i): str(i) for i in range(10)})
_ENUM = re.compile(
    r"^(?:（[一二三四五六七八九十百\d]{1,4}）|［[一二三四五六七八九十\d]{1,3}］|[一二三四五六七八九十百]{1,4}[、.．，：]|\d{1,2}[、.．，](?!\d)|\d{1,2}）|[①-⑳]|[★☆▲△●○◆■□※-](?=\D))"
)
_OF_WHICH = re.compile(r"^其?中[：:，、]+|^其中(?=\D)|^＃|^#")
_TRAIL = re.compile(r"[：:；;。，、]+$")


@lru_cache(maxsize=65536)
def compact(text: str) -> str:
    """Without any white space; digits half width. The form `row_label` is stored in."""
    return _SPACE.sub("", text).translate(_FULLWIDTH)


@lru_cache(maxsize=65536)
def canon(text: str) -> str:
    """Compact, with punctuation in one form (full-width brackets and colons, no book marks): for looking phrases up."""
    return compact(text).translate(_PUNCT)


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """`canon` without enumerators (一、 （二） 3.), leading 其中 and trailing punctuation: the words of a row label or header."""
    s = canon(text)
    while True:
        t = _ENUM.sub("", s, count=1)
        t = _OF_WHICH.sub("", t, count=1)
        if t == s:
            break
        s = t
    return _TRAIL.sub("", s)


def is_of_which(text: str) -> bool:
    """Whether the label begins with 其中 (before or after an enumerator)."""
    s = canon(text)
    return bool(_OF_WHICH.match(s) or _OF_WHICH.match(_ENUM.sub("", s, count=1)))


_ENUM_LEVELS = (
    (re.compile(r"^[一二三四五六七八九十百]{1,4}[、.．，：]"), 1),
    (re.compile(r"^（[一二三四五六七八九十百]{1,4}）"), 2),
    (re.compile(r"^\d{1,2}[、.．，](?!\d)"), 3),
    (re.compile(r"^（\d{1,2}）"), 4),
    (re.compile(r"^\d{1,2}）"), 4),
    (re.compile(r"^[①-⑳]"), 5),
)


def enumerator_level(text: str) -> int | None:
    """Depth the enumerator shows: 一、=1, （一）=2, 1.=3, （1）=4, ①=5; None without one."""
    s = _OF_WHICH.sub("", canon(text), count=1)
    for pattern, level in _ENUM_LEVELS:
        if pattern.match(s):
            return level
    return None
