"""One kernel learns to do to a picture what was wished: from random numbers, by gradient descent.

The output at a pixel is linear in the kernel's cells, so the mean squared error is a bowl with one
bottom; how flat it is in some direction is told by the picture alone (Widrow and Hoff, "Adaptive
switching circuits", 1960). In a flat picture all patches are alike: only the sum of the kernel can
be learned from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import check_rank, to_numbers, to_picture
from convlab.engine.shapes import Pair, anchor, check_whole, pair
from convlab.learn.losses import mean_squared_error
from convlab.learn.optimisers import NO_STATE, Adam, Optimiser

_LIVELY = Adam(0.03)


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
    patches: int = 2048
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
class KernelSnapshot:
    """Where a kernel stands.

    Attributes:
        step: How many were taken.
        loss: Mean squared error of the patches looked at, before the step.
        kernel: ``(kh, kw)`` float32, read-only; the last good one where learning stopped.
        stopped: Why learning stopped here, one sentence with its remedy; else empty.
    """

    step: int
    loss: float
    kernel: FloatArray
    stopped: str = ""


class KernelLearner:
    """Lets a kernel learn; iterate over it to take steps, without end unless the loss grows so.

    Each iteration begins anew, and the same settings give the same kernels, bit for bit.

    Args:
        picture: One plane ``(H, W)``. uint8 is divided by 255 and uint16 by 65535.
        wished: What the kernel is to make of it, ``(H, W)``, by correlation under "same" padding
            (see ``wished_output``). Pixels whose window leaves the picture are not looked at.
        kernel_size: One number or (rows, columns), in cells.
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
        self.kernel_size = pair(kernel_size, "kernel_size")
        self._picture, aim = _checked(picture, wished, self.kernel_size)
        self._aim = _inner(aim, self.kernel_size)

    def __iter__(self) -> Iterator[KernelSnapshot]:
        """Tell of the first cells as step 0, then of one step after the other."""
        settings = self.settings
        dice = np.random.default_rng(settings.seed)
        drawn = dice.standard_normal(self.kernel_size, np.float32) * np.float32(settings.spread)
        kernel, state = frozen(drawn), NO_STATE
        yield KernelSnapshot(0, self._loss(kernel, *self._patches(dice))[0], kernel)
        step = 0
        while True:
            step += 1
            loss, slope = self._loss(kernel, *self._patches(dice))
            (moved,), state = settings.optimiser.step((kernel,), (slope,), state)
            if not (math.isfinite(loss) and np.isfinite(moved).all()):
                yield KernelSnapshot(step, loss, kernel, _stopped(step))
                return
            kernel = moved
            yield KernelSnapshot(step, loss, kernel)

    def _patches(self, dice: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return some patches ``(B, kh * kw)`` and what is wished there ``(B,)``."""
        settings, width = self.settings, self._picture.shape[1]
        rows = dice.integers(0, self._aim.shape[0], settings.patches)
        columns = dice.integers(0, self._aim.shape[1], settings.patches)
        cells = np.add.outer(np.arange(self.kernel_size[0]) * width, np.arange(self.kernel_size[1]))
        places = (rows * width + columns)[:, np.newaxis] + cells.ravel()
        patches, aim = self._picture.ravel()[places], self._aim[rows, columns]
        if settings.noise:
            added = dice.standard_normal(len(aim), np.float32)
            aim = aim + added * np.float32(settings.noise)
        if settings.centred:
            patches, aim = patches - patches.mean(axis=0), aim - aim.mean()
        return patches, aim

    def _loss(
        self, kernel: FloatArray, patches: FloatArray, aim: FloatArray
    ) -> tuple[float, FloatArray]:
        """Return the mean squared error and its gradient ``(kh, kw)``."""
        with np.errstate(all="ignore"):  # too high a rate makes infinities, then NaN
            found = mean_squared_error(patches @ kernel.ravel(), aim)
            slope: AnyArray = found.gradient @ patches
            return found.value, slope.reshape(kernel.shape)


def wished_output(picture: ArrayLike, kernel: ArrayLike, *, flip: bool = False) -> FloatArray:
    """Return what a kernel makes of a picture, ``(H, W)``, to let another kernel learn it.

    Args:
        picture: As in ``KernelLearner``.
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
        f"The kernel grew beyond all numbers in step {step}, so learning stopped and the last "
        "good kernel is kept: lower the learning rate."
    )
