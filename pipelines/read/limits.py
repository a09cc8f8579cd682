"""How much one document may cost before it is put aside.

Here: the numbers, in one frozen dataclass whose defaults are the normal case. Not here: their enforcement (archive, workers, readers).
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds on one input. Sizes in bytes unless the name says MB; times in seconds of wall clock."""

    max_bytes: int = 300 * MIB  # one file, or one archive member
    max_members: int = 2_000  # members of one archive, those of archives inside it included
    max_total: int = 1_024 * MIB  # unpacked bytes of one archive, or of one OOXML package
    max_ratio: float = 200.0  # unpacked : packed, looked at once more than `ratio_from` bytes come out
    ratio_from: int = 64 * MIB
    max_depth: int = 3  # archives inside archives
    max_cells: int = 5_000_000  # cells of one sheet or one document's tables, blanks included
    seconds: float = 180.0  # one document, from hand-over to answer
    memory_mb: int = 1_500  # resident memory of the process that reads it, at any moment
    documents_per_worker: int = 200  # then the process is replaced, so that leaks end
    office_seconds: float = 90.0  # one conversion by LibreOffice


DEFAULT = Limits()
