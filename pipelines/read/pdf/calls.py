"""pdfium's C functions called in bulk, their results straight in numpy arrays.

A page needs thousands of calls, and the wrapper's argument checking would cost more than pdfium's own work. Handles are plain
addresses. Here: the calls. Not here: which page or object a handle belongs to, and what the numbers mean.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

Floats = npt.NDArray[np.float64]


def _prototype(function: Any, restype: Any, *, one_handle: bool = False) -> Any:
    """A private prototype of one pdfium function whose first argument is a handle; the wrapper's own stays as it is.

    Only the handle is converted by type: further arguments must be small integers (taken as C int) or references from
    `_Slots`. With `one_handle`, for functions asked again and again of one page, not even that: it must be a reference (`_reference`).
    PYFUNCTYPE keeps the GIL: each call lasts well under a microsecond, and handing the lock over costs as much again.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(restype)(address) if one_handle else ctypes.PYFUNCTYPE(restype, ctypes.c_void_p)(address)


def _reference(handle: int) -> Any:
    """A handle as an argument that needs no conversion: a reference to what stands at its address."""
    return ctypes.byref(ctypes.c_char.from_address(handle)) if handle else None


_P, _I = ctypes.c_void_p, ctypes.c_int
_NO_TEXT = 0xFFFE
_unicode = _prototype(raw.FPDFText_GetUnicode, ctypes.c_uint)
_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, None, one_handle=True)
_origin = _prototype(raw.FPDFText_GetCharOrigin, None, one_handle=True)
_text_object = _prototype(raw.FPDFText_GetTextObject, _P, one_handle=True)
_char_matrix = _prototype(raw.FPDFText_GetMatrix, _I)
_page_object = _prototype(raw.FPDFPage_GetObject, _P, one_handle=True)
_form_object = _prototype(raw.FPDFFormObj_GetObject, _P, one_handle=True)
_object_type = _prototype(raw.FPDFPageObj_GetType, _I)
_object_bounds = _prototype(raw.FPDFPageObj_GetBounds, None)
_object_matrix = _prototype(raw.FPDFPageObj_GetMatrix, _I)
_render_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, _I)
_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, None)
_segment_count = _prototype(raw.FPDFPath_CountSegments, _I)
_segment = _prototype(raw.FPDFPath_GetPathSegment, _P)
_segment_type = _prototype(raw.FPDFPathSegment_GetType, _I)
_segment_point = _prototype(raw.FPDFPathSegment_GetPoint, _I)
_segment_close = _prototype(raw.FPDFPathSegment_GetClose, _I)
_stroke_colour = _prototype(raw.FPDFPageObj_GetStrokeColor, None)
_fill_colour = _prototype(raw.FPDFPageObj_GetFillColor, None)
_clip_path = _prototype(raw.FPDFPageObj_GetClipPath, _P)
_clip_count = _prototype(raw.FPDFClipPath_CountPaths, _I)
_clip_size = _prototype(raw.FPDFClipPath_CountPathSegments, _I)
_clip_segment = _prototype(raw.FPDFClipPath_GetPathSegment, _P)


class _Slots:
    """A buffer of 16-byte slots that pdfium writes results into, and references to them, made once for the process."""

    COUNT = 4096

    def __init__(self) -> None:
        self.buffer = (ctypes.c_ubyte * (16 * self.COUNT))()
        self._view = memoryview(self.buffer)
        self.at = {offset: [ctypes.byref(self.buffer, 16 * n + offset) for n in range(self.COUNT)] for offset in (0, 4, 8, 12)}

    def fill(
        self, function: Any, handles: Any, which: Sequence[int] | None, count: int, offsets: tuple[int, ...], dtype: Any,
    ) -> npt.NDArray[Any]:
        """Call `function(handle[, index], reference, …)` `count` times; returns (count, 16 / itemsize) of `dtype`.

        `handles`: one handle for all, or a list of one each. A call that fails leaves zeros.
        """
        out: npt.NDArray[Any] = np.empty((count, 16 // np.dtype(dtype).itemsize), dtype)
        references = [self.at[offset] for offset in offsets]
        for start in range(0, count, self.COUNT):
            size = min(self.COUNT, count - start)
            ctypes.memset(self.buffer, 0, 16 * size)
            first = handles[start : start + size] if isinstance(handles, list) else repeat(handles, size)
            arguments = references if which is None else [which[start : start + size], *references]
            deque(map(function, first, *arguments), maxlen=0)
            out[start : start + size] = np.frombuffer(self._view[: 16 * size], dtype).reshape(size, -1)
        return out


_slots = _Slots()


def unicodes(text: int) -> npt.NDArray[np.uint32]:
    """The code point of each character of a text page (0: none known; 2: a hyphen at the end of a line).

    The whole text comes in one call; character by character only where the text leaves out or joins characters. The text says the same
    of a hyphen at a line's end and of a character that no one knows: these are asked for again.
    """
    handle = ctypes.cast(text, raw.FPDF_TEXTPAGE)
    count = max(0, raw.FPDFText_CountChars(handle))
    units = np.zeros(count + 2, np.uint16)
    written = raw.FPDFText_GetText(handle, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))) if count else 0
    if written == count + 1 and not bool(((units >= 0xD800) & (units < 0xE000)).any()):
        codes = units[:count].astype(np.uint32)
        doubtful = (codes == _NO_TEXT).nonzero()[0]
        if len(doubtful):
            codes[doubtful] = np.fromiter(map(_unicode, repeat(_P(text)), doubtful.tolist()), np.uint32, len(doubtful))
        return codes
    return np.fromiter(map(_unicode, repeat(_P(text)), range(count)), np.uint32, count)


