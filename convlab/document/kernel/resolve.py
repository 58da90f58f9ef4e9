"""From what a person wants and what the picture is to one frozen KernelJob. Pure."""

from __future__ import annotations

from dataclasses import replace

from convlab.document.comparison import alone, compared_with
from convlab.document.frame import Frame
from convlab.document.kernel.job import KernelJob
from convlab.document.kernel.model import Channels, KernelState, KernelViewing
from convlab.document.kernel.transposed import as_convolution, copies_of, spread_size
from convlab.engine.color import ColorSpace
from convlab.engine.color_maps import Palette
from convlab.engine.errors import as_message
from convlab.engine.shapes import anchor
from convlab.engine.window import Window

APART = (
    "A transposed stride makes an output of another size: give A and B the same stride, and make "
    "both transposed, or none."
)


def resolve(
    state: KernelState,
    viewing: KernelViewing,
    frame: Frame,
    generation: int,
    palette: Palette = Palette.LIGHT,
    is_held: bool = False,
) -> KernelJob:
    """Return the job for one picture, and with it that of what it is compared with.

    Raises:
        ValueError: The kernel does not fit the padded picture; the message has the numbers and
            the remedy.
    """
    job = _resolve(alone(state), viewing, frame, generation, palette, is_held)
    held = compared_with(state)
    if held is None:
        return job
    try:
        other = _resolve(held, viewing, frame, generation, palette, is_held)
    except ValueError as error:
        return replace(job, comparison=state.comparison, held_error=f"A: {as_message(error)}")
    if other.spread != job.spread:
        return replace(job, comparison=state.comparison, held_error=APART)
    return replace(job, comparison=state.comparison, held=other)


def _resolve(
    state: KernelState,
    viewing: KernelViewing,
    frame: Frame,
    generation: int,
    palette: Palette,
    is_held: bool,
) -> KernelJob:
    if frame.pixels.ndim == 2:
        state = replace(state, channels=Channels(ColorSpace.GREY))
    copies, size = None, (frame.pixels.shape[0], frame.pixels.shape[1])
    if state.geometry.transposed:
        copies, size = copies_of(state), spread_size(size, state.geometry.stride)
        state = as_convolution(state)
    layer = state.layer()
    rows, columns = layer.output_shape((layer.in_channels, *size))[1:]
    return KernelJob(
        generation=generation,
        frame=frame,
        state=state,
        viewing=replace(viewing, probe=_inside(viewing.probe, (rows, columns))),
        layer=layer,
        axes=layer.axes(size),
        output_size=(rows, columns),
        palette=palette,
        is_held=is_held,
        copies=copies,
    )


def _inside(probe: tuple[int, int] | None, size: tuple[int, int]) -> tuple[int, int] | None:
    """Keep the probe on the output when that has shrunk under it."""
    if probe is None:
        return None
    row, column = (min(max(at, 0), side - 1) for at, side in zip(probe, size, strict=True))
    return row, column


def output_over(job: KernelJob, pixel: tuple[int, int]) -> tuple[int, int]:
    """Return the output (row, column) whose kernel anchor lies nearest to an input pixel."""
    row, column = (
        round((at - first_anchor(axis)) / axis.stride)
        for at, axis in zip(pixel, job.axes, strict=True)
    )
    inside = _inside((row, column), job.output_size)
    assert inside is not None
    return inside


def first_anchor(axis: Window) -> int:
    """Return the input coordinate under the kernel's anchor at the first output [px]."""
    return axis.dilation * anchor((axis.kernel, axis.kernel))[0] - axis.before
