"""Which documents stand in for their kind when second opinions are given: at least one page a kind of document.

Here: the register of what was read, by kind, and the election. Not here: the draw of single pages (pipelines.read.pdf.sample), the
second opinions themselves (tasks.second_opinions).

Every page with a table is drawn or not by a hash of its own. A kind of document of which nothing is drawn in the whole warehouse elects
one page: that with the lowest hash. When a document comes that takes this from another, the other one is read again without its second
opinion: what is published depends on the documents that the warehouse has seen and on the share, not on their order, nor on the runs
they came in. What cannot be helped: a page that got no answer in time, and another share in another run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assets.stages.register import Register
from pipelines.publish.paths import WarehousePaths

_SCHEMA = """
CREATE TABLE IF NOT EXISTS draw (
    document_id TEXT PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, page INTEGER NOT NULL, elected INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS draw_kind ON draw (kind, place);
"""


class Draw(Register):
    """The register of the lowest page of every document with ruled tables, by kind."""

    def __init__(self, paths: WarehousePaths) -> None:
        super().__init__(paths, "second-opinions.sqlite", _SCHEMA)

    def note(self, document_id: str, kind: str, place: int, page: int) -> None:
        """Enter a document that was just read: the hash of its lowest page, and the page. Its election is forgotten with the reading."""
        self._connection.execute("INSERT OR REPLACE INTO draw VALUES (?, ?, ?, ?, 0)", (document_id, kind, f"{place:016x}", page))

    def forget(self, document_id: str) -> None:
        """Take out a document that has no ruled table (any longer)."""
        self._connection.execute("DELETE FROM draw WHERE document_id = ?", (document_id,))

    def keep(self, documents: Iterable[str]) -> None:
        """Forget all but these."""
        kept = set(documents)
        rows = self._connection.execute("SELECT document_id FROM draw").fetchall()
        self._connection.executemany("DELETE FROM draw WHERE document_id = ?", [row for row in rows if row[0] not in kept])

    def kinds(self, documents: Iterable[str]) -> Counter[str]:
        """How many of some documents (one mention a page) there are of each kind."""
        known = dict(self._connection.execute("SELECT document_id, kind FROM draw").fetchall())
        return Counter(known[document] for document in documents if document in known)

    def election(self, share: float) -> tuple[dict[str, int], list[str]]:
        """Documents newly elected for their kind with the page each, and those that no longer are."""
        first = dict(self._connection.execute(
            "SELECT document_id, page FROM draw d WHERE place >= ? AND NOT EXISTS (SELECT 1 FROM draw o WHERE o.kind = d.kind "
            "AND (o.place, o.document_id) < (d.place, d.document_id))", (f"{min(int(share * 2**64), 2**64 - 1):016x}",)).fetchall())
        before = {row[0] for row in self._connection.execute("SELECT document_id FROM draw WHERE elected")}
        return {document: page for document, page in first.items() if document not in before}, sorted(before - set(first))

    def elect(self, documents: Iterable[str], *, elected: bool) -> None:
        """Note who is elected now, and who no longer."""
        self._connection.executemany("UPDATE draw SET elected = ? WHERE document_id = ?", [(elected, document) for document in documents])
