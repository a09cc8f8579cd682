"""How far a run is, told while it goes on.

Here: the one interface that stages report to, and its silent form. The command line draws bars (assets.cli.bars), Dagster runs log.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a stage calls: once at its start, then for each piece of work done, then once at its end."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins; `total` pieces are ahead, None when that is not known yet."""

    def advance(self, stage: str, note: str | None = None) -> None:
        """One piece is done; `note` is what went wrong with it, if anything did."""

    def finish(self, stage: str) -> None:
        """The stage has ended."""


class Silent:
    """Tells nobody."""

    def start(self, stage: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, stage: str, note: str | None = None) -> None:
        """Nothing."""

    def finish(self, stage: str) -> None:
        """Nothing."""
