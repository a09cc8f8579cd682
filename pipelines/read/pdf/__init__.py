"""PDF → Document: born-digital ruled pages through camelot's lattice parser fed by pdfium; other pages by their own modules."""
