"""Removes what the masks cover: propagates the background along the motion, synthesises once what no frame shows."""

from vidinpaint.core.graph import Graph
from vidinpaint.stages.crop import FindChromaBleed
from vidinpaint.stages.exposure import CompensateExposure, MatchExposure
from vidinpaint.stages.finish import Finish
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.stages.inpaint import Inpaint
from vidinpaint.stages.propagate import Propagate
from vidinpaint.stages.reference_frames import CompleteReferenceFrames
from vidinpaint.stages.sequences import CHECK_AND_WRITE, PLAN, READ_AND_CROP

graph = Graph(
    **PLAN,
    reference_frames=CompleteReferenceFrames(),
    **READ_AND_CROP,
    exposure=MatchExposure(),
    compensated=CompensateExposure(),
    flow=EstimateFlow(),
    chroma_bleed=FindChromaBleed(),
    propagated=Propagate(),
    inpainted=Inpaint(),
    finished=Finish(),
    **CHECK_AND_WRITE,
)
