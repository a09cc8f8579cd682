"""Write every sample into data/samples and what is true of it into tests/golden/<sample>/.

    uv run python tests/samples/make.py [--samples DIR] [--golden DIR]

Deterministic: the same code gives the same bytes. The expected files come from the cells as they were composed (documents.py),
never from the pipeline's output.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import asdict
from pathlib import Path

from documents import samples
from model import FACT_COLUMNS, Sample
from write_flow import write_docx, write_html, write_text, write_xlsx
from write_pdf import Pages
from write_pdf import write as write_pdf

ROOT = Path(__file__).resolve().parents[2]
FLOW = {"docx": write_docx, "xlsx": write_xlsx, "html": write_html, "txt": write_text}


def write(sample: Sample, folder: Path) -> Pages:
    """Write one document; gives back the page of every cell (none for formats without pages)."""
    path = folder / sample.file
    suffix = path.suffix[1:]
    if suffix == "pdf":
        return write_pdf(sample.blocks, path, dict(sample.splits))
    FLOW[suffix](sample.blocks, path)
    return [(t, {}) for t in sample.tables]


def facts(sample: Sample, pages: Pages) -> list[dict[str, str]]:
    """The facts of a document in reading order, in the columns of `facts`."""
    out = []
    for table, where in pages:
        for p in table.placed():
            c = p.cell
            if c.yuan is None or c.meaning is None:
                continue
            row = {k: str(v) for k, v in asdict(c.meaning).items()}
            row |= {
                "doc": sample.file,
                "page": str(where.get((p.row, p.column), "")),
                "table_kind": table.kind,
                "title": table.title,
                "amount_yuan": f"{c.yuan:.2f}",
                "unit": table.unit,
                "raw_text": c.text,
            }
            out.append({k: row[k] for k in FACT_COLUMNS})
    return out


def tables(pages: Pages) -> list[dict[str, str]]:
    """One row a logical table."""
    out = []
    for table, where in pages:
        on = sorted(set(where.values()))
        out.append(
            {
                "title": table.title,
                "table_kind": table.kind,
                "declared_unit": table.unit if table.show_unit else "",
                "first_page": str(on[0]) if on else "",
                "last_page": str(on[-1]) if on else "",
                "emptiness": table.emptiness,
            }
        )
    return out


def save(path: Path, rows: list[dict[str, str]]) -> None:
    """A CSV with a header; no file where there is nothing."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as f:
        writer = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write all samples and all expectations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=ROOT / "data" / "samples")
    parser.add_argument("--golden", type=Path, default=ROOT / "tests" / "golden")
    chosen = parser.parse_args()
    chosen.samples.mkdir(parents=True, exist_ok=True)
    for sample in samples():
        pages = write(sample, chosen.samples)
        folder = chosen.golden / sample.name
        folder.mkdir(parents=True, exist_ok=True)
        save(folder / "expected.csv", facts(sample, pages))
        save(folder / "tables.csv", tables(pages))
        save(folder / "indicators.csv", [asdict(i) for t in sample.tables for i in t.indicators])
        save(folder / "findings.csv", list(sample.findings))
        about = {
            "file": sample.file,
            "about": sample.about,
            "entity_name": sample.entity,
            "region_code": sample.region,
            "fiscal_year": sample.year,
            "document_kind": sample.kind,
        }
        (folder / "document.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
