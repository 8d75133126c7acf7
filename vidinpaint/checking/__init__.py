"""Checking: how much an inpainted window gives itself away, measured without knowing the truth."""
