"""Examples to learn from: photos, clips, masks and motion, made on the fly."""
