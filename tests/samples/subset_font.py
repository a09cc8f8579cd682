"""Cut the font of the PDF samples down to the characters they use; needed only when the texts gain new characters.

    uv run --with fonttools python tests/samples/subset_font.py NotoSansSC_400Regular.ttf

The full font (SIL Open Font License 1.1) comes with the npm package @expo-google-fonts/noto-sans-sc.
"""

from __future__ import annotations

import sys
from pathlib import Path

from documents import samples
from fontTools import subset
from model import Table, Text

TARGET = Path(__file__).parent / "fonts" / "NotoSansSC-samples.ttf"


def characters() -> str:
    """Every character that a PDF sample prints."""
    seen = {chr(c) for c in range(0x20, 0x7F)} | set("—　单位：")
    for sample in samples():
        if not sample.file.endswith(".pdf"):
            continue
        for block in sample.blocks:
            if isinstance(block, Text):
                seen |= set(block.text)
            elif isinstance(block, Table):
                seen |= set(block.title + block.number + block.filler + block.note + block.unit)
                seen |= {ch for p in block.placed() for ch in p.cell.text}
    return "".join(sorted(seen))


def main() -> None:
    """Write the subset."""
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    font = subset.load_font(sys.argv[1], options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters())
    cutter.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    subset.save_font(font, str(TARGET), options)


if __name__ == "__main__":
    main()
