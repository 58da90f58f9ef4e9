"""Train a kernel on the picture, some steps at a time, and show where it stands."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.frame import Frame
from convlab.document.learning.kernel_target import learnable_target, target_image
from convlab.document.learning.loss_history import LossHistory
from convlab.document.learning.one_kernel import KernelTask, KernelTrainingViewing
from convlab.document.painted import Painted, paint
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.color import ColorSpace, split, to_unit
from convlab.engine.cv import cv2
from convlab.engine.display import DisplayMode, Scale, ScaleCurve, extremes
from convlab.engine.value_range import nice_ceiling
from convlab.learn.one_kernel import (
    KernelState,
    PatchSampler,
    Variety,
    begin,
    take_step,
    target_output,
    variety,
)

SLICE = 0.010  # how long steps are taken before all is painted again [s]
LEAST_SIDE = 16  # [px]
LARGEST_PICTURE = (240, 320)  # (rows, columns): a larger picture teaches no more, only slower
VARIETY_EVERY = 0.25  # what a large kernel can learn is looked at so often [s]
QUICK_SIZE = 5  # for kernels up to this many cells a side that takes no time
NOISE_FLOOR = 1e-6  # of the range of colours; less is rounding of sums in float32
KEPT_RANGE = 0.4  # a range of colours shrinks when less of it is used
BRIGHTNESS = Scale(0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class KernelTrainingShown:
    """Where the kernel stands, and what it makes of the picture.

    Attributes:
        task: What it learns.
        step: How many steps were taken.
        loss: Mean squared error in the last of them.
        kernel: Its cells, ``(size, size)``, read-only.
        target: The target kernel, of the same shape; None if none is known.
        stopped: Why training stopped, one message; else empty.
        variety: How far the patches of the picture differ.
        steps: Of the history, ``(K,)``.
        losses: Of the history, ``(K,)``.
        input: The picture, grey.
        target_image: What the kernel is to make of it.
        output: What the kernel makes of it.
        difference: The output minus the target.
        is_complete: No further step is due on this picture.
    """

    task: KernelTask
    step: int
    loss: float
    kernel: FloatArray
    target: FloatArray | None
    stopped: str
    variety: Variety
    steps: AnyArray
    losses: AnyArray
    input: Painted
    target_image: Painted
    output: Painted
    difference: Painted
    is_complete: bool

    @property
    def max_error(self) -> float | None:
        """How far the worst cell is from its target; None if that is not known."""
        return None if self.target is None else float(np.abs(self.kernel - self.target).max())


@dataclass(frozen=True, slots=True, eq=False)
class _TrainingData:
    """What a kernel learns from, until the picture or the target changes."""

    plane: FloatArray
    target: FloatArray
    sampler: PatchSampler
    input: Painted
    target_image: Painted


class KernelTraining:
    """Gradient descent on the picture; not thread-safe, one worker owns it.

    Args:
        clock: Tells the time [s].
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._cached = StageCache()
        self._state: KernelState | None = None
        self._task = KernelTask()
        self._resets = 0
        self._steps = 0
        self._limit = 0.0
        self._variety = Variety(0, False, False)
        self._variety_of: PatchSampler | None = None
        self._variety_due = 0.0
        self._history = LossHistory()

    def run(
        self, frame: Frame, task: KernelTask, viewing: KernelTrainingViewing
    ) -> KernelTrainingShown:
        """Take the steps that are due on a picture.

        Raises:
            ValueError: The picture is smaller than the kernel, or its numbers are not finite.
        """
        key = (frame, *_target_of(task), task.size)
        data = self._cached("data", key, lambda: self._make_data(frame, task))
        self._update_variety(data.sampler, viewing)
        state = self._current_state(data, task, viewing)
        state = self._trained(state, data, task, viewing)
        self._state, self._task = state, task
        return self._shown(state, data, task, viewing)

    # ---- the picture ----

    def _make_data(self, frame: Frame, task: KernelTask) -> _TrainingData:
        plane = small_grey(frame)
        target = target_image(task, plane)
        sampler = PatchSampler(plane, target, task.size)
        self._limit = self._stable_limit(target)
        return _TrainingData(
            plane,
            target,
            sampler,
            paint(plane[np.newaxis], DisplayMode.CLIPPED, BRIGHTNESS),
            paint(
                target[np.newaxis],
                DisplayMode.SIGNED,
                Scale(-self._limit, self._limit, ScaleCurve.ROOT),
            ),
        )

    def _stable_limit(self, target: FloatArray) -> float:
        """Return the largest value that has a colour: as before, as long as that serves."""
        largest = max(map(abs, extremes(target[np.newaxis])))
        if KEPT_RANGE * self._limit <= largest <= self._limit and largest > 0:
            return self._limit
        return nice_ceiling(largest)

    def _update_variety(self, sampler: PatchSampler, viewing: KernelTrainingViewing) -> None:
        """See what can be learned; while a large kernel learns, in turns.

        The eigenvalues of its patches would take longer than all else together.
        """
        before, now = self._variety_of, self._clock()
        if sampler is before:
            return
        is_other = before is None or before.kernel_size != sampler.kernel_size
        is_quick = not viewing.is_playing or max(sampler.kernel_size) <= QUICK_SIZE
        if is_other or is_quick or now >= self._variety_due:
            self._variety, self._variety_of = variety(sampler), sampler
            self._variety_due = now + VARIETY_EVERY

    # ---- training ----

    def _current_state(
        self, data: _TrainingData, task: KernelTask, viewing: KernelTrainingViewing
    ) -> KernelState:
        """Return where training stands now that the task may be another."""
        before, state = self._task, self._state
        if (
            state is None
            or viewing.resets != self._resets
            or (task.size, task.seed, task.spread) != (before.size, before.seed, before.spread)
        ):
            return self._initialised(data, task, viewing)
        if _target_of(task) != _target_of(before):
            return state.with_new_target()
        if task.rule is not before.rule or (state.stopped and task.settings != before.settings):
            return state.resumed()
        return state

    def _initialised(
        self, data: _TrainingData, task: KernelTask, viewing: KernelTrainingViewing
    ) -> KernelState:
        self._resets, self._steps = viewing.resets, viewing.steps
        state = begin(data.sampler, task.settings)
        self._history = LossHistory()
        self._history.add(0, state.loss)
        return state

    def _trained(
        self,
        state: KernelState,
        data: _TrainingData,
        task: KernelTask,
        viewing: KernelTrainingViewing,
    ) -> KernelState:
        """Take single steps that were asked for, or as many as are due."""
        due = viewing.steps - self._steps
        self._steps = viewing.steps
        end = self._clock() + SLICE
        settings = task.settings
        taken = 0
        while not state.stopped and (
            taken < due or (viewing.is_playing and (taken < viewing.pace or not viewing.pace))
        ):
            state = take_step(state, data.sampler, settings)
            self._history.add(state.step, state.loss)
            taken += 1
            if taken >= due and self._clock() >= end:
                break
        return state

    # ---- what is shown ----

    def _shown(
        self,
        state: KernelState,
        data: _TrainingData,
        task: KernelTask,
        viewing: KernelTrainingViewing,
    ) -> KernelTrainingShown:
        scale = data.target_image.scale
        made = _suppress_rounding_noise(target_output(data.plane, state.kernel), scale)
        missing = _suppress_rounding_noise(made - data.target, scale)
        steps, losses = self._history.points()
        return KernelTrainingShown(
            task=task,
            step=state.step,
            loss=state.loss,
            kernel=state.kernel,
            target=learnable_target(task),
            stopped=state.stopped,
            variety=self._variety,
            steps=steps,
            losses=losses,
            input=data.input,
            target_image=data.target_image,
            output=paint(made[np.newaxis], DisplayMode.SIGNED, scale),
            difference=paint(missing[np.newaxis], DisplayMode.SIGNED, scale),
            is_complete=not viewing.is_playing or bool(state.stopped),
        )


