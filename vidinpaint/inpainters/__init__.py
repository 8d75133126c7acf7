"""Inpainters: methods that synthesise the pixels under a mask, one per file."""
