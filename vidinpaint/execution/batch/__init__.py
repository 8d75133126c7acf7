"""Batches: many clips at once, listed in a file; each fails or succeeds by itself."""
