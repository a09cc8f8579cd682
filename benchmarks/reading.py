"""Reading ruled PDF tables: Yusuan beside camelot (default and engine="vector") and pdfplumber, on the same pages.

    uv run python benchmarks/reading.py [FILE.pdf | FOLDER]... [--pages N] [--repeats N] [--readers NAME,...] [--json]

Each reader runs in a process of its own that has already read a page. Printed for each: CPU milliseconds a page (all pages,
prose included; the best and the median of the repeats), tables, digits kept and extra, peak memory, how many times Yusuan's cost it
takes (best against best), and the machine's load meanwhile: CPU time grows, too, where others keep the caches and the clock busy.

Digits kept: of the digits that the page's text layer has inside a reader's own table boxes, those that stand in its cells.
Extra: digits in cells beyond those. In tables: how many digits stand in cells at all, so that losing whole tables shows.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]  # x0, top, x1, bottom in points of the page as shown
Tables = Iterator[tuple[Box, list[str]]]  # one page's tables: box, and the texts of the cells
SAMPLES = Path("data") / "samples"


def yusuan(path: Path, numbers: list[int]) -> Iterator[Tables]:
    """Yusuan's own reader, page by page."""
    from pipelines.read.document import RawTable
    from pipelines.read.pdf.lattice import PdfiumLattice
    from pipelines.read.pdf.pdfium import open_document, open_page
    from pipelines.read.pdf.reader import PageReaders, read_page

    parser, readers = PdfiumLattice(), PageReaders()
    with open_document(path) as document:
        for number in numbers:
            with open_page(document, number) as page:
                blocks, _ = read_page(page, parser, readers)
            yield ((block.box, [cell.text for cell in block.cells]) for block in blocks if isinstance(block, RawTable) and block.box)


def _camelot(path: Path, numbers: list[int], **options: Any) -> Iterator[Tables]:
    import camelot

    for number in numbers:
        tables = camelot.read_pdf(str(path), pages=str(number), flavor="lattice", suppress_stdout=True, **options)
        yield ((_from_top(table._bbox, table.pdf_size[1]), [cell.text for row in table.cells for cell in row]) for table in tables)


def _from_top(box: Box, height: float) -> Box:
    x0, bottom, x1, top = box
    return x0, height - top, x1, height - bottom


def camelot_default(path: Path, numbers: list[int]) -> Iterator[Tables]:
    """camelot as it comes: the page is rendered and OpenCV looks for rules."""
    return _camelot(path, numbers)


def camelot_vector(path: Path, numbers: list[int]) -> Iterator[Tables]:
    """camelot without rendering, with the character margin that repairs most fused cells."""
    return _camelot(path, numbers, engine="vector", layout_kwargs={"char_margin": 0.3})


def pdfplumber(path: Path, numbers: list[int]) -> Iterator[Tables]:
    """pdfplumber's tables by lines."""
    import pdfplumber as plumber

    with plumber.open(path) as document:
        for number in numbers:
            page = document.pages[number - 1]
            yield ((table.bbox, [cell or "" for row in table.extract() for cell in row]) for table in page.find_tables())
            page.close()


READERS: dict[str, Callable[[Path, list[int]], Iterator[Tables]]] = {
    "yusuan": yusuan, "camelot": camelot_default, "camelot-vector": camelot_vector, "pdfplumber": pdfplumber,
}


def page_numbers(path: Path, most: int) -> list[int]:
    """All pages, or `most` spread evenly over the file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    count = len(document)
    document.close()
    if not most or count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(n * (count - 1) / max(1, most - 1)) for n in range(most)})


def measure(reader: str, files: list[Path], most: int, repeats: int = 1) -> dict[str, Any]:
    """Run one reader in this process. CPU time is counted from opening a file to its last page, after one page to warm up."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    read = READERS[reader]
    for tables in read(files[0], page_numbers(files[0], 1)):
        list(tables)
    pages: list[tuple[str, int, list[Box], dict[str, int]]] = []
    spent = [0.0] * repeats
    for repeat in range(repeats):
        for path in files:
            numbers = page_numbers(path, most)
            started = time.process_time()
            found = [[(box, list(texts)) for box, texts in tables] for tables in read(path, numbers)]
            spent[repeat] += time.process_time() - started
            for number, kept in zip(numbers, found if repeat == 0 else (), strict=repeat == 0):
                digits = Counter(c for _, texts in kept for text in texts for c in text if "0" <= c <= "9")
                pages.append((str(path), number, [box for box, _ in kept], dict(digits)))
    return {
        "cpu_s": min(spent), "median_cpu_s": statistics.median(spent), "load": os.getloadavg()[0],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "pages": pages,
    }


