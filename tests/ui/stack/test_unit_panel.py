"""The panel that shows how one value of a layer came about."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convlab.document.stack.arithmetic import Choice, Detail, Products, Steps, WeightedSum
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.model import Unit
from convlab.engine.arrays import FloatArray
from convlab.engine.display import DisplayMode, Scale
from convlab.layers import (
    GELU,
    Abs,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Layer,
    LayerNorm2d,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.registry import KINDS
from convlab.ui.numbers import show_exact
from convlab.ui.palettes import ThemeName
from convlab.ui.stack.unit_panel import HINT, UnitPanel
from convlab.ui.stack.unit_window import thin_window
from convlab.ui.theme import apply_theme, load_fonts, theme
from convlab.ui.widgets.number_grid import NumberPanel, Tip, thinning
from convlab.ui.widgets.sum_tiles import channels_at_once
from convlab.ui.widgets.unit_bars import around, fit_blocks
from convlab.ui.widgets.unit_text import (
    choices_text,
    formula_text,
    spoken_text,
    step_text,
    subtitle,
)
from tests.slow import noise

SIZES = [(560, 200), (1100, 240)]
PICTURE = np.linspace(0.1, 1.6, 16, dtype=np.float32).reshape(1, 4, 4)
EVERY_KIND: dict[str, tuple[Layer, tuple[int, ...]]] = {
    "conv2d": (Conv2d(1, 2, 3, padding="same"), (1, 6, 6)),
    "conv2d deep": (Conv2d(64, 2, 3, padding="same"), (64, 6, 6)),
    "conv2d large": (Conv2d(4, 2, 31, padding="same"), (4, 40, 40)),
    "conv_transpose2d": (ConvTranspose2d(3, 2, 4, 2, 1), (3, 6, 6)),
    "linear": (Linear(400, 2), (400,)),
    "max_pool2d": (MaxPool2d(3, 2, 1), (2, 6, 6)),
    "avg_pool2d": (AvgPool2d(3, 2, 1), (2, 6, 6)),
    "global_avg_pool2d": (GlobalAvgPool2d(), (2, 60, 80)),
    "relu": (ReLU(), (2, 6, 6)),
    "leaky_relu": (LeakyReLU(0.2), (2, 6, 6)),
    "sigmoid": (Sigmoid(), (2, 6, 6)),
    "tanh": (Tanh(), (2, 6, 6)),
    "relu6": (ReLU6(), (2, 6, 6)),
    "hard_sigmoid": (HardSigmoid(), (2, 6, 6)),
    "hard_swish": (HardSwish(), (2, 6, 6)),
    "silu": (SiLU(), (2, 6, 6)),
    "gelu": (GELU(), (2, 6, 6)),
    "abs": (Abs(), (2, 6, 6)),
    "softmax": (Softmax(), (10,)),
    "softmax many": (Softmax(), (1000,)),
    "batch_norm2d": (BatchNorm2d(2), (2, 6, 6)),
    "upsample": (Upsample(2, "bilinear"), (2, 6, 6)),
    "flatten": (Flatten(), (2, 6, 6)),
    "dropout": (Dropout(), (2, 6, 6)),
    "prelu": (PReLU(2), (2, 6, 6)),
    "adaptive_avg_pool2d": (AdaptiveAvgPool2d((4, 3)), (2, 6, 6)),
    "group_norm": (GroupNorm(1, 2), (2, 6, 6)),
    "layer_norm2d": (LayerNorm2d(2), (2, 6, 6)),
    "local_response_norm": (LocalResponseNorm(3), (2, 6, 6)),
    "zero_pad2d": (ZeroPad2d(1), (2, 6, 6)),
    "pixel_shuffle": (PixelShuffle(2), (8, 6, 6)),
}


def floats(numbers: Any) -> FloatArray:
    return np.array(numbers, np.float32)


def detail_of(layer: Layer, x: FloatArray, channel: int, row: int = 0, column: int = 0) -> Detail:
    detail = unit_detail(layer, [x], layer.forward(x), Unit(1, channel, row, column))
    assert detail is not None
    return detail


def some_detail(name: str) -> Detail:
    layer, shape = EVERY_KIND[name]
    return detail_of(layer, noise(*shape), 1)


def text_of(layer: Layer, x: FloatArray, channel: int, row: int = 0, column: int = 0) -> str:
    return formula_text(detail_of(layer, x, channel, row, column))


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> UnitPanel:
    load_fonts(qapp)
    apply_theme(qapp, ThemeName.LIGHT)
    panel = UnitPanel()
    qtbot.addWidget(panel)
    panel.resize(*SIZES[0])
    return panel


def painted(panel: UnitPanel) -> QImage:
    return panel.grab().toImage()


def tips(panel: UnitPanel) -> list[Tip]:
    painted(panel)
    return panel.tips()


def color_at(panel: UnitPanel, tip: str) -> QColor:
    """The colour in a corner of the first place with a tip, beside its number."""
    image = painted(panel)
    rect = next(rect for rect, text in panel.tips() if text == tip)
    return image.pixelColor((rect.topLeft() + QPointF(3, 3)).toPoint())


def test_every_kind_of_layer_is_painted() -> None:
    assert {layer.kind for layer, _ in EVERY_KIND.values()} == set(KINDS)


@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("size", SIZES, ids=["small", "wide"])
def test_all_that_is_painted_has_room(panel: UnitPanel, name: str, size: tuple[int, int]) -> None:
    panel.resize(*size)
    blank = painted(panel)
    panel.set_detail(some_detail(name), "title")
    assert painted(panel) != blank
    rects = [rect for rect, _ in panel.tips()]
    assert rects
    # Below the title; the marked class is below its own heading.
    body = QRectF(0, 20, size[0], size[1] - 20)
    assert all(body.contains(rect) for rect in rects)
    for number, rect in enumerate(rects):
        inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        assert not any(inner.intersects(other) for other in rects[:number])


@pytest.mark.parametrize("name", EVERY_KIND)
@pytest.mark.parametrize("size", SIZES, ids=["small", "wide"])
def test_the_formula_is_not_cut(panel: UnitPanel, name: str, size: tuple[int, int]) -> None:
    panel.resize(*size)
    metrics = QFontMetrics(panel.font())
    assert metrics.horizontalAdvance(formula_text(some_detail(name), 1)) < size[0] - 8
    assert metrics.horizontalAdvance(subtitle(some_detail(name))) < size[0] - 200


def test_a_new_panel_says_what_to_do(panel: UnitPanel) -> None:
    assert panel.objectName() == "unit_panel"
    assert panel.is_empty
    assert panel.accessibleDescription() == "", "nothing is known yet"
    panel.set_detail(None)
    assert panel.accessibleDescription() == HINT
    assert tips(panel) == []


def test_the_sum_can_be_read_aloud_and_goes_away(panel: UnitPanel) -> None:
    layer = Conv2d(1, 1, 2, bias=floats([0.5]), weight=floats([[[[1, 2], [3, 4]]]]))
    panel.set_detail(detail_of(layer, PICTURE, 0), "Conv2d · map 0 (0, 0)")
    assert panel.accessibleDescription() == (
        "Conv2d · map 0 (0, 0); patch at (0, 0) × kernel; "
        "0.1×1 + 0.2×2 + 0.5×3 + 0.6×4 + bias 0.5 = 4.9"
    )
    panel.set_detail(None)
    assert panel.accessibleDescription() == HINT
    assert panel.is_empty


def test_the_mouse_finds_the_exact_value(panel: UnitPanel) -> None:
    x = floats([[[1 / 3, 0.25], [0.5, 0.75]]])
    panel.set_detail(detail_of(MaxPool2d(2), x, 0), "")
    rect = next(rect for rect, text in tips(panel) if text == "0.33333334")
    assert panel.tip_at(rect.center()) == show_exact(x[0, 0, 0].item())
    assert panel.tip_at(QPointF(1, 1)) is None


def test_the_patch_has_the_colours_of_its_map(panel: UnitPanel) -> None:
    x = floats([[[0.5]], [[0.25]]])
    detail = detail_of(Conv2d(2, 1, 1, bias=False, weight=floats([[[[3]], [[7]]]])), x, 0)
    panel.set_detail(detail, "", (Scale(0, 1),), DisplayMode.RAW)
    assert color_at(panel, "0.5") == QColor(128, 128, 128)
    assert color_at(panel, "0.25") == QColor(64, 64, 64)
    panel.set_detail(detail, "", (Scale(0, 1), Scale(0, 0.25)), DisplayMode.RAW)
    assert color_at(panel, "0.25") == QColor(255, 255, 255)
    panel.set_detail(detail, "")
    assert color_at(panel, "0.5") == QColor(103, 0, 31)  # the strongest red


def test_a_pinned_unit_has_a_line_in_the_colour_of_the_mark(panel: UnitPanel) -> None:
    detail = detail_of(ReLU(), PICTURE, 0)
    row = panel.height() - 1

    def marks(pinned: bool) -> bool:
        panel.set_detail(detail, "", pinned=pinned)
        return painted(panel).pixelColor(panel.width() - 2, row) == QColor(theme().mark)

    assert marks(True)
    assert not marks(False)


def test_the_largest_value_of_a_window_is_framed(panel: UnitPanel) -> None:
    panel.set_detail(detail_of(MaxPool2d(2), PICTURE, 0), "")
    image = painted(panel)
    found = {text: rect for rect, text in panel.tips()[:4]}
    corner = {
        text: image.pixelColor((rect.topLeft() + QPointF(1, 8)).toPoint())
        for text, rect in found.items()
    }
    assert corner["0.6"] == QColor(theme().mark)
    assert corner["0.5"] != QColor(theme().mark)


@pytest.mark.parametrize("name", ThemeName)
def test_every_theme_paints_every_kind(
    panel: UnitPanel, qapp: QApplication, name: ThemeName
) -> None:
    apply_theme(qapp, name)
    for kind in EVERY_KIND:
        panel.set_detail(some_detail(kind), kind)
        assert tips(panel), kind
    apply_theme(qapp, ThemeName.LIGHT)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", EVERY_KIND)
def test_what_is_no_number_is_painted_too(panel: UnitPanel, name: str, bad: float) -> None:
    layer, shape = EVERY_KIND[name]
    x = np.full(shape, bad, np.float32)
    panel.set_detail(detail_of(layer, x, 1), name)
    assert tips(panel)


@pytest.mark.parametrize("size", [(40, 116), (120, 130), (300, 116)])
def test_a_small_panel_paints_what_it_can(panel: UnitPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    for kind in EVERY_KIND:
        panel.set_detail(some_detail(kind), kind)
        painted(panel)
    assert isinstance(panel, NumberPanel)


# The texts


def test_channels_are_added_up() -> None:
    x = floats([[[1]], [[2]], [[3]]])
    layer = Conv2d(3, 1, 1, bias=floats([-0.5]), weight=floats([[[[1]], [[-2]], [[0.5]]]]))
    assert text_of(layer, x, 0) == "1 + (−4) + 1.5 + bias (−0.5) = −2"
    few = formula_text(detail_of(layer, x, 0), 2)
    assert few == "1 + (−4) + … (3 channels) + bias (−0.5) = −2"


def test_a_layer_without_bias_adds_none() -> None:
    layer = Conv2d(1, 1, 1, bias=False, weight=floats([[[[2]]]]))
    assert text_of(layer, PICTURE, 0) == "0.1×2 = 0.2"


def test_a_place_that_no_pixel_reaches_has_its_bias_left() -> None:
    layer = ConvTranspose2d(1, 1, 1, 2, bias=floats([0.25]))
    assert (
        text_of(layer, PICTURE, 0, 1)
        == "no input pixel reaches this place, only the bias is left: 0.25"
    )
    bare = ConvTranspose2d(1, 1, 1, 2, bias=False)
    assert text_of(bare, PICTURE, 0, 1) == "no input pixel reaches this place, the result is 0"


def test_transposed_products_are_added_up() -> None:
    layer = ConvTranspose2d(1, 1, (1, 3), (1, 2), bias=False, weight=floats([[[[1, 2, 3]]]]))
    assert text_of(layer, floats([[[1, 2]]]), 0, 0, 2) == "1×3 + 2×1 = 5"


def test_a_fully_connected_unit() -> None:
    layer = Linear(3, 1, floats([1]), floats([[1, 2, -1]]))
    assert text_of(layer, floats([1, 2, 3]), 0) == "Σ of 3 products: 2 + bias 1 = 3"


def test_pooling_side_by_side() -> None:
    x = floats([[[0.2, 0.9], [0.1, 0.4]]])
    largest, mean = detail_of(MaxPool2d(2), x, 0), detail_of(AvgPool2d(2), x, 0)
    assert isinstance(largest, Choice)
    assert isinstance(mean, Choice)
    assert choices_text(largest) == "largest 0.9 ← this layer · mean 0.4 · stride alone 0.2"
    assert choices_text(mean) == "largest 0.9 · mean 0.4 ← this layer · stride alone 0.2"
    assert formula_text(largest) == "max(0.2, 0.9, 0.1, 0.4) = 0.9"
    assert formula_text(mean) == "(0.2 + 0.9 + 0.1 + 0.4) / 4 = 0.4"
    assert formula_text(mean, 2) == "(0.2 + 0.9 + … 4 values) / 4 = 0.4"
    assert formula_text(largest, 2) == "max(0.2, 0.9, … 4 values) = 0.9"
    assert choices_text(largest) in spoken_text(largest, "title")


def test_the_padding_is_no_rival_of_the_largest_but_counts_for_the_mean() -> None:
    x = floats([[[-2]]])
    assert text_of(MaxPool2d(2, 1, 1), x, 0) == "max(−2) = −2"
    assert text_of(AvgPool2d(2, 1, 1), x, 0) == "(0 + 0 + 0 + (−2)) / 4 = −0.5"
    assert text_of(AvgPool2d(2, 1, 1, count_include_pad=False), x, 0) == "(−2) / 1 = −2"


@pytest.mark.parametrize(
    ("layer", "x", "expected"),
    [
        (ReLU(), -0.31, "max(0, −0.31) = 0"),
        (ReLU(), 0.31, "max(0, 0.31) = 0.31"),
        (LeakyReLU(0.1), -0.5, "0.1 × (−0.5) = −0.05"),
        (LeakyReLU(0.1), 0.5, "0.5 stays 0.5"),
        (Sigmoid(), -1.0, "1 / (1 + exp(1)) = 0.269"),
        (Tanh(), -1.0, "tanh(−1) = −0.762"),
        (ReLU6(), 9.0, "min(max(0, 9), 6) = 6"),
        (HardSigmoid(), -1.0, "max(0, min((−1) / 6 + 1/2, 1)) = 0.333"),
        (HardSwish(), -1.0, "(−1) × 0.333 = −0.333"),
        (SiLU(), -1.0, "−1 / (1 + exp(1)) = −0.269"),
        (GELU(), -1.0, "(−1) × 0.159 = −0.159"),
        (Abs(), -0.31, "|−0.31| = 0.31"),
        (Dropout(), -0.31, "−0.31 stays as it is: −0.31"),
    ],
)
def test_functions_of_one_value(layer: Layer, x: float, expected: str) -> None:
    assert text_of(layer, floats([x]), 0) == expected


def test_a_share() -> None:
    x = floats([0.0, math.log(4)])
    assert text_of(Softmax(), x, 0) == "exp(0 − 1.386) / 1.25 = 0.25 / 1.25 = 0.2"


def test_the_steps_of_a_normalisation() -> None:
    layer = BatchNorm2d(1, 0.0, floats([3]), floats([-1]), floats([-5]), floats([4]))
    detail = detail_of(layer, floats([[[1]]]), 0)
    assert isinstance(detail, Steps)
    assert formula_text(detail) == "(1 − (−5)) / √(4 + 0) × 3 + (−1) = 8"
    assert [step_text(step) for step in detail.steps] == [
        "1 − (−5) = 6",
        "6 / √(4 + 0) = 3",
        "3 × 3 = 9",
        "9 + (−1) = 8",
    ]


def test_an_upsampled_pixel() -> None:
    assert text_of(Upsample(2), PICTURE, 0, 3, 5) == "pixel (1, 2) is copied: 0.7"
    mixed = text_of(Upsample((1, 2), "bilinear"), PICTURE, 0, 0, 1)
    assert mixed == "0.1×0.75 + 0.2×0.25 = 0.125"


def test_a_flattened_value_says_where_it_was() -> None:
    detail = detail_of(Flatten(), noise(2, 3, 4), 17)
    assert subtitle(detail) == "map 1, row 1, column 1 becomes place 17 of the vector"


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Conv2d(1, 1, 3, padding=1, flip=True), "patch at (−1, −1) × kernel flipped by 180°"),
        (Conv2d(1, 1, 2, dilation=2), "patch at (0, 0), steps of 2 × kernel"),
        (Conv2d(1, 1, 2, dilation=(1, 2)), "patch at (0, 0), steps of 1 and 2 × kernel"),
        (MaxPool2d(2), "window at (0, 0)"),
        (LeakyReLU(0.2), "keeps what is positive, and 0.2 of the rest"),
    ],
)
def test_what_is_painted_is_named(layer: Layer, expected: str) -> None:
    assert subtitle(detail_of(layer, PICTURE, 0)) == expected


def test_a_large_window_is_said_to_be_painted_in_part() -> None:
    x = np.zeros((1, 60, 100), np.float32)
    x[0, 41, 77] = 5.0
    detail = detail_of(GlobalAvgPool2d(), x, 0)
    assert subtitle(detail) == "window at (0, 0); one cell in 16 is painted"
    assert isinstance(detail, Choice)
    values, step = thin_window(detail)
    assert (values.shape, step) == ((15, 25), (4, 4))
    assert np.argwhere(values).tolist() == [[10, 19]]  # the largest is never left out


# What fits


def test_as_many_channels_as_can_be_read_are_below_each_other() -> None:
    assert channels_at_once((3, 3), 8, 280) == 2
    assert channels_at_once((3, 3), 8, 90) == 1
    assert channels_at_once((1, 1), 3, 900) == 3
    assert channels_at_once((31, 31), 8, 100) == 1


@pytest.mark.parametrize("chosen", [0, 5, 62, 63])
@pytest.mark.parametrize("size", [(300, 160), (460, 300)])
def test_of_many_channels_the_chosen_one_is_painted_with_its_numbers(
    panel: UnitPanel, chosen: int, size: tuple[int, int]
) -> None:
    detail = some_detail("conv2d deep")
    assert isinstance(detail, Products)
    panel.resize(*size)
    panel.set_detail(detail, "", chosen=chosen)
    assert chosen in panel.channels
    told = {text for _, text in tips(panel)}
    assert {show_exact(float(value)) for value in detail.products[chosen].ravel()} <= told
    assert show_exact(float(detail.partials[chosen])) in told
    widths = {rect.width() for rect, _ in panel.tips() if rect.height() > 8}
    assert min(widths) >= 25, "each cell has room for its number"


def test_a_long_kernel_is_painted_in_part() -> None:
    assert thinning((24, 25), 24) == (1, 2)
    assert thinning((3, 73), 24) == (1, 4)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(0, range(0, 6)), (1, range(0, 6)), (50, range(47, 53)), (99, range(94, 100))],
)
def test_the_classes_around_the_asked_one(asked: int, expected: range) -> None:
    assert around(asked, 100, 7) == expected
    assert asked in expected
    assert around(asked % 7, 7, 7) == range(7)


def test_rows_stand_in_as_many_blocks_as_there_is_room_for() -> None:
    # 100 + 10 for words, at least 40 for the bar, 20 between blocks.
    blocks = fit_blocks((100,), 100, 320, 18 * 5)
    assert (blocks.rows, blocks.count, blocks.places) == (4, 2, 8)
    assert blocks.width * 2 + 20 == 320
    few = fit_blocks((100,), 3, 320, 18 * 5)
    assert (few.rows, few.count, few.bar) == (3, 1, 210)
    assert fit_blocks((100,), 6, 320, 18 * 5).rows == 3  # shared evenly


def test_the_strongest_inputs_come_first_and_the_rest_is_said(panel: UnitPanel) -> None:
    detail = some_detail("linear")
    assert isinstance(detail, WeightedSum)
    panel.set_detail(detail, "")
    told = [text for _, text in tips(panel)]
    strongest = int(np.abs(detail.products).argmax())
    exact = (detail.inputs[strongest], detail.weights[strongest], detail.products[strongest])
    value, weight, product = (show_exact(number.item()) for number in exact)
    assert told[0] == f"{value} × {weight} = {product}"
    shown = detail.largest(len(told) - 1)
    assert told[-1] == show_exact(detail.rest(shown))
