"""A soft plucked tune for the flight."""

import numpy as np

SAMPLE_RATE = 48_000
NOTES = (57, 64, 69, 73, 76, 73, 69, 64, 54, 61, 66, 69, 73, 69, 66, 61)  # MIDI numbers: A, then F sharp minor
NOTE_SECONDS = 0.15


def play(seconds: float) -> np.ndarray:
    """The tune as float32 (2, N) in -1..1, left and right, fading in and out."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.zeros((2, len(time)))
    for index in range(int(seconds / NOTE_SECONDS)):
        elapsed = time - index * NOTE_SECONDS
        pitch = 440 * 2 ** ((NOTES[index % len(NOTES)] - 69) / 12)
        envelope = np.where(elapsed > 0, (1 - np.exp(-elapsed.clip(0) / 0.006)) * np.exp(-elapsed.clip(0) / 0.45), 0)
        note = sum(np.sin(2 * np.pi * pitch * overtone * elapsed) / overtone**2.2 for overtone in (1, 2, 3, 4))
        right = 0.5 + 0.3 * np.sin(index * 1.3)
        sound += envelope * note * np.array([[1 - right], [right]])
    fade = np.minimum(1, np.minimum(time, seconds - time) / 0.12).clip(0)
    return (0.30 * sound * fade / max(1.0, float(np.abs(sound).max()) * 0.30 / 0.8)).astype(np.float32)
