"""`hidden_name`: the names of hidden files and folders beside an output, short enough for every file system."""

import hashlib
import os

MAX_BYTES = 200  # file systems take 255; temporary names add some characters


def hidden_name(name: str, ending: str) -> str:
    """ ".clip.mp4.work" for "clip.mp4" and ".work"; of a long name, its beginning and a hash of the whole."""
    encoded = os.fsencode(name)
    if len(encoded) + len(ending) < MAX_BYTES:
        return f".{name}{ending}"
    return f".{encoded[:80].decode('utf-8', 'ignore')}-{hashlib.sha256(encoded).hexdigest()[:16]}{ending}"
