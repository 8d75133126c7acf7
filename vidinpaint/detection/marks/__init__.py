"""Finds logos and watermarks: edges that stay where they are while the picture moves, or that jump as a whole."""
