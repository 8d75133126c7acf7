"""Finds what is to be removed by looking at the clip: burnt-in text and marks."""
