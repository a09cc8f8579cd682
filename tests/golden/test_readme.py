"""What the README shows is what the samples answer."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from assets.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
QUESTION = re.compile(r"```sql\n(?P<query>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)


def test_the_query_gives_the_printed_answer(connection: duckdb.DuckDBPyConnection) -> None:
    found = list(QUESTION.finditer((ROOT / "README.md").read_text(encoding="utf-8")))
    assert found
    for example in found:
        assert str(connection.sql(example["query"].rstrip().rstrip(";"))).rstrip() == example["answer"].rstrip()


def test_every_document_it_names_is_there() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_every_reference_file_is_explained() -> None:
    text = (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert [p.name for p in sorted((ROOT / "schemas" / "reference").glob("*.csv")) if f"`{p.name}`" not in text] == []


def test_every_command_is_explained() -> None:
    """What the command line offers stands in the README or a page of docs."""
    told = "".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    for command in app.registered_commands:
        assert f"yusuan {command.name}" in told, command.name


def test_the_questions_of_start_can_be_asked(connection: duckdb.DuckDBPyConnection) -> None:
    """Every indented block of SQL in docs/start.md runs."""
    text = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    (?:--|SELECT).*\n(?:(?:    .*)?\n)*?)(?=^\S|\Z)", text, re.MULTILINE)
    queries = [q for block in blocks for q in re.sub(r"^    ", "", block, flags=re.MULTILINE).split(";") if "SELECT" in q]
    assert len(queries) >= 5
    for query in queries:
        connection.sql(query).fetchall()
