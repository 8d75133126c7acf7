"""GLCIC: otenim/GLCIC-PyTorch, model_cn_step400000 (its models.py).

The mean colour is in a JSON file beside it; our network's default is that of the published one.
"""

from vidinpaint.weights.layouts.layout import Layout, with_batch_counts

LAYOUT = Layout("deconv13.weight", "glcic", lambda state: {"width": state["conv1.weight"].shape[0]}, with_batch_counts)
