"""The one exception of reading: a document that cannot be read, with the reason that the warehouse shows.

Here: the exception and the closed list of reasons (`inputs.reason`). Not here: deciding when one applies.
"""

from __future__ import annotations

from typing import Final

REASONS: Final = frozenset({
    "encrypted", "corrupt", "not_a_document", "unsupported", "scanned", "needs_libreoffice", "too_large", "timeout", "memory", "crashed",
    "archive", "empty", "unreadable",
})


class ReadFailure(Exception):
    """A document that reading gives up on; permanent unless the file or the machine's equipment changes.

    `reason` is one of REASONS; `detail` is one sentence for the operator: what was attempted, what was found, what to do.
    """

    def __init__(self, reason: str, detail: str) -> None:
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}; known: {sorted(REASONS)}")
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[ReadFailure], tuple[str, str]]:
        """Pickled by its two parts, so that a worker can send it."""
        return ReadFailure, (self.reason, self.detail)
