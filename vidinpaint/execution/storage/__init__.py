"""Storage: files by path or by URL (of any protocol that fsspec supports), written completely or not at all."""
