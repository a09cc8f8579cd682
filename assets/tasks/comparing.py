"""The worker of the second opinion: a PDF and its reading in, how far stock camelot agrees on one page out.

Here: one page. Not here: which pages (tasks.second_opinions), the comparison (pipelines.read.pdf.agreement).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from assets.tasks.files import content
from pipelines.read.document import decode
from pipelines.read.limits import DEFAULT
from pipelines.read.pdf.agreement import Agreement
from pipelines.read.pdf.second_opinion import second_opinion

COMPARE: Final = "assets.tasks.comparing:compare_page"
# resident 190 MB; a page of A4 takes 280 MB for a moment, one of A3 420
LIMITS: Final = replace(DEFAULT, seconds=30.0, memory_mb=450)


def compare_page(path: str, member: tuple[int, ...], sha256: str, reading: str, page_no: int) -> Agreement:
    """Read a page once more and compare it with the reading that lies at `reading`."""
    document = decode(Path(reading).read_bytes())
    return second_opinion(content(path, member, sha256), page_no, [table for table in document.tables if table.page == page_no])
