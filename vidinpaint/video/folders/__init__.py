"""Folders of images as clips: their frames, what each image file holds, and results as images."""
