"""Removes marks and text: un-blends what is half-transparent, and propagates or synthesises only the rest."""

from vidinpaint.core.graph import Graph
from vidinpaint.stages.check import Check
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import FindChromaBleed
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.exposure import CompensateExposure, MatchExposure
from vidinpaint.stages.finish import Finish
from vidinpaint.stages.flow import EstimateFlow
from vidinpaint.stages.inpaint import Inpaint
from vidinpaint.stages.marks import EstimateMarks, MaskMarks
from vidinpaint.stages.mask import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan
from vidinpaint.stages.propagate import Propagate
from vidinpaint.stages.reference_frames import CompleteReferenceFrames
from vidinpaint.stages.scan import Scan
from vidinpaint.stages.unblend import CropUnblended, CropUnknown, FuseUnblended, Unblend

graph = Graph(
    timeline=Scan(),
    detections=Detect(),
    given_masks=OpenMasks(default="mark text"),
    marks=EstimateMarks(),
    masks=MaskMarks(),
    plan=MakePlan(),
    reference_frames=CompleteReferenceFrames(),
    clip=Decode(),
    mask=ReadMask(),
    unblended=Unblend(),
    crop_mask=CropUnknown(),
    frames=CropUnblended(),
    exposure=MatchExposure(),
    compensated=CompensateExposure(),
    flow=EstimateFlow(),
    chroma_bleed=FindChromaBleed(),
    propagated=Propagate(),
    synthesised=Inpaint(),
    inpainted=FuseUnblended(),
    finished=Finish(),
    checked=Check(retries=False),  # under thin marks they gain nothing, at up to three times the time
    result=Composite(),
    segment=Encode(),
)
