"""Losses: what a result is compared by, one a file. Pictures (N, 3, H, W) in [-1, 1], mask (N, 1, H, W), 1 = inpaint.

Those of clips take (N, 3, T, H, W) and (N, 1, T, H, W) where they say so.
"""
