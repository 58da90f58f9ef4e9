"""The part of the Document that is two signals, and what is looked at in them.

Both signals are sampled at n = 0 … count − 1, at the times t = n · step. The full convolution has
2 · count − 1 values: c(n) = Σ f(a) g(n − a), times the step where the signals are continuous.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

from convlab.document.asset import Asset
from convlab.document.lab_part import LabState, LabViewing
from convlab.document.signal.pair_neuron import PairNeuron
from convlab.document.table_form import FOUND, TableForm
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode
from convlab.layers.parameters import choice, decimal, flag, whole

LEAST_COUNT, MOST_COUNT = 2, 200_000
LEAST_STEP, LARGEST_STEP = 1e-6, 1e6
LONGEST_TIME = MOST_COUNT * LARGEST_STEP
HIGHEST = 1e6
LARGEST_SEED = 2**32 - 1
LONGEST_DRAWING = 4096  # values of a drawn signal kept in the document

OWN_SOUND = "sample:"
"""A path that begins so is a sound that comes with the program; whoever reads knows where it is."""


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
    REVERB = "reverb"  # 1 at its position, then noise that halves every ``width``
    LOW_PASS = "low_pass"  # a window with a sum of 1, ``width`` long
    STEP = "step"  # ``height`` from its position on
    SINE = "sine"  # a tone with the period ``width``
    CHIRP = "chirp"  # a tone that rises
    SINC = "sinc"  # zero every ``width`` but in its middle
    NOISE = "noise"
    DRAWING = "drawing"  # drawn with the mouse, or read from a CSV file
    SOUND = "sound"  # a file


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


_ALL = ("position", "width", "height")
FIGURES: Mapping[SignalKind, tuple[str, ...]] = MappingProxyType(
    dict.fromkeys(SignalKind, _ALL)
    | dict.fromkeys((SignalKind.DICE, SignalKind.DRAWING, SignalKind.SOUND), ())
    | {
        SignalKind.TRACK: (*_ALL, "seed"),
        SignalKind.EDGE: ("position", "height"),
        SignalKind.STEP: ("position", "height"),
        SignalKind.NOISE: ("height", "seed"),
        SignalKind.REVERB: (*_ALL, "seed"),
        SignalKind.LOW_PASS: ("position", "width"),
    }
)
"""Which numbers of a spec its kind takes, in the order in which its maker takes them."""

_figure = partial(decimal, digits=6)

TITLES = (
    (SignalKind.BOX, "Box"),
    (SignalKind.TRIANGLE, "Triangle"),
    (SignalKind.GAUSSIAN, "Gaussian"),
    (SignalKind.DECAY, "Exponential decay"),
    (SignalKind.SPIKES, "Spikes"),
    (SignalKind.SAWTOOTH, "Sawtooth"),
    (SignalKind.DICE, "Die"),
    (SignalKind.TRACK, "Noisy track"),
    (SignalKind.EDGE, "Edge"),
    (SignalKind.ECHO, "Echo"),
    (SignalKind.REVERB, "Reverb"),
    (SignalKind.LOW_PASS, "Low-pass"),
    (SignalKind.STEP, "Step"),
    (SignalKind.SINE, "Sine"),
    (SignalKind.CHIRP, "Chirp"),
    (SignalKind.SINC, "Sinc"),
    (SignalKind.NOISE, "Noise"),
    (SignalKind.DRAWING, "Drawing or table"),
    (SignalKind.SOUND, "Sound"),
)


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
        table: How that file is read, if it is a table.
    """

    kind: SignalKind = field(
        default=SignalKind.BOX,
        metadata=choice(
            "shape", TITLES, "What the signal looks like. Try two boxes: a triangle comes of them."
        ),
    )
    position: float = field(
        default=8.0,
        metadata=_figure(
            "position",
            -LONGEST_TIME,
            LONGEST_TIME,
            1.0,
            "Where the signal is: the middle of a box, triangle or Gaussian, the start of the "
            "others. Or drag the lower handle in the plot.",
        ),
    )
    width: float = field(
        default=8.0,
        metadata=_figure(
            "width",
            LEAST_STEP,
            LONGEST_TIME,
            1.0,
            "How wide it is: a Gaussian's standard deviation, the half-life of a decay, the gap "
            "between spikes. Wide signals smooth more.",
        ),
    )
    height: float = field(
        default=1.0,
        metadata=_figure(
            "height",
            -HIGHEST,
            HIGHEST,
            0.1,
            "How high it is; the gain of an echo. Twice the height, twice the result: "
            "convolution is linear.",
        ),
    )
    is_normalised: bool = field(
        default=False,
        metadata=flag(
            "sums to 1",
            "Scales the signal so that its values sum to 1: the result is a weighted average, and "
            "keeps the level of the other signal.",
            title="Normalisation",
        ),
    )
    seed: int = field(
        default=0,
        metadata=whole(
            "noise",
            0,
            LARGEST_SEED,
            "Another number draws another noise, the same number the same.",
            noun="seed",
        ),
    )
    values: tuple[float, ...] = ()
    path: str = ""
    held: Held | None = None
    table: TableForm = FOUND

    @property
    def is_from_file(self) -> bool:
        """Whether the samples are those of a file."""
        is_held = self.kind in (SignalKind.DRAWING, SignalKind.SOUND)
        return is_held and bool(self.path) and not self.values

    @property
    def is_from_table(self) -> bool:
        """Whether the samples are those of a table, which may be read otherwise."""
        return self.is_from_file and self.held is not None and self.kind is SignalKind.DRAWING

    @property
    def is_outside(self) -> bool:
        """Whether the samples are those of a file which nobody has read."""
        return self.is_from_file and self.held is None and not self.path.startswith(OWN_SOUND)

    def uses(self, name: str) -> bool:
        """Tell whether a parameter says anything of a signal of this kind."""
        if name == "is_normalised":
            return self.kind not in (SignalKind.DICE, SignalKind.LOW_PASS)
        return name == "kind" or name in FIGURES[self.kind]


