"""The one exception of reading: a document that cannot be read, with the reason that the warehouse shows.

Here: the exception. Not here: when one applies, or the vocabulary of reasons.
"""

from __future__ import annotations

from schemas.vocabularies import REASON


class ReadFailure(Exception):
    """A document that reading gives up on; permanent unless the file or the machine's equipment changes.

    `reason` is a word of the vocabulary `reason`; `detail` one sentence for the operator: what was attempted, found, and is to be done.
    """

    def __init__(self, reason: str, detail: str) -> None:
        if reason not in REASON.codes:
            raise ValueError(f"unknown reason {reason!r}; known: {', '.join(sorted(REASON.codes))}")
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[ReadFailure], tuple[str, str]]:
        """Pickled by its two parts, so that a worker can send it."""
        return ReadFailure, (self.reason, self.detail)
