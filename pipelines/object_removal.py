"""Removes what the masks cover: carries the background along the motion, invents once what no frame shows."""

from vidinpaint.graph import Graph
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import CropFrames, CropHoles
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.fill import Fill
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.stages.holes import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan, Scan
from vidinpaint.stages.propagate import Propagate

graph = Graph(
    timeline=Scan(),
    masks=OpenMasks(),
    plan=MakePlan(),
    clip=Decode(),
    mask=ReadMask(),
    frames=CropFrames(),
    holes=CropHoles(),
    flow=EstimateFlow(),
    propagated=Propagate(),
    filled=Fill(),
    result=Composite(),
    segment=Encode(),
)
