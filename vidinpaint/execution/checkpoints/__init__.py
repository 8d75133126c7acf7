"""Commits: what is finished of a clip, window by window, in a work folder that outlives whoever wrote it."""
