from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.table import (
    DASH,
    HEADERS,
    Row,
    as_tsv,
    known_summaries,
    megabytes,
    plain,
    rows,
    size_text,
    texts,
)
from convlab.layers import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Stack,
    Upsample,
)
from convlab.layers.graph import Graph, chain
from convlab.layers.memory import maps_bytes


def made(shape: tuple[int, ...], *layers: Layer) -> list[Row]:
    return rows(shape, layers, [type(layer).__name__ for layer in layers])


def cells(row: Row) -> dict[str, str]:
    return dict(zip(HEADERS, texts(row), strict=True))


def window(layer: Layer, size: int = 12) -> tuple[str, str, str]:
    row = made((4, size, size), layer)[1]
    return row.filter, row.padding, row.stride


def test_the_layer_of_the_learning_texts() -> None:
    first, convolution, total = made((3, 32, 32), Conv2d(3, 6, 5))
    assert cells(first)["n_h × n_w × n_c"] == "32 × 32 × 3"
    assert texts(convolution) == (
        "1  Conv2d",
        "28 × 28 × 6",
        "5",
        "0",
        "1",
        "450",
        "6",
        "456",
        "352,800",
        "5 × 5",
        "1",
        "0.02",
    )
    assert convolution.map_bytes == 4 * 4704
    assert cells(total)["parameters"] == "456"


@pytest.mark.parametrize(
    ("size", "layer", "expected"),
    [
        (6, Conv2d(1, 1, 3, padding=1), 6),
        (7, Conv2d(1, 1, 3, 2), 3),
        (7, Conv2d(1, 1, 3, 3), 2),
    ],
)
def test_the_sizes_of_the_learning_texts(size: int, layer: Layer, expected: int) -> None:
    row = made((1, size, size), layer)[1]
    assert row.shape == (1, expected, expected)
    assert cells(row)["n_h × n_w × n_c"] == f"{expected} × {expected} × 1"


def test_a_picture_of_128_into_300_units() -> None:
    table = made((1, 128, 128), Flatten(), Linear(128 * 128, 300, bias=False))
    assert cells(table[2])["weights"] == cells(table[2])["parameters"] == "4,915,200"
    assert cells(table[2])["biases"] == "0"
    assert cells(table[1])["n_h × n_w × n_c"] == "16,384"
    assert (table[2].field, table[2].field_stride) == ("all", DASH)


def test_what_units_see_and_how_far_apart() -> None:
    table = made(
        (1, 32, 48),
        Conv2d(1, 2, 5),
        MaxPool2d(2),
        Conv2d(2, 2, (3, 1)),
        Upsample((2, 4)),
        Flatten(),
    )
    assert [(row.field, row.field_stride) for row in table[:-1]] == [
        ("1 × 1", "1"),
        ("5 × 5", "1"),
        ("6 × 6", "2"),
        ("10 × 6", "2"),
        ("10 × 6", "1 × 1/2"),
        ("10 × 6", DASH),
    ]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Conv2d(4, 4, (3, 5), (2, 1), (1, 2)), ("3 × 5", "1 × 2", "2 × 1")),
        (Conv2d(4, 4, 3, dilation=2, padding="same"), ("3, d 2", "2", "1")),
        (Conv2d(4, 4, 2, padding="same"), ("2", "0+1", "1")),
        (Conv2d(4, 4, 3, padding=(0, 1, 2, 3)), ("3", "0+1 × 2+3", "1")),
        (ConvTranspose2d(4, 4, 4, 2, 1), ("4", "1", "2")),
        (MaxPool2d(2), ("2", "0", "2")),
        (AvgPool2d(3, 2, 1), ("3", "1", "2")),
        (MaxPool2d(5, ceil_mode=True), ("5", "0+3", "5")),
        (GlobalAvgPool2d(), ("12", "0", DASH)),
        (Upsample(2), (DASH, DASH, DASH)),
        (ReLU(), (DASH, DASH, DASH)),
    ],
)
def test_the_window_of_a_layer(layer: Layer, expected: tuple[str, str, str]) -> None:
    assert window(layer) == expected


