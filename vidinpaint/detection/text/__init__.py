"""Burnt-in text: lines found in sampled frames, followed over time, masked per glyph."""
