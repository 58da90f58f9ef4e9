"""The families among the ready kernels: masks of one kind in all directions or sizes.

Names, one line each and weights, for the table in ``presets``; its sign convention holds.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import kernel_makers as make
from convlab.engine import kernel_masks as masks

Entries: TypeAlias = list[tuple[str, str, ArrayLike]]
"""Name, what it does, weights."""

KIRSCH = ((5, 5, 5), (-3, 0, -3), (-3, -3, -3))
PREWITT = ((1, 1, 1), (1, -2, 1), (-1, -1, -1))
ROBINSON = ((1, 2, 1), (0, 0, 0), (-1, -2, -1))
_ROOT = math.sqrt(2)

# Counter-clockwise, as the ring of a mask goes round.
_SIDES = ("north", "north-west", "west", "south-west", "south", "south-east", "east", "north-east")
_WHERE = {
    "north": "above",
    "north-west": "on the upper left",
    "west": "on the left",
    "south-west": "on the lower left",
    "south": "below",
    "south-east": "on the lower right",
    "east": "on the right",
    "north-east": "on the upper right",
}

# Farid and Simoncelli, "Differentiation of discrete multidimensional signals", 2004.
_FARID = ([0.0376593, 0.2491534, 0.4263746, 0.2491534, 0.0376593], [0.1096038, 0.2766910, 0.0])

# Frei and Chen, "Fast boundary detection: a generalization and a new algorithm", 1977.
_FREI_CHEN = (
    (_ROOT / 4, ((1, _ROOT, 1), (0, 0, 0), (-1, -_ROOT, -1)), "edge: bright above"),
    (_ROOT / 4, ((1, 0, -1), (_ROOT, 0, -_ROOT), (1, 0, -1)), "edge: bright on the left"),
    (_ROOT / 4, ((0, -1, _ROOT), (1, 0, -1), (-_ROOT, 1, 0)), "ripple along the rising diagonal"),
    (_ROOT / 4, ((_ROOT, -1, 0), (-1, 0, 1), (0, 1, -_ROOT)), "ripple along the falling diagonal"),
    (1 / 2, ((0, 1, 0), (-1, 0, -1), (0, 1, 0)), "line: upright against level"),
    (1 / 2, ((-1, 0, 1), (0, 0, 0), (1, 0, -1)), "line: rising against falling"),
    (1 / 6, ((1, -2, 1), (-2, 4, -2), (1, -2, 1)), "Laplacian: the middle and the corners"),
    (1 / 6, ((-2, 1, -2), (1, 4, 1), (-2, 1, -2)), "Laplacian: the middle and the sides"),
    (1 / 3, ((1, 1, 1), (1, 1, 1), (1, 1, 1)), "the level of brightness"),
)
_LAWS = {"L5": "level", "E5": "edge", "S5": "spot", "W5": "wave", "R5": "ripple"}


def compass(name: str, mask: ArrayLike) -> Entries:
    """Return a mask for each of the eight directions."""
    return [
        (
            f"{name} {side}",
            f"Strong where it is brighter {_WHERE[side]}",
            masks.compass(mask, turns),
        )
        for turns, side in enumerate(_SIDES)
    ]


def frei_chen() -> Entries:
    """Return the nine masks of Frei and Chen: any 3×3 patch is a sum of them."""
    return [
        (
            f"Frei-Chen {number}",
            f"One of nine that make up any patch; {what}",
            share * np.array(mask),
        )
        for number, (share, mask, what) in enumerate(_FREI_CHEN, start=1)
    ]


def laws() -> Entries:
    """Return the 25 texture masks of Laws."""
    return [
        (f"Laws {down}{right}", f"Texture: {first} down, {then} across", masks.laws(down, right))
        for down, first in _LAWS.items()
        for right, then in _LAWS.items()
    ]


def gabor_pairs() -> Entries:
    """Return an even and an odd Gabor of each of four directions."""
    even: Entries = []
    odd: Entries = []
    what = {
        0: ("Horizontal stripes about 6 px apart, as a simple cell", "horizontal, bright above"),
        45: ("Stripes rising at 45 degrees", "rising at 45 degrees, bright above"),
        90: ("Vertical stripes about 6 px apart", "vertical, bright on the left"),
        135: ("Stripes falling at 45 degrees", "falling at 45 degrees, bright below"),
    }
    for degrees, (stripes, edge) in what.items():
        even.append((f"Gabor {degrees}°", stripes, make.gabor(11, 6, degrees, 2.5)))
        line = f"Edges {edge}: the other of the pair, a quarter wave on"
        odd.append((f"Gabor edge {degrees}°", line, make.gabor(11, 6, degrees, 2.5, 90)))
    return even + odd


def larger_edges() -> Entries:
    """Return edge detectors of more than 3×3 cells, and those along the diagonals."""
    less, fair = "nearer cells counting more, so less noise", "tuned to judge all directions evenly"
    slope = np.array([2.0, 1.0, 0.0, -1.0, -2.0])
    farid = np.outer(_FARID[0], [*_FARID[1], -_FARID[1][1], -_FARID[1][0]])
    falling = "Edges that run from upper left to lower right, bright on the right and above"
    rising = "Edges that run from lower left to upper right, bright above"
    found: Entries = [
        ("Sobel diagonal falling", falling, [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
        ("Scharr diagonal", f"{rising}, evenly", [[10, 3, 0], [3, 0, -3], [0, -3, -10]]),
        ("Scharr diagonal falling", f"{falling}, evenly", [[0, 3, 10], [-3, 0, 3], [-10, -3, 0]]),
        ("Prewitt diagonal", rising, [[1, 1, 0], [1, 0, -1], [0, -1, -1]]),
        ("Prewitt diagonal falling", falling, [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]),
    ]
    for name, vertical, how in (
        ("Sobel 5×5", masks.sobel(5), less),
        ("Sobel 7×7", masks.sobel(7), less),
        ("Scharr 5×5", masks.scharr(5), fair),
        ("Farid 5×5", farid, fair),
        ("Prewitt 5×5", np.tile(slope, (5, 1)), "the best straight slope through 25 pixels"),
        ("Gaussian derivative", make.derivative_of_gaussian(7, 1.2), "of a 7×7 bell of σ = 1.2 px"),
    ):
        found.append((f"{name} vertical", f"Vertical edges, {how}", vertical))
        found.append((f"{name} horizontal", f"Horizontal edges, {how}", np.transpose(vertical)))
    return found
