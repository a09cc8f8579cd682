"""Text in a Chinese font that the document does not carry: digits are set half as wide as the stand-in's box."""

from io import BytesIO

import numpy as np
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.read.pdf.glyphs import glyphs_of, text_layer, upright_frame
from pipelines.read.pdf.pdfium import open_document, open_page


def test_boxes_of_digits_end_where_the_next_character_begins() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = BytesIO()
    canvas = Canvas(file)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(100, 700, "915.95")
    canvas.drawString(100 + pdfmetrics.stringWidth("915.95", "STSong-Light", 10) + 4, 700, "302 商品")
    canvas.save()
    with open_document(file.getvalue()) as document, open_page(document, 1) as page:
        layer = text_layer(page)
        glyphs = glyphs_of(page, layer, upright_frame(page, layer), frozenset())
    digit = (glyphs.codes >= 0x30) & (glyphs.codes <= 0x39)
    assert np.allclose((glyphs.x1 - glyphs.x0)[digit], 4.62, atol=0.05)
    five, three = "".join(map(chr, glyphs.codes)).index("302") - 1, "".join(map(chr, glyphs.codes)).index("302")
    assert 3.5 < glyphs.x0[three] - glyphs.x1[five] < 4.5  # as far apart as they are printed
