"""Reporting: what was done to a clip, as one HTML page that needs nothing but a browser."""
