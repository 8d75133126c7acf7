"""For a static camera: every masked pixel is the median of what other frames show there."""

from vidinpaint.core.graph import Graph
from vidinpaint.stages.finish import AddGrain
from vidinpaint.stages.inpaint_each_frame import InpaintEachFrame
from vidinpaint.stages.sequences import CHECK_AND_WRITE, PLAN, READ_AND_CROP

graph = Graph(
    **PLAN,
    **READ_AND_CROP,
    inpainted=InpaintEachFrame(method="temporal_median"),
    finished=AddGrain(),
    **CHECK_AND_WRITE,
)
