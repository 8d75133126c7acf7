"""Training: what is trained (`recipes`), on what (`data`), and the one trainer that trains any of it."""
