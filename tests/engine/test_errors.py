from __future__ import annotations

import pickle

import pytest

from convlab.engine.errors import (
    InputCountError,
    KernelTooLargeError,
    OutputPaddingError,
    as_message,
    counted,
)
from convlab.engine.shapes import output_size, transposed_size
from convlab.layers import Conv2d, Linear


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x is 3: take 4", "X is 3: take 4."),
        ("Done.", "Done."),
        ("photo.png is empty: choose another", "photo.png is empty: choose another."),
        ("first. then", "First. then."),
        ("", "."),
    ],
)
def test_an_error_becomes_a_message_that_stands_alone(text: str, message: str) -> None:
    assert as_message(ValueError(text)) == message


def test_one_is_singular() -> None:
    assert [counted(number, "cell") for number in (0, 1, 2)] == ["0 cells", "1 cell", "2 cells"]


def test_a_kernel_that_is_too_large_says_by_how_much() -> None:
    with pytest.raises(KernelTooLargeError, match=r"with dilation 2: 9\).*add 4 px") as caught:
        output_size(3, 5, 1, 1, 1, 2)
    error = caught.value
    fields = error.size, error.kernel, error.padding, error.dilation, error.missing
    assert fields == (3, 5, 2, 2, 4)


def test_output_padding_carries_its_bounds() -> None:
    with pytest.raises(OutputPaddingError, match="give a number from 0 to 1") as caught:
        transposed_size(4, 3, 0, 0, 2, 1, 2)
    assert (caught.value.output_padding, caught.value.stride, caught.value.dilation) == (2, 2, 1)


def test_a_wrong_number_of_inputs_names_the_field() -> None:
    with pytest.raises(InputCountError, match=r"has 1 channel but .* takes 3: make in_channels 1"):
        Conv2d(3, 4, 3).output_shape((1, 9, 9))
    with pytest.raises(InputCountError) as caught:
        Linear(5, 2).output_shape((4,))
    assert (caught.value.given, caught.value.wanted) == (4, 5)
    assert (caught.value.noun, caught.value.field) == ("value", "in_features")


def test_the_fields_survive_another_process() -> None:
    copy = pickle.loads(pickle.dumps(InputCountError(4, 5, "value", "in_features")))
    assert (copy.given, copy.wanted, str(copy)[:20]) == (4, 5, "the input has 4 valu")
