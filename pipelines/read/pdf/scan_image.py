"""A page as an upright grey picture, and the way back to PDF points.

Here: rendering with pdfium, finding the skew, turning, black and white. Not here: rules and grids (`scan_grid`), text (`ocr_text`).

Pictures are uint8 arrays (rows, columns), 0 = black. A `PageImage` knows the scale and the turn, so that a rectangle found in
the upright picture can be given back as a box in points of the page as shown (origin top left).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.read.document import Box
from pipelines.read.pdf.scan_marks import without_seals
from pipelines.read.pdf.scan_warp import straightened

Grey = npt.NDArray[np.uint8]
PixelBox = tuple[int, int, int, int]  # x0, top, x1, bottom in pixels; x1 and bottom are exclusive

DPI = 200  # body text of 9 points is then 25 pixels high: recognition gains nothing above, and loses below 150
MAX_PIXELS = 14_000_000  # an A2 sheet at 200 dpi; anything larger is rendered coarser, so that memory stays bounded
MAX_SKEW = 8.0  # degrees; scanners feed askew by less, and beyond it a "rule" is as likely a drawing
_DARKER, _DARKER_COARSE = 12, 16  # of 255: ink is darker than what surrounds it by so much; on smoothed paper by so much
_COARSE = 2.5  # grain above which paper is smoothed first: its specks would pass for ink, join characters and hide their size
_MIN_TURN = 0.02  # degrees: below this the turn would only blur (0.02° is 1 pixel in 2,900)


@dataclass(frozen=True)
class PageImage:
    """An upright picture of a page or of a part of it.

    `to_page` (3×3, float64) maps a pixel of the picture to points of the page as shown; of a photograph, in perspective.
    """

    grey: Grey
    to_page: npt.NDArray[np.float64]
    scale: float  # pixels a point
    skew: float  # degrees that were taken out, anticlockwise positive
    aslant: bool = False  # a photograph: perspective was taken out

    def box(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        """The box in page points that encloses a rectangle of the picture."""
        points = _mapped(self.to_page, [(x0, top), (x1, top), (x1, bottom), (x0, bottom)])
        low, high = points.min(axis=0), points.max(axis=0)
        return (round(float(low[0]), 2), round(float(low[1]), 2), round(float(high[0]), 2), round(float(high[1]), 2))


    def place(self, box: Box) -> tuple[float, float]:
        """Top and left, in pixels of the upright picture, of what a box made by `box` encloses: the order in which it is read.

        On the page as shown a skewed table's upper corner may stand above the line before it.
        """
        back = np.asarray(np.linalg.inv(self.to_page), dtype=np.float64)
        (middle,) = _mapped(back, [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)])
        turn = self.to_page[:2, :2] / self.to_page[2, 2]
        width, height = np.linalg.solve(np.abs(turn), np.array([box[2] - box[0], box[3] - box[1]]))
        return float(middle[1] - height / 2), float(middle[0] - width / 2)


def render_grey(page: Any, dpi: float = DPI, crop: Box | None = None) -> tuple[Grey, float]:
    """Render a pypdfium2 page (or the part in `crop`, points as shown) in grey; returns the picture and pixels a point."""
    picture, scale = _rendered(page, dpi, crop, grayscale=True)
    return picture.reshape(picture.shape[0], picture.shape[1]), scale


def render_scan(page: Any, dpi: float = DPI, crop: Box | None = None) -> tuple[Grey, float]:
    """The same of a scanned page, without its red seals (`scan_marks`), which takes a picture in colours."""
    picture, scale = _rendered(page, dpi, crop, rev_byteorder=True)
    if picture.ndim < 3 or picture.shape[2] < 3:
        return picture.reshape(picture.shape[0], picture.shape[1]), scale
    return without_seals(picture, scale), scale


def _rendered(page: Any, dpi: float, crop: Box | None, **options: bool) -> tuple[Grey, float]:
    width, height = page.get_size()
    x0, top, x1, bottom = crop or (0.0, 0.0, width, height)
    area = max(1.0, (x1 - x0) * (bottom - top))
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / area))
    margins = (max(0.0, x0), max(0.0, height - bottom), max(0.0, width - x1), max(0.0, top))  # left, bottom, right, top
    bitmap = page.render(scale=scale, crop=margins, may_draw_forms=False, **options)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8, copy=True), scale
    finally:
        bitmap.close()


def black(grey: Grey) -> Grey:
    """Ink as 255 on 0: darker than its surroundings; shadows, tints, yellowed paper and grain do not matter."""
    offset = _DARKER
    if _grain(grey) > _COARSE:
        grey, offset = np.asarray(cv2.GaussianBlur(grey, (5, 5), 0), dtype=np.uint8), _DARKER_COARSE
    window = max(15, (min(grey.shape) // 40) | 1)
    return np.asarray(cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, offset), dtype=np.uint8)


def _grain(grey: Grey) -> float:
    """How much a pixel of the paper usually differs from those around it, 0 to 255."""
    height, width = grey.shape
    part = grey[height // 4 : max(1, 3 * height // 4), width // 4 : max(1, 3 * width // 4)]
    return float(np.median(cv2.absdiff(part, cv2.medianBlur(part, 5))))


def skew_of(grey: Grey) -> float:
    """The page's skew in degrees (anticlockwise positive): what makes its lines sharpest, made exact by its long rules; 0 when in doubt."""
    ink = black(grey)
    rough = _skew_of_rows(ink)
    turned = cv2.warpAffine(ink, _turn(ink.shape, rough), (ink.shape[1], ink.shape[0]), flags=cv2.INTER_NEAREST) if rough else ink
    return rough + _skew_of_rules(np.asarray(turned, dtype=np.uint8))


