"""Optional content that is switched off (layers, ISO 32000, 8.11): no reader of the page sees it, and it stays in the text layer.

pdfium honours layers when it draws and nowhere else, and names no layer's state. So it is asked by drawing: what leaves the picture of
the page as it is when it is taken out cannot be seen. Only files that declare layers are looked at, of these only what is marked as
optional, and forms, which may be optional as a whole.
Here: what of a page is switched off. Not here: whether a file has layers (`layers_declared`), taking it off the page (`covering`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Final

import numpy as np
import pypdfium2.raw as raw

from pipelines.read.pdf import calls
from pipelines.read.pdf.covering import Painted
from pipelines.read.pdf.pdfium import Page
from pipelines.read.pdf.scan_image import render_grey

NOTE: Final = "a layer that is switched off was left out"
UNSURE: Final = "the page has layers of which it is not known whether they are switched off: they were read"
CONFIDENCE: Final = 0.5  # of tables on a page that may show what is switched off
_MOST: Final = 40  # layers and forms of one page, each drawn once
_MAX_DEPTH: Final = 8  # of forms within forms
_DPI: Final = 72.0

Layers = dict[tuple[str, int], list[Painted]]  # by layer, or form: the form each object stands in (0: the page) and its address


def switched_off(page: Page) -> tuple[list[Painted], bool]:
    """The objects of the loaded page that stand in layers nobody sees, and whether all layers were looked at."""
    layers: Layers = {}
    for key, painted in _optional(0, calls.page_objects(page.handle), 0):
        layers.setdefault(key, []).append(painted)
    if not layers:
        return [], True
    seen, _ = render_grey(page.pdfium, _DPI)
    out: list[Painted] = []
    around = {handle: form for objects in layers.values() for form, handle in objects}
    gone: set[int] = set()
    sure = len(layers) <= _MOST
    for group in list(layers.values())[:_MOST]:  # forms before what stands in them
        objects = [(form, handle) for form, handle in group if not _within(form, around, gone)]
        _show(objects, False)
        without, _ = render_grey(page.pdfium, _DPI)
        _show(objects, True)
        if np.array_equal(seen, without):
            texts = [handle for _, handle in texts_of(objects) if _is(handle, raw.FPDF_PAGEOBJ_TEXT)]
            if texts and not any(_leaves_ink(page, handle) for handle in texts):
                sure = False  # its font is not there: the picture says nothing of it
                continue
            out.extend(objects)
            gone.update(handle for _, handle in objects)
    return [(form, handle) for form, handle in out if not _within(form, around, gone)], sure


def texts_of(objects: list[Painted]) -> list[Painted]:
    """The objects, and those within forms among them: what the text layer may name."""
    inner = [(handle, child) for _, handle in objects if _is(handle, raw.FPDF_PAGEOBJ_FORM) for child in calls.form_objects(handle)]
    return objects + (texts_of(inner) if inner else [])


def _is(handle: int, kind: int) -> bool:
    return bool(calls.object_types([handle])[0] == kind)


def _leaves_ink(page: Page, text: int) -> bool:
    """Whether anything is drawn of a text object when it is drawn by itself, whatever its layer."""
    bitmap = raw.FPDFTextObj_GetRenderedBitmap(page.pdfium.pdf.raw, page.pdfium.raw, ctypes.cast(text, raw.FPDF_PAGEOBJECT), 1.0)
    if not bitmap:
        return False
    try:
        size = raw.FPDFBitmap_GetHeight(bitmap) * raw.FPDFBitmap_GetStride(bitmap)
        return any(ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), size))
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def _within(form: int, around: dict[int, int], gone: set[int]) -> bool:
    """Whether a form, or one of those around it, is gone."""
    while form and form not in gone:
        form = around.get(form, 0)
    return form in gone


def _show(objects: list[Painted], active: bool) -> None:
    for _, handle in objects:
        raw.FPDFPageObj_SetIsActive(ctypes.cast(handle, raw.FPDF_PAGEOBJECT), active)


def _optional(form: int, handles: list[int], depth: int) -> Iterator[tuple[tuple[str, int], Painted]]:
    """Objects marked as optional, by their layer's name, and whole forms."""
    for handle, kind in zip(handles, calls.object_types(handles).tolist(), strict=True):
        layer = _layer(handle)
        if layer is not None:
            yield (layer, 0), (form, handle)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            yield ("", handle), (form, handle)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            yield from _optional(handle, calls.form_objects(handle), depth + 1)


def _layer(handle: int) -> str | None:
    """The name of the layer an object is marked with ("" for one without a name), or None."""
    thing = ctypes.cast(handle, raw.FPDF_PAGEOBJECT)
    for n in range(max(0, raw.FPDFPageObj_CountMarks(thing))):
        mark = raw.FPDFPageObj_GetMark(thing, n)
        name, size = (ctypes.c_ushort * 128)(), ctypes.c_ulong()
        if not raw.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), size) or _string(name, size.value) != "OC":
            continue
        found = raw.FPDFPageObjMark_GetParamStringValue(mark, b"Name", name, ctypes.sizeof(name), size)
        return _string(name, size.value) if found else ""
    return None


def _string(units: ctypes.Array[ctypes.c_ushort], size: int) -> str:
    """What pdfium wrote: UTF-16 with a closing zero, `size` bytes."""
    return bytes(units)[: max(0, size - 2)].decode("utf-16-le", "replace")
