from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine import kernels
from convlab.engine.conv2d import conv2d
from tests.engine.preset_checks import (
    MIDDLE,
    SIZE,
    answer,
    answers,
    checks,
    disc,
    edge,
    flat,
    grating,
    impulse,
    left_of,
    line,
)


@checks("Identity")
def leaves_the_picture(name: str) -> None:
    np.testing.assert_array_equal(answers(name, edge(30)), edge(30))


@checks("Shift right", "Shift left", "Shift down", "Shift up")
def moves_one_pixel(name: str) -> None:
    row, column = {"right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}[name.split()[1]]
    moved = answers(name, impulse())
    assert moved[MIDDLE + row, MIDDLE + column] == 1
    assert moved.sum() == 1


@checks("1 to 9")
def shows_its_own_turning(name: str) -> None:
    middle = slice(MIDDLE - 1, MIDDLE + 2)
    assert answers(name, impulse())[middle, middle].ravel().tolist() == list(range(9, 0, -1))


@checks(
    "Box blur 3×3",
    "Box blur 5×5",
    "Gaussian 3×3",
    "Gaussian 5×5",
    "Gaussian 9×9",
    "Binomial 7×7",
    "Disk 7×7",
    "Motion blur 0°",
    "Motion blur 45°",
    "Motion blur 90°",
    "Motion blur 135°",
)
def blurs(name: str) -> None:
    np.testing.assert_allclose(answers(name, flat(0.7)), 0.7, rtol=1e-6)
    assert (kernels.preset(name) >= 0).all()
    noisy = np.random.default_rng(0).standard_normal((SIZE, SIZE), dtype=np.float32)
    assert answers(name, noisy).std() < 0.5
    if name.startswith("Motion"):
        degrees = float(name.split()[-1].rstrip("°"))
        along, across = answer(name, line(degrees)), answer(name, line(degrees + 90))
        assert along > 0.75
        assert across < 0.35


@checks("Sharpen", "Sharpen strong", "Unsharp mask 5×5")
def sharpens(name: str) -> None:
    np.testing.assert_allclose(answers(name, flat(0.7)), 0.7, rtol=1e-6)
    sharp = answers(name, edge(90))[MIDDLE]
    assert sharp.max() > 1.05  # brighter than bright, darker than dark beside the edge
    assert sharp.min() < -0.05


@checks("Emboss")
def looks_lit_from_the_upper_left(name: str) -> None:
    np.testing.assert_allclose(answers(name, flat(0.7)), 0.7, rtol=1e-6)
    towards_the_light = answer(name, edge(45)[::-1, ::-1])
    assert towards_the_light > 1 > 0 > answer(name, edge(45))


EDGES = {
    "Vertical edge": 90,
    "Prewitt vertical": 90,
    "Sobel vertical": 90,
    "Scharr vertical": 90,
    "Horizontal edge": 0,
    "Prewitt horizontal": 0,
    "Sobel horizontal": 0,
    "Scharr horizontal": 0,
    "Sobel diagonal": 45,
    "Oriented edge 45°": 45,
    "Oriented edge 70°": 70,
}


@checks(*EDGES)
def finds_edges(name: str) -> None:
    finds_edges_of(name, EDGES[name])


def finds_edges_of(name: str, degrees: float) -> None:
    """Check that an edge along a direction, bright on its left, has the largest answer."""
    assert np.abs(answers(name, flat())).max() < 1e-6
    assert answer(name, edge(degrees)) > 0
    assert answer(name, edge(degrees + 180)) < 0
    turns = range(-90, 91, 10)
    tuning = [answer(name, edge(degrees + turn)) for turn in turns]
    # The widest of them are flat on top: the named direction is in the middle of the best.
    best = [turn for turn, given in zip(turns, tuning, strict=True) if given > max(tuning) - 1e-4]
    assert np.mean(best) == pytest.approx(0, abs=5)
    assert abs(tuning[0] - tuning[-1]) <= 2 * max(tuning)


@checks("Edge pair −1 1", "Edge pair −1 1 down")
def is_the_difference_of_two_neighbours(name: str) -> None:
    ramp = np.tile(np.arange(SIZE, dtype=np.float32), (SIZE, 1))
    across, down = (ramp, ramp.T) if "down" not in name else (ramp.T, ramp)
    assert answer(name, flat(5)) == 0
    assert answer(name, across) == 1
    assert answer(name, down) == 0


@checks("Roberts falling", "Roberts rising")
def is_the_difference_across_a_corner(name: str) -> None:
    assert answer(name, flat()) == 0
    rising = answer(name, edge(45, 0.5))
    falling = answer(name, edge(-45, 0.5))
    mine, other = (rising, falling) if name == "Roberts falling" else (falling, rising)
    assert mine > 0.7
    assert abs(other) < 1e-6


@checks("Laplacian 4", "Laplacian 8", "Laplacian isotropic", "Laplacian of Gaussian 9×9")
def is_negative_on_bright_spots_and_zero_on_slopes(name: str) -> None:
    assert abs(answer(name, flat(10))) < 1e-5
    assert abs(answer(name, left_of(30))) < 1e-4
    assert answer(name, disc(0.5)) < 0 < answer(name, 1 - disc(0.5))


@checks("Outline")
def is_bright_on_lines(name: str) -> None:
    assert answer(name, flat(10)) == 0
    assert answer(name, line(90)) == 6
    assert answer(name, impulse()) == 8


@checks(
    "Difference of Gaussians 9×9",
    "Centre-surround on",
    "Centre-surround off",
    "Pixel minus mean 7×7",
)
def compares_a_spot_with_its_surroundings(name: str) -> None:
    sign = -1 if name.endswith("off") else 1
    assert abs(answer(name, flat(10))) < 1e-5
    assert sign * answer(name, disc(1.5)) > 0.3
    assert sign * answer(name, disc(1.5)) > 4 * sign * answer(name, disc(8))
    assert sign * answer(name, 1 - disc(1.5)) < -0.3


LINES = {"Line horizontal": 0, "Line vertical": 90, "Line rising": 45, "Line falling": 135}


@checks(*LINES)
def finds_lines_of_its_direction(name: str) -> None:
    assert answer(name, flat(10)) == 0
    pixels = {degrees: (line(degrees) > 0.6).astype(np.float32) for degrees in LINES.values()}
    given = {degrees: answer(name, picture) for degrees, picture in pixels.items()}
    assert given.pop(LINES[name]) == 6
    assert max(given.values()) <= 0


@checks("Corner upper left", "Corner lower left", "Corner upper right", "Corner lower right")
def finds_its_corner(name: str) -> None:
    assert answer(name, flat(10)) == 0
    square = np.zeros((SIZE, SIZE), np.float32)
    square[MIDDLE:, MIDDLE:] = 1
    corners = {
        "Corner upper left": square,
        "Corner upper right": square[:, ::-1],
        "Corner lower left": square[::-1],
        "Corner lower right": square[::-1, ::-1],
    }
    given = {corner: answer(name, picture) for corner, picture in corners.items()}
    assert max(given, key=lambda corner: given[corner]) == name
    assert given[name] == 20 > answer(name, edge(90))


GABORS = {"Gabor 0°": 0, "Gabor 45°": 45, "Gabor 90°": 90, "Gabor 135°": 135}


@checks(*GABORS)
def finds_stripes_of_its_direction(name: str) -> None:
    degrees = GABORS[name]
    assert abs(answer(name, flat(10))) < 1e-4
    tuning = [answer(name, grating(degrees + turn, 6)) for turn in range(-80, 91, 10)]
    assert int(np.argmax(tuning)) == 8
    assert tuning[8] > 1
    assert abs(tuning[-1]) < 0.1 * tuning[8]
    widths = [answer(name, grating(degrees, wavelength)) for wavelength in (3, 6, 16)]
    assert int(np.argmax(widths)) == 1


def test_the_table() -> None:
    assert len(kernels.PRESETS) >= 32
    for name, preset in kernels.PRESETS.items():
        assert preset.name == name
        assert preset.weights.dtype == np.float32
        assert preset.weights.ndim == 2
        assert not preset.weights.flags.writeable
        assert preset.group
        assert preset.description
        assert "\n" not in preset.description


def test_a_preset_is_a_copy() -> None:
    kernels.preset("Identity")[0, 0] = 5
    assert kernels.preset("Identity")[0, 0] == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("box BLUR 3x3", "Box blur 3×3"),
        ("Edge pair -1 1", "Edge pair −1 1"),
        ("  gabor  45 ", "Gabor 45°"),
        ("Top hat 7×7", "Pixel minus mean 7×7"),  # as older versions called it
    ],
)
def test_names_as_a_keyboard_types_them(typed: str, meant: str) -> None:
    np.testing.assert_array_equal(kernels.preset(typed), kernels.PRESETS[meant].weights)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(ValueError, match="'Sobell vertical': did you mean 'Sobel vertical'"):
        kernels.preset("Sobell vertical")
    with pytest.raises(ValueError, match=r"'zzz': see kernels.names"):
        kernels.preset("zzz")