def loose_boxes(text: int, which: Sequence[int]) -> Floats:
    """Boxes of characters by advance and line height, in user space: (n, 4) left, top, right, bottom."""
    return _slots.fill(_loose_box, _reference(text), which, len(which), (0,), np.float32).astype(np.float64)


def origins(text: int, which: Sequence[int]) -> Floats:
    """Origins (baseline points) of characters in user space: (n, 2)."""
    return _slots.fill(_origin, _reference(text), which, len(which), (0, 8), np.float64)


def directions(text: int, which: Sequence[int]) -> Floats:
    """Writing direction of characters in user space, (n, 2): the text matrix's first row."""
    out = np.zeros((len(which), 2))
    matrix = (ctypes.c_float * 6)()
    reference = ctypes.byref(matrix)
    for n, index in enumerate(which):
        _char_matrix(text, index, reference)
        out[n] = matrix[0], matrix[1]
    return out


def text_objects(text: int, which: Sequence[int]) -> list[int | None]:
    """The address of the text object each character belongs to."""
    return list(map(_text_object, repeat(_reference(text)), which))


def page_objects(page: int) -> list[int]:
    """Handles of a page's objects."""
    count = max(0, raw.FPDFPage_CountObjects(ctypes.cast(page, raw.FPDF_PAGE)))
    return list(map(_page_object, repeat(_reference(page)), range(count)))


def form_objects(form: int) -> list[int]:
    """Handles of the objects in a Form XObject."""
    count = max(0, raw.FPDFFormObj_CountObjects(ctypes.cast(form, raw.FPDF_PAGEOBJECT)))
    return list(map(_form_object, repeat(_reference(form)), range(count)))


def object_types(handles: list[int]) -> npt.NDArray[np.int32]:
    """pdfium's FPDF_PAGEOBJ_… of each object."""
    return np.fromiter(map(_object_type, handles), np.int32, len(handles))


def render_modes(handles: list[int]) -> npt.NDArray[np.int32]:
    """FPDF_TEXTRENDERMODE_… of each text object."""
    return np.fromiter(map(_render_mode, handles), np.int32, len(handles))


def segment_counts(handles: list[int]) -> npt.NDArray[np.int32]:
    """Number of segments of each path."""
    return np.fromiter(map(_segment_count, handles), np.int32, len(handles))


def object_bounds(handles: list[int]) -> Floats:
    """Bounds of page objects, (n, 4) left, bottom, right, top."""
    return _slots.fill(_object_bounds, handles, None, len(handles), (0, 4, 8, 12), np.float32).astype(np.float64)


def draw_modes(handles: list[int]) -> npt.NDArray[np.int32]:
    """Of each path (n, 2): fill mode, whether it is stroked."""
    return _slots.fill(_draw_mode, handles, None, len(handles), (0, 4), np.int32)[:, :2]


def colours(handles: list[int], *, stroke: bool) -> npt.NDArray[np.uint32]:
    """Red, green, blue and alpha of each path, 0 to 255: (n, 4)."""
    return _slots.fill(_stroke_colour if stroke else _fill_colour, handles, None, len(handles), (0, 4, 8, 12), np.uint32)


def object_matrix(handle: int) -> tuple[float, float, float, float, float, float]:
    """A page object's matrix, a b c d e f; the identity where it has none."""
    values = (ctypes.c_float * 6)()
    if not _object_matrix(handle, ctypes.byref(values)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    a, b, c, d, e, f = values
    return (a, b, c, d, e, f)


def path_segments(handle: int, count: int) -> Iterator[tuple[int, float, float, bool]]:
    """Of each segment of a path: FPDF_SEGMENT_…, x and y in the path's own space, whether it closes its figure."""
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    for n in range(count):
        segment = _segment(handle, n)
        _segment_point(segment, to_x, to_y)
        yield _segment_type(segment), x.value, y.value, bool(_segment_close(segment))


def clip_paths(handles: list[int]) -> tuple[list[int | None], list[tuple[int, int | None]]]:
    """Of each object its clip, and what tells clips apart: how many paths it has, the address of the last one's first segment.

    Without a clip the last is None.
    """
    clips = list(map(_clip_path, handles))
    counts = list(map(_clip_count, clips))
    lasts = [count - 1 for count in counts]
    return clips, list(zip(counts, map(_clip_segment, clips, lasts, repeat(0)), strict=True))


def clip_points(clip: int, path: int) -> list[tuple[float, float]]:
    """The points of one path of a clip, in the space of the clipped object's bounds; [] when it has none."""
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    out: list[tuple[float, float]] = []
    for n in range(_clip_size(clip, path)):
        if _segment_point(_clip_segment(clip, path, n), to_x, to_y):
            out.append((x.value, y.value))
    return out
