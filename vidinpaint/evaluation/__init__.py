"""Evaluation: how close a result is to a truth, the same clip without the unwanted object."""
