"""Scenes of the signal lab: two signals whose convolution says something about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from convlab.document.signal.model import OWN_SOUND, SignalKind, SignalSpec, SignalState, SignalTab
from convlab.engine.conv1d import Mode

MELODY = OWN_SOUND + "plucked-strings.wav"
SOUND_RATE = 22050  # of that sound [samples per second]


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene.

    Attributes:
        name: As it stands in the list.
        text: Two sentences that say what to see.
        state: The signals.
        start_position: Where g stands at first.
        tab: The view that shows it best.
    """

    name: str
    text: str
    state: SignalState
    start_position: int
    tab: SignalTab


def _drawing(*values: float) -> SignalSpec:
    return SignalSpec(SignalKind.DRAWING, 0.0, values=values)


_SCENES = (
    Scene(
        "Falling ball",
        "A ball is dropped and rolls away, then is dropped again where it stopped: f(a) and g(b) "
        "are the probabilities that it rolls a and then b. It ends at c in every way in which "
        "a + b = c, so the probabilities f(a) g(c − a) are added: move c and read the terms.",
        SignalState(_drawing(0.1, 0.2, 0.4, 0.3), _drawing(0.3, 0.4, 0.2, 0.1), count=8),
        3,
        SignalTab.TERMS,
    ),
    Scene(
        "Falling ball in 2-D",
        "On a plane the ball rolls down and to the right, and c is a place: a row and a column. "
        "Choose one in the last map, and all pairs of rolls that lead there are listed: as many "
        "as f and g, flipped by 180 degrees, have cells on each other.",
        SignalState(_drawing(0.1, 0.2, 0.4, 0.3), _drawing(0.3, 0.4, 0.2, 0.1), count=8),
        3,
        SignalTab.BALL,
    ),
    Scene(
        "Repeated doses",
        "Every 8 hours 100 mg of a medicine are taken, and after each 8 hours half of it is left. "
        "Each dose adds a fading copy, and so the level climbs 100, 150, 175 … towards 200 mg: "
        "change the gap or the half-life and see where it settles.",
        SignalState(
            SignalSpec(SignalKind.SPIKES, 0.0, 8.0, 100.0),
            SignalSpec(SignalKind.DECAY, 0.0, 8.0, 1.0),
            count=64,
        ),
        0,
        SignalTab.COPIES,
    ),
    Scene(
        "Noisy car",
        "The measured position of a car trembles, and each new value is averaged with older ones, "
        "the newest first, by weights that sum to one. A longer memory trembles less and follows "
        "later: widen g, and see noise turn into lag.",
        SignalState(
            SignalSpec(SignalKind.TRACK, 10.0, 100.0, 100.0, seed=1),
            SignalSpec(SignalKind.DECAY, 0.0, 4.0, 1.0, is_normalised=True),
            count=120,
        ),
        60,
        SignalTab.TERMS,
    ),
    Scene(
        "Echo",
        "g is a spike and, 0.2 seconds later, another half as high: the sound of a wall that "
        "answers once. Each spike brings a copy of the sound f, so you hear it, and then its echo.",
        SignalState(
            SignalSpec(SignalKind.SOUND, 0.0, path=MELODY),
            SignalSpec(SignalKind.ECHO, 0.0, 0.2, 0.5),
            count=3 * SOUND_RATE,
            step=1 / SOUND_RATE,
        ),
        SOUND_RATE // 2,
        SignalTab.TERMS,
    ),
    Scene(
        "Box with box",
        "Two equal boxes slide over each other, and the area that they share grows evenly until "
        "they lie on one another, then shrinks. What comes of it is a triangle: its peak is where "
        "they align, and it is twice as wide as a box.",
        SignalState(
            SignalSpec(SignalKind.BOX, 4.0, 3.0),
            SignalSpec(SignalKind.BOX, 3.0, 3.0),
            count=48,
            step=0.2,
            is_continuous=True,
        ),
        20,
        SignalTab.TERMS,
    ),
    Scene(
        "Spikes with box",
        "A single spike of height 1 gives back g, moved to where the spike is. So a row of spikes "
        "adds a copy of the box at each: every signal is such a row, of spikes of all heights.",
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
        "gentle slopes; near both ends fewer than five are there, so the mean sinks: try valid.",
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
        SignalState(SignalSpec(SignalKind.BOX, 12.0, 9.0), SignalSpec(SignalKind.EDGE, 0.0)),
        8,
        SignalTab.MATRIX,
    ),
    Scene(
        "Two dice",
        "Each face of a die has the probability 1/6, and a sum such as 7 comes about in six ways: "
        "1 + 6, 2 + 5 … 6 + 1. Count the ways of each sum as g slides: two even dice make a "
        "triangle with its peak at 7.",
        SignalState(SignalSpec(SignalKind.DICE, 0.0), SignalSpec(SignalKind.DICE, 0.0), count=8),
        7,
        SignalTab.TERMS,
    ),
    Scene(
        "Low-pass",
        "g is a short, soft window with a sum of 1, and each sample of the sound becomes a mean "
        "of its neighbours. Quick tremblings cancel out and slow ones stay: the sound grows dull, "
        "the more so the wider g is.",
        SignalState(
            SignalSpec(SignalKind.SOUND, 0.0, path=MELODY),
            SignalSpec(SignalKind.LOW_PASS, 0.0, 0.002),
            count=3 * SOUND_RATE,
            step=1 / SOUND_RATE,
            mode=Mode.SAME,
        ),
        SOUND_RATE // 2,
        SignalTab.TERMS,
    ),
)

SCENES: Mapping[str, Scene] = MappingProxyType(
    {scene.name: replace(scene, state=replace(scene.state, scene=scene.name)) for scene in _SCENES}
)
"""All scenes by name, in the order of the list."""
