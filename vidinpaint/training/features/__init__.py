"""Feature networks for the perceptual and the style loss: modules from images to a list of feature maps."""
