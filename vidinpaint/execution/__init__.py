"""Execution: what runs a pipeline over a clip, or many clips: jobs, runners, checkpoints and storage."""
