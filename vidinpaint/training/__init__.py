"""Training of networks: `recipes` say what is trained, `data` generates examples, `trainer` runs any recipe."""
