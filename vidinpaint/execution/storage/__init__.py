"""Storage: files by path or by URL (any that fsspec knows), written whole or not at all."""
