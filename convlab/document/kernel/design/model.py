"""What is wanted of the kernel lab's design pages; their settings stay in the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.document.strokes import Strokes
from convlab.engine.deconvolution import Method
from convlab.layers.parameters import choice, decimal, pair_of, whole

LARGEST = 15
"""Side of a kernel found by example [cells]: all its products are summed for each picture."""


class DesignPage(StrEnum):
    """What is looked at; only that is computed."""

    CLOSED = "closed"
    EXAMPLE = "example"
    WAVES = "waves"
    TRIAL = "trial"
    UNDO = "undo"


class Goal(StrEnum):
    """What a kernel by example is to give."""

    PAINTED = "painted"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Example:
    """A kernel by example.

    Attributes:
        goal: What it is to give.
        size: Its (rows, columns) [cells].
        strokes: What was painted: 1 is to light up, -1 to be dark, 0 all else.
    """

    goal: Goal = field(
        default=Goal.PAINTED,
        metadata=choice(
            "Target",
            ((Goal.PAINTED, "what I paint"), (Goal.OUTPUT, "the present output")),
            "<i>what I paint</i>: paint on the picture what should light up.<br><i>the present "
            "output</i>: find the kernel again from input and output alone.",
            noun="target",
        ),
    )
    size: tuple[int, int] = field(
        default=(5, 5),
        metadata=pair_of("Size", 1, LARGEST, "Rows × columns of the kernel.", unit="cells"),
    )
    strokes: Strokes = ()


class Band(StrEnum):
    """Which waves pass."""

    LOW = "low"
    HIGH = "high"
    BETWEEN = "between"
    NONE = "none"


class Window(StrEnum):
    """How the endless kernel ends."""

    NONE = "none"
    HANN = "hann"


@dataclass(frozen=True, slots=True)
class Waves:
    """A painted spectrum.

    Attributes:
        band: Which waves pass before anything is painted.
        inner: Below it frequencies are low [cycles per pixel].
        outer: Above it they are high [cycles per pixel].
        size: (rows, columns) of the kernel [cells].
        window: How the endless kernel ends.
        strokes: What was painted over it: 1 lets pass, 0 stops.
    """

    band: Band = field(
        default=Band.LOW,
        metadata=choice(
            "Pass",
            (
                (Band.LOW, "low frequencies"),
                (Band.HIGH, "high frequencies"),
                (Band.BETWEEN, "a band"),
                (Band.NONE, "none: I paint"),
            ),
            "Low frequencies, in the middle of the spectrum, are smooth areas; high ones are "
            "detail. Paint over it what should pass or stop.",
            noun="frequencies that pass",
        ),
    )
    inner: float = field(
        default=0.15,
        metadata=decimal(
            "Cutoff",
            0.01,
            0.7,
            0.01,
            "Where low frequencies end, in cycles per pixel: 0.5 is every second pixel.",
            noun="cutoff frequency",
            digits=2,
        ),
    )
    outer: float = field(
        default=0.3,
        metadata=decimal(
            "Upper cutoff",
            0.02,
            0.71,
            0.01,
            "Where the band ends, in cycles per pixel.",
            noun="upper cutoff frequency",
            digits=2,
            needs=("band", Band.BETWEEN),
        ),
    )
    size: tuple[int, int] = field(
        default=(15, 15),
        metadata=pair_of(
            "Size", 1, 31, "Rows × columns of the kernel: fewer cut more off.", unit="cells"
        ),
    )
    window: Window = field(
        default=Window.NONE,
        metadata=choice(
            "End",
            ((Window.NONE, "cut off"), (Window.HANN, "fade out (Hann)")),
            "<i>cut off</i>: nearest to the paint, and ripples.<br><i>fade out</i>: hardly "
            "ripples, and is less steep.",
            noun="end of the kernel",
        ),
    )
    strokes: Strokes = ()

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything."""
        return name != "inner" or self.band is not Band.NONE


class Operation(StrEnum):
    """What is tested."""

    KERNEL = "kernel"
    MEDIAN = "median"
    EROSION = "erosion"
    BILATERAL = "bilateral"
    RELU = "relu"
    ABSOLUTE = "absolute"
    GAMMA = "gamma"
    BIAS = "bias"
    MIRROR = "mirror"
    ROWS = "rows"
    STACK = "stack"


@dataclass(frozen=True, slots=True)
class Trial:
    """An operation of which it is asked whether it is a convolution.

    Attributes:
        operation: Which.
        reach: From the middle of its window to its side [px].
    """

    operation: Operation = field(
        default=Operation.MEDIAN,
        metadata=choice(
            "Operation",
            (
                (Operation.KERNEL, "the present kernel"),
                (Operation.MEDIAN, "median"),
                (Operation.EROSION, "erosion (minimum)"),
                (Operation.BILATERAL, "bilateral filter"),
                (Operation.RELU, "ReLU"),
                (Operation.ABSOLUTE, "absolute value"),
                (Operation.GAMMA, "gamma 1/2.2"),
                (Operation.BIAS, "the present kernel + 0.25"),
                (Operation.MIRROR, "mirror"),
                (Operation.ROWS, "every second row dark"),
                (Operation.STACK, "the stack of the stack lab"),
            ),
            "What is tested: is f(x\N{NO-BREAK SPACE}+\N{NO-BREAK SPACE}y) = f(x) + f(y), and does "
            "a shifted picture give the shifted output?",
            noun="operation",
        ),
    )
    reach: int = field(
        default=2,
        metadata=whole("Reach", 1, 2, "1 looks at 3 × 3 pixels, 2 at 5 × 5.", unit="px"),
    )

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything."""
        return name != "reach" or self.operation in (
            Operation.MEDIAN,
            Operation.EROSION,
            Operation.BILATERAL,
        )


@dataclass(frozen=True, slots=True)
class Undoing:
    """The present kernel, undone.

    Attributes:
        added: Standard deviation of the noise that is added to the output.
        method: How it is undone.
        noise: Standard deviation of the noise that is expected.
    """

    added: float = field(
        default=0.005,
        metadata=decimal(
            "Noise added",
            0.0,
            0.3,
            0.001,
            "Standard deviation of the noise that is added to the blurred picture; white is 1.",
            noun="added noise",
            digits=4,
        ),
    )
    method: Method = field(
        default=Method.WIENER,
        metadata=choice(
            "Method",
            (
                (Method.INVERSE, "inverse"),
                (Method.WIENER, "Wiener"),
                (Method.RICHARDSON_LUCY, "Richardson-Lucy"),
            ),
            "<i>inverse</i> divides by the kernel's spectrum, and amplifies noise without bounds."
            "<br><i>Wiener</i> weighs each wave by what the noise has left of it."
            "<br><i>Richardson-Lucy</i> multiplies by what is missing, again and again.",
            noun="method",
        ),
    )
    noise: float = field(
        default=0.005,
        metadata=decimal(
            "Expected",
            0.0,
            1.0,
            0.001,
            "The dial: too low and noise is amplified, too high and the picture stays blurred.",
            noun="expected noise",
            digits=4,
        ),
    )

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything."""
        return name != "noise" or self.method is not Method.INVERSE


@dataclass(frozen=True, slots=True)
class Design:
    """The settings of all design pages."""

    example: Example = field(default_factory=Example)
    waves: Waves = field(default_factory=Waves)
    trial: Trial = field(default_factory=Trial)
    undoing: Undoing = field(default_factory=Undoing)
