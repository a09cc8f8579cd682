"""Editions are placed by content, never by the order of ingestion."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipelines.publish.editions import Edition, place_editions


def edition(name: str, facts: int = 10, kinds: str = "expenditure_summary", entity: str | None = "e", year: int | None = 2026,
            kind: str | None = "department_budget", status: str = "loaded", confidence: float = 1.0) -> Edition:
    return Edition(name, status, entity, year, kind, facts, facts, confidence, kinds.split())


def test_the_fuller_edition_is_current() -> None:
    placed = place_editions([edition("pdf", 100), edition("xlsx", 120), edition("draft", 80)])
    assert [placed[name].edition_no for name in ("draft", "pdf", "xlsx")] == [1, 2, 3]
    assert [placed[name].is_current for name in ("draft", "pdf", "xlsx")] == [False, False, True]
    assert placed["draft"].superseded_by == placed["pdf"].superseded_by == "xlsx"
    assert placed["xlsx"].superseded_by is None
    assert len({place.publication_id for place in placed.values()}) == 1


def test_a_scan_gives_way_to_its_text() -> None:
    placed = place_editions([edition("z scan", confidence=0.8), edition("a text")])
    assert placed["a text"].is_current
    assert not placed["z scan"].is_current


def test_another_year_kind_or_body_is_another_publication() -> None:
    editions = [edition("a"), edition("b", year=2025), edition("c", kind="unit_budget"), edition("d", entity="f")]
    placed = place_editions(editions)
    assert len({place.publication_id for place in placed.values()}) == 4
    assert all(place.is_current and place.edition_no == 1 for place in placed.values())


def test_what_is_not_understood_stands_alone() -> None:
    unknown = [edition("a", entity=None), edition("b", entity=None), edition("c", year=None)]
    editions = [*unknown, edition("d", kind="other"), edition("e", kind="other")]
    assert len({place.publication_id for place in place_editions(editions).values()}) == 5


def test_files_that_share_no_kind_of_table_are_parts_of_one_edition() -> None:
    placed = place_editions([edition("tables", 100, "expenditure_summary income_summary"), edition("three", 6, "three_public")])
    assert all(place.is_current and place.edition_no == 1 and place.superseded_by is None for place in placed.values())
    placed = place_editions([edition("tables", 100, "expenditure_summary three_public"), edition("three", 6, "three_public")])
    assert not placed["three"].is_current


def test_a_quarantined_file_is_never_current() -> None:
    placed = place_editions([edition("a", 0, "", status="quarantined"), edition("b", 0, "", status="not_understood")])
    assert not placed["a"].is_current
    assert placed["b"].is_current
    assert not place_editions([edition("a", status="quarantined")])["a"].is_current


DRAWN = st.tuples(st.integers(0, 3), st.sampled_from(["x", "y", "x y", ""]), st.sampled_from(["loaded", "quarantined"]))


@given(st.lists(DRAWN, max_size=5))
def test_the_order_of_ingestion_does_not_matter(drawn: list[tuple[int, str, str]]) -> None:
    editions = [edition(f"d{n}", facts, kinds, status=status) for n, (facts, kinds, status) in enumerate(drawn)]
    results = [place_editions(order) for order in itertools.islice(itertools.permutations(editions), 24)]
    assert all(result == results[0] for result in results)
    if any(status == "loaded" for _, _, status in drawn):
        assert any(place.is_current for place in results[0].values())
