"""Scenes of the signal lab: two signals whose convolution says something about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from convlab.document.signal.model import OWN_SOUND, SignalKind, SignalSpec, SignalState, SignalTab
from convlab.engine.conv1d import Mode

MELODY = OWN_SOUND + "plucked-strings.wav"
SOUND_RATE = 22050  # of that sound [samples per second]


class World(StrEnum):
    """The worlds of the stories: each has a picture."""

    NONE = "none"
    BALL = "ball"
    DICE = "dice"
    DOSES = "doses"
    CAR = "car"
    ECHO = "echo"


class Units(NamedTuple):
    """What the axes count: of the places, and of the values of f, of g and of the result."""

    place: str = ""
    f: str = ""
    g: str = ""
    result: str = ""


NO_UNITS = Units()


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene.

    Attributes:
        name: As it stands in the list.
        text: Two sentences that say what to see.
        task: What to try; it can be done with what is in the window.
        state: The signals.
        c: The place that is looked at first, in samples.
        tab: The view that shows it best.
        world: What f and g are in this story.
        units: Of the places, and of the values of f, of g and of the result; empty: plain numbers.
    """

    name: str
    text: str
    task: str
    state: SignalState
    c: int
    tab: SignalTab
    world: World = World.NONE
    units: Units = NO_UNITS


def _drawing(*values: float) -> SignalSpec:
    return SignalSpec(SignalKind.DRAWING, 0.0, values=values)


