"""Discriminators: networks that tell real pictures from inpainted ones, one kind a file. High scores mean "real"."""
