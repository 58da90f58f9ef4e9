"""How a kernel travels over the picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from convlab.engine.border import Border
from convlab.engine.shapes import Padding
from convlab.layers.parameters import choice, decimal, flag, padding_of, whole

LARGEST_STEP = 64
"""The largest padding, stride and dilation that can be chosen [px]."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the kernel travels over the picture.

    Attributes:
        padding: ``"valid"``, ``"same"``, ``"full"`` or the four sides [px].
        stride: Step between outputs [px].
        dilation: Distance between the kernel's cells [px].
        border: What stands in the padded cells.
        value: Their value when the border is constant.
        flip: True for convolution (kernel flipped 180 degrees), False for correlation.
        transposed: Each pixel lays down a copy of the kernel; stride and padding are those of the
            copies.
    """

    padding: str | Padding = field(
        default="same",
        metadata=padding_of(
            "Padding",
            LARGEST_STEP,
            "Cells added around the picture before the kernel slides over it.<br><i>valid</i>: "
            "none, the output shrinks by F − 1.<br><i>same</i>: as many as keep the size.<br>"
            "<i>full</i>: every overlap counts, the output grows by F − 1.",
        ),
    )
    stride: int = field(
        default=1,
        metadata=whole(
            "Stride",
            1,
            LARGEST_STEP,
            "Step between two outputs. 2 keeps every second one: half the size.",
        ),
    )
    dilation: int = field(
        default=1,
        metadata=whole(
            "Dilation",
            1,
            LARGEST_STEP,
            "Distance between the kernel's cells. 2 skips every second pixel: a wider view with "
            "the same weights.",
        ),
    )
    border: Border = field(
        default=Border.ZEROS,
        metadata=choice(
            "Border",
            tuple((border, border.value) for border in Border),
            "What stands in the padded cells: zeros, one constant, the edge pixel repeated, the "
            "picture mirrored (edge not repeated), or the opposite side.",
        ),
    )
    value: float = field(
        default=0.0,
        metadata=decimal(
            "Border value",
            -1000.0,
            1000.0,
            0.1,
            "The constant in padded cells.",
            needs=("border", Border.CONSTANT),
            digits=2,
        ),
    )
    flip: bool = field(
        default=False,
        metadata=flag(
            "Correlation or convolution",
            "<i>Correlation</i> lays the kernel on the picture as it is shown (what networks and "
            "OpenCV do).<br><i>Convolution</i> turns it by 180° first (what mathematics and SciPy "
            "do). Try the impulse pattern with the kernel 1 to 9.",
        ),
    )
    transposed: bool = field(
        default=False,
        metadata=flag(
            "transposed",
            "Every pixel lays down a copy of the kernel, times its value, and the copies are "
            "summed; <i>stride</i> is the distance of the copies, <i>padding</i> is cut off. A "
            "stride of 2 with 3×3 cells overlaps unevenly: a checkerboard.",
            title="Transposed convolution",
        ),
    )


FIRST_GEOMETRY = Geometry(border=Border.REPLICATE)
"""What a new document begins with."""
