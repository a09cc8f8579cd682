"""A warehouse that is not there yet, and its state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publish.state import State


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Where a warehouse is to be published."""
    return tmp_path / "yusuan.duckdb"


@pytest.fixture
def state(warehouse: Path) -> Iterator[State]:
    """Its state, open."""
    with State.open(warehouse) as opened:
        yield opened