@dataclass(frozen=True, slots=True)
class SignalState(LabState):
    """Everything that can be edited in the signal lab.

    Attributes:
        f: The signal that stays.
        g: The signal that is flipped and slides.
        count: Samples of each.
        step: Time between two samples.
        is_continuous: They are curves, and products are areas; else stems, and products are sums.
        mode: Which part of the result is kept.
        is_flipped: g is flipped (convolution); False is correlation.
        scene: Name of the scene it came from, changed since or not; empty: signals of one's own.
        neuron: The weights tried on f: no part of a scene.
    """

    f: SignalSpec = SignalSpec()
    g: SignalSpec = SignalSpec(position=6.0)
    count: int = field(
        default=32,
        metadata=whole(
            "samples",
            LEAST_COUNT,
            MOST_COUNT,
            "How many samples each signal has. The full result has 2 · count − 1.",
        ),
    )
    step: float = field(
        default=1.0,
        metadata=_figure(
            "step",
            LEAST_STEP,
            LARGEST_STEP,
            1.0,
            "Time from one sample to the next. Areas are sums times the step: the smaller it is, "
            "the nearer they come to the integral.",
        ),
    )
    is_continuous: bool = field(
        default=False,
        metadata=flag(
            "curves",
            "On: the signals are curves, and areas are taken. Off: stems, and products are summed.",
            noun="curves or stems",
        ),
    )
    mode: Mode = field(
        default=Mode.FULL,
        metadata=choice(
            "part kept",
            tuple((each, each.value) for each in Mode),
            "full: wherever f and g meet. same: as many values as f. valid: only where the shorter "
            "lies wholly on the longer, so that no border takes part.",
        ),
    )
    is_flipped: bool = field(
        default=True,
        metadata=flag(
            "flip g",
            "On: convolution, Σ f(a) g(c − a). Off: correlation, Σ f(a) g(a − c), which compares.",
            key="is_turned",
        ),
    )
    scene: str = ""
    neuron: PairNeuron = field(default_factory=PairNeuron)

    @property
    def places(self) -> range:
        """The places c that can be looked at, of the convolution and of the correlation."""
        return range(1 - self.count, 2 * self.count - 1)

    @property
    def own_places(self) -> range:
        """Those of the result: of a convolution from 0 on, of a correlation its lags."""
        first = 0 if self.is_flipped else 1 - self.count
        return range(first, first + 2 * self.count - 1)

    def is_own_place(self, c: int) -> bool:
        """Tell whether the result has a value at a place."""
        return c in self.own_places

    def outside(self) -> dict[str, tuple[str, str]]:
        """Return the sounds and tables that nobody has read."""
        specs = {"f": self.f, "g": self.g}
        return {
            which: ("sound or table", spec.path) for which, spec in specs.items() if spec.is_outside
        }

    def with_paths(self, paths: Mapping[str, str]) -> SignalState:
        """Return this with other sounds or tables."""
        changed = {which: replace(getattr(self, which), path=path) for which, path in paths.items()}
        return replace(self, **changed)


class SignalTab(StrEnum):
    """The views below the plots; only the one on the screen is computed."""

    TABLE = "table"
    COPIES = "copies"
    MATRIX = "matrix"
    NEURON = "neuron"
    LAWS = "laws"
    RACE = "race"
    BALL = "ball"


@dataclass(frozen=True, slots=True)
class SignalViewing(LabViewing):
    """What a person looks at in the signal lab; not undone.

    Attributes:
        c: The place of the result at which g stands over f, in samples. It stays when g is
            flipped, or flipped back.
        flip: How far g is flipped on its way from its own place to c: 0 lies as it was, 1 as the
            convolution wants it.
        is_playing: g moves on by itself.
        speed: Samples of the result per second while it plays.
        tab: The view below the plots.
        ball_cell: (row, column) of the distance looked at in the ball's view.
    """

    c: int = 3
    flip: float = 1.0
    is_playing: bool = False
    speed: float = 12.0
    tab: SignalTab = SignalTab.TABLE
    ball_cell: tuple[int, int] = (4, 4)

    @property
    def shows_source(self) -> bool:
        """What is on the screen is made of the source's picture."""
        return False

    def remembered(self) -> dict[str, Any]:
        """Return what a project remembers."""
        return {"tab": self.tab, "c": self.c}

    def recalled(self, remembered: Mapping[str, Any], state: SignalState) -> SignalViewing:
        """Return this with what was remembered, as far as the state has it."""
        tab = remembered.get("tab", self.tab)
        places = state.places
        c = min(max(remembered.get("c", self.c), places[0]), places[-1])
        return replace(self, tab=tab, c=c, flip=1.0, is_playing=False)
