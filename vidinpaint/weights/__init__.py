"""Weights of networks: which are known, where their files are, and how to read such files safely."""
