"""Text that its clip path keeps off the page: drawn above or below the area it may show in.

A cell merged over a page break is drawn whole on each page, and each page clips it to its own share; so are paragraphs. What
lies above or below the share is not seen. Text cut at the side is kept: it is a label longer than its cell, and the whole label
is what the cell says.

Here: clip boxes and which objects lie outside of them. Not here: which objects a page has (`objects`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.pdf import calls
from pipelines.read.pdf.pdfium import Floats, Frame

_SLIVER: Final = 0.2  # of an object's height: a page break through a line leaves less here and the rest, which can be read, overleaf
_WHOLE_PAGE: Final = 0.5  # of the page's breadth and height: a clip at least so large is the page's own, a smaller one a cell's
_LINE: Final = 0.6  # of the tallest cut character's height: lower ones (commas, points) say nothing of their line
_FAR: Final = 1e9  # points
EVERYWHERE: Final[Floats] = np.array([[-_FAR, -_FAR, _FAR, _FAR]])


def clip_boxes(handles: list[int]) -> Floats:
    """Of each object the box of its clip path, (n, 4) left, bottom, right, top in the space of its bounds; unbounded without one.

    Objects drawn under one clip share its segments in pdfium's memory; each clip is asked for its points only once.
    """
    clips, keys = calls.clip_paths(handles)
    one = dict(zip(keys, clips, strict=True))
    boxes = np.array([_box(clip, count) for (count, _), clip in one.items()]).reshape(-1, 4)
    if len(one) == 1:
        return np.repeat(boxes, len(handles), axis=0)
    number = {key: n for n, key in enumerate(one)}
    return np.asarray(boxes[list(map(number.__getitem__, keys))])


def _box(clip: int | None, count: int) -> tuple[float, float, float, float]:
    """What the paths of one clip have in common, by their boxes."""
    left, bottom, right, top = -_FAR, -_FAR, _FAR, _FAR
    for path in range(count):
        points = calls.clip_points(clip, path) if clip else []
        if points:
            xs, ys = zip(*points, strict=True)
            left, bottom, right, top = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return left, bottom, right, top


def common(clips: Floats, outer: Floats) -> Floats:
    """What clip boxes (n, 4) leave of an outer one (1, 4)."""
    return np.concatenate([np.maximum(clips[:, :2], outer[:, :2]), np.minimum(clips[:, 2:], outer[:, 2:])], axis=1)


def narrow(clips: Floats, frame: Frame) -> npt.NDArray[np.bool_]:
    """Which clip boxes leave out a part of the page: only what they clip needs to be looked at."""
    left, bottom, right, top = clips.T
    return np.asarray((left > frame.left) | (bottom > frame.bottom) | (right < frame.right) | (top < frame.top))


def outside(bounds: Floats, clips: Floats, frame: Frame) -> npt.NDArray[np.bool_]:
    """Which objects lie (nearly) wholly above or below their clip boxes on the page as shown; both in user space, (n, 4)."""
    across = frame.rotation in (90, 270)  # up and down as shown is left and right in user space
    low, high = (0, 2) if across else (1, 3)
    height = bounds[:, high] - bounds[:, low]
    seen = np.minimum(bounds[:, high], clips[:, high]) - np.maximum(bounds[:, low], clips[:, low])
    return np.asarray((height > 0) & (seen < _SLIVER * height))


def cut_lines(bounds: Floats, clips: Floats, frame: Frame) -> list[tuple[float, float, bool]]:
    """Lines that the page's own edge cuts: from, to (up the page as shown, in user space), and whether this page has less than half.

    What lays out web pages cuts lines in two and draws them on both pages, every character an object of its own: all of one line belong
    to the page that shows more of it, or the one page would have its points and commas and the other its digits.
    """
    across, up = ((1, 3), (0, 2)) if frame.rotation in (90, 270) else ((0, 2), (1, 3))
    low, high = bounds[:, up[0]], bounds[:, up[1]]
    bottom, top = np.maximum(low, clips[:, up[0]]), np.minimum(high, clips[:, up[1]])
    cut = (top - bottom < high - low) & (top > bottom)
    if not cut.any():
        return []
    size = {0: frame.right - frame.left, 1: frame.top - frame.bottom}
    for one, other in (across, up):
        cut &= clips[:, other] - clips[:, one] > _WHOLE_PAGE * size[one]
    cut &= high - low > _LINE * (high - low)[cut].max(initial=0.0)
    out: list[tuple[float, float, bool]] = []
    for start, end, seen in sorted(zip(low[cut].tolist(), high[cut].tolist(), (top - bottom)[cut].tolist(), strict=True)):
        if not out or start > out[-1][1]:
            out.append((start, end, seen < 0.5 * (end - start)))
    return out


def on_lines(bounds: Floats, lines: list[tuple[float, float, bool]], frame: Frame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which objects stand on cut lines that belong to another page, and which on those that belong to this one."""
    up = (0, 2) if frame.rotation in (90, 270) else (1, 3)
    middle = (bounds[:, up[0]] + bounds[:, up[1]]) / 2
    gone, kept = np.zeros(len(bounds), bool), np.zeros(len(bounds), bool)
    for start, end, elsewhere in lines:
        (gone if elsewhere else kept)[(middle >= start) & (middle <= end)] = True
    return gone, kept
