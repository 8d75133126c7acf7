"""Examples to learn from: photos, clips, holes and motion, made on the fly."""
