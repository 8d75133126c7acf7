"""Distances between two sets of images or clips, which need not show the same: FID, KID and VFID."""
