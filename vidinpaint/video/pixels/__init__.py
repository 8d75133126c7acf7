"""Pixels: planes of decoded frames, chroma, and colour, without changing a sample that is not asked for."""
