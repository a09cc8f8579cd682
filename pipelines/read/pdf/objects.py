"""What is drawn on a page besides text: thin marks that may be rules, tinted areas, images; and which text is hidden.

Here: one walk over pdfium's page objects, through Form XObjects and their matrices, into plain arrays as shown.
Not here: joining the marks to rules (`rules`), reading text (`glyphs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as raw

from pipelines.read.pdf import calls, clipping, faint
from pipelines.read.pdf.covering import Painted, painted_over
from pipelines.read.pdf.pdfium import Floats, Frame, Page

THIN: Final = 3.6  # points: a mark no thicker than this may be a rule
_BAR: Final = 6.5  # points: a dark filled rectangle no thicker than this, and many times as long, is a thick rule
_LONG_BAR: Final = 4.0  # times its thickness
_DARK: Final = 128  # of 255
_WHITE: Final = 248  # of 255: a rule this bright on white paper is not seen
_SIDE: Final = 6.0  # points: a straight part of a curved figure at least so long may be a rule
_OUTLINE: Final = 8  # segments: a filled figure of fewer is a box or a frame, of more perhaps a letter
_MANY_OUTLINES: Final = 600  # segments of such figures on a page: some dozen letters
_MAX_SEGMENTS: Final = 20_000  # of drawn paths on one page: beyond this it is a map or a picture, not a table
_MAX_DEPTH: Final = 8  # of forms within forms
_INVISIBLE: Final = raw.FPDF_TEXTRENDERMODE_INVISIBLE
_CLIP: Final = raw.FPDF_TEXTRENDERMODE_CLIP
_FILL: Final = raw.FPDF_TEXTRENDERMODE_FILL

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Side = tuple[float, float, float, float]
_IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Drawing:
    """The page's marks. Boxes are (n, 4) arrays x0, top, x1, bottom as shown, in points."""

    marks: Floats  # thin strokes and thin filled rectangles that can be seen
    tints: Floats  # filled areas
    images: Floats  # pictures; text that was drawn as figures (转曲) is one, too
    hidden_text: frozenset[int]  # addresses of text objects drawn invisibly, in white on white, or clipped away
    painted_over: tuple[Painted, ...] = ()  # text objects below an opaque area, each with the form it stands in (0: the page)
    outlined: bool = False  # whether so much of the page is figures with many sides that they may be its text
    behind: tuple[Painted, ...] = ()  # pale ones that other text is printed over: a watermark, a shadow


@dataclass
class _Found:
    page: Page
    frame: Frame
    marks: list[Floats] = field(default_factory=list)
    pale: list[Floats] = field(default_factory=list)
    tints: list[Floats] = field(default_factory=list)
    images: list[Floats] = field(default_factory=list)
    outlines: list[Floats] = field(default_factory=list)
    outlined: int = 0  # their segments
    hidden: set[int] = field(default_factory=set)
    painted: list[Painted] = field(default_factory=list)
    texts: list[tuple[int, list[int], npt.NDArray[np.uint32], Matrix]] = field(default_factory=list)  # form, filled texts, their ink
    clipped: bool = False  # some text was
    segments: int = 0


def drawing_of(page: Page, frame: Frame) -> Drawing:
    """Walk the page's objects once; boxes in `frame`."""
    found = _Found(page, frame)
    _walk(0, calls.page_objects(page.handle), _IDENTITY, clipping.EVERYWHERE, found, 0)
    tints = _shown(found.tints, frame)
    marks = _shown(found.marks, frame)
    pale = _shown(found.pale, frame)
    if len(pale) and len(tints):
        marks = np.concatenate([marks, pale[_covered(pale, tints)]])
    images = _shown(found.images, frame)
    watermark = _faint(found, tints, images)
    outlined = found.outlined > _MANY_OUTLINES
    if outlined:
        letters = _shown(found.outlines, frame)
        if len(letters):
            images = np.concatenate([images, [[*letters[:, :2].min(axis=0), *letters[:, 2:].max(axis=0)]]])
    return Drawing(marks, tints, images, frozenset(found.hidden), tuple(found.painted), outlined, tuple(watermark))


