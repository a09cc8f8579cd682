"""Whatever a file is called, showing its name does no harm."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from assets.names import markdown, printable, valid_unicode


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("2026年部门预算（公开）.pdf", "[red]a[/red].pdf", "a'b\"c.pdf", "表 1.xlsx"):
        assert printable(name) == name
        assert valid_unicode(name) == name


def test_controls_and_bidirectional_marks_are_escaped() -> None:
    assert printable("a\x1b[31m\n\u202efdp.\x07") == "a\\x1b[31m\\n\\u202efdp.\\x07"


def test_markdown_is_literal() -> None:
    assert markdown("a|b *c* <script> [x](y)") == r"a\|b \*c\* \<script\> \[x\](y)"


@given(st.text(st.characters(codec=None, categories=None)))
def test_every_name_can_be_printed_and_stored(name: str) -> None:
    printable(name).encode("utf-8")
    assert not {unicodedata.category(character)[0] for character in printable(name)} & {"C"}
    assert json.loads(json.dumps(valid_unicode(name), ensure_ascii=False).encode("utf-8")) == valid_unicode(name)
    markdown(name).encode("utf-8")
