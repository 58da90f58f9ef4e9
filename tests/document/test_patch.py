"""What tells two documents apart: it makes each of the other, and keeps no more than it must."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.document.kernel import edits
from convlab.document.kernel.model import KernelState, to_weights
from convlab.document.patch import held, patches
from convlab.document.stack import edits as stack_edits
from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import AnyArray
from convlab.layers import Conv2d, ReLU
from convlab.layers.editing import with_cell


@dataclass(frozen=True)
class Record:
    items: tuple[Any, ...] = ()
    array: AnyArray | None = None
    name: str = ""


def size(value: Any) -> int:
    return sum(dict(value.held()).values())


def there_and_back(before: Any, after: Any) -> tuple[Any, Any]:
    pair = patches(before, after)
    assert pair is not None
    return pair[0].apply(after), pair[1].apply(before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (1, 2),
        (1, 1.5),
        ("a", "b"),
        (b"a", None),
        ((), (1,)),
        ((1, 2, 3), (1, 5, 3)),
        ((1, 2, 3), (1, 3)),
        ((1, 2), (1, 9, 2)),
        ((1, 1, 1), (1, 1)),
        (((1.0, 2.0), (3.0, 4.0)), ((1.0, 2.0), (3.0, 5.0))),
        (("same",), ((1, 1),)),
        (Record((1, 2)), Record((1, 3), name="b")),
        (Record((Record(name="x"),)), Record((Record(name="y"), Record()))),
        (Record(), None),
    ],
)
def test_each_is_made_of_the_other(before: Any, after: Any) -> None:
    assert there_and_back(before, after) == (before, after)


@pytest.mark.parametrize("value", [0, "a", (1, (2.0, 3)), Record((1,), np.ones(3)), Document()])
def test_equal_values_have_no_patch(value: Any) -> None:
    assert patches(value, value) is None
    if isinstance(value, Record):
        assert patches(value, Record((1,), np.ones(3))) is None


@pytest.mark.parametrize(
    "number", [7.0, -0.0, np.nan, np.inf], ids=["seven", "minus zero", "nan", "inf"]
)
def test_a_cell_of_an_array_comes_back_to_the_bit(number: float) -> None:
    before = np.zeros((40, 50), np.float32)
    after = before.copy()
    after[3, 4] = number
    back, forth = there_and_back(Record(array=before), Record(array=after))
    assert back.array.tobytes() == before.tobytes()
    assert forth.array.tobytes() == after.tobytes()
    assert not back.array.flags.writeable


def test_a_cell_of_a_large_array_takes_little() -> None:
    before = np.zeros((512, 1600), np.float32)
    after = before.copy()
    after[300, 7] = 1.0
    pair = patches(Record(array=before), Record(array=after))
    assert pair is not None
    assert size(pair[0]) < 2_000
    assert size(pair[1]) < 2_000


@pytest.mark.parametrize("other", [np.ones((9, 9), np.float32), np.ones(9), np.ones((9, 9)).T])
def test_another_array_is_kept_whole(other: AnyArray) -> None:
    before = np.zeros((9, 9), np.float32)
    back, forth = there_and_back(Record(array=before), Record(array=other))
    assert back.array is before
    assert forth.array is other


def test_views_are_counted_with_all_that_they_keep() -> None:
    everything = np.zeros(100_000, np.float32)
    sizes = dict(held((everything[:10], everything[20:30])))
    assert sizes[id(everything)] >= everything.nbytes
    assert sum(sizes.values()) < everything.nbytes + 1_000


@pytest.mark.parametrize("wrap", [lambda x: (x, x), lambda x: Record((x,)), lambda x: {"a": x}])
def test_whatever_holds_bytes_is_looked_into(wrap: Any) -> None:
    content = bytes(100_000)
    assert 100_000 <= sum(dict(held(wrap(content))).values()) < 102_000


def test_a_layer_that_somebody_has_comes_back_itself() -> None:
    state = StackState.of((Conv2d(1, 2, 3), ReLU()), "two", StackInput())
    after = stack_edits.edit_layer(state, 1, with_cell, 0, 0, 1, 1, 5.0)
    back, forth = there_and_back(state, after)
    assert back == state
    assert forth == after


def test_a_layer_that_nobody_has_is_made_again() -> None:
    state = StackState.of((Conv2d(1, 2, 3), ReLU()), "two", StackInput())
    after = stack_edits.edit_layer(state, 1, with_cell, 0, 0, 1, 1, 5.0)
    pair = patches(state, after)
    assert pair is not None
    weight = state.slots[0].layer.weight.copy()  # type: ignore[attr-defined]
    del state
    back = pair[0].apply(after)
    np.testing.assert_array_equal(back.slots[0].layer.weight, weight)
    assert back.slots[1] is after.slots[1]


def test_a_layer_more_keeps_that_layer_alone() -> None:
    state = StackState.of((Conv2d(64, 64, 7), ReLU()), "two", StackInput())
    after = replace(state, slots=(*state.slots, replace(state.slots[1], uid=3)))
    pair = patches(state, after)
    assert pair is not None
    assert size(pair[0]) + size(pair[1]) < 5_000


def test_a_cell_of_the_largest_kernel_takes_little() -> None:
    before = KernelState(to_weights(np.arange(961.0).reshape(31, 31)))
    after = edits.set_cell(before, 4, 5, -1.0)
    pair = patches(before, after)
    assert pair is not None
    assert size(pair[0]) < 3_000
    assert there_and_back(before, after) == (before, after)
