"""Fills the holes of every window of frames together by a net of 3D gated convolutions; needs the extra `learned`."""

from vidinpaint.graph import Graph
from vidinpaint.stages.check import Check
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import CropFrames, CropHoles
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.fill import FillEachFrame
from vidinpaint.stages.finish import AddGrain
from vidinpaint.stages.holes import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan, Scan

graph = Graph(
    timeline=Scan(),
    masks=OpenMasks(),
    plan=MakePlan(),
    clip=Decode(),
    mask=ReadMask(),
    frames=CropFrames(),
    holes=CropHoles(),
    filled=FillEachFrame(filler="conv3d"),
    finished=AddGrain(),
    checked=Check(),
    result=Composite(),
    segment=Encode(),
)