def printed_digits(files: list[Path], most: int) -> dict[tuple[str, int], list[tuple[str, float, float]]]:
    """Each page's digits with the middle of each, as shown."""
    from pipelines.read.pdf.glyphs import glyphs_of, text_layer
    from pipelines.read.pdf.pdfium import open_document, open_page

    out: dict[tuple[str, int], list[tuple[str, float, float]]] = {}
    for path in files:
        numbers = page_numbers(path, most)
        with open_document(path) as document:
            for number in numbers:
                with open_page(document, number) as page:
                    glyphs = glyphs_of(page, text_layer(page), page.frame, frozenset())
                digits = glyphs.pick((glyphs.codes >= 0x30) & (glyphs.codes <= 0x39))
                out[str(path), number] = list(zip(map(chr, digits.codes), digits.cx.tolist(), digits.cy.tolist(), strict=True))
    return out


def compare(results: dict[str, dict[str, Any]], printed: dict[tuple[str, int], list[tuple[str, float, float]]]) -> list[dict[str, Any]]:
    """One row a reader."""
    base = results.get("yusuan", {}).get("cpu_s")
    rows = []
    for name, result in results.items():
        seen = kept = extra = 0
        for path, number, boxes, digits in result["pages"]:
            inside = Counter(
                digit for digit, x, y in printed[path, number]
                if any(x0 - 1 <= x <= x1 + 1 and top - 1 <= y <= bottom + 1 for x0, top, x1, bottom in boxes)
            )
            have = Counter(digits)
            seen, kept, extra = seen + inside.total(), kept + (have & inside).total(), extra + (have - inside).total()
        rows.append({
            "reader": name,
            "pages": len(result["pages"]),
            "cpu_ms_a_page": 1000 * result["cpu_s"] / max(1, len(result["pages"])),
            "median_cpu_ms_a_page": 1000 * result["median_cpu_s"] / max(1, len(result["pages"])),
            "times_yusuan": result["cpu_s"] / base if base else None,
            "tables": sum(len(boxes) for _, _, boxes, _ in result["pages"]),
            "digits_in_tables": kept + extra,
            "digits_kept": kept / max(1, seen),
            "digits_extra": extra / max(1, seen),
            "peak_mb": result["peak_mb"],
            "load": result["load"],
        })
    return rows


def pdfs(paths: list[Path]) -> list[Path]:
    """The PDF files among the arguments, folders searched through."""
    found = [f for p in paths for f in (sorted(p.rglob("*.pdf")) if p.is_dir() else [p])]
    if not found:
        raise SystemExit(f"no PDF files in {', '.join(map(str, paths))}: name files or folders")
    return found


def main() -> None:
    """Measure every reader in its own process and print the comparison."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("paths", nargs="*", type=Path, default=[SAMPLES])
    arguments.add_argument("--pages", type=int, default=0, help="at most so many pages of each file, spread evenly (0: all)")
    arguments.add_argument("--repeats", type=int, default=1, help="read everything so often; the best and the median are printed")
    arguments.add_argument("--readers", default=",".join(READERS))
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--only", help=argparse.SUPPRESS)  # the child process of one reader
    chosen = arguments.parse_args()
    files = pdfs(chosen.paths)
    if chosen.only:
        sys.stdout.write(json.dumps(measure(chosen.only, files, chosen.pages, chosen.repeats)))
        return
    results = {}
    for name in chosen.readers.split(","):
        options = ["--pages", str(chosen.pages), "--repeats", str(chosen.repeats), "--only", name]
        command = [sys.executable, __file__, *map(str, files), *options]
        results[name] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    rows = compare(results, printed_digits(files, chosen.pages))
    if chosen.json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    titles = ("reader", "pages", "CPU ms/page", "median", "× Yusuan", "tables", "in tables", "kept %", "extra %", "peak MB", "load")
    lines = [
        (
            row["reader"], str(row["pages"]), f"{row['cpu_ms_a_page']:.2f}", f"{row['median_cpu_ms_a_page']:.2f}",
            f"{row['times_yusuan']:.1f}" if row["times_yusuan"] else "-",
            str(row["tables"]), str(row["digits_in_tables"]), f"{100 * row['digits_kept']:.3f}", f"{100 * row['digits_extra']:.3f}",
            f"{row['peak_mb']:.0f}", f"{row['load']:.1f}",
        )
        for row in rows
    ]
    for line in (titles, *lines):
        sys.stdout.write(f"{line[0]:<16}" + "".join(f"{part:>12}" for part in line[1:]) + "\n")


if __name__ == "__main__":
    main()
