"""What is public, locked: names, signatures, and that every parameter is documented."""

import inspect
import re
import subprocess
import sys

import pytest

import vidinpaint
from vidinpaint.execution.options import OPTION_SETTINGS, InpaintOptions

NAMES = """
BatchError CheckError ClipError DistributionEvaluation EstimatedTemplate Evaluation Found GraphError ImageError
Inpainted MaskCoverageError MaskError Methods OutputError Report SettingError StageError StorageError
VidinpaintError WeightsError WorkerError
detect estimate_mark evaluate evaluate_distribution inpaint inpaint_image inpaint_samples list_methods train warm_up
"""
SIGNATURES = {
    "inpaint": "(clip, mask=None, output=None, *, pipeline='object_removal', config='balanced', settings=(), "
    "method=None, flow=None, codec=None, crf=None, container=None, grow=None, feather=None, resize_mask=None, "
    "mark=None, start=None, end=None, rate=25, runner='threads', workers=0, address='', gpus_per_worker=1.0, "
    "report=None, debug=None, overwrite=False, strict=False, progress=None)",
    "inpaint_image": "(image, mask, output=None, *, method='auto', settings=(), grow=0, resize_mask=False, "
    "overwrite=False, progress=None)",
    "inpaint_samples": "(image, mask, output=None, *, samples, method, settings=(), grow=0, resize_mask=False, "
    "overwrite=False, progress=None)",
    "detect": "(clip, output=None, *, what='text,mark', start=None, end=None, rate=25, overwrite=False, strict=False, "
    "progress=None)",
    "estimate_mark": "(clips, output, *, mask='mark', overwrite=False, strict=False, progress=None)",
    "evaluate": "(output, truth, mask, *, perceptual=False, weights=(), resize_mask=False, grow=0, progress=None)",
    "evaluate_distribution": "(output, truth, *, weights=(), progress=None)",
    "train": "(recipe, output, *, config='', settings=(), quiet=False)",
    "list_methods": "()",
    "warm_up": "(*, progress=None)",
}


def bare(signature: inspect.Signature) -> str:
    """Without annotations."""
    parameters = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return str(inspect.Signature(parameters))


def test_the_public_names() -> None:
    assert sorted(vidinpaint.__all__) == sorted(NAMES.split())
    assert dir(vidinpaint) == sorted(vidinpaint.__all__)
    for name in vidinpaint.__all__:
        assert getattr(vidinpaint, name).__doc__
    functions = {name for name in vidinpaint.__all__ if inspect.isfunction(getattr(vidinpaint, name))}
    assert functions == SIGNATURES.keys()
    with pytest.raises(AttributeError, match="no attribute 'outpaint'"):
        vidinpaint.outpaint  # noqa: B018


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(name: str) -> None:
    function = getattr(vidinpaint, name)
    signature = inspect.signature(function)
    assert bare(signature) == SIGNATURES[name]
    empty = inspect.Parameter.empty
    assert signature.return_annotation is not empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not empty, parameter
        assert parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        documented = re.search(rf"^    {parameter.name}  +\S", function.__doc__, re.MULTILINE)
        assert documented, f"{parameter.name} of {name} is not documented"
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is not empty:
            entry = function.__doc__[documented.start() :]
            entry = re.split(r"\n    (?=\S)|\n\n", entry)[0]
            assert "Default:" in entry, f"the default of {parameter.name} of {name} is not documented"


def test_the_options_of_the_overloads_are_those_of_inpaint() -> None:
    parameters = inspect.signature(vidinpaint.inpaint).parameters.values()
    keywords = {one.name: one.annotation for one in parameters if one.kind is one.KEYWORD_ONLY}
    assert {name: kind.__forward_arg__ for name, kind in InpaintOptions.__annotations__.items()} == keywords
    assert OPTION_SETTINGS.keys() <= keywords.keys()


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        vidinpaint.inpaint("clip.mp4", "mask.png", "out.mp4", colour=1)


def test_methods_are_listed() -> None:
    methods = vidinpaint.list_methods()
    assert "object_removal" in methods.pipelines
    assert {"balanced", "best", "preview"} <= methods.configs.keys()
    assert {"telea", "patchmatch"} <= methods.inpainters.keys()
    assert "temporal_median" in methods.video_inpainters
    assert not methods.inpainters.keys() & methods.video_inpainters.keys()
    assert "dis" in methods.flow_methods
    assert "repaint" in methods.recipes
    assert all(line for kind in vars(methods).values() for line in kind.values())


@pytest.mark.parametrize("code", ["import vidinpaint", "import vidinpaint; vidinpaint.list_methods()"])
def test_nothing_heavy_is_imported(code: str) -> None:
    heavy = "print([m for m in ('torch', 'ray', 'av', 'numba', 'cv2') if m in sys.modules])"
    command = [sys.executable, "-c", f"import sys; {code}; {heavy}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
