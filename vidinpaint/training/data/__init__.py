"""Training examples: photos, clips, masks and motion, generated during training."""