def _faint(found: _Found, tints: Floats, images: Floats) -> list[Painted]:
    """Finds texts in faint ink: adds those that cannot be seen to the hidden ones, returns those behind other text."""
    if not any(faint.may_be_pale(ink) for _, _, ink, _ in found.texts):
        return []
    handles = [(form, handle) for form, some, _, _ in found.texts for handle in some]
    inks = faint.brightness(np.concatenate([ink for _, _, ink, _ in found.texts]))
    bounds = np.concatenate([_transform(calls.object_bounds(some), matrix) for _, some, _, matrix in found.texts])
    boxes = found.frame.boxes(bounds)
    backed = _covered(boxes, np.concatenate([tints, images]))
    below = faint.behind(boxes, inks, backed)
    white = ((inks.min(axis=1) >= faint.WHITE) & ~backed & ~below).nonzero()[0]
    if len(white):
        gone = white[faint.unseen(found.page, found.page.frame.boxes(bounds[white]))]
        found.hidden.update(handles[n][1] for n in gone.tolist())
    return [handles[n] for n in below.nonzero()[0].tolist()]


def _walk(form: int, handles: list[int], matrix: Matrix, clip: Floats, found: _Found, depth: int) -> None:
    """`form`: the one these objects stand in; `clip`: what the forms around them leave visible, (1, 4) in user space."""
    types = calls.object_types(handles)
    texts = (types == raw.FPDF_PAGEOBJ_TEXT).nonzero()[0].tolist()
    if texts:
        written = [handles[i] for i in texts]
        modes = calls.render_modes(written)
        found.hidden.update(written[n] for n in ((modes == _INVISIBLE) | (modes == _CLIP)).nonzero()[0].tolist())
        filled = [written[n] for n in (modes == _FILL).nonzero()[0].tolist()]
        found.texts.append((form, filled, calls.colours(filled, stroke=False), matrix))
        clips = clipping.common(_transform(clipping.clip_boxes(written), matrix), clip)
        narrow = clipping.narrow(clips, found.frame).nonzero()[0]
        if len(narrow):
            some = [written[n] for n in narrow.tolist()]
            bounds = _transform(calls.object_bounds(some), matrix)
            away = clipping.outside(bounds, clips[narrow], found.frame)
            if lines := clipping.cut_lines(bounds, clips[narrow], found.frame):
                gone, kept = clipping.on_lines(_transform(calls.object_bounds(written), matrix), lines, found.frame)
                found.hidden.update(written[n] for n in gone.nonzero()[0].tolist())
                away &= ~kept[narrow]
            found.hidden.update(some[n] for n in away.nonzero()[0].tolist())
            found.clipped |= bool(away.any())
    paths = (types == raw.FPDF_PAGEOBJ_PATH).nonzero()[0].tolist()
    areas: list[int] = []
    if paths:
        areas = [paths[n] for n in _paths([handles[i] for i in paths], matrix, clip, found)]
    pictures = ((types == raw.FPDF_PAGEOBJ_IMAGE) | (types == raw.FPDF_PAGEOBJ_SHADING)).nonzero()[0].tolist()
    if pictures:
        bounds = _transform(calls.object_bounds([handles[i] for i in pictures]), matrix)
        strips = np.abs(bounds[:, 2:] - bounds[:, :2]).min(axis=1) <= THIN
        found.marks.append(bounds[strips])  # rules drawn as pictures of a dot or two
        found.images.append(bounds[~strips])
    areas += (types == raw.FPDF_PAGEOBJ_IMAGE).nonzero()[0].tolist()
    if areas:
        found.painted.extend((form, text) for text in painted_over(found.page, handles, types, areas))
    if depth < _MAX_DEPTH:
        for i in (types == raw.FPDF_PAGEOBJ_FORM).nonzero()[0].tolist():
            within = clipping.common(_transform(clipping.clip_boxes([handles[i]]), matrix), clip)
            _walk(handles[i], calls.form_objects(handles[i]), _times(calls.object_matrix(handles[i]), matrix), within, found, depth + 1)


