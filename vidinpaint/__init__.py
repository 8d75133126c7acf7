"""vidinpaint removes things from video: known pixels are propagated to where they are hidden, the rest synthesised.

    vidinpaint.inpaint("clip.mp4", "mask.png", "clean.mp4")             # files
    clean = vidinpaint.inpaint(frames, masks)                           # arrays uint8 (T, H, W, 3), bool (T, H, W)
    vidinpaint.inpaint_image("photo.jpg", "mask.png", "clean.png")      # single images
    clean = vidinpaint.inpaint_image(image, mask, method="patchmatch")
    variants = vidinpaint.inpaint_samples(image, mask, samples=3, method="repaint")

The names in `__all__` are public; everything else is internal. Large libraries are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vidinpaint.core.errors import (
    BatchError,
    CheckError,
    ClipError,
    GraphError,
    ImageError,
    MaskCoverageError,
    MaskError,
    OutputError,
    SettingError,
    StageError,
    StorageError,
    VidinpaintError,
    WeightsError,
    WorkerError,
)  # fmt: skip

if TYPE_CHECKING:
    from vidinpaint.api import (
        Methods,
        detect,
        estimate_mark,
        evaluate,
        evaluate_distribution,
        inpaint,
        list_methods,
        train,
        warm_up,
    )
    from vidinpaint.core.report import Report
    from vidinpaint.evaluation.distribution.evaluation import DistributionEvaluation
    from vidinpaint.evaluation.evaluation import Evaluation
    from vidinpaint.execution.detect import Found
    from vidinpaint.execution.estimate_template import EstimatedTemplate
    from vidinpaint.images.inpaint import Inpainted, inpaint_image
    from vidinpaint.images.samples import inpaint_samples

__all__ = [
    "BatchError",
    "CheckError",
    "ClipError",
    "DistributionEvaluation",
    "EstimatedTemplate",
    "Evaluation",
    "Found",
    "GraphError",
    "ImageError",
    "Inpainted",
    "MaskCoverageError",
    "MaskError",
    "Methods",
    "OutputError",
    "Report",
    "SettingError",
    "StageError",
    "StorageError",
    "VidinpaintError",
    "WeightsError",
    "WorkerError",
    "detect",
    "estimate_mark",
    "evaluate",
    "evaluate_distribution",
    "inpaint",
    "inpaint_image",
    "inpaint_samples",
    "list_methods",
    "train",
    "warm_up",
]  # fmt: skip

_MODULES = {
    "vidinpaint.api": (
        "Methods",
        "detect",
        "estimate_mark",
        "evaluate",
        "evaluate_distribution",
        "inpaint",
        "list_methods",
        "train",
        "warm_up",
    ),
    "vidinpaint.evaluation.evaluation": ("Evaluation",),
    "vidinpaint.evaluation.distribution.evaluation": ("DistributionEvaluation",),
    "vidinpaint.execution.detect": ("Found",),
    "vidinpaint.execution.estimate_template": ("EstimatedTemplate",),
    "vidinpaint.images.inpaint": ("Inpainted", "inpaint_image"),
    "vidinpaint.images.samples": ("inpaint_samples",),
    "vidinpaint.core.report": ("Report",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'vidinpaint' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
