"""The part of the Document that is two signals, and what is looked at in them.

Both signals are sampled at n = 0 … count − 1, at the times t = n · step. The full convolution has
2 · count − 1 values: c(n) = Σ f(a) g(n − a), times the step where the signals are continuous.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.document.asset import Asset
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode

LEAST_COUNT, MOST_COUNT = 2, 200_000
LONGEST_DRAWING = 4096  # values of a drawn signal kept in the document


class SignalKind(StrEnum):
    """The shapes to choose from; the value is the name used in files."""

    BOX = "box"
    TRIANGLE = "triangle"
    GAUSSIAN = "gaussian"
    DECAY = "decay"  # jumps to its height at its position, then halves every ``width``
    SPIKES = "spikes"  # one every ``width`` from its position on
    SAWTOOTH = "sawtooth"
    DICE = "dice"  # the probabilities of the faces of a die: 1/6 at 1 … 6
    TRACK = "track"  # a car's position with noise
    EDGE = "edge"  # +1 and −1 on neighbours
    ECHO = "echo"  # 1 at its position, ``height`` again after ``width``
    LOW_PASS = "low_pass"  # a window with a sum of 1, ``width`` long
    DRAWING = "drawing"  # drawn with the mouse, or read from a CSV file
    SOUND = "sound"  # a WAV file


@dataclass(frozen=True, slots=True)
class Held:
    """What a sound or table file holds. Two are equal if their files are.

    Attributes:
        values: ``(n,)`` read-only, the first MOST_COUNT at most: no more are ever shown.
        asset: The file itself; None of a sound that comes with the program.
        length: How many samples the file has.
        rate: Of a sound its samples per second [Hz]; 0 of a table.
        error: Why there are no values, if the file cannot be read any more.
    """

    values: AnyArray = field(compare=False, repr=False)
    asset: Asset | None = None
    length: int = 0
    rate: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """One signal.

    Attributes:
        kind: Its shape.
        position: Where it is: the middle of a box, triangle or Gaussian, the start of the others
            [time].
        width: How wide: full width of box, triangle and sawtooth, standard deviation of a Gaussian,
            half-life of a decay, gap of spikes and of an echo, length of a low-pass [time].
        height: How high; the gain of an echo.
        is_normalised: Scaled so that its values sum to 1 (to 1 / step if it is continuous).
        seed: Of the noise of a track.
        values: Of a drawing, float values at n = 0, 1, …; zero after its end.
        path: Of a sound or table file, or its name alone if it came with a project.
        held: What that file holds; None of a sound that comes with the program, and of a file
            that nobody has read: it is silent.
    """

    kind: SignalKind = SignalKind.BOX
    position: float = 8.0
    width: float = 8.0
    height: float = 1.0
    is_normalised: bool = False
    seed: int = 0
    values: tuple[float, ...] = ()
    path: str = ""
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class SignalState:
    """Everything that can be edited in the signal lab.

    Attributes:
        f: The signal that stays.
        g: The signal that is flipped and slides.
        count: Samples of each.
        step: Time between two samples.
        is_continuous: They are curves, and products are areas; else stems, and products are sums.
        mode: Which part of the result is kept.
        is_flipped: g is flipped (convolution); False is correlation.
        scene: Name of the scene it came from; empty if it was changed since.
    """

    f: SignalSpec = SignalSpec()
    g: SignalSpec = SignalSpec(position=6.0)
    count: int = 32
    step: float = 1.0
    is_continuous: bool = False
    mode: Mode = Mode.FULL
    is_flipped: bool = True
    scene: str = ""


class SignalTab(StrEnum):
    """The views below the plots; only the one on the screen is computed."""

    TERMS = "terms"
    COPIES = "copies"
    MATRIX = "matrix"
    NEURON = "neuron"
    LAWS = "laws"
    RACE = "race"
    BALL = "ball"


class Activation(StrEnum):
    """What the neuron makes of its sum; the value is the name shown."""

    IDENTITY = "identity"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    RELU = "relu"


@dataclass(frozen=True, slots=True)
class Neuron:
    """A layer that looks at two neighbours: y(n) = s(first x(n) + second x(n + 1) + bias)."""

    first: float = 1.0
    second: float = -1.0
    bias: float = 0.0
    activation: Activation = Activation.SIGMOID


@dataclass(frozen=True, slots=True)
class SignalViewing:
    """What a person looks at in the signal lab; not undone.

    Attributes:
        position: The n of the result at which g stands over f.
        is_playing: g moves on by itself.
        speed: Samples of the result per second while it plays.
        tab: The view below the plots.
        neuron: The weights tried on f in the neuron's view.
        ball_cell: (row, column) of the distance looked at in the ball's view.
    """

    position: int = 12
    is_playing: bool = False
    speed: float = 12.0
    tab: SignalTab = SignalTab.TERMS
    neuron: Neuron = Neuron()
    ball_cell: tuple[int, int] = (4, 4)
