"""From what a person wants and what the picture is to one frozen Job. Pure."""

from __future__ import annotations

from convlab.document.document import Channels, Document, Viewing
from convlab.document.frame import Frame
from convlab.document.job import Job
from convlab.engine.arrays import frozen
from convlab.engine.color import ColorSpace
from convlab.engine.shapes import output_size, parse_padding


def resolve(document: Document, viewing: Viewing, frame: Frame, generation: int) -> Job:
    """Return the job for one picture.

    Raises:
        ValueError: The kernel does not fit the padded picture; the message has the numbers and
            the remedy.
    """
    geometry = document.geometry
    kernel = document.kernel
    step, spacing = geometry.stride, geometry.dilation
    padding = parse_padding(geometry.padding, (kernel.rows, kernel.columns), (spacing, spacing))
    rows, columns = frame.pixels.shape[:2]
    size = (
        output_size(rows, kernel.rows, padding.top, padding.bottom, step, spacing),
        output_size(columns, kernel.columns, padding.left, padding.right, step, spacing),
    )
    return Job(
        generation=generation,
        frame=frame,
        channels=document.channels if frame.pixels.ndim == 3 else Channels(ColorSpace.GREY),
        weights=frozen(kernel.array()),
        geometry=geometry,
        padding=padding,
        output_size=size,
        display=document.display,
        probe=_inside(viewing.probe, size),
        profile=viewing.profile,
    )


def _inside(probe: tuple[int, int] | None, size: tuple[int, int]) -> tuple[int, int] | None:
    """Keep the probe on the output when that has shrunk under it."""
    if probe is None:
        return None
    row, column = (min(max(at, 0), side - 1) for at, side in zip(probe, size, strict=True))
    return row, column


def output_over(job: Job, pixel: tuple[int, int]) -> tuple[int, int]:
    """Return the output (row, column) whose kernel anchor lies nearest to an input pixel."""
    before = (job.padding.top, job.padding.left)
    row, column = (
        round((at + front - job.geometry.dilation * ((side - 1) // 2)) / job.geometry.stride)
        for at, front, side in zip(pixel, before, job.weights.shape, strict=True)
    )
    inside = _inside((row, column), job.output_size)
    assert inside is not None
    return inside
