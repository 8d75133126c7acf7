"""The recipes: what is trained and how, one per file; the name of the file is the name of the recipe."""
