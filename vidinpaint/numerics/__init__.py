"""Shared image operations: compiled kernels, sampling between pixels, smooth interpolation, morphology."""
