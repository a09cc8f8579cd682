"""Recording a stage's products a few at a time, so that a run that is killed loses little and its memory stays bounded.

Here: gathering and handing over. Not here: validation and storage (pipelines.publish.batches).
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from assets.stages.report import Tally
from pipelines.publish.batches import Product, write_batch
from pipelines.publish.state import QUARANTINED, Pending, State
from pipelines.read.workers import Outcome

DOCUMENTS, ROWS, SECONDS = 64, 400_000, 20.0  # a batch is written when it has so many, or after so long


class Recorder:
    """Gathers products of one stage and writes them in batches; `flush` at the end. `names`: source names by document."""

    def __init__(self, state: State, stage: str, version: str, tally: Tally, pending: Iterable[Pending]) -> None:
        self.tally = tally
        self._state, self._stage, self._version = state, stage, version
        self.names = {entry.document_id: entry.source_name for entry in pending}
        self._products: list[Product] = []
        self._rows = 0
        self._since = time.monotonic()
        self.refused = 0

    def add(self, product: Product) -> None:
        """Take one document's product; it counts as `done`, or by the reason of its quarantine."""
        self._products.append(product)
        self._rows += sum(frame.height for frame in product.frames.values())
        self.tally.add(product.reason or product.status, self.names.get(product.document_id, product.document_id), product.seconds or 0.0)
        if len(self._products) >= DOCUMENTS or self._rows >= ROWS or time.monotonic() - self._since > SECONDS:
            self.flush()

    def fail(self, outcome: Outcome) -> None:
        """Take a document that the workers gave up: it is quarantined, with their reason."""
        self.add(Product(outcome.key, status=QUARANTINED, reason=outcome.reason, detail=outcome.detail, seconds=outcome.seconds))

    def renew(self, document_id: str) -> None:
        """Record a document again that was done before: later stages are due again. It is no piece of work of its own."""
        self._products.append(Product(document_id))

    def flush(self) -> None:
        """Write what has been gathered."""
        if self._products:
            self.refused += write_batch(self._state, self._stage, self._version, self._products).refused
        self._products, self._rows, self._since = [], 0, time.monotonic()
