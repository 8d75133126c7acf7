"""AlexNet and VGG16: torchvision's alexnet-owt-7be5be79.pth and vgg16-397923af.pth, convolutions only.

They have a convolution where the other has none, which tells them apart.
"""

from vidinpaint.weights.layouts.layout import Layout, State


def _convolutions(state: State) -> State:
    return {name: value for name, value in state.items() if name.startswith("features.")}


ALEXNET = Layout("features.3.weight", "alexnet", lambda state: {}, _convolutions)
VGG16 = Layout("features.28.weight", "vgg16", lambda state: {}, _convolutions)
