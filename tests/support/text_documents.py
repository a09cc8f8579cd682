"""Whole documents written as text (a cell a field, `|` between them), audited and published together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipelines.audit.audit import audit
from pipelines.normalise.normalise import normalise
from pipelines.publish.batches import Product, write_batch
from pipelines.publish.lock import writer
from pipelines.publish.state import Offer, State
from pipelines.publish.warehouse import publish
from pipelines.read.document import document_of
from pipelines.read.text import read_text
from pipelines.understand.understand import understand


def product_of(text: str) -> Product:
    """What the stages make of a text."""
    lines = text.replace("|", "\t")
    sha256 = hashlib.sha256(lines.encode()).hexdigest()
    read = understand(document_of(read_text(lines), sha256=sha256, n_bytes=len(lines), media_type="text/plain"))
    return Product(sha256[:16], audit(normalise(read), read))


def publish_texts(warehouse: Path, texts: Sequence[str], withdrawn: Sequence[str] = ()) -> str:
    """Ingest texts (in their order), withdraw some, publish; returns the content hash."""
    with writer(warehouse), State.open(warehouse) as state:
        products = {text: product_of(text) for text in texts}
        for text, product in products.items():
            sha256 = hashlib.sha256(text.replace("|", "\t").encode()).hexdigest()
            state.offer([Offer(f"{product.document_id}.txt", sha256, len(text), "text/plain")])
            write_batch(state, "read", "1", [Product(product.document_id)])
            write_batch(state, "understand", "1", [product])
        for text in withdrawn:
            state.remove([product_of(text).document_id])
        return publish(state, code_version="test", parquet=False).content_hash


def rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    """A query on the published file."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()