def _paths(handles: list[int], matrix: Matrix, clip: Floats, found: _Found) -> list[int]:
    """Gather marks and tints; returns which paths are filled rectangles."""
    modes, segments = calls.draw_modes(handles), calls.segment_counts(handles)
    bounds = _transform(calls.object_bounds(handles), matrix)
    wide, high = np.abs(bounds[:, 2] - bounds[:, 0]), np.abs(bounds[:, 3] - bounds[:, 1])
    breadth = np.minimum(wide, high)
    stroked, filled = modes[:, 1] != 0, modes[:, 0] != 0
    thin = breadth <= THIN  # pdfium's bounds of a stroke are twice its width: thicker ones are looked at more closely
    whole = thin & ((segments == 2) & stroked | (segments == 4) & filled | (segments == 5))  # one line, or one thin rectangle
    whole &= stroked | filled
    bars = filled & ~stroked & ~thin & (segments >= 4) & (segments <= 5)
    bars &= (breadth <= _BAR) & (np.maximum(wide, high) >= _LONG_BAR * breadth)
    if bars.any():  # a thick rule is dark: a light bar is the tint of something
        bars &= faint.brightness(calls.colours(handles, stroke=False)).max(axis=1) <= _DARK
        whole |= bars
    box = filled & ~thin & ~bars & (segments >= 4) & (segments <= 5)
    other = ((stroked | filled) & ~whole & (segments >= 2) & ~(box & ~stroked)).nonzero()[0]
    letters = other[filled[other] & ~stroked[other] & (segments[other] >= _OUTLINE)]
    if len(letters):
        found.outlines.append(bounds[letters])
        found.outlined += int(segments[letters].sum())
    pieces: list[Floats] = [bounds[whole]]
    owners: list[int] = whole.nonzero()[0].tolist()
    for i in other.tolist():
        found.segments += int(segments[i])
        if found.segments > _MAX_SEGMENTS:
            break
        lines = _pieces_of(handles[i], int(segments[i]), bool(stroked[i]), matrix)
        pieces.append(lines)
        owners.extend([i] * len(lines))
    marks = np.concatenate(pieces)
    if found.clipped and len(marks):  # where text is clipped away, so are the rules around it
        seen = clipping.common(_transform(clipping.clip_boxes(handles), matrix), clip)[owners]
        marks = np.concatenate([np.maximum(marks[:, :2], seen[:, :2]), np.minimum(marks[:, 2:], seen[:, 2:])], axis=1)
        left = (marks[:, 2] >= marks[:, 0]) & (marks[:, 3] >= marks[:, 1])
        marks, owners = marks[left], [owner for owner, stays in zip(owners, left.tolist(), strict=True) if stays]
    if len(marks):
        pale = _pale(handles, stroked)[owners]
        found.marks.append(marks[~pale])
        found.pale.append(marks[pale])
    if box.any():
        areas = box.nonzero()[0]
        coloured = ~_pale([handles[n] for n in areas.tolist()], np.zeros(len(areas), bool))
        found.tints.append(bounds[areas[coloured]])
    return box.nonzero()[0].tolist()


