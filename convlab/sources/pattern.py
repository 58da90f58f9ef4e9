"""The teaching patterns: one click, no camera, and every number known beforehand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlab.document.frame import BarAngle, Frame
from convlab.document.source import PatternOptions
from convlab.engine.arrays import AnyArray
from convlab.sources.base import Pacer, SourceError
from convlab.sources.patterns import drift, shapes, small, torchlight

DEFAULT_FPS = 60.0
LONGEST_STEP = 0.1
"""The most that passes for a pattern between two frames [s]: no jump after a pause."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a pattern is called, teaches, and how it is drawn.

    Attributes:
        name: Its name in a SPEC, ``pattern:NAME``.
        title: What the window calls it.
        description: One line on what to see in it.
        render: Draws it: (time [s], dials) -> pixels. The same arguments give the same picture.
        moves: Whether time changes it.
        white: The brightest value in engine units.
        uses_angle: Whether the angle changes it.
        uses_position: Whether the position changes it.
        bar_angle: Of a bar that turns, its angle [degrees], from the same; its width is a dial.
    """

    name: str
    title: str
    description: str
    render: Callable[[float, PatternOptions], AnyArray]
    moves: bool = False
    white: float = 1.0
    uses_angle: bool = False
    uses_position: bool = False
    bar_angle: Callable[[float, PatternOptions], float] | None = None


_ALL = (
    Pattern(
        "torch",
        "Text under a torch",
        "The light wanders, the letters stay: watch which filters follow the edges, not the light.",
        torchlight.torch,
        moves=True,
    ),
    Pattern(
        "step",
        "Step, 6×6",
        "10 on the left, 0 on the right: a vertical edge filter answers only in the middle.",
        small.step,
        white=small.BRIGHT,
    ),
    Pattern(
        "reversed-step",
        "Reversed step, 6×6",
        "0 on the left, 10 on the right: the same edge filter answers with the opposite sign.",
        small.reversed_step,
        white=small.BRIGHT,
    ),
    Pattern(
        "checker",
        "Checker, 6×6",
        "Two bright blocks meet at a corner: edges of both signs, and 0 where they cancel.",
        small.checker,
        white=small.BRIGHT,
    ),
    Pattern(
        "impulse",
        "Impulse, 7×7",
        "A single 1: convolution returns the kernel itself, correlation the kernel flipped 180°.",
        small.impulse,
    ),
    Pattern(
        "step-1000",
        "Step, 1000×1000",
        "The same step on a large picture: the edge found is thin, no longer a third of the width.",
        small.step_1000,
        white=small.BRIGHT,
    ),
    Pattern(
        "bar",
        "Bar",
        "A white bar at any angle: an oriented filter answers most when the angles agree.",
        shapes.bar,
        uses_angle=True,
        bar_angle=lambda _, options: options.angle,
    ),
    Pattern(
        "rotating-bar",
        "Rotating bar",
        "The bar turns once in 6 s: the answer rises and falls as in a simple cell of the eye's "
        "cortex.",
        shapes.rotating_bar,
        moves=True,
        bar_angle=shapes.turned_to,
    ),
    Pattern(
        "grating",
        "Drifting grating",
        "Stripes of one frequency and one direction: a filter passes them, weakens them or not.",
        shapes.grating,
        moves=True,
        uses_angle=True,
    ),
    Pattern(
        "red-edge",
        "Edge only in red",
        "Green and blue are flat: only a kernel that weighs red by itself finds the edge purely.",
        small.red_edge,
    ),
    Pattern(
        "object",
        "Object to drag",
        "Drag the disc: the answer moves with it, for convolution treats every place alike.",
        shapes.movable_object,
        uses_position=True,
    ),
    Pattern(
        "noise",
        "Noise",
        "Every pixel random, again in each frame: averaging calms it, sharpening makes it worse.",
        shapes.noise,
        moves=True,
    ),
    Pattern(
        "drift",
        "Drifting scene, 720p",
        "Shapes of every direction and colour on the move: a picture to measure speed with.",
        drift.drift,
        moves=True,
    ),
    Pattern(
        "zone-plate",
        "Zone plate",
        "Every frequency and direction at once: where the rings turn grey, the filter cuts off.",
        shapes.zone_plate,
    ),
)

PATTERNS: dict[str, Pattern] = {pattern.name: pattern for pattern in _ALL}
"""All patterns by name, in the order in which the window lists them."""


class PatternSource:
    """Draws a pattern whenever a frame is due; a still one only when its dials changed.

    Args:
        name: One of ``PATTERNS``.
        options: Its dials.
        fps: Rate of a moving pattern [1/s]; None: as fast as it is read, 1/60 s of its own time
            each, so that a benchmark sees the same pictures on every machine.
        clock: Gives the time [s]; tests pass their own.

    Raises:
        SourceError: There is no pattern of this name.
    """

    def __init__(
        self,
        name: str,
        options: PatternOptions | None = None,
        fps: float | None = DEFAULT_FPS,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        if name not in PATTERNS:
            allowed = ", ".join(PATTERNS)
            raise SourceError(f"There is no pattern “{name}”: choose one of {allowed}.")
        self.pattern = PATTERNS[name]
        self.title = self.pattern.title
        self.moves = self.pattern.moves
        self._options = options or PatternOptions()
        self._fixed_step = None if fps else 1.0 / DEFAULT_FPS
        self._clock = clock
        self._pacer = Pacer(fps, clock)
        self._index = 0
        self._time = 0.0
        self._previous: float | None = None
        self._is_due = True

    def set_options(self, options: PatternOptions) -> None:
        """Turn the dials; the next frame shows it. May be called from another thread."""
        self._options = options
        self._is_due = True

    def read(self) -> Frame | None:
        """Draw the next frame when it is due."""
        if not self.moves:
            return self._draw() if self._is_due else None
        if not self._pacer.wait():
            return None
        self._pacer.advance()
        self._pass_time()
        return self._draw()

    def close(self) -> None:
        """Nothing is held."""

    def _draw(self) -> Frame:
        self._is_due = False  # Before the dials are read: a turn during the drawing is not lost.
        pattern, options = self.pattern, self._options
        pixels = np.ascontiguousarray(pattern.render(self._time, options))
        bar = None
        if pattern.bar_angle is not None:
            subject = f"{pattern.name} {options.width}"
            bar = BarAngle(pattern.bar_angle(self._time, options) % 360.0, subject)
        frame = Frame(pixels, self._index, self._clock(), pattern.white, bar)
        self._index += 1
        return frame

    def _pass_time(self) -> None:
        """Let the pattern's own time pass as the clock's does, but never in jumps."""
        now = self._clock()
        if self._previous is not None:
            self._time += self._fixed_step or min(now - self._previous, LONGEST_STEP)
        self._previous = now
