"""Frames spread over a shot that are completed together: what is synthesised there is the same in every window."""
