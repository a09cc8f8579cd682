"""--fail-on: what it understands, and when it trips."""

from decimal import Decimal

import pytest
import typer

from assets.cli.options import STATUSES, Ceiling, parse_ceiling
from schemas.vocabularies import INPUT_STATUS


def test_the_statuses_are_those_of_the_schema() -> None:
    assert set(STATUSES) == set(INPUT_STATUS.codes)


SHARES = [("quarantined", "0"), ("quarantined=0.05", "0.05"), ("quarantined=5%", "0.05"), ("loaded=1", "1")]
WRONG = ["", "gone", "gone=1", "quarantined=", "quarantined=2", "quarantined=-1", "quarantined=nan", "quarantined=x%"]


@pytest.mark.parametrize(("text", "share"), SHARES)
def test_ceilings_are_read(text: str, share: str) -> None:
    assert parse_ceiling(text) == Ceiling(text.partition("=")[0], Decimal(share))


@pytest.mark.parametrize("text", WRONG)
def test_other_ceilings_are_a_usage_error(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_ceiling(text)


def test_a_ceiling_trips_above_its_share_only() -> None:
    counts = {"loaded": 19, "quarantined": 1}
    assert not parse_ceiling("quarantined=5%").broken_by(counts)
    assert parse_ceiling("quarantined=4.9%").broken_by(counts)
    assert parse_ceiling("quarantined").broken_by(counts)
    assert not parse_ceiling("no_tables").broken_by(counts)
    assert not parse_ceiling("quarantined").broken_by({})
