"""The families of ready kernels: what each of them must do, by a property of its own."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from tests.engine import test_kernels
from tests.engine.preset_checks import CHECKS, answer, checks, edge, flat, left_of, line
from tests.engine.preset_checks import grating as wave

SIDES = {
    "north": 0,
    "north-west": 45,
    "west": 90,
    "south-west": 135,
    "south": 180,
    "south-east": 225,
    "east": 270,
    "north-east": 315,
}
"""Where an edge runs whose bright side is there."""
COMPASS = [
    f"{family} {side}" for family in ("Kirsch", "Robinson", "Prewitt compass") for side in SIDES
]


@checks(*COMPASS)
def answers_most_to_the_edge_that_it_is_named_after(name: str) -> None:
    family, side = name.rsplit(" ", 1)
    test_kernels.finds_edges_of(name, SIDES[side])
    given = {each: answer(f"{family} {each}", edge(SIDES[side])) for each in SIDES}
    assert max(given, key=lambda each: given[each]) == side


DIAGONALS = {
    "Sobel diagonal falling": 315,
    "Scharr diagonal": 45,
    "Scharr diagonal falling": 315,
    "Prewitt diagonal": 45,
    "Prewitt diagonal falling": 315,
}


@checks(*DIAGONALS)
def finds_edges_along_a_diagonal(name: str) -> None:
    test_kernels.finds_edges_of(name, DIAGONALS[name])
    across = DIAGONALS[name] + 90
    assert answer(name, edge(across)) == pytest.approx(0, abs=1e-5)


LARGER = {
    f"{family} {direction}": degrees
    for family in (
        "Sobel 5×5",
        "Sobel 7×7",
        "Scharr 5×5",
        "Farid 5×5",
        "Prewitt 5×5",
        "Gaussian derivative",
    )
    for direction, degrees in (("vertical", 90), ("horizontal", 0))
}


@checks(*LARGER)
def finds_edges_in_its_own_way(name: str) -> None:
    test_kernels.finds_edges_of(name, LARGER[name])
    weights = kernels.preset(name)
    upright = weights if name.endswith("vertical") else weights.T
    half = len(weights) // 2
    row, column = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    match name.split():
        case ["Sobel", *_]:
            slope, smooth = cv2.getDerivKernels(1, 0, len(weights))
            np.testing.assert_array_equal(upright, -np.outer(smooth, slope))
        case ["Scharr" | "Farid", *_]:
            assert worst_direction(upright) < 0.2 < 2 < worst_direction(kernels.sobel(5))
            assert (upright * -column).sum() == pytest.approx(1, rel=0.01)
        case ["Prewitt", *_]:
            patch = np.random.default_rng(0).random(weights.shape)
            plane = np.stack([np.ones(25), row.ravel(), column.ravel()], 1)
            slopes = np.linalg.lstsq(plane, patch.ravel(), rcond=None)[0]
            assert (upright * patch).sum() / 50 == pytest.approx(-slopes[2], rel=1e-5)
        case ["Gaussian", *_]:
            assert (upright * -column).sum() == pytest.approx(1, rel=1e-5)
            assert (upright * row).sum() == pytest.approx(0, abs=1e-5)


def worst_direction(vertical: FloatArray) -> float:
    """Return the largest error of the directions that a mask and its transpose find [degrees]."""
    half = len(vertical) // 2
    row, column = np.mgrid[-half : half + 1, -half : half + 1]
    errors = []
    for frequency in np.linspace(0.2, 1.4, 7):
        for angle in np.radians(np.arange(0, 91, 5)):
            picture = np.sin(frequency * (column * np.cos(angle) + row * np.sin(angle)))
            found = np.arctan2(-(vertical.T * picture).sum(), -(vertical * picture).sum())
            errors.append(abs(found - angle))
    return float(np.degrees(max(errors)))


SECOND = {"Second derivative sideways": 90, "Second derivative downwards": 0}


@checks(*SECOND, "Gaussian second derivative")
def is_the_second_derivative_across(name: str) -> None:
    degrees = SECOND.get(name, 90)
    assert answer(name, flat(3)) == pytest.approx(0, abs=1e-5)
    assert answer(name, left_of(degrees)) == pytest.approx(0, abs=1e-4)
    assert answer(name, left_of(degrees) ** 2) == pytest.approx(2, rel=1e-4)
    assert answer(name, left_of(degrees + 90) ** 2) == pytest.approx(0, abs=1e-3)
    assert answer(name, line(degrees)) < -0.1


@checks("Mixed derivative")
def is_the_derivative_across_both(name: str) -> None:
    right, up = -left_of(90), left_of(0)
    assert answer(name, -right * up) == 1  # rows go down
    for picture in (flat(3), right, up, right**2, up**2, edge(0), edge(90)):
        assert answer(name, picture) == pytest.approx(0, abs=1e-5)


@checks("Gabor edge 0°", "Gabor edge 45°", "Gabor edge 90°", "Gabor edge 135°")
def is_a_quarter_wave_from_its_partner(name: str) -> None:
    degrees = int(name.split()[-1].rstrip("°"))
    partner = name.replace("edge ", "")
    assert answer(name, flat(3)) == pytest.approx(0, abs=1e-4)
    # The positive half of an edge detector: 1 on a full edge, as large as any other direction's.
    tuning = [answer(name, edge(degrees + turn)) for turn in range(-90, 91, 15)]
    assert int(np.argmax(tuning)) == 6
    # Together they measure how strong the stripes are, wherever these lie.
    strengths = []
    for shift in np.linspace(0, 6, 9):
        picture = np.cos(2 * np.pi * (left_of(degrees) - shift) / 6).astype(np.float32)
        strengths.append(np.hypot(answer(name, picture), answer(partner, picture)))
    assert min(strengths) > 0.8 * max(strengths)
    assert abs((kernels.preset(name) * kernels.preset(partner)).sum()) < 1e-6


FREI_CHEN = [f"Frei-Chen {number}" for number in range(1, 10)]


@checks(*FREI_CHEN)
def is_one_of_nine_that_make_up_any_patch(name: str) -> None:
    basis = np.stack([kernels.preset(each).ravel() for each in FREI_CHEN])
    mine = kernels.preset(name).ravel()
    wanted = [float(each == name) for each in FREI_CHEN]
    np.testing.assert_allclose(basis @ mine, wanted, atol=1e-6)
    match FREI_CHEN.index(name) + 1:
        case 1:
            test_kernels.finds_edges_of(name, 0)
        case 2:
            test_kernels.finds_edges_of(name, 90)
        case 3 | 4 as number:  # odd along one diagonal, so it is blind to edges along the other
            blind, seen = (45, 135) if number == 3 else (135, 45)
            assert answer(name, edge(blind)) == pytest.approx(0, abs=1e-5)
            assert abs(answer(name, edge(seen))) > 0.1
        case 5:
            up, level = (answer(name, (line(a) > 0.6).astype(np.float32)) for a in (90, 0))
            assert (up, level) == (1, -1)
        case 6:
            rising, falling = (answer(name, (line(a) > 0.6).astype(np.float32)) for a in (45, 135))
            assert (rising, falling) == (1, -1)
        case 7 | 8:
            assert answer(name, left_of(30)) == pytest.approx(0, abs=1e-4)
            assert answer(name, edge(90)) == pytest.approx(0, abs=1e-5)
        case 9:
            assert answer(name, flat(1)) == pytest.approx(3)


LAWS_ROWS = {
    "L5": [1, 4, 6, 4, 1],
    "E5": [-1, -2, 0, 2, 1],
    "S5": [-1, 0, 2, 0, -1],
    "W5": [-1, 2, 0, -2, 1],
    "R5": [1, -4, 6, -4, 1],
}
LAWS = [f"Laws {down}{across}" for down in LAWS_ROWS for across in LAWS_ROWS]


@checks(*LAWS)
def answers_most_to_its_own_texture(name: str) -> None:
    down, across = name[-4:-2], name[-2:]
    patch = np.outer(LAWS_ROWS[down], LAWS_ROWS[across])
    given = {
        each: (kernels.preset(each) * patch).sum() / np.linalg.norm(kernels.preset(each))
        for each in LAWS
    }
    assert max(given, key=lambda each: given[each]) == name
    assert (answer(name, flat()) == 0) == (name != "Laws L5L5")


@pytest.mark.parametrize("name", kernels.names())
def test_every_preset_is_checked(name: str) -> None:
    CHECKS[name](name)


def test_no_check_is_of_a_preset_that_is_not_there() -> None:
    assert set(CHECKS) == set(kernels.names())


def test_an_isotropic_laplacian_is_more_alike_in_all_directions() -> None:
    spread = {}
    for name in ("Laplacian 4", "Laplacian isotropic"):
        given = [answer(name, wave(degrees, 4)) for degrees in range(0, 91, 15)]
        spread[name] = np.ptp(given) / abs(np.mean(given))
    assert spread["Laplacian isotropic"] < 0.3 * spread["Laplacian 4"]
