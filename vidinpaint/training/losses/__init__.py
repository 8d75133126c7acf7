"""Losses, one per file. Images are (N, 3, H, W) in [-1, 1], masks (N, 1, H, W), 1 = inpaint.

Losses of clips take (N, 3, T, H, W) and (N, 1, T, H, W).
"""
