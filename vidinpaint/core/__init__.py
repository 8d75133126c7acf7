"""The nouns of the pipeline, and what every other package may use."""
