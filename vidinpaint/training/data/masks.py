"""Random masks to train with: irregular strokes, free-form brush strokes, boxes, objects, noise, wide, narrow.

Each kind is a function of a random generator, a height and a width, and returns bool (H, W), True = inpaint, with at
least one masked and one known pixel (if there are two). The state of the generator determines the mask. `KINDS` lists
them by name, `any_mask` chooses one.

Sources: Liu 2018, Image Inpainting for Irregular Holes Using Partial Convolutions, section 4.1 (irregular, by the
part of the image that they cover, touching its border or not); Yu 2019, Free-Form Image Inpainting with Gated
Convolution, section 3.4 (free-form); Yu 2018, Generative Image Inpainting with Contextual Attention (boxes); Suvorov
2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, section 2.4 and the published settings for 256
pixels (wide, narrow).
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

Random = np.random.Generator
BUCKETS = tuple((low / 100, high / 100) for low, high in ((1, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 60)))
"""Ranges of the part of the image that a mask covers, as of the paper's test masks."""
BORDER = 50 / 512
"""Distance from the border of masks that do not touch it, as a fraction of the shorter side."""
MAX_STROKES = 400
"""Limit for coverages that cannot be reached with so few pixels."""


def irregular(
    random: Random, height: int, width: int, coverage: tuple[float, float] | None = None, border: bool | None = None
) -> np.ndarray:
    """Random strokes of varying thickness that cover a part of the image.

    coverage  least and greatest part of the image, e.g. (0.1, 0.4). Default: a random one of `BUCKETS`
    border    whether the mask may touch the border. Default: with probability 1/2
    """
    low, high = BUCKETS[random.integers(len(BUCKETS))] if coverage is None else coverage
    touch = bool(random.random() < 0.5) if border is None else border
    target = random.uniform(low, high) * height * width
    rim = 0 if touch else max(1, round(BORDER * min(height, width)))
    drawn, thickness = np.zeros((height, width), np.uint8), 1.0
    for _ in range(MAX_STROKES):
        if int(drawn.sum()) >= max(1.0, target, low * height * width):
            break
        candidate = drawn.copy()
        _stroke(candidate, random, thickness)
        _clear_rim(candidate, rim)
        if int(candidate.sum()) < high * height * width:
            drawn = candidate
        else:
            thickness *= 0.7  # covers too much: use thinner strokes
    return _some_masked_some_known(drawn, random)


def free_form(random: Random, height: int, width: int) -> np.ndarray:
    """One to four brush strokes: zigzag lines with round joints, randomly mirrored."""
    side, drawn = min(height, width), np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 5)):
        x, y = int(random.integers(width)), int(random.integers(height))
        for bend in range(random.integers(4, 13)):
            angle = random.uniform(0.8, 1.6) + (np.pi if bend % 2 else 0)
            length = random.uniform(0.08, 0.3) * side
            thick = max(1, round(random.uniform(0.03, 0.12) * side))
            end_x, end_y = _inside(x + length * np.sin(angle), y + length * np.cos(angle), width, height)
            cv2.line(drawn, (x, y), (end_x, end_y), 1, thick)
            cv2.circle(drawn, (end_x, end_y), thick // 2, 1, -1)
            x, y = end_x, end_y
    drawn = drawn[:: random.choice([1, -1]), :: random.choice([1, -1])]
    return _some_masked_some_known(drawn, random)


def box(random: Random, height: int, width: int) -> np.ndarray:
    """One rectangle, each side a quarter to a half of that of the image."""
    drawn = np.zeros((height, width), np.uint8)
    h, w = (max(1, round(random.uniform(0.25, 0.5) * side)) for side in (height, width))
    y, x = random.integers(height - h + 1), random.integers(width - w + 1)
    drawn[y : y + h, x : x + w] = 1
    return _some_masked_some_known(drawn, random)


def object_shape(random: Random, height: int, width: int) -> np.ndarray:
    """One smooth connected shape, as of a thing with limbs, over 4 to 40 % of the image."""
    coarse = random.normal(size=tuple(int(random.integers(3, 8)) for _ in range(2))).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    above = (field > np.quantile(field, 1 - random.uniform(0.04, 0.4))).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(above)
    drawn = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()) if len(stats) > 1 else above
    return _some_masked_some_known(drawn, random)


