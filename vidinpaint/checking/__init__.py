"""Checking: how much a painted window gives itself away, measured without knowing the truth."""