def small_grey(frame: Frame) -> FloatArray:
    """Return a picture in grey, from 0 to its white as 1, ``(H, W)``.

    It has no more pixels than 240×320. A narrow one keeps 16 on its shorter side, if it has them
    and is not too long: a kernel still fits into it.
    """
    pixels = split(frame.pixels, ColorSpace.GREY)[0]
    rows, columns = pixels.shape
    share = _share(rows, columns)
    if share < 1:
        size = max(1, round(columns * share)), max(1, round(rows * share))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    plane = to_unit(pixels)
    return frozen(plane / np.float32(frame.white) if frame.white != 1.0 else plane)


def _share(rows: int, columns: int) -> float:
    """Return by how much a picture is made smaller."""
    share = min(LARGEST_PICTURE[0] / rows, LARGEST_PICTURE[1] / columns)
    kept = min(max(share, LEAST_SIDE / min(rows, columns)), 1.0)
    is_small = kept * rows * kept * columns <= math.prod(LARGEST_PICTURE)
    return kept if is_small else share


def _target_of(task: KernelTask) -> tuple[object, ...]:
    """Return all that the target image depends on but the picture."""
    return task.target, task.preset, task.angle, task.is_flipped, task.strokes


def _suppress_rounding_noise(values: FloatArray, scale: Scale) -> FloatArray:
    """Return values where those below the noise floor of float32 are zero, of the same shape."""
    return np.where(np.abs(values) < NOISE_FLOOR * scale.high, np.float32(0), values)
