"""Checkpoints: the finished windows of a clip, stored in a work folder from which a later run continues."""