def test_name_of() -> None:
    for name in kernels.names():
        found = kernels.name_of(kernels.preset(name))
        assert found is not None
        np.testing.assert_array_equal(kernels.preset(found), kernels.preset(name))
    assert kernels.name_of([[1, 0, -1]] * 3) == "Vertical edge"
    assert kernels.name_of([[1, 0, -2]]) is None
    assert kernels.name_of([1, 0]) is None


# Makers.


def test_gaussian_by_the_formula() -> None:
    bell = kernels.gaussian(5, 1.2)
    assert bell.sum() == pytest.approx(1, abs=1e-6)
    assert bell[2, 3] / bell[2, 2] == pytest.approx(np.exp(-1 / (2 * 1.2**2)), rel=1e-6)
    assert kernels.analyse(bell).rank == 1
    np.testing.assert_array_equal(bell, bell.T[::-1, ::-1])


def test_even_and_rectangular_sizes() -> None:
    assert kernels.gaussian((2, 7), 1).shape == (2, 7)
    assert kernels.gaussian(4, 1e-3).tolist()[1] == [0, 0.25, 0.25, 0]
    assert kernels.box((1, 4)).tolist() == [[0.25] * 4]
    assert kernels.motion_blur(4, 0).sum() == pytest.approx(1)


def test_laplacian_of_gaussian_sums_to_zero() -> None:
    weights = kernels.laplacian_of_gaussian(9, 1.4)
    assert weights.sum() == pytest.approx(0, abs=1e-6)
    assert weights[4, 4] == weights.min() < 0


