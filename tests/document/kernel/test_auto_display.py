from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown, Panel
from convlab.document.kernel.model import (
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    KernelViewing,
)
from convlab.document.kernel.panels import figures
from convlab.document.kernel.resolve import resolve
from convlab.engine import kernels
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, Scale, ScaleCurve
from convlab.io.images import decode_image, read_image_file
from convlab.paths import resource


def output(state: KernelState, pixels: np.ndarray, white: float = 1.0) -> Panel:
    frame = Frame(pixels, 0, 0.0, white)
    return KernelEvaluator().run(resolve(state, KernelViewing(), frame, 1)).output


def with_preset(name: str, **parts: object) -> KernelState:
    return edits.load_preset(KernelState(**parts), name)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    file = resource("pictures", "chelsea.jpg")
    return decode_image(read_image_file(file), file.name)


def test_a_blur_of_a_photo_is_shown_as_a_photo(photo: np.ndarray) -> None:
    panel = output(with_preset("Gaussian 9×9", channels=Channels(ColorSpace.RGB)), photo)
    assert (panel.mode, panel.scale) == (DisplayMode.CLIPPED, Scale(0.0, 1.0))
    apart = np.abs(panel.bgra[..., 2::-1].astype(float) - photo).mean()
    assert apart < 12  # of 255


@pytest.mark.parametrize("name", kernels.names())
def test_presets_are_pictures_or_signed_by_the_sum_of_their_weights(
    name: str, photo: np.ndarray
) -> None:
    weights = kernels.preset(name)
    panel = output(with_preset(name), photo[:40, :40])
    is_mean = weights.sum() > 1e-4 * np.abs(weights).sum()
    assert panel.mode is (DisplayMode.CLIPPED if is_mean else DisplayMode.SIGNED)


def test_sums_that_are_not_divided_are_as_bright_as_their_means(photo: np.ndarray) -> None:
    grey = photo[..., 0].copy()
    mean = output(edits.set_kernel(KernelState(), np.full((3, 3), 1 / 9)), grey)
    total = output(edits.set_kernel(KernelState(), np.ones((3, 3))), grey)
    assert np.abs(mean.bgra.astype(int) - total.bgra).mean() < 12


def test_an_impulse_shows_the_kernel_at_full_strength() -> None:
    impulse = np.zeros((9, 9), np.float32)
    impulse[4, 4] = 1.0
    panel = output(edits.set_kernel(KernelState(), np.arange(1.0, 10).reshape(3, 3)), impulse)
    assert panel.scale == Scale(0.0, 10.0)


def test_what_has_negative_values_is_no_picture() -> None:
    signed = np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)
    assert output(with_preset("Box blur 3×3"), signed).mode is DisplayMode.SIGNED


@pytest.mark.parametrize("mode", [DisplayMode.SIGNED, DisplayMode.ABSOLUTE])
def test_the_range_follows_what_one_looks_at(mode: DisplayMode, photo: np.ndarray) -> None:
    state = KernelState(display=Display(mode))
    panel = output(state, photo)
    exact = np.percentile(np.abs(panel.planes), 99.5)
    assert exact <= panel.scale.high * 1.001 <= 1.34 * exact
    assert 0 < figures(panel).stats.clipped <= 0.005
    full = output(KernelState(display=Display(mode, is_full=True)), photo)
    assert figures(full).stats.clipped == 0.0


@pytest.mark.parametrize("border", list(Border))
@pytest.mark.parametrize("dilation", [1, 3])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_false_edge_of_padding_does_not_choose_the_range(
    border: Border, dilation: int, stride: int
) -> None:
    ramp = np.tile(np.linspace(0.4, 0.6, 200, dtype=np.float32), (100, 1))
    geometry = Geometry("full", stride, dilation, border, value=9.0)
    state = KernelState(geometry=geometry, display=Display(DisplayMode.SIGNED))
    inside = KernelState(geometry=Geometry("valid", 1, dilation), display=state.display)
    assert output(state, ramp).scale == output(inside, ramp).scale


def test_a_picture_smaller_than_the_kernel_still_has_a_range() -> None:
    state = edits.set_kernel(KernelState(), -np.ones((9, 9)))
    assert output(state, np.full((3, 3), 1.0, np.float32)).scale.high >= 9.0


