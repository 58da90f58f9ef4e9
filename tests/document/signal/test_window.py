from __future__ import annotations

import numpy as np
import pytest

from convlab.document.signal.window import extent, kept_part, look_at
from convlab.engine.conv1d import Mode, conv1d
from tests.document.signal.slow import convolved, correlated, symbols
from tests.slow import noise

F = np.array([0.5, 2.0, -1.0, 3.0])
G = np.array([1.0, 0.25, 0.0, 4.0])


def test_the_turned_g_lies_on_f_as_drawn_by_hand() -> None:
    window = look_at(2, F, G, 0.5, False, True)
    assert window.indices.tolist() == [0, 1, 2]
    assert window.placed.tolist() == [0.0, 0.25, 1.0]  # g(2), g(1), g(0)
    assert window.product.tolist() == [0.0, 0.5, -1.0]
    assert window.total == -0.5
    assert window.slid.times.tolist() == [-0.5, 0.0, 0.5, 1.0]
    assert window.slid.values.tolist() == [4.0, 0.0, 0.25, 1.0]


def test_in_a_correlation_g_lies_as_it_is_and_comes_from_the_left() -> None:
    first = look_at(-3, F, G, 1.0, False, False)
    assert first.indices.tolist() == [0]
    assert first.placed.tolist() == [4.0]
    assert first.terms.at == -3
    aligned = look_at(0, F, G, 1.0, False, False)
    assert aligned.placed.tolist() == G.tolist()
    assert aligned.terms.at == 0
    assert symbols(aligned.terms) == "f(0)g(0) + f(1)g(1) + f(2)g(2) + f(3)g(3)"
    later = look_at(1, F, G, 1.0, False, False)
    assert symbols(later.terms) == "f(1)g(0) + f(2)g(1)"


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("is_continuous", [True, False])
def test_the_total_is_the_result_at_every_position(is_flipped: bool, is_continuous: bool) -> None:
    f, g = noise(13, seed=1).astype(float), noise(13, seed=2).astype(float)
    expected = convolved(f, g) if is_flipped else correlated(f, g)  # type: ignore[arg-type]
    for n in range(25):
        c = n if is_flipped else n - 12
        window = look_at(c, f, g, 0.5, is_continuous, is_flipped)
        assert window.total == pytest.approx(expected[n] * (0.5 if is_continuous else 1.0))
        assert window.total == pytest.approx(window.product.sum() * (0.5 if is_continuous else 1))


def test_the_terms_come_with_their_numbers() -> None:
    terms = look_at(1, F, G, 1.0, False, True).terms
    assert symbols(terms) == "f(0)g(1) + f(1)g(0)"
    assert terms.f.tolist() == [0.5, 2.0]
    assert terms.g.tolist() == [0.25, 1.0]
    assert terms.left_out == 0
    assert [terms.place_of(a) for a in (0, 1, 2, None)] == [0, 1, -1, -1]


@pytest.mark.parametrize("is_flipped", [True, False])
def test_of_many_terms_the_largest_are_there_in_order(is_flipped: bool) -> None:
    f, g = noise(200, seed=1).astype(float), noise(200, seed=2).astype(float)
    terms = look_at(190 if is_flipped else -9, f, g, 1.0, False, is_flipped).terms
    pairs = [(a, 190 - a if is_flipped else a + 9) for a in range(191)]
    found = sorted(pairs, key=lambda pair: -abs(f[pair[0]] * g[pair[1]]))[:64]
    assert list(zip(terms.a.tolist(), terms.b.tolist(), strict=True)) == sorted(found)
    np.testing.assert_array_equal(terms.f, f[terms.a])
    np.testing.assert_array_equal(terms.g, g[terms.b])
    assert terms.left_out == 191 - 64


def test_zeros_at_the_ends_are_no_terms_and_those_between_are() -> None:
    f = np.array([0.0, 1.0, 0.0, 2.0, 0.0, 0.0])
    window = look_at(5, f, np.ones(6), 1.0, False, True)
    assert symbols(window.terms) == "f(1)g(4) + f(2)g(3) + f(3)g(2)"
    apart = look_at(0, f, np.ones(6), 1.0, False, True).terms
    assert (symbols(apart), apart.left_out) == ("", 0)


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("c", [-99, -5, -4, 7, 8, 99])
def test_beyond_the_ends_nothing_meets_and_the_place_stays(c: int, is_flipped: bool) -> None:
    window = look_at(c, F, G, 1.0, False, is_flipped)
    assert (window.c, window.total, len(window.indices), len(window.terms.a)) == (c, 0.0, 0, 0)
    assert len(window.placed) == len(window.product) == 0


def test_what_is_published_is_read_only_and_f_is_not_touched() -> None:
    window = look_at(3, F, G, 1.0, False, True)
    for array in (
        window.indices,
        window.placed,
        window.product,
        window.slid.values,
        window.terms.f,
    ):
        assert not array.flags.writeable
    assert F.flags.writeable
    assert G.flags.writeable


def test_an_extent_leaves_zeros_and_what_is_negligible_out() -> None:
    signal = np.array([0.0, 1e-9, 2.0, 0.0, -1.0, 0.0])
    assert extent(signal) == (1, 4)
    assert extent(signal, 1e-6) == (2, 4)
    assert extent(np.zeros(4)) == (0, 0)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("first", "length"), [(0, 1), (0, 4), (2, 5), (3, 12)])
def test_a_mode_keeps_what_the_short_kernel_would_give(mode: Mode, first: int, length: int) -> None:
    f, short = noise(15, seed=1), noise(length, seed=2)
    kernel = np.zeros(15)
    kernel[first : first + length] = short
    kept = kept_part(mode, kernel)
    assert 0 <= kept.start < kept.stop <= 29
    if mode is not Mode.FULL:
        expected = conv1d(f, short, mode)
        np.testing.assert_allclose(conv1d(f, kernel)[kept], expected, atol=1e-6)


def test_full_is_everything() -> None:
    assert kept_part(Mode.FULL, np.ones(5)) == slice(0, 9)
