"""Inpainters that solve differential equations, or extrapolate in other ways from nearby pixels."""