@pytest.mark.parametrize("name", ["Kirsch west", "Sobel horizontal", "Laplacian 8"])
@pytest.mark.parametrize("curve", list(ScaleCurve))
@pytest.mark.parametrize("space", [ColorSpace.GREY, ColorSpace.RGB])
def test_flat_grey_under_a_kernel_that_sums_to_zero_is_neutral(
    name: str, curve: ScaleCurve, space: ColorSpace
) -> None:
    flat = np.full((40, 40, 3), 77, np.uint8)
    channels = Channels(space, combine=Combine.SUM)
    panel = output(with_preset(name, display=Display(curve=curve), channels=channels), flat)
    assert np.abs(panel.bgra.astype(int) - [247, 247, 247, 255]).max() <= 3


@pytest.mark.parametrize("curve", list(ScaleCurve))
def test_what_is_little_more_than_rounding_is_nearly_neutral(curve: ScaleCurve) -> None:
    stripes = np.full((20, 24), 0.5, np.float32)
    stripes[:, ::4] += 5e-6
    panel = output(with_preset("Vertical edge", display=Display(curve=curve)), stripes)
    assert np.abs(panel.planes).max() > 5e-6
    assert np.abs(panel.bgra.astype(int) - [247, 247, 247, 255]).max() <= 15


def test_where_there_is_nothing_the_range_is_that_of_the_picture() -> None:
    flat = np.full((20, 20), 100.0, np.float32)
    assert output(with_preset("Sobel vertical"), flat, white=255.0).scale.high == 300.0


def test_the_absolute_view_has_no_signed_numbers(photo: np.ndarray) -> None:
    panel = output(KernelState(display=Display(DisplayMode.ABSOLUTE)), photo)
    found = figures(panel)
    assert panel.planes.min() >= 0.0
    assert found.stats.minimum >= 0.0
    assert found.histogram.scale == panel.scale


def test_the_root_scale_shows_small_values(photo: np.ndarray) -> None:
    linear = output(KernelState(), photo).bgra[..., :3].astype(int)
    root = (
        output(KernelState(display=Display(curve=ScaleCurve.ROOT)), photo).bgra[..., :3].astype(int)
    )
    strong = [((shown.max(2) - shown.min(2)) > 60).mean() for shown in (linear, root)]
    assert strong[1] > 2 * strong[0]


def test_under_a_hand_neither_mode_nor_range_change_and_then_both_follow(photo: np.ndarray) -> None:
    evaluator = KernelEvaluator()
    frame = Frame(photo, 0, 0.0)

    def shown(state: KernelState, is_held: bool) -> KernelShown:
        job = resolve(state, KernelViewing(), frame, 1, is_held=is_held)
        return evaluator.run(job)

    state = KernelState()
    first = shown(state, False)
    assert first.is_settled
    for value in (1.5, 3.0, 9.0):
        state = edits.set_cell(state, 0, 0, value)
        dragged = shown(state, True)
        assert (dragged.output.mode, dragged.output.scale) == (
            first.output.mode,
            first.output.scale,
        )
        assert not dragged.is_complete
    released = shown(state, False)
    assert released.output.mode is DisplayMode.CLIPPED
    assert released.is_complete


def test_a_hand_that_turns_the_range_itself_is_followed(photo: np.ndarray) -> None:
    evaluator = KernelEvaluator()
    for limit in (None, 2.0, 2.5):
        state = KernelState(display=Display(limit=limit))
        job = resolve(state, KernelViewing(), Frame(photo, 0, 0.0), 1, is_held=limit is not None)
        scale = evaluator.run(job).output.scale
    assert scale == Scale(-2.5, 2.5)


def test_another_picture_that_comes_too_soon_is_looked_at_before_all_is_complete(
    photo: np.ndarray,
) -> None:
    evaluator, dim = KernelEvaluator(), photo // 50
    shown = [
        evaluator.run(resolve(KernelState(), KernelViewing(), Frame(pixels, index, 0.0), 1))
        for index, pixels in enumerate((photo, dim))
    ]
    assert shown[0].is_complete
    assert not shown[1].is_complete