def noise(random: Random, height: int, width: int) -> np.ndarray:
    """Pixels or grains of up to 1/16 of the shorter side, each masked with a probability of 0.05 to 0.5."""
    grain = int(random.integers(1, max(2, min(height, width) // 16 + 1)))
    probability = random.uniform(0.05, 0.5)
    coarse = random.random((-(-height // grain), -(-width // grain))) < probability
    drawn = coarse.repeat(grain, 0).repeat(grain, 1)[:height, :width]
    return _some_masked_some_known(drawn, random)


def wide(random: Random, height: int, width: int) -> np.ndarray:
    """One to five chains of thick strokes, or one to four boxes: the large masks of LaMa."""
    if random.random() < 0.5:
        return chains(random, height, width, (1, 5), length=200 / 256, thickness=100 / 256)
    return _boxes(random, height, width, (1, 4), largest=150 / 256, margin=10 / 256)


def narrow(random: Random, height: int, width: int) -> np.ndarray:
    """Four to twelve chains of strokes, or a box: the narrow masks with which LaMa is compared."""
    if random.random() < 0.5:
        return chains(random, height, width, (4, 12), length=80 / 256, thickness=40 / 256)
    return _boxes(random, height, width, (1, 1), largest=128 / 256, margin=0)


def chains(
    random: Random, height: int, width: int, count: tuple[int, int], length: float, thickness: float
) -> np.ndarray:
    """Chains of one to five strokes in random directions; greatest length and thickness relative to the side."""
    side, drawn = min(height, width), np.zeros((height, width), np.uint8)
    for _ in range(random.integers(*count, endpoint=True)):
        x, y = int(random.integers(width)), int(random.integers(height))
        for _ in range(random.integers(1, 6)):
            angle, long = random.uniform(0, 2 * np.pi), side * random.uniform(10 / 256, length)
            thick = max(1, round(side * random.uniform(5 / 256, thickness)))
            end_x, end_y = _inside(x + long * np.cos(angle), y + long * np.sin(angle), width, height)
            cv2.line(drawn, (x, y), (end_x, end_y), 1, thick)
            x, y = end_x, end_y
    return _some_masked_some_known(drawn, random)


KINDS: dict[str, Callable[[Random, int, int], np.ndarray]] = {
    "irregular": irregular,
    "free_form": free_form,
    "box": box,
    "object": object_shape,
    "noise": noise,
    "wide": wide,
    "narrow": narrow,
}


def any_mask(random: Random, height: int, width: int, kinds: Sequence[str] = tuple(KINDS)) -> np.ndarray:
    """A mask of a random one of the kinds; a kind that is listed twice is twice as likely."""
    return KINDS[kinds[int(random.integers(len(kinds)))]](random, height, width)


def _stroke(drawn: np.ndarray, random: Random, thickness: float) -> None:
    """Draw one random stroke; `thickness` is a factor on its width."""
    height, width = drawn.shape
    side = min(height, width)
    x, y, angle = int(random.integers(width)), int(random.integers(height)), random.uniform(0, 2 * np.pi)
    thick = side * random.uniform(0.02, 0.12) * thickness
    for _ in range(random.integers(2, 9)):
        angle += random.uniform(-1.0, 1.0)
        thick *= random.uniform(0.8, 1.25)
        length = side * random.uniform(0.05, 0.25)
        end_x, end_y = _inside(x + length * np.cos(angle), y + length * np.sin(angle), width, height)
        cv2.line(drawn, (x, y), (end_x, end_y), 1, max(1, round(thick)))
        x, y = end_x, end_y


def _boxes(
    random: Random, height: int, width: int, count: tuple[int, int], largest: float, margin: float
) -> np.ndarray:
    """Rectangles with sides of 30 / 256 to `largest` of the image's, at least `margin` of them from its border."""
    drawn = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(*count, endpoint=True)):
        h, w = (max(1, round(side * random.uniform(30 / 256, largest))) for side in (height, width))
        top, left = (round(margin * side) for side in (height, width))
        y, x = (
            top + random.integers(max(1, height - h - 2 * top + 1)),
            left + random.integers(max(1, width - w - 2 * left + 1)),
        )
        drawn[y : y + h, x : x + w] = 1
    return _some_masked_some_known(drawn, random)


def _inside(x: float, y: float, width: int, height: int) -> tuple[int, int]:
    return int(np.clip(round(x), 0, width - 1)), int(np.clip(round(y), 0, height - 1))


def _clear_rim(drawn: np.ndarray, rim: int) -> None:
    if rim:
        drawn[:rim] = drawn[-rim:] = 0
        drawn[:, :rim] = drawn[:, -rim:] = 0


def _some_masked_some_known(drawn: np.ndarray, random: Random) -> np.ndarray:
    mask = np.array(drawn, bool)
    if mask.all() or not mask.any():
        height, width = mask.shape
        mask[random.integers(height), random.integers(width)] ^= True
    return mask
