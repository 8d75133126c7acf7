"""`inpaint` and `inpaint_image` on arrays: any layout of channels, known pixels and alpha do not change."""

import numpy as np
import pytest

import vidinpaint
from tests.images.files import picture
from tests.scenes import texture
from vidinpaint.core.errors import ImageError, MaskCoverageError, MaskError, OutputError, SettingError, VidinpaintError
from vidinpaint.core.registry import names
from vidinpaint.images.methods import image_methods

MASK = np.zeros((24, 32), bool)
MASK[8:14, 10:20] = True


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(24, 32), (24, 32, 1), (24, 32, 2), (24, 32, 3), (24, 32, 4)])
def test_only_the_mask_changes(dtype: type, shape: tuple[int, ...]) -> None:
    image = picture(24, 32, shape[2] if len(shape) == 3 else 1, dtype).reshape(shape)
    before = image.copy()
    result = vidinpaint.inpaint_image(image, MASK, method="harmonic")
    assert np.array_equal(image, before)
    assert (result.shape, result.dtype) == (image.shape, image.dtype)
    assert np.array_equal(result[~MASK], image[~MASK])
    changed = (result != image).reshape(24, 32, -1).any((0, 1)).tolist()
    assert changed == {1: [True], 2: [True, False], 3: [True] * 3, 4: [*[True] * 3, False]}[len(changed)]


def test_every_layout_is_inpainted_as_its_colours_are() -> None:
    image = picture()
    image[MASK] = 0
    inpainted = vidinpaint.inpaint_image(image, MASK, method="harmonic")
    with_alpha = vidinpaint.inpaint_image(np.dstack([image, picture(channels=1)]), MASK, method="harmonic")
    assert np.array_equal(with_alpha[..., :3], inpainted)
    for channel in range(3):
        grey = vidinpaint.inpaint_image(image[..., channel], MASK, method="harmonic")
        # a level may differ where a value lies half-way: three other channels are another system to solve
        assert np.abs(grey.astype(int) - inpainted[..., channel]).max() <= 1
    deep = vidinpaint.inpaint_image(image.astype(np.uint16) * 257, MASK, method="harmonic")
    assert np.abs(deep / 257 - inpainted).max() <= 0.51


def test_a_ramp_continues_through_the_mask() -> None:
    ramp = np.tile(np.linspace(0, 65535, 32).astype(np.uint16), (24, 1))
    damaged = ramp.copy()
    damaged[MASK] = 65535
    assert np.abs(vidinpaint.inpaint_image(damaged, MASK).astype(int) - ramp).max() < 40


@pytest.mark.parametrize("method", ["auto", "patchmatch", "telea"])
def test_grey_as_three_equal_channels_stays_grey(method: str) -> None:
    grey = (texture(40, 48)[..., 0] * 255).astype(np.uint8)
    mask = np.zeros(grey.shape, bool)
    mask[14:26, 16:32] = True
    inpainted = vidinpaint.inpaint_image(np.dstack([grey] * 3), mask, method=method)
    assert (inpainted == inpainted[..., :1]).all()
    assert np.array_equal(vidinpaint.inpaint_image(grey, mask, method=method), inpainted[..., 0])


@pytest.mark.parametrize(
    "view", [lambda image: image[::-1], lambda image: np.asfortranarray(image), lambda image: image[:, ::-1]]
)
def test_views_and_read_only_arrays(view: object) -> None:
    image = view(picture())  # type: ignore[operator]
    image.flags.writeable = False
    result = vidinpaint.inpaint_image(image, MASK, method="harmonic")
    assert np.array_equal(result, vidinpaint.inpaint_image(image.copy(), MASK, method="harmonic"))
    assert result.flags.writeable


