from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel import edits
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import Channels, Combine, KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.scaling import Scaling
from convlab.engine.color import ColorSpace
from convlab.engine.conv2d import conv2d
from convlab.engine.display import DisplayMode

EDGE = np.array([[1, 0, -1]] * 3, np.float32)
PICTURE = np.random.default_rng(1).random((9, 8, 3)).astype(np.float32)


def colored(combine: Combine = Combine.SUM, **parts: object) -> KernelState:
    channels = Channels(ColorSpace.RGB, combine=combine)
    state = KernelState(channels=channels, **parts)  # type: ignore[arg-type]
    return edits.give_each_channel_a_kernel(edits.set_kernel(state, EDGE), True)


def output(state: KernelState, pixels: np.ndarray = PICTURE) -> np.ndarray:
    frame = Frame(pixels, 0, 0.0, 1.0)
    return KernelEvaluator().run(resolve(state, KernelViewing(), frame, 1)).output.planes


def filtered(plane: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return conv2d(plane, kernel, padding="same", border="replicate")


@pytest.fixture
def several() -> KernelState:
    """Kernels of 3x3 numbers: the edge for red, others for green and blue."""
    state = colored()
    for channel in (1, 2):
        state = edits.choose_channel(state, channel)
        state = edits.set_kernel(state, np.arange(9.0).reshape(3, 3) * channel)
    return state


def test_at_first_all_have_the_kernel_that_there_was() -> None:
    alike = output(replace(colored(), per_channel=KernelState().per_channel))
    np.testing.assert_allclose(output(colored()), alike, rtol=1e-5)


def test_kernels_of_channels_are_added_up(several: KernelState) -> None:
    kernels = [EDGE, np.arange(9.0).reshape(3, 3), np.arange(9.0).reshape(3, 3) * 2]
    planes = np.moveaxis(PICTURE, 2, 0)
    expected = sum(filtered(*pair) for pair in zip(planes, kernels, strict=True))
    np.testing.assert_allclose(output(several)[0], expected, rtol=1e-4, atol=1e-5)


def test_each_by_itself_is_a_depthwise_convolution(several: KernelState) -> None:
    state = replace(several, channels=replace(several.channels, combine=Combine.EACH))
    layer = state.layer()
    assert (layer.groups, layer.weight.shape) == (3, (3, 1, 3, 3))
    kernels = [EDGE, np.arange(9.0).reshape(3, 3), np.arange(9.0).reshape(3, 3) * 2]
    expected = [filtered(*pair) for pair in zip(np.moveaxis(PICTURE, 2, 0), kernels, strict=True)]
    np.testing.assert_allclose(output(state), expected, rtol=1e-4, atol=1e-5)


def test_what_is_muted_takes_its_kernel_along(several: KernelState) -> None:
    state = edits.toggle_mute(several, 0)
    assert state.bank().shape == (1, 2, 3, 3)
    assert state.bank()[0, 0].tolist() == np.arange(9.0).reshape(3, 3).tolist()
    assert (state.place, edits.choose_channel(state, 0).place) == (1, 0)


def test_a_red_edge_is_seen_by_red_alone() -> None:
    state = edits.clear_other_channels(colored())
    red = filtered(PICTURE[..., 0], EDGE)
    np.testing.assert_allclose(output(state)[0], red, rtol=1e-4, atol=1e-5)


def test_a_blur_of_red_alone_is_a_picture() -> None:
    state = edits.set_kernel(colored(Combine.EACH), np.ones((3, 3)) / 9)
    state = edits.clear_other_channels(state)
    frame = Frame(PICTURE, 0, 0.0, 1.0)
    panel = KernelEvaluator().run(resolve(state, KernelViewing(), frame, 1)).output
    assert panel.mode is DisplayMode.CLIPPED


def test_going_through_the_channels_changes_nothing(several: KernelState) -> None:
    state = several
    for channel in (0, 2, 1, 2):
        state = edits.choose_channel(state, channel)
        assert np.array_equal(state.bank(), several.bank())
        assert np.array_equal(state.edited(), several.bank()[0, channel])


def test_a_larger_kernel_lets_the_others_grow_around_their_anchors(several: KernelState) -> None:
    state = edits.resize_kernel(several, 5, 5)
    assert state.bank().shape == (1, 3, 5, 5)
    assert np.array_equal(state.bank()[..., 1:4, 1:4], several.bank())
    np.testing.assert_allclose(output(state), output(several), rtol=1e-4, atol=1e-5)


def test_one_kernel_for_all_is_the_edited_one_and_the_others_come_back(
    several: KernelState,
) -> None:
    alike = edits.give_each_channel_a_kernel(several, False)
    assert (alike.bank() == several.edited()).all()
    assert edits.give_each_channel_a_kernel(alike, True) == several


def test_kernels_of_channels_are_normalised_by_all_of_their_sums() -> None:
    state = colored(scaling=Scaling(normalise=True))
    for channel in (1, 2):
        state = edits.set_kernel(edits.choose_channel(state, channel), np.ones((3, 3)))
    assert state.scaling.divisors(state.bank()).tolist() == [18.0]
    each = replace(state, channels=replace(state.channels, combine=Combine.EACH))
    assert each.scaling.divisors(each.bank()).tolist() == [1.0, 9.0, 9.0]


def test_a_grey_picture_has_one_kernel(several: KernelState) -> None:
    grey = PICTURE[..., 0]
    np.testing.assert_allclose(
        output(several, grey)[0], filtered(grey, several.array()), rtol=1e-4, atol=1e-5
    )


def test_a_channel_without_a_kernel_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="give each channel a kernel"):
        edits.choose_channel(KernelState(), 1)
    with pytest.raises(ValueError, match="choose one of R, G, B"):
        edits.choose_channel(colored(), 3)
