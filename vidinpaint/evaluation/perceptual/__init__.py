"""Perceptual metrics: distances between the features that trained networks find in an output and its truth."""
