"""One kernel is trained on a picture and a target: from random numbers, by gradient descent.

The output at a pixel is linear in the kernel's cells, so the mean squared error is a convex
quadratic loss surface; how flat it is in some direction depends on the picture alone (Widrow and
Hoff, "Adaptive switching circuits", 1960). In a flat picture all patches are alike: only the sum of
the kernel can be learned from it.

A state of the training is a value: ``begin`` makes the first, ``take_step`` of one the next. Each
step has a random generator of its own, from the seed and its number, so training may pause, and go
on with another picture or optimiser, and the same steps still give the same kernels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import check_rank, to_numbers, to_picture
from convlab.engine.numbers import not_negative
from convlab.engine.shapes import Pair, anchor, check_whole, pair
from convlab.learn.losses import mean_squared_error
from convlab.learn.optimisers import NO_STATE, Adam, Optimiser, OptimiserState

_DEFAULT_OPTIMISER = Adam(0.05)
LARGEST_CELL = 1e6  # beyond it the training has diverged
SAMPLE = 2048  # patches that represent a picture
FLATNESS = 1e-9  # less steep, of the steepest, is the rounding of the picture


@dataclass(frozen=True, slots=True)
class KernelSettings:
    """How a kernel is trained.

    Attributes:
        optimiser: How the cells follow their gradients.
        patches: The batch size: patches of the picture in each step.
        noise: Standard deviation of what is added to the target, drawn again in each step.
        spread: Standard deviation of the kernel's initial cells.
        centred: Whether the means of the patches are taken out first. The loss surface is steepest
            by far along the kernel's sum, for pictures are seldom dark on average; without that
            direction larger rates can be used, but an offset of the target is not learned.
        seed: Of the initial cells, the places and the noise; the same gives the same kernels.

    Raises:
        ValueError: If a number cannot be used.
    """

    optimiser: Optimiser = _DEFAULT_OPTIMISER
    patches: int = 512
    noise: float = 0.0
    spread: float = 1.0
    centred: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("patches", self.patches, 1)
        check_whole("seed", self.seed, 0)
        not_negative("noise", self.noise)
        not_negative("spread", self.spread)


@dataclass(frozen=True, slots=True, eq=False)
class KernelState:
    """Where the training of a kernel stands.

    Attributes:
        step: How many were taken.
        loss: Mean squared error of the batch, before the step.
        kernel: ``(kh, kw)`` float32, read-only; the best one where training stopped.
        memory: The state of the optimiser.
        best: The kernel whose loss was the lowest, read-only.
        best_loss: That loss.
        stopped: Why training stopped here, one message with its remedy; else empty.
    """

    step: int
    loss: float
    kernel: FloatArray
    memory: OptimiserState
    best: FloatArray
    best_loss: float
    stopped: str = ""

    def resumed(self) -> KernelState:
        """Return a state that goes on from here with another optimiser, or where it had stopped."""
        return replace(self, memory=NO_STATE, stopped="")

    def with_new_target(self) -> KernelState:
        """Return a state whose lowest loss is still to come: the target has changed."""
        return replace(self.resumed(), best=self.kernel, best_loss=math.inf)


class PatchSampler:
    """A picture and its target, ready to be sampled patch by patch.

    Args:
        picture: One plane ``(H, W)``. uint8 is divided by 255 and uint16 by 65535.
        target: What the kernel is to make of it, ``(H, W)``, by correlation under "same" padding
            (see ``target_output``). Pixels whose window leaves the picture are not sampled.
        kernel_size: One number or (rows, columns), in cells.

    Raises:
        ValueError: If the shapes do not fit each other, or numbers are not finite.
    """

    def __init__(
        self, picture: ArrayLike, target: ArrayLike, kernel_size: int | Sequence[int]
    ) -> None:
        self.kernel_size = pair(kernel_size, "kernel_size")
        plane, wanted = _checked(picture, target, self.kernel_size)
        self._width = plane.shape[1]
        self._values = plane.ravel()
        self._target = _inner(wanted, self.kernel_size)
        down, across = (np.arange(side) for side in self.kernel_size)
        self._window = np.add.outer(down * self._width, across).ravel()

    def patches(self, count: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Return so many patches, sampled at random, and the target there.

        Returns:
            ``(count, kh * kw)`` and ``(count,)``.
        """
        rows = rng.integers(0, self._target.shape[0], count)
        columns = rng.integers(0, self._target.shape[1], count)
        places = (rows * self._width + columns)[:, np.newaxis] + self._window
        return self._values.take(places), self._target[rows, columns]

    def spread_out(self, most: int) -> FloatArray:
        """Return at most about so many patches, evenly over the picture, ``(n, kh * kw)``."""
        height, width = self._target.shape
        gap = max(1, math.ceil(math.sqrt(height * width / most)))
        corners = np.add.outer(np.arange(0, height, gap) * self._width, np.arange(0, width, gap))
        places: AnyArray = corners.ravel()[:, np.newaxis] + self._window
        return np.asarray(self._values[places], np.float32)


def begin(sampler: PatchSampler, settings: KernelSettings) -> KernelState:
    """Return step 0: random initialisation, and its loss."""
    rng = _rng(settings, 0)
    drawn = rng.standard_normal(sampler.kernel_size, np.float32) * np.float32(settings.spread)
    kernel = frozen(drawn)
    loss, _ = _loss(kernel, *_sample_batch(sampler, settings, rng))
    return KernelState(0, loss, kernel, NO_STATE, kernel, loss)


