"""Checking: measures, without knowing the truth, how noticeable the inpainting of a window is."""
