"""Video files: opening, decoding, damage, and results as files of encoded segments."""
