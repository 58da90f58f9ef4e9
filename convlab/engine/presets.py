"""The table of ready-made kernels, all written for correlation.

Edges are positive where the bright side is on the left or above.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine import kernel_makers as make
from convlab.engine import kernel_masks as masks
from convlab.engine import preset_families as families
from convlab.engine.arrays import FloatArray
from convlab.engine.preset_families import Entries

SIGN_CONVENTION = (
    "Written for correlation: an edge gives a positive sum where the bright side is on the left or "
    "above. Convolution flips the kernel, and with it that sign."
)
"""What holds for all of them."""

RENAMED = {"Top hat 7×7": "Pixel minus mean 7×7"}
"""Names that older projects have, and what the same kernels are called now."""


@dataclass(frozen=True, slots=True, eq=False)
class Preset:
    """A kernel with a name.

    Attributes:
        name: Name on the screen.
        weights: ``(kh, kw)`` float32, read-only.
        description: What it does, in one line.
        group: Heading in the menu.
    """

    name: str
    weights: FloatArray
    description: str
    group: str


def _preset(group: str, name: str, description: str, weights: ArrayLike) -> Preset:
    values = np.array(weights, np.float32)
    values.flags.writeable = False
    return Preset(name, values, description, group)


def _centre_surround() -> FloatArray:
    """Mean of the inner 3×3 minus mean of the ring around it."""
    weights = np.full((5, 5), -1 / 16, np.float32)
    weights[1:4, 1:4] = 1 / 9
    return weights


def _minus_mean() -> FloatArray:
    """One cell minus the mean of its 7×7 neighbourhood."""
    weights = -make.box(7)
    weights[3, 3] += 1
    return weights


_ROW_OF_5 = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
_GAUSSIAN_5 = np.outer(_ROW_OF_5, _ROW_OF_5) / 256
_IMPULSE_5 = np.pad([[1.0]], 2)

_BASICS: Entries = [
    ("Identity", "Leaves the picture as it is", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    ("Shift right", "Moves the picture one pixel right", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    ("Shift left", "Moves the picture one pixel left", [[0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    ("Shift down", "Moves the picture one pixel down", [[0, 1, 0], [0, 0, 0], [0, 0, 0]]),
    ("Shift up", "Moves the picture one pixel up", [[0, 0, 0], [0, 0, 0], [0, 1, 0]]),
    (
        "1 to 9",
        "Nine different weights: an impulse shows whether the kernel is flipped",
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    ),
]
_EDGES: Entries = [
    (
        "Vertical edge",
        "Left minus right: strong where brightness changes sideways",
        [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    ),
    (
        "Horizontal edge",
        "Above minus below: strong where brightness changes downwards",
        [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    ),
    ("Edge pair −1 1", "Right neighbour minus the pixel: the smallest edge detector", [[-1, 1]]),
    ("Edge pair −1 1 down", "Neighbour below minus the pixel", [[-1], [1]]),
    (
        "Sobel vertical",
        "Vertical edges, nearer rows counting more, so less noise",
        [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    ),
    (
        "Sobel horizontal",
        "Horizontal edges, nearer columns counting more, so less noise",
        [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
    ),
    (
        "Sobel diagonal",
        "Edges that run from lower left to upper right, bright above",
        [[2, 1, 0], [1, 0, -1], [0, -1, -2]],
    ),
    (
        "Prewitt vertical",
        "Vertical edges, the three rows counting alike",
        [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    ),
    (
        "Prewitt horizontal",
        "Horizontal edges, the three columns counting alike",
        [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    ),
    (
        "Scharr vertical",
        "Vertical edges, tuned to judge all directions evenly",
        [[3, 0, -3], [10, 0, -10], [3, 0, -3]],
    ),
    (
        "Scharr horizontal",
        "Horizontal edges, tuned to judge all directions evenly",
        [[3, 10, 3], [0, 0, 0], [-3, -10, -3]],
    ),
    ("Roberts falling", "Pixel minus its lower right neighbour", [[1, 0], [0, -1]]),
    ("Roberts rising", "Right neighbour minus the one below the pixel", [[0, 1], [-1, 0]]),
]
_SECOND: Entries = [
    (
        "Laplacian 4",
        "Neighbours minus centre: negative on bright spots, 0 on slopes",
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    ),
    ("Laplacian 8", "The same with diagonal neighbours", [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
    (
        "Outline",
        "Centre against its eight neighbours: bright on thin lines and edges",
        [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    ),
    (
        "Laplacian isotropic",
        "Neighbours minus centre, alike in all directions",
        np.array([[1, 4, 1], [4, -20, 4], [1, 4, 1]]) / 6,
    ),
    ("Second derivative sideways", "Left and right minus twice the pixel", [[1, -2, 1]]),
    ("Second derivative downwards", "Above and below minus twice the pixel", [[1], [-2], [1]]),
    (
        "Mixed derivative",
        "Strong on corners and saddles, 0 on level and upright edges",
        np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]]) / 4,
    ),
    (
        "Gaussian second derivative",
        "Vertical lines, negative on bright ones, of a bell of σ = 1.4 px",
        make.derivative_of_gaussian(9, 1.4, 90, 2),
    ),
]
_SHARPEN: Entries = [
    (
        "Sharpen",
        "Adds the difference to the four neighbours",
        [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    ),
    (
        "Sharpen strong",
        "Adds the difference to all eight neighbours",
        [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
    ),
    (
        "Emboss",
        "Looks like a relief lit from the upper left; flat areas keep their grey",
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    ),
    (
        "Unsharp mask 5×5",
        "The picture plus its difference to a blur: crisper, softly",
        2 * _IMPULSE_5 - _GAUSSIAN_5,
    ),
]
_LINES: Entries = [
    (
        "Line horizontal",
        "Bright horizontal lines one pixel wide",
        [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    ),
    (
        "Line vertical",
        "Bright vertical lines one pixel wide",
        [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
    ),
    (
        "Line rising",
        "Bright lines from lower left to upper right",
        [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
    ),
    (
        "Line falling",
        "Bright lines from upper left to lower right",
        [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
    ),
    (
        "Corner upper left",
        "The upper left corner of something bright",
        [[-4, -4, -4], [-4, 5, 5], [-4, 5, 5]],
    ),
    (
        "Corner upper right",
        "The upper right corner of something bright",
        [[-4, -4, -4], [5, 5, -4], [5, 5, -4]],
    ),
    (
        "Corner lower left",
        "The lower left corner of something bright",
        [[-4, 5, 5], [-4, 5, 5], [-4, -4, -4]],
    ),
    (
        "Corner lower right",
        "The lower right corner of something bright",
        [[5, 5, -4], [5, 5, -4], [-4, -4, -4]],
    ),
]
_BLURS: Entries = [
    ("Box blur 3×3", "Mean of nine pixels", make.box(3)),
    ("Box blur 5×5", "Mean of 25 pixels", make.box(5)),
    ("Gaussian 3×3", "Weighted mean 1 2 1: a soft blur", np.outer([1, 2, 1], [1, 2, 1]) / 16),
    ("Gaussian 5×5", "Weighted mean 1 4 6 4 1: a soft blur", _GAUSSIAN_5),
    ("Gaussian 9×9", "A strong soft blur, σ = 1.5 px", make.gaussian(9, 1.5)),
    ("Binomial 7×7", "Weighted mean 1 6 15 20 15 6 1: a soft blur", masks.binomial(7)),
    ("Disk 7×7", "Mean of a disk, as a lens out of focus makes it", make.disk(7)),
    ("Motion blur 0°", "Smears sideways over nine pixels", make.motion_blur(9, 0)),
    ("Motion blur 45°", "Smears from lower left to upper right", make.motion_blur(9, 45)),
    ("Motion blur 90°", "Smears up and down over nine pixels", make.motion_blur(9, 90)),
    ("Motion blur 135°", "Smears from upper left to lower right", make.motion_blur(9, 135)),
]
_CELLS: Entries = [
    (
        "Laplacian of Gaussian 9×9",
        "Blurs, then takes the Laplacian: negative on bright blobs",
        make.laplacian_of_gaussian(9, 1.4),
    ),
    (
        "Difference of Gaussians 9×9",
        "Narrow blur minus wide blur: bright blobs of one size",
        make.gaussian(9, 1.0) - make.gaussian(9, 1.6),
    ),
    (
        "Centre-surround on",
        "Brighter than its surroundings, as an on-centre cell of the retina",
        _centre_surround(),
    ),
    (
        "Centre-surround off",
        "Darker than its surroundings, as an off-centre cell of the retina",
        -_centre_surround(),
    ),
    ("Pixel minus mean 7×7", "A pixel minus the mean around it: small bright spots", _minus_mean()),
    *families.gabor_pairs(),
    ("Oriented edge 45°", "Edges rising at 45 degrees, bright above", make.oriented_edge(7, 45)),
    ("Oriented edge 70°", "Edges rising at 70 degrees, bright left", make.oriented_edge(7, 70)),
]


def _table() -> dict[str, Preset]:
    groups: dict[str, Entries] = {
        "Basics": _BASICS,
        "Blur": _BLURS,
        "Sharpen and relief": _SHARPEN,
        "Edges": _EDGES,
        "Edges, larger and diagonal": families.larger_edges(),
        "Edges, compass": [
            *families.compass("Kirsch", families.KIRSCH),
            *families.compass("Robinson", families.ROBINSON),
            *families.compass("Prewitt compass", families.PREWITT),
        ],
        "Second derivative": _SECOND,
        "Lines and corners": _LINES,
        "Cells of the eye and brain": _CELLS,
        "Frei-Chen": families.frei_chen(),
        "Texture, Laws": families.laws(),
    }
    rows = [_preset(group, *row) for group, entries in groups.items() for row in entries]
    return {row.name: row for row in rows}


PRESETS: dict[str, Preset] = _table()
