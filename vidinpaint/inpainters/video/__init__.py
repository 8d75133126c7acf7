"""Inpainters of several frames together."""
