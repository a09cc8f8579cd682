"""How a column is declared: its type's annotation, its Chinese and English title and description, and its checks, in one call.

Here: the declaration helper and the columns many relations share. Not here: any one relation.
"""

from __future__ import annotations

from typing import Annotated, Any

import pandera.polars as pa
import polars as pl

from schemas.vocabularies import Vocabulary

MONEY_PRECISION, MONEY_SCALE = 20, 4

Money = Annotated[pl.Decimal, MONEY_PRECISION, MONEY_SCALE]
Sum = Annotated[pl.Decimal, 38, MONEY_SCALE]
Moment = Annotated[pl.Datetime, "us", None]  # UTC, without a zone
Texts = Annotated[pl.List, pl.String()]

ID_PATTERN = r"^[0-9a-f]{16,64}$"
DOCUMENT_ID_PATTERN = r"^[0-9a-f]{16}$"
WORD_PATTERN = r"^[a-z][a-z0-9_]*$"
SUBJECT_CODE_PATTERN = r"^\d{3}(\d{2}){0,4}$"
REGION_CODE_PATTERN = r"^\d{6}$"


def column(
    zh: str,
    en: str,
    about_zh: str = "",
    about_en: str = "",
    *,
    null: bool = False,
    words: Vocabulary | None = None,
    pattern: str | None = None,
    least: int | float | None = None,
    most: int | float | None = None,
) -> Any:
    """A pandera field that carries titles, descriptions and checks.

    `zh`/`en` are short titles; `about_zh`/`about_en` one sentence each (the titles again when left out). `words` closes the column to
    a vocabulary, `pattern` to a regular expression, `least`/`most` to a range.
    """
    checks: dict[str, Any] = {}
    if words is not None:
        checks["isin"] = list(words.codes)
    if pattern is not None:
        checks["str_matches"] = pattern
    if least is not None:
        checks["ge"] = least
    if most is not None:
        checks["le"] = most
    metadata = {
        "title_zh": zh,
        "title_en": en,
        "description_zh": about_zh or zh,
        "description_en": about_en or en,
        "vocabulary": words.name if words else None,
    }
    return pa.Field(nullable=null, title=f"{zh} / {en}", description=f"{about_zh or zh} / {about_en or en}", metadata=metadata, **checks)


def document_id(*, null: bool = False) -> Any:
    """The document a row stands in."""
    return column(
        "文档编号",
        "document",
        "所在文档：内容 SHA-256 的前 16 位",
        "the document it stands in: first 16 hex digits of the content's SHA-256",
        null=null,
        pattern=DOCUMENT_ID_PATTERN,
    )


def table_id(*, null: bool = False) -> Any:
    """The logical table a row stands in."""
    return column("表格编号", "table", "所在逻辑表格", "the logical table it stands in", null=null, pattern=ID_PATTERN)


def page(*, null: bool = True) -> Any:
    """The page a row stands on."""
    return column(
        "页码",
        "page",
        "所在页（从 1 起）；无页码的格式为空",
        "page it stands on, from 1; null where there are no pages",
        null=null,
        least=1,
    )


def row_no(*, null: bool = False) -> Any:
    """Row in the logical table."""
    return column("行号", "row", "逻辑表格中的行（从 0 起）", "row in the logical table, from 0", null=null, least=0)


def column_no(*, null: bool = False) -> Any:
    """Column in the logical table."""
    return column("列号", "column", "逻辑表格中的列（从 0 起）", "column in the logical table, from 0", null=null, least=0)


def edge(zh: str, en: str) -> Any:
    """One edge of a box on the page."""
    return column(
        zh,
        en,
        f"{zh}，PDF 点，原点在所见页面左上角",
        f"{en} of the box in PDF points, origin top left of the page as shown; null without pages",
        null=True,
    )


def money(zh: str, en: str, about_zh: str = "", about_en: str = "", *, null: bool = True) -> Any:
    """An exact amount in yuan."""
    return column(zh, en, about_zh or f"{zh}，元", about_en or f"{en}, in yuan", null=null)


def share(zh: str, en: str, about_zh: str = "", about_en: str = "", *, null: bool = True) -> Any:
    """A confidence between 0 and 1."""
    return column(zh, en, about_zh, about_en, null=null, least=0, most=1)
