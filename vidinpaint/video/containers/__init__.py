"""Containers: which holds what, joining streams without encoding, and what is kept of everything beside the picture."""
