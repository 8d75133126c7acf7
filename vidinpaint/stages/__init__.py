"""The stages of the graph: each prepares what it needs and calls the package that does the work."""