@pytest.mark.parametrize("degrees", [0, 30, 45, 70, 90, 135, 180, 250])
def test_oriented_edge_prefers_its_direction(degrees: float) -> None:
    weights = kernels.oriented_edge(9, degrees)
    given = [
        float(conv2d(edge(degrees + turn), weights, padding="same")[MIDDLE, MIDDLE])
        for turn in range(-90, 100, 10)
    ]
    assert int(np.argmax(given)) == 9
    assert weights.sum() == pytest.approx(0, abs=1e-6)
    assert weights[weights > 0].sum() == pytest.approx(1, abs=1e-6)


def test_right_angles_are_free_of_dust() -> None:
    upright = kernels.oriented_edge(5, 90)
    assert (upright[:, 2] == 0).all()
    assert (upright[:, 0] > 0).all()
    np.testing.assert_allclose(kernels.oriented_edge(5, 0), np.rot90(upright, -1), atol=1e-7)
    assert kernels.motion_blur(5, 0).tolist()[0] == [0] * 5
    assert kernels.motion_blur(5, 90)[:, 2] == pytest.approx(0.2)


def test_a_gabor_of_phase_90_is_an_edge() -> None:
    weights = kernels.gabor(11, 8, 70, 2.5, phase=90, aspect=0.5)
    given = [
        float(conv2d(edge(70 + turn), weights, padding="same")[MIDDLE, MIDDLE])
        for turn in range(-90, 100, 10)
    ]
    assert int(np.argmax(given)) == 9
    assert weights.sum() == pytest.approx(0, abs=1e-6)


def test_makers_of_one_cell() -> None:
    assert kernels.gaussian(1, 1).tolist() == [[1]]
    assert kernels.motion_blur(1, 30).tolist() == [[1]]
    assert kernels.laplacian_of_gaussian(1, 1).tolist() == [[0]]
    assert kernels.oriented_edge(1, 30).tolist() == [[0]]
    assert kernels.gabor(1, 4, 0, 1).tolist() == [[0]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kernels.gaussian(0, 1), "kernel size 0"),
        (lambda: kernels.gaussian(64, 1), "kernel size 64 .* 63"),
        (lambda: kernels.box((3, 64)), "63 cells are the most"),
        (lambda: kernels.box((2, 2, 2)), r"kernel size \(2, 2, 2\)"),
        (lambda: kernels.gaussian(3, 0), "sigma 0"),
        (lambda: kernels.gaussian(3, float("nan")), "sigma nan"),
        (lambda: kernels.laplacian_of_gaussian(3, -1), "sigma -1"),
        (lambda: kernels.gabor(3, 0, 0, 1), "wavelength 0"),
        (lambda: kernels.gabor(3, 4, 0, 1, 0, 0), "aspect 0"),
        (lambda: kernels.gabor(3, 4, 0, 1, float("inf")), "phase inf"),
        (lambda: kernels.oriented_edge(3, float("nan")), "degrees nan"),
    ],
)
def test_makers_reject(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


# Analysis.


def test_analysis() -> None:
    sobel = kernels.analyse(kernels.preset("Sobel vertical"))
    assert sobel == kernels.Analysis(sum=0.0, gain=8.0, rank=1)
    assert kernels.analyse(kernels.preset("Laplacian 8")).rank == 2
    assert kernels.analyse(np.eye(5)).rank == 5
    assert kernels.analyse(np.zeros((3, 3))) == kernels.Analysis(0.0, 0.0, 0)
    assert kernels.analyse([[1, 2, 3]]) == kernels.Analysis(6.0, 6.0, 1)


def test_rounding_to_float32_does_not_raise_the_rank() -> None:
    column, row = np.random.default_rng(0).standard_normal((2, 31))
    assert kernels.analyse(np.outer(column, row).astype(np.float32)).rank == 1


@pytest.mark.parametrize("weights", [[1, 2], np.zeros((0, 3)), [[np.nan]], [[np.inf, 1]]])
def test_analysis_rejects(weights: Any) -> None:
    with pytest.raises(ValueError, match="cannot be analysed"):
        kernels.analyse(weights)
