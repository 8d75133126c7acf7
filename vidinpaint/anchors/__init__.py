"""Frames spread over a shot that are completed together: what is invented there is the same in every window."""
