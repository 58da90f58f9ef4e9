"""A kernel by a formula and a few dials: their settings stay in the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray, frozen
from convlab.layers.parameters import Metadata, choice, decimal, pair_of, whole

MAX_KERNEL_SIZE = 31  # [cells]


class GeneratorKind(StrEnum):
    """What makes the kernel."""

    GAUSSIAN = "gaussian"
    BOX = "box"
    DISK = "disk"
    MOTION = "motion"
    SOBEL = "sobel"
    EDGE = "edge"
    DERIVATIVE = "derivative"
    LOG = "log"
    DOG = "dog"
    GABOR = "gabor"


_TITLES = {
    GeneratorKind.GAUSSIAN: "Gaussian",
    GeneratorKind.BOX: "Box",
    GeneratorKind.DISK: "Disk",
    GeneratorKind.MOTION: "Motion blur",
    GeneratorKind.SOBEL: "Sobel",
    GeneratorKind.EDGE: "Oriented edge",
    GeneratorKind.DERIVATIVE: "Derivative of Gaussian",
    GeneratorKind.LOG: "Laplacian of Gaussian",
    GeneratorKind.DOG: "Difference of Gaussians",
    GeneratorKind.GABOR: "Gabor",
}


def _length(label: str, low: float, high: float, tip: str) -> Metadata:
    return decimal(label, low, high, 0.1, tip, unit="px")


@dataclass(frozen=True, slots=True)
class Generator:
    """A formula and its dials; each formula uses some of them.

    Attributes:
        kind: The formula.
        size: (rows, columns) of the kernel [cells].
        degrees: Where an edge, a line, a stripe or a movement runs, counter-clockwise from the
            horizontal.
        sigma: Standard deviation of the bell [px].
        ratio: Of the wide bell to the narrow one.
        radius: Of the disk [px].
        length: Of the movement [px].
        order: Of the derivative.
        wavelength: From stripe to stripe [px].
        phase: Where the wave stands: 0 is a bright line, 90 an edge [degrees].
        aspect: Of a Gabor's bell: 1 is round, less is longer along the stripes.
    """

    kind: GeneratorKind = field(
        default=GeneratorKind.EDGE,
        metadata=choice(
            "Shape",
            tuple(_TITLES.items()),
            "<i>Gaussian, box, disk, motion blur</i> blur; <i>Sobel, oriented edge, derivative of "
            "Gaussian</i> find edges of one direction; <i>Laplacian, difference of Gaussians</i> "
            "find spots; <i>Gabor</i> finds stripes or edges of one width.",
        ),
    )
    size: tuple[int, int] = field(
        default=(9, 9),
        metadata=pair_of("Size", 1, MAX_KERNEL_SIZE, "Rows × columns.", unit="cells"),
    )
    degrees: float = field(
        default=45.0,
        metadata=decimal(
            "Angle θ",
            0.0,
            360.0,
            1.0,
            "Where the edge, stripe or movement runs: 0 is horizontal, 90 vertical, "
            "counter-clockwise. An edge is bright on its left, seen along it.",
            unit="°",
            noun="angle",
            digits=1,
        ),
    )
    sigma: float = field(
        default=1.5,
        metadata=decimal(
            "Sigma σ",
            0.1,
            10.0,
            0.1,
            "Standard deviation of the bell: how far it blurs.",
            unit="px",
            noun="sigma",
            digits=2,
        ),
    )
    ratio: float = field(
        default=1.6,
        metadata=decimal(
            "Ratio",
            1.05,
            5.0,
            0.05,
            "Width of the wide bell by that of the narrow one; 1.6 is nearest to a Laplacian of "
            "Gaussian.",
        ),
    )
    radius: float = field(
        default=3.5, metadata=_length("Radius", 0.5, 15.5, "Of the disk: how far out of focus.")
    )
    length: float = field(
        default=9.0, metadata=_length("Length", 1.0, 31.0, "How far the camera moves.")
    )
    order: int = field(
        default=1,
        metadata=whole("Order", 1, 2, "1 finds edges, 2 finds lines: negative on bright ones."),
    )
    wavelength: float = field(
        default=6.0, metadata=_length("Wavelength λ", 2.0, 31.0, "From one stripe to the next.")
    )
    phase: float = field(
        default=0.0,
        metadata=decimal(
            "Phase φ",
            0.0,
            360.0,
            5.0,
            "0 finds bright lines, 90 edges, 180 dark lines, 270 edges the other way.",
            unit="°",
            noun="phase",
        ),
    )
    aspect: float = field(
        default=1.0,
        metadata=decimal(
            "Aspect γ",
            0.2,
            3.0,
            0.05,
            "1 is a round bell; less is longer along the stripes, so that it is choosier.",
            noun="aspect",
        ),
    )

    @property
    def title(self) -> str:
        """What the formula is called."""
        return _TITLES[self.kind]

    def uses(self, name: str) -> bool:
        """Tell whether the formula has a dial."""
        return name == "kind" or name in _FORMULAS[self.kind][1]

    def array(self) -> FloatArray:
        """Return the kernel ``(rows, columns)``, float32 and read-only."""
        return _made(self)

    @property
    def code(self) -> str:
        """The call that makes the same kernel."""
        make, dials = _FORMULAS[self.kind]
        first = f"kernels.{make.__name__}({self.size!r}"
        rest = (f"{_ARGUMENTS.get(name, name)}={self._argument(name)}" for name in dials[1:])
        return ", ".join((first, *rest)) + ")"

    def _argument(self, name: str) -> str:
        value = self.sigma * self.ratio if name == "ratio" else getattr(self, name)
        return f"{value:.9g}"


@lru_cache(maxsize=4)  # the edit, its panel and its caption ask for the same one
def _made(generator: Generator) -> FloatArray:
    make, dials = _FORMULAS[generator.kind]
    return frozen(make(*(getattr(generator, name) for name in dials)))


_Formula: TypeAlias = tuple[Callable[..., FloatArray], tuple[str, ...]]


def _dog(size: tuple[int, int], sigma: float, ratio: float) -> FloatArray:
    return kernels.dog(size, sigma, sigma * ratio)


_dog.__name__ = kernels.dog.__name__
_ARGUMENTS = {"ratio": "wide"}
"""What an argument is called that is another than its dial."""


_FORMULAS: dict[GeneratorKind, _Formula] = {
    GeneratorKind.GAUSSIAN: (kernels.gaussian, ("size", "sigma")),
    GeneratorKind.BOX: (kernels.box, ("size",)),
    GeneratorKind.DISK: (kernels.disk, ("size", "radius")),
    GeneratorKind.MOTION: (kernels.motion, ("size", "degrees", "length")),
    GeneratorKind.SOBEL: (kernels.sobel, ("size", "degrees")),
    GeneratorKind.EDGE: (kernels.oriented_edge, ("size", "degrees")),
    GeneratorKind.DERIVATIVE: (
        kernels.derivative_of_gaussian,
        ("size", "sigma", "degrees", "order"),
    ),
    GeneratorKind.LOG: (kernels.laplacian_of_gaussian, ("size", "sigma")),
    GeneratorKind.DOG: (_dog, ("size", "sigma", "ratio")),
    GeneratorKind.GABOR: (
        kernels.gabor,
        ("size", "wavelength", "degrees", "sigma", "phase", "aspect"),
    ),
}
"""Each formula and its dials, in the order of its arguments."""