_SCENES = (
    Scene(
        "Falling ball",
        "A ball rolls a places with chance f(a); dropped again where it lies, it rolls b more with "
        "chance g(b). It ends at c in every way with a + b = c: for each a the other must be "
        "b = c − a, and that is why g lies backwards over f.",
        "Move c until the chance is largest. In how many ways does it come about?",
        SignalState(_drawing(0.1, 0.2, 0.4, 0.3), _drawing(0.5, 0.3, 0.15, 0.05), count=8),
        3,
        SignalTab.TABLE,
        World.BALL,
        Units("places", "chance", "chance", "chance"),
    ),
    Scene(
        "Falling ball in 2-D",
        "On a plane the ball rolls down and to the right, and c is a place: a row and a column. "
        "All pairs of rolls that lead there are listed: as many as f and g, flipped by "
        "180 degrees, have cells on each other.",
        "Choose the place in the last map that is reached in the most ways.",
        SignalState(_drawing(0.1, 0.2, 0.4, 0.3), _drawing(0.5, 0.3, 0.15, 0.05), count=8),
        3,
        SignalTab.BALL,
        World.BALL,
        Units("places", "chance", "chance", "chance"),
    ),
    Scene(
        "Two dice",
        "The first die is fair; the second is loaded and likes the 6. A sum such as 7 comes about "
        "in six ways, 1 + 6, 2 + 5 … 6 + 1, and the chances of all of them are added.",
        "Load the second die as you like: draw g. Does the chance of 7 change?",
        SignalState(
            SignalSpec(SignalKind.DICE, 0.0), _drawing(0, 0.05, 0.05, 0.1, 0.1, 0.2, 0.5), count=8
        ),
        7,
        SignalTab.TABLE,
        World.DICE,
        Units("pips", "chance", "chance", "chance"),
    ),
    Scene(
        "Repeated doses",
        "Every 8 hours 100 mg of a medicine are taken, and after each 8 hours half of it is left. "
        "Each dose adds a fading copy, and so the level climbs 100, 150, 175 … towards 200 mg.",
        "Take a dose every 4 hours: drag the width of f. Where does the level settle?",
        SignalState(
            SignalSpec(SignalKind.SPIKES, 0.0, 8.0, 100.0),
            SignalSpec(SignalKind.DECAY, 0.0, 8.0, 1.0),
            count=64,
        ),
        0,
        SignalTab.COPIES,
        World.DOSES,
        Units("h", "mg", "share left", "mg"),
    ),
    Scene(
        "Noisy car",
        "The measured position of a car trembles, and each new value is averaged with older ones, "
        "the newest first, by weights that sum to one. A longer memory trembles less and follows "
        "later: noise turns into lag.",
        "Widen g until the line is smooth. How far does it follow behind?",
        SignalState(
            SignalSpec(SignalKind.TRACK, 10.0, 100.0, 100.0, seed=1),
            SignalSpec(SignalKind.DECAY, 0.0, 4.0, 1.0, is_normalised=True),
            count=120,
        ),
        60,
        SignalTab.TABLE,
        World.CAR,
        Units("s", "m", "weight", "m"),
    ),
    Scene(
        "Echo",
        "g is a spike and, 0.2 seconds later, another half as high: the sound of a wall that "
        "answers once. Each spike brings a copy of the sound f, so you hear it, and then its echo.",
        "Listen, then drag the second spike farther away. When do you hear two sounds, not one?",
        SignalState(
            SignalSpec(SignalKind.SOUND, 0.0, path=MELODY),
            SignalSpec(SignalKind.ECHO, 0.0, 0.2, 0.5),
            count=3 * SOUND_RATE,
            step=1 / SOUND_RATE,
        ),
        SOUND_RATE // 2,
        SignalTab.COPIES,
        World.ECHO,
        Units("s"),
    ),
    Scene(
        "Box with box",
        "Two equal boxes slide over each other, and the area that they share grows evenly until "
        "they lie on one another, then shrinks. What comes of it is a triangle: its peak is where "
        "they align, and it is twice as wide as a box.",
        "Make one box twice as wide. What becomes of the peak?",
        SignalState(
            SignalSpec(SignalKind.BOX, 4.0, 3.0),
            SignalSpec(SignalKind.BOX, 3.0, 3.0),
            count=48,
            step=0.2,
            is_continuous=True,
        ),
        20,
        SignalTab.TABLE,
    ),
    Scene(
        "Spikes with box",
        "A single spike of height 1 gives back g, moved to where the spike is. So a row of spikes "
        "adds a copy of the box at each: every signal is such a row, of spikes of all heights.",
        "Bring the spikes closer until the copies overlap. What happens where they do?",
        SignalState(
            SignalSpec(SignalKind.SPIKES, 4.0, 12.0, 1.0),
            SignalSpec(SignalKind.BOX, 3.0, 5.0, 1.0),
            count=48,
        ),
        18,
        SignalTab.COPIES,
    ),
    Scene(
        "Moving average",
        "Five weights of 1/5 replace each value by the mean of five neighbours. Jumps become "
        "gentle slopes; near both ends fewer than five are there, so the mean sinks.",
        "Keep the valid part only. How many values are left of twelve?",
        SignalState(
            _drawing(3, 7, 2, 8, 5, 9, 1, 6, 4, 10, 2, 7),
            SignalSpec(SignalKind.BOX, 2.0, 5.0, 1.0, is_normalised=True),
            count=12,
            mode=Mode.SAME,
        ),
        4,
        SignalTab.MATRIX,
    ),
    Scene(
        "Edge",
        "The weights 1 and −1 subtract from each value the one before it, so all that is even "
        "becomes 0. What is left are the edges: +1 where the box begins and −1 behind its end.",
        "Choose correlation. Which sign do both edges have now, and why?",
        SignalState(SignalSpec(SignalKind.BOX, 12.0, 9.0), SignalSpec(SignalKind.EDGE, 0.0)),
        8,
        SignalTab.MATRIX,
    ),
    Scene(
        "Product of polynomials",
        "(1 + 2x + 3x²)(4 + 5x) is worked out by multiplying each with each: x^a times x^b is "
        "x^(a + b), so the coefficient of x^c is the sum of all f(a) g(b) with a + b = c. "
        "Multiplying polynomials is convolving their coefficients.",
        "Before you look: what is the coefficient of x²? Move c to 2.",
        SignalState(_drawing(1, 2, 3), _drawing(4, 5), count=5),
        1,
        SignalTab.TABLE,
        units=Units("power of x", "coefficient", "coefficient", "coefficient"),
    ),
    Scene(
        "Low-pass",
        "g is a short, soft window with a sum of 1, and each sample of the sound becomes a mean "
        "of its neighbours. Quick tremblings cancel out and slow ones stay: the sound grows dull, "
        "the more so the wider g is.",
        "Listen, make g three times as wide, and listen again.",
        SignalState(
            SignalSpec(SignalKind.SOUND, 0.0, path=MELODY),
            SignalSpec(SignalKind.LOW_PASS, 0.0, 0.002),
            count=3 * SOUND_RATE,
            step=1 / SOUND_RATE,
            mode=Mode.SAME,
        ),
        SOUND_RATE // 2,
        SignalTab.COPIES,
        World.ECHO,
        Units("s"),
    ),
)

SCENES: Mapping[str, Scene] = MappingProxyType(
    {scene.name: replace(scene, state=replace(scene.state, scene=scene.name)) for scene in _SCENES}
)
"""All scenes by name, in the order of the list."""


def first_signals() -> SignalState:
    """Return what the lab begins with: a story in which every step can be counted."""
    return SCENES["Falling ball"].state


def scene_of(state: SignalState) -> Scene | None:
    """Return the scene that is told, changed since or not."""
    return SCENES.get(state.scene)


def is_changed(state: SignalState) -> bool:
    """Tell whether a scene's signals are others than those it began with."""
    scene = scene_of(state)
    return scene is not None and replace(state, neuron=scene.state.neuron) != scene.state
