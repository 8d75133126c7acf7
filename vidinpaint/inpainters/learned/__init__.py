"""Inpainters that run trained networks. They need torch (`pip install 'vidinpaint[learned]'`) and weights."""
