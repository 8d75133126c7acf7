"""Discriminators: nets that tell real pictures from painted ones, one kind a file. High scores mean "real"."""
