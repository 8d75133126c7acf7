"""Feature networks for the perceptual and the style loss: modules that turn pictures into a list of feature maps."""
