"""One kernel learns to do to a picture what was wished: from random numbers, by gradient descent.

The output at a pixel is linear in the kernel's cells, so the mean squared error is a bowl with one
bottom; how flat it is in some direction is told by the picture alone (Widrow and Hoff, "Adaptive
switching circuits", 1960). In a flat picture all patches are alike: only the sum of the kernel can
be learned from it.

A walk is a value: ``begin`` makes its first state, ``take_step`` of one the next. Each step throws
dice of its own, from the seed and its number, so a walk may rest, and go on over another picture or
by another rule, and the same steps still give the same kernels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import check_rank, to_numbers, to_picture
from convlab.engine.shapes import Pair, anchor, check_whole, pair
from convlab.learn.losses import mean_squared_error
from convlab.learn.optimisers import NO_STATE, Adam, Optimiser, OptimiserState

_LIVELY = Adam(0.05)
LARGEST_CELL = 1e6  # a kernel that grows beyond has left its target for good
SAMPLE = 2048  # patches that tell of all of a picture
FLATNESS = 1e-9  # less steep, of the steepest, is the rounding of the picture


@dataclass(frozen=True, slots=True)
class KernelSettings:
    """How a kernel learns.

    Attributes:
        optimiser: How the cells follow their gradients.
        patches: Places of the picture that are looked at in each step.
        noise: Standard deviation of what is added to the wished output, anew in each step.
        spread: Standard deviation of the kernel's first cells.
        centred: Whether the means of the patches are taken out first. The bowl is steepest by far
            along the kernel's sum, for pictures are seldom dark on average; without that direction
            larger rates can be used, but an offset of the wished output is not learned.
        seed: Of the first cells, the places and the noise; the same gives the same kernels.

    Raises:
        ValueError: If a number cannot be used.
    """

    optimiser: Optimiser = _LIVELY
    patches: int = 512
    noise: float = 0.0
    spread: float = 1.0
    centred: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("patches", self.patches, 1)
        check_whole("seed", self.seed, 0)
        for name, number in (("noise", self.noise), ("spread", self.spread)):
            if not (math.isfinite(number) and number >= 0):
                raise ValueError(f"{name} {number!r} cannot be used: give a number of at least 0")


@dataclass(frozen=True, slots=True, eq=False)
class KernelState:
    """Where a kernel stands.

    Attributes:
        step: How many were taken.
        loss: Mean squared error of the patches looked at, before the step.
        kernel: ``(kh, kw)`` float32, read-only; the best one where learning stopped.
        memory: What the optimiser remembers.
        best: The kernel whose loss was the lowest, read-only.
        best_loss: That loss.
        stopped: Why learning stopped here, one sentence with its remedy; else empty.
    """

    step: int
    loss: float
    kernel: FloatArray
    memory: OptimiserState
    best: FloatArray
    best_loss: float
    stopped: str = ""

    def freed(self) -> KernelState:
        """Return a state that goes on from here by another rule, or where it had stopped."""
        return replace(self, memory=NO_STATE, stopped="")

    def aimed_anew(self) -> KernelState:
        """Return a state whose lowest loss is still to come: what is wished has changed."""
        return replace(self.freed(), best=self.kernel, best_loss=math.inf)


class Lesson:
    """A picture and what is wished of it, ready to be looked at patch by patch.

    Args:
        picture: One plane ``(H, W)``. uint8 is divided by 255 and uint16 by 65535.
        wished: What the kernel is to make of it, ``(H, W)``, by correlation under "same" padding
            (see ``wished_output``). Pixels whose window leaves the picture are not looked at.
        kernel_size: One number or (rows, columns), in cells.

    Raises:
        ValueError: If the shapes do not fit each other, or numbers are not finite.
    """

    def __init__(
        self, picture: ArrayLike, wished: ArrayLike, kernel_size: int | Sequence[int]
    ) -> None:
        self.kernel_size = pair(kernel_size, "kernel_size")
        plane, aim = _checked(picture, wished, self.kernel_size)
        self._width = plane.shape[1]
        self._values = plane.ravel()
        self._aim = _inner(aim, self.kernel_size)
        down, across = (np.arange(side) for side in self.kernel_size)
        self._window = np.add.outer(down * self._width, across).ravel()

    def patches(self, count: int, dice: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return so many patches, drawn by chance, and what is wished there.

        Returns:
            ``(count, kh * kw)`` and ``(count,)``.
        """
        rows = dice.integers(0, self._aim.shape[0], count)
        columns = dice.integers(0, self._aim.shape[1], count)
        places = (rows * self._width + columns)[:, np.newaxis] + self._window
        return self._values.take(places), self._aim[rows, columns]

    def spread_out(self, most: int) -> FloatArray:
        """Return at most about so many patches, evenly over the picture, ``(n, kh * kw)``."""
        height, width = self._aim.shape
        gap = max(1, math.ceil(math.sqrt(height * width / most)))
        corners = np.add.outer(np.arange(0, height, gap) * self._width, np.arange(0, width, gap))
        places: AnyArray = corners.ravel()[:, np.newaxis] + self._window
        return np.asarray(self._values[places], np.float32)


