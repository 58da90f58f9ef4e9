from __future__ import annotations

import numpy as np
import pytest

from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.merge import Add, Concat, Merge, Multiply, Subtract

RNG = np.random.default_rng(0)
A, B = RNG.standard_normal((2, 3, 4, 5), np.float32)
GATE = RNG.standard_normal((3, 1, 1), np.float32)


def test_values_in_the_same_place_are_combined() -> None:
    assert np.array_equal(Add().result_of([A, B, A]), A + B + A)
    assert np.array_equal(Subtract().result_of([A, B, B]), A - B - B)
    assert np.array_equal(Multiply().result_of([A, B]), A * B)


def test_one_number_a_channel_weighs_all_of_its_map() -> None:
    assert Multiply().shape_of([A.shape, GATE.shape]) == A.shape
    assert np.array_equal(Multiply().result_of([A, GATE]), A * GATE)


def test_channels_are_put_behind_each_other_of_pictures_batches_and_vectors() -> None:
    assert Concat().shape_of([(3, 4, 5), (2, 4, 5)]) == (5, 4, 5)
    assert np.array_equal(Concat().result_of([A, B])[3:], B)
    assert Concat().result_of([A[np.newaxis], B[np.newaxis]]).shape == (1, 6, 4, 5)
    assert Concat().result_of([A[0, 0], B[0, 0]]).shape == (10,)


@pytest.mark.parametrize("layer", [Add(), Subtract(), Multiply(), Concat()], ids=repr)
def test_shapes_that_do_not_fit_are_named(layer: Merge) -> None:
    with pytest.raises(ValueError, match=r"\(3, 4, 5\) and \(3, 4, 6\)"):
        layer.shape_of([(3, 4, 5), (3, 4, 6)])


def test_a_slice_keeps_channels_as_python_does() -> None:
    layer = ChannelSlice(1, 3, 2)
    assert layer.output_shape((3, 4, 5)) == (1, 4, 5)
    assert np.array_equal(layer.forward(A), A[1:3:2])
    assert np.array_equal(ChannelSlice(1, 3).forward(A[0, 0]), A[0, 0, 1:3])
    with pytest.raises(ValueError, match="channel 5 does not exist: there are 3"):
        ChannelSlice(1, 6).output_shape((3, 4, 5))
    with pytest.raises(ValueError, match="give start < stop"):
        ChannelSlice(3, 3)


def test_scale_and_offset_are_those_of_each_channel_or_of_all() -> None:
    weight, bias = RNG.standard_normal((2, 3), np.float32)
    each = Affine(3, weight, bias)
    assert np.allclose(each.forward(A), A * weight[:, None, None] + bias[:, None, None])
    assert np.allclose(each.forward(A[:, 0, 0]), A[:, 0, 0] * weight + bias)
    assert np.allclose(Affine(1, [2.0], [1.0]).forward(A), 2 * A + 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="takes 3 channels, not 4"):
        each.output_shape((4, 5, 5))
