"""How a result compares with the clip as it should be."""
