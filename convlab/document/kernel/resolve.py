"""From what a person wants and what the picture is to one frozen KernelJob. Pure."""

from __future__ import annotations

from convlab.document.frame import Frame
from convlab.document.kernel.job import KernelJob
from convlab.document.kernel.model import Channels, KernelState, KernelViewing
from convlab.engine.arrays import frozen
from convlab.engine.color import ColorSpace
from convlab.engine.shapes import output_size, parse_padding


def resolve(state: KernelState, viewing: KernelViewing, frame: Frame, generation: int) -> KernelJob:
    """Return the job for one picture.

    Raises:
        ValueError: The kernel does not fit the padded picture; the message has the numbers and
            the remedy.
    """
    geometry = state.geometry
    step, spacing = geometry.stride, geometry.dilation
    padding = parse_padding(geometry.padding, (state.rows, state.columns), (spacing, spacing))
    rows, columns = frame.pixels.shape[:2]
    size = (
        output_size(rows, state.rows, padding.top, padding.bottom, step, spacing),
        output_size(columns, state.columns, padding.left, padding.right, step, spacing),
    )
    return KernelJob(
        generation=generation,
        frame=frame,
        channels=state.channels if frame.pixels.ndim == 3 else Channels(ColorSpace.GREY),
        weights=frozen(state.array()),
        geometry=geometry,
        padding=padding,
        output_size=size,
        display=state.display,
        probe=_inside(viewing.probe, size),
        profile=viewing.profile,
    )


def _inside(probe: tuple[int, int] | None, size: tuple[int, int]) -> tuple[int, int] | None:
    """Keep the probe on the output when that has shrunk under it."""
    if probe is None:
        return None
    row, column = (min(max(at, 0), side - 1) for at, side in zip(probe, size, strict=True))
    return row, column


def output_over(job: KernelJob, pixel: tuple[int, int]) -> tuple[int, int]:
    """Return the output (row, column) whose kernel anchor lies nearest to an input pixel."""
    before = (job.padding.top, job.padding.left)
    row, column = (
        round((at + front - job.geometry.dilation * ((side - 1) // 2)) / job.geometry.stride)
        for at, front, side in zip(pixel, before, job.weights.shape, strict=True)
    )
    inside = _inside((row, column), job.output_size)
    assert inside is not None
    return inside
