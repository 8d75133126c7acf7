"""Frames spread over a shot that are completed together, so that what is synthesised is the same in every window."""
