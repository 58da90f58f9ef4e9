"""What is copied of a value's arithmetic: the Python prints the same number, for every layer."""

from __future__ import annotations

import contextlib
import io
import re
import warnings

import numpy as np
import pytest

from convlab.document.stack.arithmetic import Detail, Products, TransposedProducts
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.formulas import general, latex, plain, python, terms
from convlab.document.stack.model import Unit
from convlab.engine.window import Window
from convlab.layers import Conv2d, ConvTranspose2d, Layer, LeakyReLU, Sigmoid
from tests.document.stack.test_detail import EVERY_KIND
from tests.slow import noise

ONE_TO_9 = np.arange(1, 10, dtype=np.float32).reshape(1, 3, 3)


def printed(code: str) -> float:
    """Run a program in a namespace of its own, and return what it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(code, "copied", "exec"), {})
    return float(said.getvalue())


def behind(layer: Layer, x: np.ndarray, channel: int = 0, row: int = 0, column: int = 0) -> Detail:
    detail = unit_detail(layer, [x], layer.forward(x), Unit(1, channel, row, column))
    assert detail is not None
    return detail


def conv(padding: int, flip: bool) -> Conv2d:
    return Conv2d(1, 1, 3, padding=padding, bias=None, weight=ONE_TO_9[None], flip=flip)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("layer", "shape"),
    [(layer, shape) for layer, shape, _ in EVERY_KIND],
    ids=[layer.kind for layer, _, _ in EVERY_KIND],
)
def test_the_python_of_every_kind_gives_the_same_number(
    layer: Layer, shape: tuple[int, ...], seed: int
) -> None:
    x = 3 * noise(*shape, seed=seed)
    detail = behind(layer, x, channel=1)
    scale = float(np.abs(detail.products).sum()) if hasattr(detail, "products") else 1.0
    assert printed(python(detail)) == pytest.approx(detail.result, abs=1e-5 * max(scale, 1.0))
    assert latex(detail).isascii()


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("offset", [None, -0.25])
def test_the_python_of_a_large_kernel_over_channels(flip: bool, offset: float | None) -> None:
    bias = None if offset is None else np.full(1, offset, np.float32)
    weight = noise(1, 3, 31, 31)
    layer = Conv2d(3, 1, 31, padding=15, bias=bias, weight=weight, flip=flip)
    detail = behind(layer, noise(3, 40, 40, seed=2), 0, 2, 30)
    assert isinstance(detail, Products)
    scale = float(np.abs(detail.products).sum())
    assert printed(python(detail)) == pytest.approx(detail.result, abs=1e-5 * scale)
    assert len(terms(detail)) == 3 * 31 * 31


def test_what_is_no_number_is_printed_as_such() -> None:
    x = np.full((1, 3, 3), np.inf, np.float32)
    assert printed(python(behind(conv(0, False), x))) == np.inf
    assert np.isnan(printed(python(behind(conv(1, False), x * np.nan))))
    assert printed(python(behind(Sigmoid(), np.full((1, 1, 1), -1e4, np.float32)))) == 0.0


def symbols(detail: Detail) -> list[str]:
    assert isinstance(detail, Products | TransposedProducts)
    return [f"I{each.pixel}K{each.cell}".replace(" ", "") for each in terms(detail)]


def test_true_convolution_with_full_padding_meets_one_pixel() -> None:
    detail = behind(conv(2, True), ONE_TO_9)
    assert symbols(detail)[:3] == ["I(0,0)K(0,0)", "I(0,-1)K(0,1)", "I(0,-2)K(0,2)"]
    assert isinstance(detail, Products)
    inside = [each for each in terms(detail) if min(each.pixel) >= 0]
    assert [(each.pixel, each.cell) for each in inside] == [((0, 0), (0, 0))]
    assert detail.result == 1.0


def test_with_same_padding_four_products_are_not_padding() -> None:
    detail = behind(conv(1, True), ONE_TO_9)
    assert isinstance(detail, Products)
    inside = [each for each in terms(detail) if min(each.pixel) >= 0]
    assert len(inside) == 4
    assert sum(each.value * each.weight for each in inside) == detail.result == 26.0


def test_every_term_is_what_stands_there() -> None:
    x, weight = noise(2, 9, 9), noise(1, 2, 3, 2)
    for flip in (False, True):
        layer = Conv2d(2, 1, (3, 2), 2, 1, 2, bias=None, weight=weight, flip=flip)
        detail = behind(layer, x, 0, 1, 2)
        assert isinstance(detail, Products)
        for each in terms(detail):
            channel = int(each.channel)
            assert each.weight == weight[0, channel][each.cell]
            inside = all(0 <= at < 9 for at in each.pixel)
            assert each.value == (x[channel][each.pixel] if inside else 0.0)


def test_a_transposed_convolution_names_pixels_and_cells() -> None:
    layer = ConvTranspose2d(1, 1, 3, 1, weight=ONE_TO_9[None], bias=None)
    assert symbols(behind(layer, ONE_TO_9, 0, 0, 1)) == ["I(0,0)K(0,1)", "I(0,1)K(0,0)"]


@pytest.mark.parametrize(
    ("axis", "flip", "expected"),
    [
        (Window(3), False, "I(i + m, j + n)"),
        (Window(3, 2, 1, 1), False, "I(2i + m − 1, 2j + n − 1)"),
        (Window(3, 1, 1, 1), True, "I(i − m + 1, j − n + 1)"),
        (Window(3, 1, 2, 2), True, "I(i − m, j − n)"),
        (Window(3, 1, 0, 0, 2), False, "I(i + 2m, j + 2n)"),
        (Window(3, 1, 0, 0, 2), True, "I(i − 2m + 4, j − 2n + 4)"),
    ],
)
def test_the_sum_for_any_place(axis: Window, flip: bool, expected: str) -> None:
    assert general((axis, axis), flip, 1, False) == f"S(i, j) = Σ {expected} K(m, n)"
    of_channels = expected.replace("I(", "I(c, ")
    assert general((axis, axis), flip, 3, True) == f"S(i, j) = Σ {of_channels} K(c, m, n) + b"


def test_the_latex_of_a_sum_has_symbols_numbers_and_result() -> None:
    text = latex(behind(conv(1, True), ONE_TO_9), (0, 0))
    assert text.startswith("\\begin{aligned}\nS(0, 0) &= I(1, 1) K(0, 0) + I(1, 0) K(0, 1)")
    assert "I(0, -1) K(1, 2)" in text
    assert r"5.0 \cdot 1.0 + 4.0 \cdot 2.0" in text
    assert text.endswith("&= 26.0\n\\end{aligned}")
    assert text.count("{") == text.count("}")
    named = latex(behind(Conv2d(2, 1, 1, bias=None), noise(2, 3, 3)), None, ("R", "G"))
    assert r"I_{\mathrm{R}}(0, 0) K_{\mathrm{R}}(0, 0)" in named


def test_the_latex_of_other_arithmetic_has_its_commands() -> None:
    x = np.full((1, 1, 1), -0.5, np.float32)
    assert latex(behind(LeakyReLU(0.1), x)) == r"0.1 \cdot (-0.5) = -0.05"
    assert latex(behind(Sigmoid(), x)).startswith(r"1 / (1 + \exp(0.5)) = 0.37")


def test_only_sums_of_kernels_have_terms() -> None:
    with pytest.raises(ValueError, match="terms"):
        plain(behind(conv(0, False), ONE_TO_9), str)


def test_no_sign_of_the_screen_is_left_in_the_python() -> None:
    for layer, shape, _ in EVERY_KIND:
        code = python(behind(layer, noise(*shape)))
        assert code.isascii()
        assert not re.search(r"\.\.\.", code)
