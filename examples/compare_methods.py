"""Inpaints the same box of a picture with several methods and writes the results side by side.

python examples/compare_methods.py PICTURE x,y,width,height [OUTPUT]
"""

import sys

import cv2
import numpy as np

import vidinpaint

METHODS = ("harmonic", "coherence", "patchmatch")


def compare(image: np.ndarray, box: str) -> np.ndarray:
    """The picture and its results, beside each other: uint8 (H, N * W, 3) RGB."""
    return np.concatenate([image, *(vidinpaint.inpaint_image(image, box, method=method) for method in METHODS)], axis=1)


def main(picture: str, box: str, output: str = "methods.png") -> None:
    image = cv2.cvtColor(cv2.imread(picture), cv2.COLOR_BGR2RGB)
    cv2.imwrite(output, cv2.cvtColor(compare(image, box), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    main(*sys.argv[1:])
