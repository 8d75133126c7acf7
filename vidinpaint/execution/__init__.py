"""Runs a pipeline over one clip or many: batches, jobs, runners, checkpoints and storage."""