def begin(lesson: Lesson, settings: KernelSettings) -> KernelState:
    """Return step 0: random cells, and how wrong they are."""
    dice = _dice(settings, 0)
    drawn = dice.standard_normal(lesson.kernel_size, np.float32) * np.float32(settings.spread)
    kernel = frozen(drawn)
    loss, _ = _loss(kernel, *_looked_at(lesson, settings, dice))
    return KernelState(0, loss, kernel, NO_STATE, kernel, loss)


def take_step(state: KernelState, lesson: Lesson, settings: KernelSettings) -> KernelState:
    """Return where a kernel stands after one more step; one that has stopped stays.

    Args:
        state: Where it stands.
        lesson: The picture and what is wished of it, now.
        settings: How to learn, now. Spread and size only count when a walk begins.

    Raises:
        ValueError: If the kernel is not of the lesson's size.
    """
    if state.kernel.shape != lesson.kernel_size:
        raise ValueError(
            f"a kernel of shape {state.kernel.shape} cannot learn a lesson for one of shape "
            f"{lesson.kernel_size}: begin anew"
        )
    if state.stopped:
        return state
    step = state.step + 1
    loss, slope = _loss(state.kernel, *_looked_at(lesson, settings, _dice(settings, step)))
    (moved,), memory = settings.optimiser.step((state.kernel,), (slope,), state.memory)
    is_better = loss < state.best_loss
    best, best_loss = (state.kernel, loss) if is_better else (state.best, state.best_loss)
    if not (math.isfinite(loss) and np.abs(moved).max() < LARGEST_CELL):  # NaN is not below
        return KernelState(step, loss, best, NO_STATE, best, best_loss, _stopped(step))
    return KernelState(step, loss, frozen(moved), memory, best, best_loss)


class KernelLearner:
    """Lets a kernel learn; iterate over it to take steps, without end unless the kernel grows so.

    Each iteration begins anew, and the same settings give the same kernels, bit for bit.

    Args:
        picture: As in ``Lesson``, and so are the next two.
        wished: What the kernel is to make of it.
        kernel_size: In cells.
        settings: How to learn.

    Raises:
        ValueError: If the shapes do not fit each other, or numbers are not finite.
    """

    def __init__(
        self,
        picture: ArrayLike,
        wished: ArrayLike,
        kernel_size: int | Sequence[int],
        settings: KernelSettings | None = None,
    ) -> None:
        self.settings = settings or KernelSettings()
        self.lesson = Lesson(picture, wished, kernel_size)

    def __iter__(self) -> Iterator[KernelState]:
        """Tell of the first cells as step 0, then of one step after the other."""
        state = begin(self.lesson, self.settings)
        yield state
        while not state.stopped:
            state = take_step(state, self.lesson, self.settings)
            yield state


