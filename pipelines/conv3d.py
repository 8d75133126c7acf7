"""Inpaints all frames of a window together with a network of 3D gated convolutions; needs the extra `learned`."""

from vidinpaint.core.graph import Graph
from vidinpaint.stages.finish import AddGrain
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.stages.sequences import CHECK_AND_WRITE, PLAN, READ_AND_CROP

graph = Graph(
    **PLAN,
    **READ_AND_CROP,
    inpainted=InpaintEachFrame(method="conv3d"),
    finished=AddGrain(),
    **CHECK_AND_WRITE,
)
