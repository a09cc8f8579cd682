"""Recognising pictures of single text lines with rapidocr (models ship in its wheel; nothing is downloaded).

Here: the engine, one a process, loaded when first needed; decoding with a confidence and other readings for every line.
Not here: where the lines are (`ocr_lines`), what their text means.

A number that looks wrong is never repaired here: the text is the likeliest reading, its doubt stands beside it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.read.pdf.scan_image import Grey

LINE_HEIGHT = 48  # what the recognition model takes
BATCH_WIDTH = 3_200  # summed width of a batch in pixels at LINE_HEIGHT: bounds memory (18,710 classes a frame) to about 60 MB
DOUBT = 0.05  # a second-best character with at least this probability is worth keeping as another reading
MAX_ALTERNATIVES = 3
HOMOGLYPH = 0.5  # the most confidence in a digit that was recognised as a letter of the same shape
_LOOKS_LIKE = {"O": "0", "o": "0", "Ｏ": "0", "〇": "0", "○": "0", "l": "1", "I": "1", "|": "1"}
_NUMBER_CHARACTERS = frozenset("0123456789.,，-%（）() ")


class OcrMissingError(RuntimeError):
    """The optional recognition engine is not installed: `uv sync --extra ocr` brings it. Permanent until then."""


@dataclass(frozen=True)
class Reading:
    """One line as recognised. `confidence` is the probability of its least certain character (0 for nothing read)."""

    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    mean: float = 0.0  # probability of its characters on average: whether this is text at all


@dataclass(frozen=True)
class Recogniser:
    """The recognition network and its alphabet (index 0 is the CTC blank)."""

    run: Any  # float32 (n, 3, 48, width) -> probabilities (n, frames, classes)
    characters: list[str]

    def read(self, lines: list[Grey]) -> list[Reading]:
        """Recognise grey pictures of single lines, in any number; batches are formed by width so that little is padding."""
        readings = [Reading("", 0.0)] * len(lines)
        prepared = [_prepare(line) for line in lines]
        order = sorted(range(len(lines)), key=lambda n: prepared[n].shape[1])
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and (stop + 1 - start) * prepared[order[stop]].shape[1] <= BATCH_WIDTH:
                stop += 1
            chosen = order[start:stop]
            batch = np.zeros((len(chosen), 3, LINE_HEIGHT, prepared[chosen[-1]].shape[1]), dtype=np.float32)
            for i, n in enumerate(chosen):
                batch[i, :, :, :prepared[n].shape[1]] = prepared[n]
            for n, probabilities in zip(chosen, self.run(batch), strict=True):
                readings[n] = decode(probabilities, self.characters)
            start = stop
        return readings


def is_installed() -> bool:
    """Whether the optional recognition engine can be imported."""
    from importlib.util import find_spec

    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@lru_cache(maxsize=1)
def recogniser(threads: int = 2) -> Recogniser:
    """This process's engine, loaded on first use (about 1.5 s, 250 MB). Raises OcrMissingError."""
    if not is_installed():
        raise OcrMissingError("text in pictures cannot be read: the [ocr] extra (rapidocr, onnxruntime) is not installed")
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads})
    engine.recognize_txt([np.full((LINE_HEIGHT, 320, 3), 255, dtype=np.uint8)])  # loads the recognition model only
    return Recogniser(engine.text_rec.session, engine.text_rec.postprocess_op.character)


def _prepare(line: Grey) -> npt.NDArray[np.float32]:
    """A grey line at the model's height, in -1 … 1 (the three colour channels are alike: broadcast later)."""
    height, width = line.shape
    wide = max(16, round(width * LINE_HEIGHT / height))
    shrink = height > LINE_HEIGHT
    scaled = cv2.resize(line, (wide, LINE_HEIGHT), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC)
    return np.asarray(scaled, dtype=np.float32) / 127.5 - 1.0


def decode(probabilities: npt.NDArray[np.float32], characters: list[str]) -> Reading:
    """CTC best path of one line (frames, classes): text, its weakest character's probability, and other readings.

    The other readings change one doubtful character each: to the second best, or to nothing; or they add a character where
    the blank was doubtful.
    """
    best = probabilities.argmax(axis=1)
    text: list[str] = []
    sure: list[float] = []
    other: list[tuple[float, int, int, str]] = []  # probability, position, characters replaced, by what
    frame, frames = 0, len(best)
    while frame < frames:
        index = int(best[frame])
        stop = frame + 1
        while stop < frames and int(best[stop]) == index:
            stop += 1
        peak = frame + int(probabilities[frame:stop, index].argmax())
        if index:
            second, chance = _second(probabilities[peak], index)
            certain = float(probabilities[peak, index])
            if second and _same(characters[second], characters[index]):
                certain += chance  # ， or ,: width decides nothing
            elif chance >= DOUBT:
                other.append((chance, len(text), 1, characters[second] if second else ""))
            text.append(characters[index])
            sure.append(certain)
        else:
            weakest = frame + int(probabilities[frame:stop, 0].argmin())
            second, chance = _second(probabilities[weakest], 0)
            neighbours = {int(best[frame - 1]) if frame else 0, int(best[stop]) if stop < frames else 0}
            if chance >= 2 * DOUBT and second not in neighbours:
                other.append((chance, len(text), 0, characters[second]))
        frame = stop
    like = _as_digits(text)
    if like is not None:  # O among digits is 0: the glyph is the same, only its neighbours tell; both readings stay visible
        other.extend((1.0, at, 1, text[at]) for at in range(len(text)) if text[at] != like[at])
        sure = [min(p, HOMOGLYPH) if a != b else p for p, a, b in zip(sure, text, like, strict=True)]
        text = like
    likeliest = sorted(other, reverse=True)[:MAX_ALTERNATIVES]
    variants = ["".join([*text[:at], by, *text[at + n:]]).strip() for _, at, n, by in likeliest]
    read = "".join(text).strip()
    doubt = max((chance for chance, _, n, _ in other if n == 0), default=0.0)  # a character that may be missing
    confidence = min([*sure, 1.0 - doubt]) if text else 0.0
    others = tuple(dict.fromkeys(v for v in variants if v != read))
    return Reading(read, round(min(1.0, confidence), 4), others, float(np.mean(sure or [0.0])))


def _as_digits(text: list[str]) -> list[str] | None:
    """The text with letters that look like digits as digits, if nothing else in it is a letter; None when nothing changes."""
    changed = [_LOOKS_LIKE.get(c, c) for c in text]
    if changed == text or not all(c in _NUMBER_CHARACTERS for c in changed):
        return None
    return changed if any(c.isdigit() for c in text) or changed == ["0"] else None


def _same(a: str, b: str) -> bool:
    return unicodedata.normalize("NFKC", a) == unicodedata.normalize("NFKC", b)


def _second(row: npt.NDArray[np.float32], first: int) -> tuple[int, float]:
    """The second likeliest class of a frame and its probability."""
    two = np.argpartition(row, -2)[-2:]
    second = int(two[0]) if int(two[1]) == first else int(two[1])
    return second, float(row[second])
