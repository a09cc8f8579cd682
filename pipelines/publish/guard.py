"""Whether a finished file may take the current one's place: not when a fault of the program has emptied it.

A file that cannot be read is its publisher's affair and is published as quarantined. When documents that readers have now fail in this
program itself (reason `internal`), a new release is broken: its version must not replace theirs.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

FAILED = """
SELECT count(*) FILTER (WHERE made.status = 'quarantined' AND made.reason = 'internal'), count(*)
FROM now.documents seen LEFT JOIN built.documents made USING (document_id)
WHERE seen.status = 'loaded'
"""

DETAIL = "SELECT detail FROM built.inputs WHERE status = 'quarantined' AND reason = 'internal' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"


def refusal(built: Path, current: Path) -> str | None:
    """Why `built` must not replace `current`: over half of the loaded documents failed in the program. `None` when it may."""
    if not current.exists():
        return None
    with duckdb.connect() as connection:
        for name, path in (("built", built), ("now", current)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        failed, loaded = connection.sql(FAILED).fetchall()[0]
        if 2 * failed <= loaded:
            return None
        (detail,) = connection.sql(DETAIL).fetchall()[0]
    return (
        f"{failed} of the {loaded} documents that readers have now failed through a fault of the program, mostly: {detail} "
        "The published version stays as it is; go back to the release before"
    )