def take_step(state: KernelState, sampler: PatchSampler, settings: KernelSettings) -> KernelState:
    """Return where a kernel stands after one more step; one that has stopped stays.

    Args:
        state: Where it stands.
        sampler: The picture and its target, now.
        settings: How to learn, now. Spread and size only count at the initialisation.

    Raises:
        ValueError: If the kernel is not of the sampler's size.
    """
    if state.kernel.shape != sampler.kernel_size:
        raise ValueError(
            f"a kernel of shape {state.kernel.shape} cannot learn from patches of shape "
            f"{sampler.kernel_size}: initialise it again"
        )
    if state.stopped:
        return state
    step = state.step + 1
    loss, slope = _loss(state.kernel, *_sample_batch(sampler, settings, _rng(settings, step)))
    (moved,), memory = settings.optimiser.step((state.kernel,), (slope,), state.memory)
    is_better = loss < state.best_loss
    best, best_loss = (state.kernel, loss) if is_better else (state.best, state.best_loss)
    if not (math.isfinite(loss) and np.abs(moved).max() < LARGEST_CELL):  # NaN is not below
        why = (
            f"Training diverged in step {step}: the kernel grew without bound. It stopped, and the "
            "best kernel so far is kept: lower the learning rate."
        )
        return KernelState(step, loss, best, NO_STATE, best, best_loss, why)
    return KernelState(step, loss, frozen(moved), memory, best, best_loss)


class Variety(NamedTuple):
    """How far patches differ, which decides how much of a kernel can be learned from them.

    Attributes:
        rank: Of the patches: as many as the kernel has cells if all of it can be learned.
        are_alike: All patches are the same.
        are_black: All of them are 0.
    """

    rank: int
    are_alike: bool
    are_black: bool


def variety(sampler: PatchSampler) -> Variety:
    """Return how far the patches of a picture differ.

    The rank is that of the mean outer product of the patches, whose eigenvalues are the curvatures
    of the loss surface: along a direction without curvature nothing can be learned.
    """
    patches = sampler.spread_out(SAMPLE).astype(np.float64)
    curvatures = np.linalg.eigvalsh(patches.T @ patches / len(patches))
    rank = int((curvatures > FLATNESS * curvatures[-1]).sum())
    are_alike = bool((patches == patches[0, 0]).all())
    return Variety(rank, are_alike, are_alike and not patches.any())


def _rng(settings: KernelSettings, step: int) -> np.random.Generator:
    """Return the random generator of one step, the same whatever the steps before were."""
    return np.random.Generator(np.random.Philox(key=settings.seed, counter=(0, 0, 0, step)))


def _sample_batch(
    sampler: PatchSampler, settings: KernelSettings, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return a batch of patches ``(B, kh * kw)`` and the target there ``(B,)``."""
    patches, target = sampler.patches(settings.patches, rng)
    if settings.noise:
        added = rng.standard_normal(len(target), np.float32)
        target = target + added * np.float32(settings.noise)
    if settings.centred:
        patches, target = patches - patches.mean(axis=0), target - target.mean()
    return patches, target


def _loss(kernel: FloatArray, patches: FloatArray, target: FloatArray) -> tuple[float, FloatArray]:
    """Return the mean squared error and its gradient ``(kh, kw)``."""
    with np.errstate(all="ignore"):  # too high a rate makes infinities, then NaN
        found = mean_squared_error(patches @ kernel.ravel(), target)
        slope: AnyArray = found.gradient @ patches
        return found.value, slope.reshape(kernel.shape)


def target_output(picture: ArrayLike, kernel: ArrayLike, *, flip: bool = False) -> FloatArray:
    """Return what a kernel makes of a picture, ``(H, W)``, to let another kernel learn it.

    Args:
        picture: As in ``PatchSampler``.
        kernel: The target ``(kh, kw)``.
        flip: False correlates; True flips the kernel, and the flipped one will be learned.

    Raises:
        ValueError: If the shapes do not fit each other.
    """
    return conv2d(picture, kernel, padding="same", border="replicate", flip=flip)


def _checked(picture: ArrayLike, target: ArrayLike, size: Pair) -> tuple[FloatArray, FloatArray]:
    """Return picture and target, which fit each other and the kernel."""
    plane, wanted = to_picture(picture), to_numbers(target, "target")
    check_rank(plane, (2,), "(H, W)")
    if plane.shape != wanted.shape:
        raise ValueError(
            f"a target of shape {wanted.shape} does not fit a picture of shape {plane.shape}: "
            "give one number for each pixel"
        )
    if plane.shape[0] < size[0] or plane.shape[1] < size[1]:
        raise ValueError(
            f"a kernel of {size[0]}×{size[1]} does not fit into a picture of shape {plane.shape}: "
            "take a larger picture or a smaller kernel"
        )
    if not (np.isfinite(plane).all() and np.isfinite(wanted).all()):
        raise ValueError("picture or target holds numbers that are not finite: replace them")
    return np.ascontiguousarray(plane), wanted


def _inner(target: FloatArray, size: Pair) -> FloatArray:
    """Return the pixels whose window lies inside the picture."""
    top, left = anchor(size)
    height, width = target.shape[0] - size[0] + 1, target.shape[1] - size[1] + 1
    return target[top : top + height, left : left + width]
