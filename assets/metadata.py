"""A stage's report as Dagster metadata: counts, the slowest, a preview as a Markdown table.

Here: showing. Not here: counting (stages.report). Names of files and publishers are escaped: they are other people's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg

from assets.names import markdown, valid_unicode
from assets.stages.report import Report


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table of literal text."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines.extend("| " + " | ".join("" if cell is None else markdown(cell) for cell in row) + " |" for row in rows)
    return "\n".join(lines)


def metadata(report: Report) -> dict[str, dg.MetadataValue]:
    """What a person wants to see of a materialisation."""
    shown: dict[str, dg.MetadataValue] = {
        "done_in_this_run": dg.MetadataValue.int(sum(report.counts.values())),
        "total": dg.MetadataValue.int(report.total),
        "by_status": dg.MetadataValue.json(dict(sorted(report.counts.items()))),
    }
    for name, value in report.more.items():
        shown[name] = (
            dg.MetadataValue.int(value) if isinstance(value, int)
            else dg.MetadataValue.float(value) if isinstance(value, float) else dg.MetadataValue.text(valid_unicode(value)))
    if any(seconds for _, seconds in report.slowest):
        shown["slowest"] = dg.MetadataValue.md(table(("file", "seconds"), [(name, f"{seconds:.2f}") for name, seconds in report.slowest]))
    if report.preview:
        shown["preview"] = dg.MetadataValue.md(table(report.columns, report.preview))
    return shown


def result(report: Report, asset: str | None = None) -> dg.MaterializeResult:
    """The materialisation of an asset by a stage."""
    return dg.MaterializeResult(asset_key=asset, metadata=metadata(report), data_version=dg.DataVersion(report.data_version or "empty"))
