"""Masks: which pixels of a clip to inpaint. bool, True = inpaint; each kind of mask is a file in `sources`."""
