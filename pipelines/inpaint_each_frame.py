"""Inpaints every frame by itself with an image method, without propagation: for comparison, and for slide shows."""

from vidinpaint.core.graph import Graph
from vidinpaint.stages.finish import AddGrain
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.stages.sequences import CHECK_AND_WRITE, PLAN, READ_AND_CROP

graph = Graph(
    **PLAN,
    **READ_AND_CROP,
    inpainted=InpaintEachFrame(),
    finished=AddGrain(grain=0.0),
    **CHECK_AND_WRITE,
)
