"""The stages that all preset pipelines share, in the order in which they run."""

from vidinpaint.core.graph import Stage
from vidinpaint.stages.check import Check
from vidinpaint.stages.composite import Composite
from vidinpaint.stages.crop import CropFrames, CropMask
from vidinpaint.stages.decode import Decode
from vidinpaint.stages.detect import Detect
from vidinpaint.stages.encode import Encode
from vidinpaint.stages.mask import OpenMasks, ReadMask
from vidinpaint.stages.plan import MakePlan
from vidinpaint.stages.scan import Scan

PLAN: dict[str, Stage] = {
    "timeline": Scan(),
    "detections": Detect(),
    "masks": OpenMasks(),
    "plan": MakePlan(),
}
"""Once per clip."""
READ_AND_CROP: dict[str, Stage] = {
    "clip": Decode(),
    "mask": ReadMask(),
    "crop_mask": CropMask(),
    "frames": CropFrames(),
}
"""Per window: its frames and its mask; then, per crop, the part of both to work on."""
CHECK_AND_WRITE: dict[str, Stage] = {"checked": Check(), "result": Composite(), "segment": Encode()}
"""Per window, after the stage that makes the value `finished`."""
