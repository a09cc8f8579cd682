"""Options that several commands share, and the parsing of their values.

Here: what is common to commands. Not here: what a command does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_WAREHOUSE = Path("data/warehouse/yusuan.duckdb")
# the final statuses of CONTRACT's `inputs`; a test holds them against schemas.vocabularies, which this module does not load
STATUSES = ("loaded", "not_understood", "no_tables", "quarantined", "duplicate")

Warehouse = Annotated[Path, typer.Option("--warehouse", "-w", metavar="FILE", help="The published DuckDB file 数据仓库文件.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout, for machines.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait while another writer holds the warehouse, instead of leaving with 75.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, max=64, help="Reading processes (default: the processors).")]
SecondOpinion = Annotated[
    float | None,
    typer.Option(
        "--second-opinion", metavar="SHARE", min=0.0, max=1.0, envvar="YUSUAN_SECOND_OPINION", show_envvar=True,
        help="Share of the pages with tables that stock camelot reads a second time, 0 for none (default: 0.01)."),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option("--fail-on", metavar="STATUS[=SHARE]", help="Exit 1 when inputs end so (more than the share, as 0.05 or 5%). Repeatable."),
]


@dataclass(frozen=True)
class Ceiling:
    """At most this share of a run's inputs may end with `status`."""

    status: str
    share: Decimal

    def broken_by(self, counts: dict[str, int]) -> bool:
        """Whether a run with these counts by status went over it."""
        total = sum(counts.values())
        return total > 0 and Decimal(counts.get(self.status, 0)) > self.share * total


def parse_ceiling(text: str) -> Ceiling:
    """`quarantined`, `quarantined=0.05` or `quarantined=5%`. Raises typer.BadParameter (exit 2) for anything else."""
    status, equals, share_text = text.partition("=")
    if status not in STATUSES:
        raise typer.BadParameter(f"--fail-on knows the statuses {', '.join(STATUSES)}; not {status!r}")
    if not equals:
        return Ceiling(status, Decimal(0))
    try:
        share = Decimal(share_text.removesuffix("%")) / (100 if share_text.endswith("%") else 1)
    except InvalidOperation:
        share = Decimal(-1)
    if not (share.is_finite() and 0 <= share <= 1):
        raise typer.BadParameter(f"--fail-on {status}=SHARE wants a share between 0 and 1, or a percentage; not {share_text!r}")
    return Ceiling(status, share)
