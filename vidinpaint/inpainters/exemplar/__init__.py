"""Inpainters that copy pixels or patches of the same image."""
