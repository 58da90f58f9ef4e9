"""Pictures small enough for a list: a frame as it is, behind a kernel, behind a stack of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import KernelState, KernelViewing, to_weights
from convlab.document.kernel.resolve import resolve
from convlab.document.painted import paint
from convlab.document.stack.model import StackState
from convlab.document.stack.picture import prepare, scaled
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.color import ColorSpace, to_planes
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Scale, ScaleCurve
from convlab.engine.presets import Preset
from convlab.engine.value_range import nice_ceiling, typical_magnitude
from convlab.layers.banks import BankShape

BankMaker: TypeAlias = Callable[[BankShape], FloatArray]

_MOST_MAPS = 6  # side by side
_KERNEL = (5, 5)  # of a bank [cells]
_SAMPLES = 8  # a side that are averaged at least, of very large pictures
_GAP = 2  # between them [px]
_LEAST_SIDE = 3  # smaller maps show nothing [px]


def shrunk(frame: Frame, size: tuple[int, int]) -> Frame:
    """Return a frame that fits into (rows, columns) [px]; one that does is returned as it is."""
    rows, columns = frame.pixels.shape[:2]
    factor = min(size[0] / rows, size[1] / columns)
    if factor >= 1.0:
        return frame
    wanted = max(round(rows * factor), 1), max(round(columns * factor), 1)
    step = max(int(1 / factor) // _SAMPLES, 1)
    pixels = np.ascontiguousarray(frame.pixels[::step, ::step])
    return replace(frame, pixels=np.ascontiguousarray(scaled(pixels, wanted)))


def frame_pixels(frame: Frame, size: tuple[int, int]) -> ByteArray:
    """Return a frame's own colours, BGRA, at most (rows, columns) large."""
    planes = to_planes(shrunk(frame, size).pixels, ColorSpace.RGB)
    return paint(planes, DisplayMode.CLIPPED, Scale(0.0, frame.white)).bgra


def preset_pixels(
    presets: Iterable[Preset],
    frame: Frame,
    space: ColorSpace,
    size: tuple[int, int],
    palette: Palette,
) -> Iterator[tuple[str, ByteArray]]:
    """Make what the output of each preset looks like in the kernel lab, smaller.

    Args:
        presets: Which.
        frame: What they run over.
        space: RGB, or else its grey.
        size: (rows, columns) into which it fits [px].
        palette: The colours of signed maps.

    Yields:
        The preset's name and BGRA ``(H, W, 4)``.
    """
    small, evaluator, state = shrunk(frame, size), KernelEvaluator(), KernelState()
    planes = ColorSpace.RGB if space is ColorSpace.RGB else ColorSpace.GREY
    state = replace(state, channels=replace(state.channels, space=planes))
    for preset in presets:
        wanted = replace(state, weights=to_weights(preset.weights))
        job = resolve(wanted, KernelViewing(), small, 0, palette)
        yield preset.name, evaluator.run(job, with_figures=False).output.bgra


def stack_pixels(
    state: StackState, frame: Frame, size: tuple[int, int], palette: Palette
) -> ByteArray:
    """Return the last maps of a stack, BGRA, side by side; the picture that enters, if it has none.

    Between maps it is transparent.

    Raises:
        ValueError: Its layers do not fit the picture.
    """
    picture = prepare(frame, state.input, (0, 0))
    _, *others = state.graph.forward(picture).values()
    results = [picture, *others]
    maps = next(each for each in reversed(results) if _is_seen(each) or each is picture)
    if maps is picture:
        return frame_pixels(frame, size)
    scale = _signed(nice_ceiling(typical_magnitude(maps)), ScaleCurve.ROOT)
    return _tiled([paint(one[np.newaxis], *scale, palette).bgra for one in maps[:_MOST_MAPS]], size)


def bank_pixels(make: BankMaker, size: tuple[int, int], palette: Palette) -> ByteArray:
    """Return the first kernels of a bank, BGRA, side by side; between them it is transparent."""
    weights = make((_MOST_MAPS, 1, *_KERNEL))[:, 0]
    scale = _signed(float(np.abs(weights).max()) or 1.0, ScaleCurve.LINEAR)
    return _tiled([paint(one[np.newaxis], *scale, palette).bgra for one in weights], size)


def _signed(limit: float, curve: ScaleCurve) -> tuple[DisplayMode, Scale]:
    return DisplayMode.SIGNED, Scale(-limit, limit, curve)


def _tiled(pictures: Sequence[ByteArray], size: tuple[int, int]) -> ByteArray:
    """Return pictures in at most two rows, cut to the cells of (rows, columns) [px]."""
    rows = 1 if len(pictures) < 4 else 2
    columns = len(pictures) // rows
    height, width = (size[0] + _GAP) // rows - _GAP, (size[1] + _GAP) // columns - _GAP
    whole = np.zeros((rows, height + _GAP, columns, width + _GAP, 4), np.uint8)
    for (row, column), picture in zip(np.ndindex(rows, columns), pictures, strict=False):
        whole[row, :height, column, :width] = scaled(picture, (height, width))
    flat = whole.reshape(rows * (height + _GAP), columns * (width + _GAP), 4)
    return np.ascontiguousarray(flat[:-_GAP, :-_GAP])


def _is_seen(maps: FloatArray) -> bool:
    return maps.ndim == 3 and min(maps.shape[1:]) >= _LEAST_SIDE
