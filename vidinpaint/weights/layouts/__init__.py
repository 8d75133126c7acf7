"""Layouts of published files, one per file: how each publisher names and scales the tensors of a network."""
