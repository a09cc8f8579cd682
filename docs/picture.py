"""Draw docs/picture.png: a page of a sample with one cell marked, beside the fact that it became.

    uv run python docs/picture.py data/warehouse/yusuan.duckdb

Everything in the picture is read: the page from data/samples, the box and the values from the warehouse.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
FILE = "01-department-budget.pdf"
FONT = ROOT / "tests" / "samples" / "fonts" / "NotoSansSC-samples.ttf"
SCALE = 2.0
CROP = (44, 28, 560, 408)  # points of the page
SHOWN = (
    "department_name", "region_code", "fiscal_year", "table_kind", "subject_scheme", "subject_code", "subject_name", "column_path",
    "column_code",
    "side", "funding", "expenditure_type", "stage", "amount_yuan", "raw_text", "unit", "trust", "page", "row_no", "column_no",
)
QUERY = f"""
    select {', '.join('f.' + name for name in SHOWN)}, f.x0, f.top, f.x1, f.bottom
    from facts f join documents d using (document_id)
    where d.source_name = ? and f.table_kind = 'general_public_expenditure' and f.subject_code = '2130301'
      and f.expenditure_type = 'basic_operating'
"""
RED, INK, GREY, PAPER = (200, 30, 30), (30, 30, 30), (120, 120, 120), (255, 255, 255)


def main() -> None:
    """Write the picture."""
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        *values, x0, top, x1, bottom = con.execute(QUERY, [FILE]).fetchone() or sys.exit("the fact is not in this warehouse")
    page_number = values[SHOWN.index("page")]
    page = pypdfium2.PdfDocument(ROOT / "data" / "samples" / FILE)[page_number - 1].render(scale=SCALE).to_pil()
    ImageDraw.Draw(page).rectangle([(x0 - 1) * SCALE, (top - 1) * SCALE, (x1 + 1) * SCALE, (bottom + 1) * SCALE], outline=RED, width=4)
    left = page.crop([round(v * SCALE) for v in CROP])
    small, large = ImageFont.truetype(str(FONT), 22), ImageFont.truetype(str(FONT), 26)
    picture = Image.new("RGB", (left.width + 760, left.height), PAPER)
    picture.paste(left, (0, 0))
    draw = ImageDraw.Draw(picture)
    y, x = 24, left.width + 40
    draw.text((x, y), "facts", font=large, fill=RED)
    y += 52
    for name, value in zip(SHOWN, values, strict=True):
        draw.text((x, y), name, font=small, fill=GREY)
        draw.text((x + 230, y), str(value), font=small, fill=RED if name == "amount_yuan" else INK)
        y += 32
    cell = ((x1 - CROP[0]) * SCALE + 4, ((top + bottom) / 2 - CROP[1]) * SCALE)
    draw.line([cell, (x - 14, cell[1]), (x - 14, 76), (x - 4, 76)], fill=RED, width=3)
    picture.quantize(64).save(ROOT / "docs" / "picture.png", optimize=True)


if __name__ == "__main__":
    main()
