"""Forms with merged cells, for tests: `^` goes on with the cell above, `<` with the cell to the left; a grid is one page's table."""

from __future__ import annotations

from typing import Any

from pipelines.normalise.normalise import normalise
from pipelines.read.document import Block, Cell, RawTable, TextLine, document_of
from pipelines.understand.understand import Understood, understand

WIDTH, HEIGHT = 60.0, 18.0
COVER = (TextLine("安宁县水务局2026年部门预算", page=1, role="heading"),)


def grid(text: str, page: int = 2, edges: list[float] | None = None, first: float = 100.0) -> RawTable:
    """A ruled table on a page. `edges`: the x of each column's rules where they are not WIDTH apart."""
    rows = [[field.strip() for field in line.split("|")] for line in text.strip("\n").split("\n")]
    n_columns = len(rows[0])
    assert all(len(row) == n_columns for row in rows), "every line of a drawn grid has the same number of fields"
    xs = edges or [WIDTH * i for i in range(n_columns + 1)]
    cells = []
    for r, row in enumerate(rows):
        for c, field in enumerate(row):
            if field in ("^", "<"):
                continue
            right = c + 1
            while right < n_columns and row[right] == "<":
                right += 1
            down = r + 1
            while down < len(rows) and rows[down][c] == "^":
                down += 1
            box = (xs[c], first + r * HEIGHT, xs[right], first + down * HEIGHT)
            cells.append(Cell(r, c, field, down - r, right - c, page, box))
    return RawTable(len(rows), n_columns, tuple(cells), "lattice", page=page, box=(xs[0], first, xs[-1], first + len(rows) * HEIGHT))


def line(text: str, page: int = 2) -> TextLine:
    """A printed line above a table."""
    return TextLine(text, page=page)


def understood(*blocks: Block, cover: tuple[TextLine, ...] = COVER) -> Understood:
    """Blocks as a document, understood."""
    return understand(document_of([*cover, *blocks], sha256="0" * 64, n_bytes=1, media_type="application/pdf"))


def records(*blocks: Block, cover: tuple[TextLine, ...] = COVER) -> dict[str, list[dict[str, Any]]]:
    """All relations of such a document, as dictionaries in reading order."""
    frames = normalise(understood(*blocks, cover=cover))
    return {name: frame.to_dicts() for name, frame in frames.items()}
