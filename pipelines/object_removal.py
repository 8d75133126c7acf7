"""Removes what the masks cover: carries the background along the motion, invents once what no frame shows."""

from vidinpaint.graph import Graph
from vidinpaint.stages.anchors import CompleteAnchors
from vidinpaint.stages.check import Check
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import CropFrames, CropHoles
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.exposure import Level, MatchExposure
from vidinpaint.stages.fill import Fill
from vidinpaint.stages.finish import Finish
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.stages.holes import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan, Scan
from vidinpaint.stages.propagate import Propagate

graph = Graph(
    timeline=Scan(),
    masks=OpenMasks(),
    plan=MakePlan(),
    anchors=CompleteAnchors(),
    clip=Decode(),
    mask=ReadMask(),
    frames=CropFrames(),
    holes=CropHoles(),
    levels=MatchExposure(),
    levelled=Level(),
    flow=EstimateFlow(),
    propagated=Propagate(),
    filled=Fill(),
    finished=Finish(),
    checked=Check(),
    result=Composite(),
    segment=Encode(),
)
