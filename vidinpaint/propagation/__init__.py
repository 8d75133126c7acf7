"""Propagation of known pixels along the flow, and what hides its traces: exposure, seams, borders, grain."""
