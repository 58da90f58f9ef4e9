"""A kernel that is to be learned: its target, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from convlab.document.learning.rule import Rule
from convlab.learn.one_kernel import KernelSettings
from convlab.learn.optimisers import Optimiser

LEAST_SIZE, LARGEST_SIZE = 3, 9  # cells a side

Point = tuple[float, float]


class TargetKind(StrEnum):
    """Where the target image comes from."""

    PRESET = "preset"  # a ready kernel makes it
    EDGE = "edge"  # an edge detector at an angle makes it
    PAINTED = "painted"  # a person paints it, on paper that is 0 everywhere


USUAL_RATES = {Rule.SGD: 0.2, Rule.MOMENTUM: 0.05, Rule.ADAM: 0.05}
"""Learning rates that suit a picture between 0 and 1 and a small kernel."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One movement of the brush over the target image.

    Attributes:
        points: (row, column) from point to point, as fractions of the picture's height and width.
        radius: Of the brush, as a fraction of the picture's height.
        value: The target where it went: 1 is bright, −1 dark, 0 wipes.
    """

    points: tuple[Point, ...]
    radius: float
    value: float


@dataclass(frozen=True, slots=True)
class KernelTask:
    """What a kernel shall learn to do to the picture, and how.

    Attributes:
        target: Where the target image comes from.
        preset: Name of the kernel that makes it.
        angle: Where the edge runs that it shows, counter-clockwise from the horizontal [degrees].
        is_flipped: The target kernel is flipped by 180 degrees first: true convolution.
        strokes: What was painted, the first stroke first.
        size: Of the kernel that learns, in cells a side.
        rule: How its cells follow their gradients.
        rate: The learning rate.
        patches: Patches in each step, the batch size.
        noise: Standard deviation of what is added to the target image in each step.
        spread: Standard deviation of the initial cells.
        centred: Whether the means of the patches are taken out first.
        seed: Of the initial cells, the places and the noise.
    """

    target: TargetKind = TargetKind.PRESET
    preset: str = "Sobel vertical"
    angle: float = 70.0
    is_flipped: bool = False
    strokes: tuple[Stroke, ...] = ()
    size: int = 3
    rule: Rule = Rule.ADAM
    rate: float = USUAL_RATES[Rule.ADAM]
    patches: int = 512
    noise: float = 0.0
    spread: float = 1.0
    centred: bool = True
    seed: int = 1

    @property
    def optimiser(self) -> Optimiser:
        """The rule at its rate."""
        return self.rule.at(self.rate)

    @property
    def settings(self) -> KernelSettings:
        """How it is trained.

        Raises:
            ValueError: If a number cannot be used.
        """
        return KernelSettings(
            self.optimiser, self.patches, self.noise, self.spread, self.centred, self.seed
        )


@dataclass(frozen=True, slots=True)
class Brush:
    """What the mouse paints with.

    Attributes:
        value: Of the target: 1, −1, or 0 to wipe.
        radius: As a fraction of the picture's height.
    """

    value: float = 1.0
    radius: float = 0.02


@dataclass(frozen=True, slots=True)
class KernelViewing:
    """What is looked at while a kernel learns; not undone.

    Attributes:
        is_playing: Steps are taken as long as it is on the screen.
        pace: Steps for each picture painted; 0 is as many as there is time for.
        steps: Single steps asked for so far.
        resets: How often it was to be re-initialised.
        brush: What the mouse paints with.
    """

    is_playing: bool = False
    pace: int = 0
    steps: int = 0
    resets: int = 0
    brush: Brush = Brush()
