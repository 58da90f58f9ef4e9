from __future__ import annotations

import numpy as np

from convlab.layers import BatchNorm2d, Conv2d, Flatten, Linear, ReLU, Stack
from convlab.learn.parameters import parameters_of
from convlab.learn.reinitialise import reinitialised


def learned() -> Stack:
    """A stack in which nothing is as at first."""
    seven = np.full(4, 7, np.float32)
    norm = BatchNorm2d(4, weight=seven, bias=seven, running_mean=seven, running_var=seven)
    conv = Conv2d(1, 4, 3, weight=np.full((4, 1, 3, 3), 7, np.float32), bias=seven)
    return Stack([conv, norm, ReLU(), Flatten(), Linear(4, 3, bias=np.full(3, 7, np.float32))])


def test_all_that_was_learned_is_gone() -> None:
    conv, norm, _, _, dense = reinitialised(learned(), 1).layers
    assert isinstance(conv, Conv2d)
    assert isinstance(norm, BatchNorm2d)
    assert isinstance(dense, Linear)
    assert len(np.unique(conv.weight)) == conv.weight.size
    for offset in (conv.bias, dense.bias, norm.bias, norm.running_mean):
        assert isinstance(offset, np.ndarray)
        assert not offset.any()
    assert (norm.weight == 1).all()
    assert (norm.running_var == 1).all()


def test_the_seed_decides() -> None:
    one, same, other = (parameters_of(reinitialised(learned(), seed)) for seed in (1, 1, 2))
    assert [a.tobytes() for a in one] == [a.tobytes() for a in same]
    assert one[0].tobytes() != other[0].tobytes()


def test_layers_of_one_shape_draw_apart() -> None:
    stack = reinitialised(Stack([Conv2d(4, 4, 3), Conv2d(4, 4, 3)]), 0)
    first, _, second, _ = parameters_of(stack)
    assert (first != second).all()