class Variety(NamedTuple):
    """How far patches differ, which tells how much of a kernel can be learned from them.

    Attributes:
        ways: Independent patches: as many as the kernel has cells if all of it can be learned.
        are_alike: All patches are the same.
        are_black: All of them are 0.
    """

    ways: int
    are_alike: bool
    are_black: bool


def variety(lesson: Lesson) -> Variety:
    """Return how far the patches of a picture differ.

    The number of ways is the rank of the mean outer product of the patches, whose eigenvalues are
    the steepnesses of the bowl: along a direction without steepness nothing can be learned.
    """
    patches = lesson.spread_out(SAMPLE).astype(np.float64)
    steepness = np.linalg.eigvalsh(patches.T @ patches / len(patches))
    ways = int((steepness > FLATNESS * steepness[-1]).sum())
    are_alike = bool((patches == patches[0, 0]).all())
    return Variety(ways, are_alike, are_alike and not patches.any())


def _dice(settings: KernelSettings, step: int) -> np.random.Generator:
    """Return the dice of one step, the same wherever the walk has come from."""
    return np.random.Generator(np.random.Philox(key=settings.seed, counter=(0, 0, 0, step)))


def _looked_at(
    lesson: Lesson, settings: KernelSettings, dice: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return some patches ``(B, kh * kw)`` and what is wished there ``(B,)``."""
    patches, aim = lesson.patches(settings.patches, dice)
    if settings.noise:
        added = dice.standard_normal(len(aim), np.float32)
        aim = aim + added * np.float32(settings.noise)
    if settings.centred:
        patches, aim = patches - patches.mean(axis=0), aim - aim.mean()
    return patches, aim


def _loss(kernel: FloatArray, patches: FloatArray, aim: FloatArray) -> tuple[float, FloatArray]:
    """Return the mean squared error and its gradient ``(kh, kw)``."""
    with np.errstate(all="ignore"):  # too high a rate makes infinities, then NaN
        found = mean_squared_error(patches @ kernel.ravel(), aim)
        slope: AnyArray = found.gradient @ patches
        return found.value, slope.reshape(kernel.shape)


def wished_output(picture: ArrayLike, kernel: ArrayLike, *, flip: bool = False) -> FloatArray:
    """Return what a kernel makes of a picture, ``(H, W)``, to let another kernel learn it.

    Args:
        picture: As in ``Lesson``.
        kernel: The target ``(kh, kw)``.
        flip: False correlates; True turns the kernel, and the turned one will be learned.

    Raises:
        ValueError: If the shapes do not fit each other.
    """
    return conv2d(picture, kernel, padding="same", border="replicate", flip=flip)


def _checked(picture: ArrayLike, wished: ArrayLike, size: Pair) -> tuple[FloatArray, FloatArray]:
    """Return picture and wished output, which fit each other and the kernel."""
    plane, aim = to_picture(picture), to_numbers(wished, "wished")
    check_rank(plane, (2,), "(H, W)")
    if plane.shape != aim.shape:
        raise ValueError(
            f"a wished output of shape {aim.shape} does not fit a picture of shape {plane.shape}: "
            "give one number for each pixel"
        )
    if plane.shape[0] < size[0] or plane.shape[1] < size[1]:
        raise ValueError(
            f"a kernel of {size[0]}×{size[1]} does not fit into a picture of shape {plane.shape}: "
            "take a larger picture or a smaller kernel"
        )
    if not (np.isfinite(plane).all() and np.isfinite(aim).all()):
        raise ValueError("picture or wished output holds numbers that are not finite: replace them")
    return np.ascontiguousarray(plane), aim


def _inner(aim: FloatArray, size: Pair) -> FloatArray:
    """Return the pixels whose window lies inside the picture."""
    top, left = anchor(size)
    height, width = aim.shape[0] - size[0] + 1, aim.shape[1] - size[1] + 1
    return aim[top : top + height, left : left + width]


def _stopped(step: int) -> str:
    return (
        f"The kernel grew beyond all measure in step {step}, so learning stopped and the best "
        "kernel so far is kept: lower the learning rate."
    )