def test_masks_in_every_form_are_the_same() -> None:
    image = picture()
    expected = vidinpaint.inpaint_image(image, MASK, method="harmonic")
    for mask in (MASK.astype(np.uint8) * 255, "10,8,10,6", ["10,8,5,6", "15,8,5,6"], [MASK, "10,8,1,1"]):
        assert np.array_equal(vidinpaint.inpaint_image(image, mask, method="harmonic"), expected)
    small = MASK.copy()
    small[:] = False
    small[10:12, 12:18] = True
    dilated = vidinpaint.inpaint_image(image, small, method="harmonic", grow=2)
    changed = (dilated != image).any(-1)
    assert not changed[:8].any()
    assert changed[8:14].any()


def test_an_empty_mask_gives_a_copy() -> None:
    image = picture()
    result = vidinpaint.inpaint_image(image, np.zeros((24, 32), bool))
    assert np.array_equal(result, image)
    assert not np.shares_memory(result, image)


def test_pixels_under_the_mask_have_no_influence() -> None:
    image = picture(dtype=np.float32)
    expected = vidinpaint.inpaint_image(image, MASK, method="harmonic")
    image[MASK] = np.nan
    assert np.array_equal(vidinpaint.inpaint_image(image, MASK, method="harmonic"), expected)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (picture().astype(np.int32), ImageError),
        (picture() > 127, ImageError),
        (picture(dtype=np.float32) * 255, ImageError),
        (picture(dtype=np.float32) - 0.5, ImageError),
        (np.full((24, 32, 3), np.nan, np.float32), ImageError),
        (np.zeros((24, 32, 5), np.uint8), ImageError),
        (np.zeros((2, 24, 32, 3), np.uint8), ImageError),
        (np.zeros((0, 32, 3), np.uint8), ImageError),
        ([[1, 2], [3, 4]], ImageError),
    ],
)
def test_invalid_images_are_refused(image: np.ndarray, kind: type[VidinpaintError]) -> None:
    with pytest.raises(kind):
        vidinpaint.inpaint_image(image, MASK, method="harmonic")


@pytest.mark.parametrize(
    ("mask", "kind"),
    [
        (np.ones((24, 32), bool), MaskCoverageError),
        (MASK.T, MaskError),
        (MASK[..., None], MaskError),
        (MASK[None], MaskError),
        (MASK.astype(np.uint8), MaskError),
        (MASK.astype(np.float32), MaskError),
        ("100,100,5,5", MaskError),
        ("10,8,10,6@0-5", MaskError),
        ([], MaskError),
    ],
)
def test_invalid_masks_are_refused(mask: object, kind: type[VidinpaintError]) -> None:
    with pytest.raises(kind):
        vidinpaint.inpaint_image(picture(), mask, method="harmonic")  # type: ignore[call-overload]


def test_invalid_options_are_refused() -> None:
    with pytest.raises(SettingError, match="telea"):
        vidinpaint.inpaint_image(picture(), MASK, method="magic")
    with pytest.raises(SettingError, match="harmonic"):
        vidinpaint.inpaint_image(picture(), MASK, method="temporal_median")
    with pytest.raises(SettingError, match="thin"):
        vidinpaint.inpaint_image(picture(), MASK, settings={"fat": 1})
    with pytest.raises(SettingError, match="grow"):
        vidinpaint.inpaint_image(picture(), MASK, grow=-1)
    with pytest.raises(OutputError):
        vidinpaint.inpaint_image(picture(), MASK, "photo.png")  # type: ignore[call-overload]
    with pytest.raises(OutputError):
        vidinpaint.inpaint_image("photo.png", MASK)  # type: ignore[call-overload]


def test_settings_as_a_table_or_as_texts() -> None:
    image = texture(40, 48)
    mask = np.zeros((40, 48), bool)
    mask[14:26, 16:32] = True
    along = vidinpaint.inpaint_image(image, mask, method="coherence")
    for settings in ({"thin": 100}, ["thin=100"], ["auto.thin=100"]):
        assert np.abs(vidinpaint.inpaint_image(image, mask, settings=settings) - along).max() < 2e-3
    assert np.abs(vidinpaint.inpaint_image(image, mask) - along).max() > 0.1


def test_all_inpainters_but_those_for_clips_take_single_images() -> None:
    assert {*names("inpainters")} - {*image_methods()} == {"conv3d", "temporal_median"}
