"""Checkpoints: the finished windows of a clip, in a work folder that outlives the process that wrote it."""
