"""A kernel that is to be learned: its target, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from convlab.document.learning.rule import Rule, learning_rate, optimiser_choice, random_seed
from convlab.document.strokes import FIRST_BRUSH, Brush, Stroke
from convlab.engine import kernels
from convlab.layers.parameters import choice, decimal, flag, whole
from convlab.learn.one_kernel import KernelSettings
from convlab.learn.optimisers import Optimiser

LARGEST_SIZE = 9  # cells a side


class TargetKind(StrEnum):
    """Where the target image comes from."""

    PRESET = "preset"  # the output of a preset kernel
    EDGE = "edge"  # the output of an edge detector at an angle
    PAINTED = "painted"  # a person paints it, on paper that is 0 everywhere


USUAL_RATES = {Rule.SGD: 0.2, Rule.MOMENTUM: 0.05, Rule.ADAM: 0.05}
"""Learning rates that suit a picture between 0 and 1 and a small kernel."""


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

    target: TargetKind = field(
        default=TargetKind.PRESET,
        metadata=choice(
            "Target",
            (
                (TargetKind.PRESET, "output of a preset"),
                (TargetKind.EDGE, "edges at an angle"),
                (TargetKind.PAINTED, "what I paint"),
            ),
            "Where the target image comes from. The kernel sees only picture and target image, "
            "never the target kernel's cells.",
        ),
    )
    preset: str = "Sobel vertical"
    angle: float = field(
        default=70.0,
        metadata=decimal(
            "Angle",
            -1e9,  # files hold any angle; edits turn it into 0 to 360
            1e9,
            1.0,
            "Where the edge runs that is to be found, counter-clockwise from the horizontal: 90° "
            "is upright. Try 45° and 70°.",
            unit="°",
        ),
    )
    is_flipped: bool = field(
        default=False,
        metadata=flag(
            "Flip the target by 180° (convolve)",
            "True convolution flips the kernel by 180° first; the learner only correlates and "
            "converges to the flipped one: for a symmetric blur the same, for an edge minus it.",
            noun="flip",
            key="is_turned",
        ),
    )
    strokes: tuple[Stroke, ...] = ()
    size: int = field(
        default=3,
        metadata=whole(
            "Size",
            3,
            LARGEST_SIZE,
            "Cells a side of the kernel that learns. Another size initialises it again.",
            noun="kernel size",
        ),
    )
    rule: Rule = field(
        default=Rule.ADAM,
        metadata=optimiser_choice(
            "SGD: w ← w − η g.<br>Momentum: v ← 0.9 v + g, w ← w − η v: it rolls on.<br>Adam: each "
            "cell moves by about η, however flat it is there; long after the target is found it "
            "may jump away, and find back.<br>Each comes with a usual rate."
        ),
    )
    rate: float = field(
        default=USUAL_RATES[Rule.ADAM],
        metadata=learning_rate(
            "η, how far a step goes. Too low: it takes for ever. Too high: training diverges. Try "
            "SGD with 20."
        ),
    )
    patches: int = field(
        default=512,
        metadata=whole(
            "Patches",
            1,
            16_384,
            "The batch size: patches of the picture in each step. Few are quick and noisy.",
            noun="number of patches",
            is_wide=True,
        ),
    )
    noise: float = field(
        default=0.0,
        metadata=decimal(
            "Noise σ",
            0.0,
            10.0,
            1e-6,
            "Standard deviation of what is added to the target in each step. The loss cannot fall "
            "below its square; the kernel is found all the same.",
            noun="noise",
            is_wide=True,
        ),
    )
    spread: float = field(
        default=1.0,
        metadata=decimal(
            "Initial σ",
            0.0,
            10.0,
            1e-6,
            "Standard deviation of the random initialisation; 0 begins with zeros.",
            noun="initial spread",
            is_wide=True,
        ),
    )
    centred: bool = field(
        default=True,
        metadata=flag(
            "Centre",
            "Take the mean out of patches and target. Pictures are bright on average, so the loss "
            "surface is steepest by far along the sum of the kernel, and slow in all other "
            "directions. Without it, watch the loss fall fast, and then hardly.",
            noun="centre",
        ),
    )
    seed: int = field(
        default=1,
        metadata=random_seed(
            "Of the initial cells, the patches and the noise: the same seed gives the same steps."
        ),
    )

    def settled(self, name: str) -> KernelTask:
        """Return the task with what follows from a choice.

        An optimiser has its usual rate, an angle is that of an edge, and the kernel grows until
        a ready one fits that it is to become.
        """
        task = self
        if name == "rule":
            task = replace(task, rate=USUAL_RATES[task.rule])
        if name == "angle":
            task = replace(task, target=TargetKind.EDGE, angle=task.angle % 360.0)
        if name in ("target", "preset") and task.target is TargetKind.PRESET:
            task = replace(task, size=max(task.size, *kernels.preset(task.preset).shape))
        return task

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
class KernelTrainingViewing:
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
    brush: Brush = FIRST_BRUSH