def _skew_of_rows(ink: Grey) -> float:
    """The turn that makes the rows of ink sharpest (largest variance of the projection), by coarse and fine search."""
    small = np.asarray(cv2.resize(ink, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if float((small > 64).mean()) < 0.002:
        return 0.0
    best = 0.0
    for step, reach in ((0.5, MAX_SKEW), (0.1, 0.5), (0.02, 0.1)):
        candidates = best + step * np.arange(-round(reach / step), round(reach / step) + 1)
        best = float(max(candidates, key=lambda angle: (_sharpness(small, float(angle)), -abs(float(angle)))))
    return best if abs(best) >= _MIN_TURN else 0.0


def _skew_of_rules(ink: Grey) -> float:
    """What skew the long horizontal rules of a nearly upright picture still show; 0 when there are too few of them."""
    width = ink.shape[1]
    reach = max(40, width // 30)
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    angles, weights = [], []
    for n in range(1, count):
        x, y, w, h = (int(v) for v in stats[n, :4])
        if w < width / 8 or h > w / 8:
            continue
        rows, columns = np.nonzero(labels[y:y + h, x:x + w] == n)
        slope = float(np.polyfit(columns, rows, 1)[0])
        angles.append(-math.degrees(math.atan(slope)))
        weights.append(float(w) ** 2)
    if sum(weights) < (0.7 * width) ** 2:
        return 0.0
    return _weighted_median(np.array(angles), np.array(weights))


def _sharpness(ink: Grey, angle: float) -> float:
    turned = cv2.warpAffine(ink, _turn(ink.shape, angle), (ink.shape[1], ink.shape[0]), flags=cv2.INTER_LINEAR)
    rows = turned.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _turn(shape: tuple[int, ...], skew: float) -> npt.NDArray[np.float64]:
    """The 2×3 matrix that takes `skew` degrees out of a picture of this shape, about its centre."""
    return np.asarray(cv2.getRotationMatrix2D((shape[1] / 2, shape[0] / 2), -skew, 1.0), dtype=np.float64)


def upright(grey: Grey, scale: float, origin: tuple[float, float] = (0.0, 0.0), turns: int = 0, skew: float | None = None) -> PageImage:
    """Turn a rendered picture `turns` quarters anticlockwise, then take its skew out. `origin` is the picture's top left in page points."""
    height, width = grey.shape
    quarter = np.array(_QUARTERS[turns % 4], dtype=np.float64) * [[1, 1, width], [1, 1, height]]
    if turns % 4:
        grey = np.ascontiguousarray(np.rot90(grey, turns % 4))
    to_page = _square(np.array([[1 / scale, 0, origin[0]], [0, 1 / scale, origin[1]]])) @ _square(quarter)
    measured = skew is None
    skew = skew_of(grey) if skew is None else skew
    paper = int(np.percentile(grey[::16, ::16], 75))
    forth, turned = np.eye(3), grey
    if abs(skew) >= _MIN_TURN:
        forth = _square(_turn(grey.shape, skew))
        turned = _warped(grey, forth, paper)
    else:
        skew = 0.0
    slant = straightened(black(turned), scale) if measured else None
    if slant is not None:
        forth = slant @ forth
        turned = _warped(grey, forth, paper)
    return PageImage(turned, to_page @ np.linalg.inv(forth), scale, skew, slant is not None)


def _warped(grey: Grey, forth: npt.NDArray[np.float64], paper: int) -> Grey:
    """The picture under a 3×3 map, its size kept, paper where nothing was."""
    size = (grey.shape[1], grey.shape[0])
    return np.asarray(cv2.warpPerspective(grey, forth, size, flags=cv2.INTER_CUBIC, borderValue=(paper,)), dtype=np.uint8)


def _mapped(matrix: npt.NDArray[np.float64], points: list[tuple[float, float]]) -> npt.NDArray[np.float64]:
    """Points (n, 2) under a 3×3 map."""
    out = np.hstack([np.array(points, dtype=np.float64), np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(out[:, :2] / out[:, 2:], dtype=np.float64)


# from a picture turned n quarters anticlockwise back to the picture: x and y of the last column count in its width and height
_QUARTERS = (
    ((1, 0, 0), (0, 1, 0)),
    ((0, -1, 1), (1, 0, 0)),
    ((-1, 0, 1), (0, -1, 1)),
    ((0, 1, 0), (-1, 0, 1)),
)


def _square(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.vstack([matrix, [0, 0, 1]])


def lies_sideways(grey: Grey, scale: float) -> bool:
    """Whether lines of text run up and down the picture: the gaps between lines are sharper than those between characters."""
    ink = black(grey)
    long = max(40, round(20 * scale))
    for shape in ((1, long), (long, 1)):
        ink = np.asarray(cv2.subtract(ink, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))), dtype=np.uint8)
    blocks = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(3, round(4 * scale))), np.uint8))
    pillars = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((max(3, round(4 * scale)), 1), np.uint8))
    along, across = _longest(np.asarray(blocks, dtype=np.uint8), 2), _longest(np.asarray(pillars, dtype=np.uint8), 3)
    return across > 1.5 * along


def _longest(ink: Grey, stat: int) -> float:
    """How long the pieces of smeared ink are in one direction (2 width, 3 height), by ink."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sizes, area = stats[1:, stat].astype(np.float64), stats[1:, 4].astype(np.float64)
    return float((sizes * area).sum() / area.sum()) if area.size else 0.0


def _weighted_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(cumulated, cumulated[-1] / 2)])