def _pale(handles: list[int], stroked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which paths are drawn in (nearly) white or transparent ink."""
    ink = np.zeros((len(handles), 4), np.uint32)
    for which, stroke in ((stroked, True), (~stroked, False)):
        numbers = which.nonzero()[0].tolist()
        if numbers:
            ink[numbers] = calls.colours([handles[n] for n in numbers], stroke=stroke)
    return (ink[:, 0] >= _WHITE) & (ink[:, 1] >= _WHITE) & (ink[:, 2] >= _WHITE) | (ink[:, 3] < 8)


def _pieces_of(handle: int, count: int, stroked: bool, outer: Matrix) -> Floats:
    """The straight lines of a stroked path, or the thin rectangles of a filled one, as boxes in user space."""
    a, b, c, d, e, f = _times(calls.object_matrix(handle), outer)
    subpaths: list[list[Point]] = []
    bends: dict[int, list[int]] = {}  # of a subpath with curves: which of its points are theirs, three a curve
    for kind, x, y, closes in calls.path_segments(handle, count):
        point = (a * x + c * y + e, b * x + d * y + f)
        if kind == raw.FPDF_SEGMENT_MOVETO or not subpaths:
            subpaths.append([point])
        else:
            if kind == raw.FPDF_SEGMENT_BEZIERTO:
                bends.setdefault(len(subpaths) - 1, []).append(len(subpaths[-1]))
            subpaths[-1].append(point)
        if closes:
            subpaths[-1].append(subpaths[-1][0])
    out: list[Side] = [] if stroked else _frames([points for n, points in enumerate(subpaths) if n not in bends])
    for n, points in enumerate(subpaths):
        if len(points) < 2 or (n in bends and not stroked):
            continue
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
            out.append((min(xs), min(ys), max(xs), max(ys)))
        elif stroked:
            for (ax0, ay0), (ax1, ay1) in _straight(points, bends[n]) if n in bends else pairwise(points):
                if min(abs(ax1 - ax0), abs(ay1 - ay0)) <= 1.0:
                    out.append((min(ax0, ax1), min(ay0, ay1), max(ax0, ax1), max(ay0, ay1)))
    return np.array(out, np.float64).reshape(-1, 4)


def _straight(points: list[Point], bends: list[int]) -> Iterator[tuple[Point, Point]]:
    """The straight sides of a figure with rounded corners. Short ones are parts of letters and seals."""
    curved = set(bends)
    for n, (one, other) in enumerate(pairwise(points), 1):
        if n not in curved and abs(other[0] - one[0]) + abs(other[1] - one[1]) >= _SIDE:
            yield one, other


def _frames(subpaths: list[list[Point]]) -> list[Side]:
    """The sides of filled frames: a rectangle within a rectangle, a rule's breadth apart, as browsers draw borders."""
    corners = [zip(*points, strict=True) for points in subpaths if 4 <= len(points) <= 6]  # a closed one returns to its first corner
    boxes = [(min(x), min(y), max(x), max(y)) for x, y in corners]
    out: list[Side] = []
    for one, other in pairwise(boxes):
        outer_first = one[2] - one[0] + one[3] - one[1] >= other[2] - other[0] + other[3] - other[1]
        (x0, y0, x1, y1), (a0, b0, a1, b1) = (one, other) if outer_first else (other, one)
        if all(0 <= gap <= THIN for gap in (a0 - x0, b0 - y0, x1 - a1, y1 - b1)):
            sides = [(x0, y0, a0, y1), (a1, y0, x1, y1), (x0, y0, x1, b0), (x0, b1, x1, y1)]
            out += [side for side in sides if side[2] > side[0] and side[3] > side[1]]
    return out


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then` (row vectors, as in PDF)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _transform(boxes: Floats, matrix: Matrix) -> Floats:
    """Boxes through a matrix that keeps them upright or turns them by right angles."""
    if matrix == _IDENTITY or not len(boxes):
        return boxes
    a, b, c, d, e, f = matrix
    x, y = boxes[:, [0, 2]], boxes[:, [1, 3]]
    corners_x = np.stack([a * x[:, i] + c * y[:, j] + e for i in (0, 1) for j in (0, 1)])
    corners_y = np.stack([b * x[:, i] + d * y[:, j] + f for i in (0, 1) for j in (0, 1)])
    return np.stack([corners_x.min(axis=0), corners_y.min(axis=0), corners_x.max(axis=0), corners_y.max(axis=0)], axis=1)


def _shown(parts: list[Floats], frame: Frame) -> Floats:
    """Join, turn to the page as shown, and leave out what lies outside it: whole boxes, and of a table's rules what goes on overleaf."""
    if not parts:
        return np.zeros((0, 4))
    boxes = frame.boxes(np.concatenate(parts))
    width, height = frame.width, frame.height
    inside = (boxes[:, 2] > -1) & (boxes[:, 0] < width + 1) & (boxes[:, 3] > -1) & (boxes[:, 1] < height + 1)
    return np.clip(boxes[inside], -1.0, (width + 1, height + 1, width + 1, height + 1))


def _covered(boxes: Floats, by: Floats) -> npt.NDArray[np.bool_]:
    """Which boxes' centres lie inside one of `by`."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (x[:, None] >= by[:, 0]) & (x[:, None] <= by[:, 2]) & (y[:, None] >= by[:, 1]) & (y[:, None] <= by[:, 3])
    return np.asarray(inside.any(axis=1))
