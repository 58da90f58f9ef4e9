from __future__ import annotations

import numpy as np
import pytest

import convlab
from convlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Stack, Upsample
from convlab.layers.registry import KINDS

SMALL = Stack([Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(6 * 14 * 14, 10)])


def test_the_summary_prints_as_a_table_that_a_person_reads() -> None:
    lines = str(SMALL.summary((3, 32, 32))).splitlines()
    assert lines[1].split() == [
        "1",
        "conv2d",
        "6",
        "×",
        "28",
        "×",
        "28",
        "456",
        "352,800",
        "5",
        "×",
        "5",
    ]
    assert lines[-1].split() == ["all", "12,226", "364,560"]
    assert len({len(line) for line in lines[:-1]}) == 1, "columns stand under each other"
    dense = Stack([Flatten(), Linear(3072, 4704)]).summary((3, 32, 32))
    assert "14,455,392" in str(dense)
    assert repr(dense) == str(dense)
    assert dense[1].cost.weights == 14_450_688


def test_a_notebook_shows_it_as_a_table() -> None:
    html = SMALL.summary((3, 32, 32))._repr_html_()
    assert html.count("<tr>") == 7
    assert "<td>456</td>" in html


def test_a_stack_is_called_indexed_and_iterated() -> None:
    x = np.random.default_rng(0).random((3, 32, 32), dtype=np.float32)
    np.testing.assert_array_equal(SMALL(x), SMALL.forward(x)[-1])
    assert [type(layer).__name__ for layer in SMALL][:2] == ["Conv2d", "ReLU"]
    assert SMALL[0] is SMALL.layers[0]
    assert SMALL[-1] is SMALL.layers[-1]
    assert SMALL[:2].layers == SMALL.layers[:2]
    np.testing.assert_array_equal(Stack([])(x), x)


def test_a_layer_is_called_with_any_numbers() -> None:
    white = np.full((3, 8, 8), 255, np.uint8)
    layer = Conv2d(3, 1, 3, weight=np.ones((1, 3, 3, 3), np.float32), bias=False)
    np.testing.assert_allclose(layer(white), 27.0)
    assert ReLU()([-1, 2]).tolist() == [0, 2]


def test_stacks_and_layers_print_as_they_are_made() -> None:
    assert repr(SMALL[:3]) == "Stack([\n    Conv2d(3, 6, 5),\n    ReLU(),\n    MaxPool2d(2),\n])"
    assert repr(Stack([])) == "Stack([])"
    layer = Conv2d(1, 2, (3, 1), padding="same", border="reflect", bias=None)
    assert repr(layer) == "Conv2d(1, 2, (3, 1), padding='same', bias=None, border='reflect')"
    assert repr(Upsample(3)) == "Upsample(scale_factor=3)"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_kind_prints_in_one_short_line(kind: type) -> None:
    assert repr(kind).startswith("<class")
    assert "__repr__" not in vars(kind), "the base class writes it"


def test_what_is_no_layer_is_rejected_where_it_stands() -> None:
    with pytest.raises(TypeError, match="layer 2 is the class ReLU: write ReLU"):
        Stack([Flatten(), ReLU])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="layer 1 is of type str: give layers"):
        Stack(["relu"])  # type: ignore[list-item]


def test_what_pytorch_has_and_layers_have_not_is_named() -> None:
    for make, reason in (
        (lambda: ReLU(inplace=True), "ReLU takes no inplace: leave it out, no layer changes"),
        (lambda: Upsample(size=(4, 4)), "Upsample takes no size: give scale_factor"),  # type: ignore[call-arg]
        (lambda: Conv2d(1, 1, 3, strides=2), "takes no strides: choose from in_channels"),  # type: ignore[call-arg]
    ):
        with pytest.raises(TypeError, match=reason):
            make()
    with pytest.raises(ValueError, match=r"scale_factor 1\.5 cannot .* convlab\.upsample takes"):
        Upsample(1.5)  # type: ignore[arg-type]


def test_names_of_pytorch_are_taken() -> None:
    assert Conv2d(1, 1, 3, padding=1, padding_mode="reflect").border == "reflect"  # type: ignore[call-arg]
    row = [[1.0, 2.0, 4.0]]
    found = convlab.conv2d(row, [[1, 1, 1]], padding="same", padding_mode="replicate")  # type: ignore[call-arg]
    assert found.tolist() == [[4, 7, 10]]
    assert convlab.softmax([[1.0, 1.0]], dim=0).tolist() == [[1, 1]]  # type: ignore[call-arg]
    assert convlab.upsample(row, scale_factor=(1, 2)).shape == (1, 6)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="padding_mode is another name of border"):
        convlab.conv2d(row, [[1]], border="zeros", padding_mode="zeros")  # type: ignore[call-arg]


def test_a_picture_with_its_channels_at_the_end_is_named() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    with pytest.raises(ValueError, match=r"looks like \(H, W, C\), with its 3 channels at the end"):
        convlab.conv2d(picture, np.zeros((4, 3, 3, 3)))
    with pytest.raises(ValueError, match=r"looks like \(H, W, C\)"):
        SMALL(picture)


def test_text_and_masked_arrays_are_named() -> None:
    with pytest.raises(ValueError, match=r"x is text: read the file first, as with cv2\.imread"):
        convlab.conv2d("picture.png", [[1]])
    masked = np.ma.masked_array([[1.0, 2.0]], [[False, True]])
    with pytest.raises(ValueError, match=r"x is masked.*x\.filled\(0\)"):
        convlab.conv2d(masked, [[1]])
