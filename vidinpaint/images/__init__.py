"""Single images: reading, inpainting, comparing and writing files of them."""
