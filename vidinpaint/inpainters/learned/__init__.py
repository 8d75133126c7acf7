"""Networks that were trained to fill. They need torch (`pip install 'vidinpaint[learned]'`) and weights."""
