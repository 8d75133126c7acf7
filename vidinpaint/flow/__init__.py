"""Optical flow: methods that estimate it, its consistency, and its completion under masks."""
