"""The plan of a clip: shots, and windows with their crops."""
