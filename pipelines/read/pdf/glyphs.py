"""The characters of a page's text layer, where they stand in the upright page, as parallel numpy arrays.

Here: reading them in bulk, finding which way up the text is, leaving out hidden text and text outside the crop box, and
telling whether the text can be read at all. Not here: lines, cells, joining.

Upright means: turned so that most of the text reads from left to right. That is the page as shown, unless the page's text
itself was drawn sideways; `Glyphs.frame` says, and `to_shown` turns boxes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.read.document import Box
from pipelines.read.pdf.pdfium import Floats, Frame, Page
from pipelines.read.pdf.variants import without_variants

_UNKNOWN: Final = 0xFFFD
_HYPHEN: Final = 0x2D
_CHINESE: Final = 0x2E80  # the first code point of Chinese characters and their radicals
_LINE_END_HYPHEN: Final = 2  # pdfium's mark for a hyphen at the end of a line
_NEXT: Final = 30.0  # points: characters that follow each other in one line stand no further apart
_READS_ON: Final = 0.7
_ASKEW: Final = 3  # in `turn` while reading: neither upright nor turned by a right angle
_TILT: Final = 0.14  # radians (8°): text at a larger angle to the page's edges is askew
_ROUNDING: Final = 0.001  # points: how far a box's side is from its character's origin by single precision alone
_OVERLAP: Final = 0.2  # em: boxes that reach this far into the next character's are wider than what is set
_SAMPLES: Final = 24  # characters asked for their direction to find the page's
_DIGIT_WIDTH: Final = 0.52  # em: between Chinese fonts (.50) and Latin ones (.556)
_SMALLEST, _LARGEST = 2.0, 120.0  # points: a size outside is a font whose widths are wrong
UNREADABLE_SHARE: Final = 0.15  # of the characters: beyond this a font has lost its meaning
_MIN_CHINESE: Final = 30  # below this many, the share of common characters says nothing
_MIN_LETTERS: Final = 40  # a page of fewer is judged as if it had so many: single characters without a meaning condemn no page
_OTHER_SCRIPTS: Final = (  # that public bodies print beside Chinese: Arabic (Uyghur, Kazakh), Tibetan, Mongolian, Yi, Hangul
    (0x600, 0x6FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0xF00, 0xFFF), (0x1800, 0x18AF), (0xA000, 0xA4CF), (0xAC00, 0xD7A3),
)
_SIGNS: Final = "\xa5\xa7\xa8\xa9\xae\xb0\xb1\xb2\xb3\xb7\xb9\xd7\xf7✓✔✕✖✗✘✦✱✳➔➢➤"  # printed, among accents and ornaments


@dataclass(frozen=True)
class Glyphs:
    """n visible characters. x0 x1 top bottom: advance box; y: baseline; em: size; cx cy: where the eye sees it; points, upright."""

    codes: npt.NDArray[np.uint32]
    index: npt.NDArray[np.int64]  # in pdfium's text page
    x0: Floats
    x1: Floats
    top: Floats
    bottom: Floats
    y: Floats
    em: Floats
    cx: Floats
    cy: Floats
    turn: npt.NDArray[np.int8]  # 0 upright; 1 reads upwards, -1 downwards, 2 upside down
    frame: Frame
    shown: Frame
    hidden_digits: int = 0  # drawn invisibly, clipped away or off the page: in the text layer, and no part of any line or cell
    askew: str = ""  # text set at an angle across the page (a watermark): no part of any line or cell

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def downwards(self) -> int:
        """How many characters stand below the one before them, as in text written downwards."""
        return int(np.count_nonzero(steps_down(self)))

    @cached_property
    def plain(self) -> bool:
        """Whether no character is a look-alike of another: their texts are normalised as they are."""
        return without_variants(self.codes)

    def pick(self, which: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Glyphs:
        """A part of the characters, in the order given."""
        arrays = (self.codes, self.index, self.x0, self.x1, self.top, self.bottom, self.y, self.em, self.cx, self.cy, self.turn)
        picked = (a[which] for a in arrays)
        return Glyphs(*picked, self.frame, self.shown, self.hidden_digits, self.askew)  # type: ignore[arg-type, call-arg]

    def to_shown(self, box: Box) -> Box:
        """An upright box as it stands on the page as shown."""
        return turn_box(box, self.frame, self.shown)


def steps_down(glyphs: Glyphs) -> npt.NDArray[np.bool_]:
    """Of each two Chinese characters that follow each other (n - 1): whether the second stands straight below the first."""
    em = glyphs.em[1:]
    down = np.abs(glyphs.x0[1:] - glyphs.x0[:-1]) < 0.3 * em
    if not down.any():
        return down
    step = glyphs.y[1:] - glyphs.y[:-1]
    chinese = (glyphs.codes >= _CHINESE) & (glyphs.turn == 0)
    return np.asarray(down & (step > 0.8 * em) & (step < 2.0 * em) & chinese[1:] & chinese[:-1])


def turn_box(box: Box, upright: Frame, shown: Frame) -> Box:
    """A box from the upright frame to the shown one, rounded to hundredths of a point."""
    if upright.rotation == shown.rotation:
        x0, y0, x1, y1 = box
    else:
        x, y = shown.points(*upright.user(np.array([box[0], box[2]]), np.array([box[1], box[3]])))
        x0, x1 = sorted(x.tolist())
        y0, y1 = sorted(y.tolist())
    return (round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


@dataclass(frozen=True)
class TextLayer:
    """The printed characters in user space, before the page is turned upright."""

    codes: npt.NDArray[np.uint32]
    index: npt.NDArray[np.int64]
    origins: Floats
    boxes: Floats


def text_layer(page: Page) -> TextLayer:
    """All characters that print something: no blanks, no generated line ends. Control codes are fonts without a meaning."""
    codes = page.unicodes()
    codes[codes == _LINE_END_HYPHEN] = _HYPHEN
    codes[(codes < 0x20) & (codes != 0x09) & (codes != 0x0A) & (codes != 0x0D)] = _UNKNOWN
    blank = (codes <= 0x20) | (codes == 0xA0) | (codes == 0x3000) | ((codes >= 0x2000) & (codes <= 0x200F))
    blank |= codes == 0xFEFF
    index = (~blank).nonzero()[0]
    which = index.tolist()
    boxes = page.loose_boxes(which)
    return TextLayer(codes[index], index, _origins(page, index, boxes), boxes)


def _origins(page: Page, index: npt.NDArray[np.int64], boxes: Floats) -> Floats:
    """Origins of characters with their boxes, asked for where box heights change: between, they follow from the boxes.

    A box begins at its character's origin, and boxes of equal bottom and top share a baseline. Not so where a font says nothing of its
    heights, or text runs another way: then the boxes do not begin at the origins asked for either, and all are asked.
    """
    if len(boxes) < 2:
        return page.origins(index.tolist())
    new = np.ones(len(boxes), bool)
    new[1:] = (boxes[1:, 1] != boxes[:-1, 1]) | (boxes[1:, 3] != boxes[:-1, 3])
    ends = new.copy()
    ends[:-1] |= new[1:]
    ends[-1] = True
    asked = ends.nonzero()[0]
    if 2 * len(asked) > len(boxes):
        return page.origins(index.tolist())
    known = page.origins(index[asked].tolist())
    level = known[new[asked], 1][np.cumsum(new) - 1]
    if (np.abs(known[:, 0] - boxes[asked, 0]) > _ROUNDING).any() or (known[:, 1] != level[asked]).any():
        return page.origins(index.tolist())
    return np.stack([boxes[:, 0], level], axis=1)


def upright_frame(page: Page, layer: TextLayer) -> Frame:
    """The page area turned so that most of its text is upright."""
    count = len(layer.codes)
    if not count:
        return page.frame
    x, y = page.frame.points(layer.origins[:, 0], layer.origins[:, 1])
    step_x, step_y = x[1:] - x[:-1], y[1:] - y[:-1]
    near = np.abs(step_x) + np.abs(step_y) < _NEXT
    if int(np.count_nonzero(near & (step_x > np.abs(step_y)))) > _READS_ON * max(8, int(np.count_nonzero(near))):
        return page.frame  # nearly every character stands to the right of the one before it
    sample = layer.index[np.linspace(0, count - 1, min(count, _SAMPLES)).astype(np.int64)].tolist()
    directions = page.directions(sample)
    quarter = np.round(np.arctan2(directions[:, 1], directions[:, 0]) / (np.pi / 2)).astype(np.int64) % 4
    votes = np.bincount(quarter, minlength=4)
    shown = page.frame.rotation // 90
    best = int(votes.argmax())
    return page.frame if votes[shown] == votes[best] else page.frame.turned(best * 90)


def glyphs_of(page: Page, layer: TextLayer, frame: Frame, hidden: frozenset[int]) -> Glyphs:
    """The visible characters in `frame`. `hidden`: addresses of text objects that are drawn invisibly."""
    x, y = frame.points(layer.origins[:, 0], layer.origins[:, 1])
    boxes = frame.boxes(layer.boxes)
    x0, top, x1, bottom = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    turn = _turns(page, layer, frame, x, y, bottom - top)
    em = _sizes(layer.codes, x1 - x0, bottom - top, turn)
    turned = bool(turn.any())
    upright = turn == 0
    x1 = _without_overlap(layer.codes, x0, x1, y, em, upright)
    cy = np.where(upright, y - 0.36 * em, (top + bottom) / 2) if turned else y - 0.36 * em
    cx = (x0 + x1) / 2
    askew = turn == _ASKEW
    keep = (cx > -0.5) & (cx < frame.width + 0.5) & (cy > -0.5) & (cy < frame.height + 0.5)
    if turned:
        keep &= ~askew
    if hidden:
        objects = page.text_objects(layer.index.tolist())
        keep &= np.array([address not in hidden for address in objects], bool)
    whole = bool(keep.all())
    watermark, hidden_digits = "", 0
    if not whole:
        watermark = "".join(map(chr, layer.codes[askew].tolist()))
        unseen = layer.codes[~keep & ~askew]
        hidden_digits = int(np.count_nonzero((unseen >= 0x30) & (unseen <= 0x39)))
    glyphs = Glyphs(
        layer.codes, layer.index, x0, x1, top, bottom, y, em, cx, cy, turn, frame, page.frame, hidden_digits, watermark)
    return glyphs if whole else glyphs.pick(keep)


def _turns(page: Page, layer: TextLayer, frame: Frame, x: Floats, y: Floats, height: Floats) -> npt.NDArray[np.int8]:
    """Characters that stand sideways or askew in the upright page; only those that follow each other that way are asked."""
    turn = np.zeros(len(x), np.int8)
    if len(x) < 2:
        return turn
    step_x, step_y = np.abs(x[1:] - x[:-1]), np.abs(y[1:] - y[:-1])
    tall = np.maximum(height[1:], 4)
    odd = (step_x < 0.2) & (step_y > 1) & (step_y < 3 * tall)
    odd |= (step_x > 0.2 * tall) & (step_y > 0.2 * tall) & (step_x + step_y < 2.5 * tall)
    if not odd.any():
        return turn
    suspects = np.union1d(odd.nonzero()[0], odd.nonzero()[0] + 1)
    directions = page.directions(layer.index[suspects].tolist())
    angle = np.arctan2(directions[:, 1], directions[:, 0])
    quarter = np.round(angle / (np.pi / 2)).astype(np.int64) % 4
    relative = (quarter - frame.rotation // 90) % 4
    off = np.abs((angle + np.pi / 4) % (np.pi / 2) - np.pi / 4)
    turn[suspects] = np.where(off > _TILT, _ASKEW, np.array([0, 1, 2, -1], np.int8)[relative])
    return turn


def _sizes(codes: npt.NDArray[np.uint32], width: Floats, height: Floats, turn: npt.NDArray[np.int8]) -> Floats:
    """Font size of each character from its advance, because many fonts lie about ascent and descent.

    A Chinese character is as wide as its size, a digit half as wide (or as wide, in a font without widths of its own); other
    characters take the size of the one before them.
    """
    if not len(codes):
        return np.zeros(0)
    along, across = width, height
    if turn.any():
        sideways = np.abs(turn) == 1
        along, across = np.where(sideways, height, width), np.where(sideways, width, height)
    chinese = (codes >= 0x2E80) & (codes < 0xFF5F)
    digit = (codes >= 0x30) & (codes <= 0x39)
    size = np.where(chinese, along, np.where(along > 0.7 * across, np.maximum(along, across), along / _DIGIT_WIDTH))
    known = (chinese | digit) & (size > _SMALLEST) & (size < _LARGEST)
    if not known.any():
        typical = float(np.median(across))
        return np.full(len(codes), min(max(typical, _SMALLEST), _LARGEST))
    last = np.maximum.accumulate(np.where(known, np.arange(len(codes)), -1))
    last[last < 0] = int(known.argmax())
    return np.asarray(size[last])


def _without_overlap(
    codes: npt.NDArray[np.uint32], x0: Floats, x1: Floats, y: Floats, em: Floats, upright: npt.NDArray[np.bool_],
) -> Floats:
    """Right sides of boxes, those of digits cut to their advance where digits lie over the characters that follow them.

    The font is not there (`stand_in_font`): its box is as wide as a Chinese character, the document sets digits half as wide. The last
    digit of a text would reach to the text of the next cell.
    """
    digit = (codes >= 0x30) & (codes <= 0x39) & upright
    over = digit[:-1] & digit[1:] & (x1[:-1] - x0[1:] > _OVERLAP * em[:-1])
    if not over.any():
        return x1
    step = x0[1:] - x0[:-1]
    over &= (np.abs(y[1:] - y[:-1]) < 0.1 * em[:-1]) & (step > 0.2 * em[:-1]) & (step < 1.2 * em[:-1])
    if not over.any():
        return x1
    advance = float(np.median(step[over] / em[:-1][over])) * em
    return np.where(digit & (x1 - x0 > advance + _OVERLAP * em), x0 + advance, x1)


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """By code point below 0x10000: 0 never printed in these documents, 1 plausible, 2 Chinese, 3 Chinese and common."""
    classes = np.zeros(0x10000, np.uint8)
    for first, last in (
        (0x21, 0x7E), (0xA1, 0xFF), (0x370, 0x3FF), (0x2010, 0x206F), (0x2070, 0x209F), (0x20AC, 0x20AC), (0x2100, 0x214F),
        (0x2150, 0x23FF),
        (0x2460, 0x27BF), (0x2B00, 0x2BFF), (0x3001, 0x303F), (0x3200, 0x33FF), (0xF000, 0xF0FF), (0xFE30, 0xFE4F), (0xFF01, 0xFFEE),
    ):
        classes[first : last + 1] = 1
    for first, last in _OTHER_SCRIPTS:
        classes[first : last + 1] = 1
    classes[0xA1:0x100] = classes[0x2701:0x2776] = classes[0x2794:0x27C0] = 0  # codes of glyphs taken for text: accents, ornaments
    classes[[ord(sign) for sign in _SIGNS]] = 1
    classes[0x2E80:0x2FE0] = classes[0x3400:0xA000] = classes[0xF900:0xFB00] = 2
    for first_byte in range(0xB0, 0xD8):  # GB 2312 level 1: the 3,755 characters in daily use
        for second in range(0xA1, 0xFF):
            character = bytes((first_byte, second)).decode("gb2312", "ignore")
            if character:
                classes[ord(character)] = 3
    return classes


def unreadable_share(glyphs: Glyphs) -> float:
    """How much of the text is rubbish: letters without a meaning, or Chinese that hardly uses common characters.

    A font that has lost its meaning may still print its figures right, and a table has more of them than of letters: figures and
    punctuation do not count.
    """
    if not len(glyphs):
        return 0.0
    classes = _classes()[np.minimum(glyphs.codes, 0xFFFF)]
    classes[glyphs.codes > 0xFFFF] = 2
    latin = ((glyphs.codes | 0x20) >= 0x61) & ((glyphs.codes | 0x20) <= 0x7A)
    letters = max(int(np.count_nonzero((classes != 1) | latin)), _MIN_LETTERS)
    bad = float(np.count_nonzero(classes == 0)) / letters
    chinese = int(np.count_nonzero(classes >= 2))
    if chinese >= _MIN_CHINESE:
        rare = np.count_nonzero(classes == 2) / chinese
        if rare > 0.5:
            bad = max(bad, rare * chinese / letters)
    return bad
