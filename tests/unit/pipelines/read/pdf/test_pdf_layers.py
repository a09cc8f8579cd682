"""Optional content (layers): what is switched off is no part of any line, cell or grid; what is switched on is read."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from pipelines.read.document import Document
from pipelines.read.pdf import layers
from pipelines.read.pdf.layers_declared import declares_layers
from pipelines.read.pdf.reader import read_pdf

GRID = " ".join(
    [f"50 {y} m 350 {y} l S" for y in (50, 100, 150, 200)] + [f"{x} 50 m {x} 200 l S" for x in (50, 150, 250, 350)],
)


def written(x: int, y: int, string: str) -> str:
    return f" BT /F 10 Tf {x} {y} Td ({string}) Tj ET "


def marked(layer: str, content: str) -> str:
    return f" /OC /{layer} BDC {content} EMC "


HEAD = written(60, 170, "Name") + written(160, 170, "Now") + written(260, 170, "Before")
TABLE = GRID + HEAD + written(60, 120, "A") + written(60, 70, "B")
DRAFT = written(160, 120, "11.11") + " 50 125 m 350 125 l S "  # a figure, and a rule through the second row
FINAL = written(160, 120, "22.22") + written(160, 70, "33.33")


def pdf(content: str, form: str = "", off: str = "6 0 R", page: str = "") -> bytes:
    """One page; layer A is switched off unless `off` says otherwise, and the form /X belongs to it as a whole."""
    resources = "/Font<</F 5 0 R/G 10 0 R>>/Properties<</A 6 0 R/B 7 0 R/C 9 0 R>>/XObject<</X 8 0 R>>"
    bodies = [
        f"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R 7 0 R]/D<</Order[6 0 R 7 0 R]/OFF[{off}]>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]{page}/Contents 4 0 R/Resources<<{resources}>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/OCG/Name(Draft)>>",
        "<</Type/OCG/Name(Final)>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 400 300]/OC 6 0 R/Resources<</Font<</F 5 0 R>>>>"
        f"/Length {len(form)}>>stream\n{form}\nendstream",
        "<</Type/OCMD/OCGs[6 0 R]/P/AnyOn>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[11 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        "/FontDescriptor 12 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/StemV 93>>",
    ]
    out, starts = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(bodies) + 1
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()


def read(data: bytes) -> Document:
    return read_pdf(data, sha256="0" * 64, n_bytes=len(data))


def cells(document: Document) -> list[str]:
    (table,) = document.tables
    return [cell.text for cell in table.cells]


@pytest.mark.parametrize("layer", ["A", "C"], ids=["layer", "membership"])
def test_what_is_switched_off_is_not_read(layer: str) -> None:
    document = read(pdf(TABLE + marked(layer, DRAFT) + marked("B", FINAL)))
    assert cells(document) == ["Name", "Now", "Before", "A", "22.22", "", "B", "33.33", ""]
    assert [(page.digits_hidden, page.note) for page in document.pages] == [(4, layers.NOTE)]
    assert document.tables[0].confidence == 1.0


def test_a_form_that_is_switched_off_is_not_read() -> None:
    document = read(pdf(TABLE + marked("B", FINAL) + " /X Do ", form=written(260, 120, "44.44") + marked("B", written(260, 70, "5"))))
    assert cells(document) == ["Name", "Now", "Before", "A", "22.22", "", "B", "33.33", ""]
    assert document.pages[0].digits_hidden == 4 + 1


def test_a_layer_within_a_form_of_the_same_layer_goes_with_it() -> None:
    content = TABLE + marked("B", FINAL) + marked("A", " /X Do " + written(260, 70, "6"))
    document = read(pdf(content, form=marked("A", written(260, 120, "44.44"))))
    assert cells(document) == ["Name", "Now", "Before", "A", "22.22", "", "B", "33.33", ""]


def test_what_is_switched_on_is_read_with_its_rules() -> None:
    document = read(pdf(TABLE + marked("A", DRAFT), off=""))
    assert "11.11" in cells(document)
    assert document.tables[0].n_rows == 4
    assert [(page.digits_hidden, page.note) for page in document.pages] == [(0, None)]


def test_a_page_with_more_layers_than_are_looked_at_is_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "_MOST", 1)
    document = read(pdf(TABLE + marked("B", FINAL) + marked("A", written(260, 120, "11.11"))))
    assert document.pages[0].note == layers.UNSURE
    assert {(table.confidence, table.note) for table in document.tables} == {(layers.CONFIDENCE, layers.UNSURE)}


@pytest.mark.parametrize(("off", "printed"), [("", "合"), ("6 0 R", "")], ids=["on", "off"])
def test_a_layer_in_a_font_that_the_file_does_not_carry(off: str, printed: str) -> None:
    content = TABLE + marked("A", "BT /G 10 Tf 160 120 Td <5408> Tj ET") + marked("B", written(160, 70, "33.33"))
    document = read(pdf(content, off=off))
    assert cells(document) == ["Name", "Now", "Before", "A", printed, "", "B", "33.33", ""]
    assert document.tables[0].confidence == 1.0


def test_a_page_with_a_layer_of_which_nothing_is_drawn_is_doubtful() -> None:
    """Text without ink, switched on or off, leaves the picture as it is: the picture does not tell."""
    document = read(pdf(TABLE + marked("A", "BT 3 Tr /F 10 Tf 160 120 Td (1) Tj 0 Tr ET") + marked("B", written(160, 70, "33.33"))))
    assert {(table.confidence, table.note) for table in document.tables} == {(layers.CONFIDENCE, layers.UNSURE)}


def test_layers_declared_in_a_packed_catalog_are_found(tmp_path: Path) -> None:
    def packed(inner: bytes, broken: bool = False) -> bytes:
        body = b"not packed this way" if broken else zlib.compress(inner)
        head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/DecodeParms<</Columns 4>>/Length %d>>" % len(body)
        return b"%PDF-1.5\n1 0 obj\n" + head + b"stream\r\n" + body + b"\nendstream\nendobj\n"

    plain, layered = packed(b"2 0 <</Type/Catalog>>"), packed(b"2 0 <</Type/Catalog/OCProperties 3 0 R>>")
    assert [declares_layers(data) for data in (plain, layered, plain + layered, packed(b"", broken=True))] == [False, True, True, True]
    file = tmp_path / "packed.pdf"
    file.write_bytes(layered)
    assert declares_layers(file)


@pytest.mark.parametrize("unit", [2, 3])
def test_pages_in_larger_units_are_read_alike(unit: int) -> None:
    """/UserUnit (ISO 32000, 14.11.1) says how large a page's unit is: the same content in other units is the same table."""
    small = f"{1 / unit} 0 0 {1 / unit} 0 0 cm {1 / unit} w "
    plain = read(pdf(TABLE + FINAL))
    large = read(pdf(TABLE + FINAL, page=f"/UserUnit {unit}"))
    assert cells(large) == cells(plain)
    box = b"[0 0 %d %d]/UserUnit" % (400 / unit, 300 / unit)
    data = pdf(small + TABLE + FINAL, page=f"/UserUnit {unit}").replace(b"[0 0 400 300]/UserUnit", box)
    assert cells(read(data)) == cells(plain)
