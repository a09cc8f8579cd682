"""From batches to the published warehouse.

Here: calling it with the version of this code, and what is reported. Not here: building the file (pipelines.publish).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata

import duckdb

from assets.comparison import compare
from assets.stages.report import Report, Tally
from assets.stages.session import Session
from pipelines.publish.warehouse import Published, publish

STAGE, BAR = "warehouse", "publishing"


def code_version() -> str:
    """The release of this package."""
    return metadata.version("yusuan")


def publish_all(session: Session) -> tuple[Published, Report]:
    """Publish everything the state holds, and report what a reader now finds."""
    tally = Tally(STAGE)
    session.progress.start(BAR, None)
    with session.state() as state:
        done = publish(state, code_version=code_version(), progress=lambda _: session.progress.advance(BAR))
        tally.seconds.append(("publishing", done.seconds))
    session.progress.finish(BAR)
    for warning in done.warnings:
        session.progress.advance(BAR, warning)
    with reading(session) as connection:
        tally.counts.update(dict(connection.sql("select status, count(*) from inputs group by 1").fetchall()))
        preview = connection.sql(
            "select coalesce(d.entity_name, d.source_name), d.fiscal_year, d.document_kind, d.status, d.numbers_facts"
            " from documents d order by d.document_no desc nulls last limit 10").fetchall()
    compared = compare(session.paths)
    for name, share in (("verified_share", compared.verified), ("verified_share_before", compared.verified_before)):
        if share is not None:
            tally.more[name] = round(share, 4)
    tally.more.update({
        "version": done.version, "documents": done.n_documents, "warnings": len(done.warnings),
        **{f"rows_{relation}": n for relation, n in sorted(done.rows.items())},
    })
    return done, tally.report(done.n_documents, done.content_hash[:16], ("publisher", "year", "kind", "status", "facts"), preview)


@contextmanager
def reading(session: Session) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, read-only."""
    with duckdb.connect(str(session.paths.current), read_only=True) as connection:
        yield connection