def test_the_total_adds_parameters_operations_and_memory() -> None:
    layers = [Conv2d(3, 8, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(8, 4, 1, bias=False)]
    total = made((3, 10, 14), *layers)[-1]
    assert total.cost is not None
    assert total.cost.parameters == (3 * 3 * 3 * 8 + 8) + 8 * 4
    assert total.cost.multiply_adds == 3 * 3 * 3 * 8 * 10 * 14 + 8 * 4 * 5 * 7
    assert total.map_bytes == maps_bytes(Graph(chain(layers)), (3, 10, 14))
    assert total.title == "Total (m = 1)"


def test_an_empty_stack_is_its_input() -> None:
    first, total = made((3, 4, 5))
    assert first == Row("Input", (3, 4, 5), field="1 × 1", field_stride="1", map_bytes=240)
    assert cells(total)["parameters"] == "0"
    assert total.map_bytes == 240


def test_behind_a_layer_that_does_not_fit_nothing_is_known() -> None:
    fitting, wrong = Conv2d(3, 8, 3), Conv2d(4, 8, 3)
    table = made((3, 9, 9), fitting, wrong, ReLU())
    assert table[1].shape == (8, 7, 7)
    assert [texts(row) for row in table[2:4]] == [
        ("2  Conv2d", *[DASH] * 11),
        ("3  ReLU", *[DASH] * 11),
    ]
    assert table[-1].title == "Total so far"
    assert cells(table[-1])["parameters"] == "224"
    assert len(known_summaries((3, 9, 9), (fitting, wrong, ReLU()))) == 1


def test_summaries_that_are_known_are_taken() -> None:
    layers = (Conv2d(1, 2, 3), Dropout())
    summaries = Stack(layers).summary((1, 8, 8))
    assert rows((1, 8, 8), layers, ("a", "b"), summaries) == rows((1, 8, 8), layers, ("a", "b"))
    cut = rows((1, 8, 8), layers, ("a", "b"), summaries[:1])
    assert cut[2] == Row("2  b")


def test_memory_is_measured_in_binary_megabytes() -> None:
    assert megabytes(2**20) == "1.00"
    assert megabytes(3 * 2**30) == "3,072.00"
    assert megabytes(5000) == "< 0.01"
    assert megabytes(0) == "0.00"


def test_sizes_are_rows_columns_channels() -> None:
    assert size_text((8, 480, 640)) == "480 × 640 × 8"
    assert size_text((4704,)) == "4,704"
    assert size_text(None) == DASH


def test_other_programs_get_bare_numbers() -> None:
    table = made((3, 240, 320), Conv2d(3, 8, 3), Conv2d(1, 1, 1))
    lines = [line.split("\t") for line in as_tsv(table).splitlines()]
    assert lines[0] == list(HEADERS)
    assert {len(line) for line in lines} == {len(HEADERS)}
    named = dict(zip(HEADERS, lines[2], strict=True))
    assert int(named["MACs"]) == 216 * 238 * 318
    assert float(named["MB"]) == pytest.approx(4 * 8 * 238 * 318 / 2**20)
    assert lines[3][1:] == [""] * 11
    assert named["f"] == "3"


def test_plain_and_shown_texts_have_a_cell_for_every_header() -> None:
    for row in made((1, 5, 5), ReLU()):
        assert len(texts(row)) == len(plain(row)) == len(HEADERS)


def test_the_table_is_that_of_the_arrays() -> None:
    layers = (Conv2d(2, 3, 3, 2), ReLU(), Flatten())
    results = Stack(layers).forward(np.zeros((2, 9, 11), np.float32))
    table = made((2, 9, 11), *layers)
    assert [row.shape for row in table[1:-1]] == [result.shape for result in results]
