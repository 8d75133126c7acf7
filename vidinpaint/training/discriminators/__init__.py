"""Discriminators: networks that tell real images from inpainted ones, one per file. A high score means "real"."""
