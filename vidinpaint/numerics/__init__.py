"""Shared image operations: warping, Laplace equations, morphology."""
