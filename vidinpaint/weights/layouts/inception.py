"""The Inception network of FID: pt_inception-2015-12-05-6726825d.pth of mseitzer/pytorch-fid.

torchvision's own `inception_v3` has the same names but other values: it tells 1000 classes apart, and not 1008.
"""

from vidinpaint.weights.layouts.layout import Layout, State, with_batch_counts

CLASSES = 1008


def _features(state: State) -> State:
    """Without the layer that names classes."""
    if len(state["fc.bias"]) != CLASSES:
        raise ValueError("torchvision's weights, which are not those of FID")
    return with_batch_counts({name: value for name, value in state.items() if not name.startswith("fc.")})


LAYOUT = Layout("Conv2d_1a_3x3.conv.weight", "inception", lambda state: {}, _features)
