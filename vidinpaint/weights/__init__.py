"""Weights of networks: which there are, where they lie, and how they are read without trusting them."""
