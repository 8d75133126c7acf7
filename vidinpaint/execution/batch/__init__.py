"""Batches: many clips from a list, processed by one pool of workers; a clip that fails does not stop the others."""
