"""Half-transparent marks: their opacity and colour estimated, and the blend undone."""
