"""The data dictionary, generated from the declarations.

Here: its text, and a command that writes it: `python -m schemas.dictionary docs/data-dictionary.md`. Not here: anything that is not
declared elsewhere; a test fails when the committed file is not what this makes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from schemas.ddl import sql_type
from schemas.registry import EVERY_RELATION, RELATIONS, VIEW_RELATIONS, Column, Relation
from schemas.vocabularies import VOCABULARIES, Vocabulary

_HEAD = """# Data dictionary · 数据字典

Generated from `schemas/` by `python -m schemas.dictionary docs/data-dictionary.md`; do not edit by hand.
本文由 `schemas/` 中的声明生成，请勿手工修改。

- Amounts are exact decimals in yuan. 金额为精确小数，单位元。
- Times are UTC without a zone. 时间为不带时区的 UTC。
- Facts hold totals beside their parts: sum the views that may be summed. 事实表中合计与明细并存，加总请用可加总视图。
- Where a column is closed to a vocabulary, its name links to the words below. 取值限于词表的列，链接到文末的词表。
"""


def dictionary() -> str:
    """The whole dictionary as Markdown."""
    relations = (line for relation in EVERY_RELATION.values() for line in _relation(relation))
    return "\n".join([_HEAD, *_contents(), *relations, *_vocabularies()])


def _contents() -> Iterator[str]:
    for title, relations in (("Tables · 表", RELATIONS), ("Views · 视图", VIEW_RELATIONS)):
        yield f"## {title}\n"
        yield "| relation | 中文 | English |\n|---|---|---|"
        for relation in relations.values():
            about = relation.about
            yield f"| [`{relation.name}`](#{relation.name}) | {_cell(about.description_zh)} | {_cell(about.description_en)} |"
        yield ""


def _relation(relation: Relation) -> Iterator[str]:
    about = relation.about
    yield f"## {relation.name}\n"
    yield f"{about.title_zh}：{about.description_zh}。\n"
    yield f"{about.title_en[:1].upper()}{about.title_en[1:]}: {about.description_en}.\n"
    if about.key:
        yield f"Key · 键: {', '.join(f'`{name}`' for name in about.key)}\n"
    yield "| column | type | null | 中文 | English |\n|---|---|---|---|---|"
    for column in relation.columns:
        yield _column(column)
    yield ""


def _column(column: Column) -> str:
    zh = column.title_zh if column.title_zh == column.description_zh else f"{column.title_zh}：{column.description_zh}"
    en = column.title_en if column.title_en == column.description_en else f"{column.title_en}: {column.description_en}"
    words = f" ([words](#vocabulary-{column.vocabulary.replace('_', '-')}))" if column.vocabulary else ""
    return f"| `{column.name}` | {sql_type(column.dtype)} | {'yes' if column.nullable else 'no'} | {_cell(zh)} | {_cell(en)}{words} |"


def _vocabularies() -> Iterator[str]:
    for vocabulary in VOCABULARIES.values():
        yield from _vocabulary(vocabulary)


def _vocabulary(vocabulary: Vocabulary) -> Iterator[str]:
    yield f"## Vocabulary {vocabulary.name.replace('_', ' ')}\n"
    yield f"{vocabulary.zh} · {vocabulary.en}\n"
    parts = any(word.parent for word in vocabulary.words)
    yield "| word | 中文 | English |" + (" part of |" if parts else "")
    yield "|---|---|---|" + ("---|" if parts else "")
    for word in vocabulary.words:
        parent = (f" `{word.parent}` |" if word.parent else " |") if parts else ""
        yield f"| `{word.code}` | {_cell(word.zh)} | {_cell(word.en)} |{parent}"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dictionary(), encoding="utf-8")
