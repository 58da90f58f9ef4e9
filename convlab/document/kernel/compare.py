"""What is held, A, beside what is edited, B: both outputs on one canvas, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convlab.document.comparison import Apart, CompareMode, apart_of
from convlab.document.kernel.job import KernelJob, Panel, Shown
from convlab.document.kernel.resolve import first_anchor
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.display import DisplayMode, extremes
from convlab.engine.value_range import nice_ceiling

SAME_PLANES = "A and B show other planes: give both the same channels, or the sum of theirs."
NO_SIDE = "Side by side has no room for the planes of A and B: choose wipe, blink or difference."
OTHER_STEPS = "A and B have their values at other pixels: give both the same stride and padding."
OTHER_PLANES = "A has {} and B has {}: give both the same channels to subtract them."
FOLLOWS = (DisplayMode.SIGNED, DisplayMode.ABSOLUTE)


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """A's output where B's lies.

    Attributes:
        planes: ``(C, H, W)`` as large as B's planes, 0 where A has no value.
        rows: Those in which both have values.
        columns: Those in which both have values.
    """

    planes: FloatArray
    rows: slice
    columns: slice


def on_canvas(held: KernelJob, output: FloatArray, job: KernelJob) -> Canvas:
    """Lay A's output over B's, each value over the input pixel under its kernel's anchor.

    Args:
        held: A.
        output: A's planes ``(C, H, W)``.
        job: B.

    Raises:
        ValueError: The values lie over other pixels.
    """
    spans, places = [], []
    for one, other, count, wanted in zip(
        held.axes, job.axes, output.shape[1:], job.output_size, strict=True
    ):
        moved, rest = divmod(first_anchor(one) - first_anchor(other), other.stride)
        first, last = max(moved, 0), min(moved + count, wanted)
        if one.stride != other.stride or rest or first >= last:
            raise ValueError(OTHER_STEPS)
        places.append(slice(first, last))
        spans.append(slice(first - moved, last - moved))
    if output.shape[1:] == job.output_size and places == spans:
        return Canvas(output, *places)
    planes = np.zeros((len(output), *job.output_size), np.float32)
    planes[:, places[0], places[1]] = output[:, spans[0], spans[1]]
    return Canvas(frozen(planes), *places)


def has_common_range(shown: Shown, held: Shown) -> bool:
    """Tell whether B and A, painted so, can be painted over one range: not as pictures."""
    if shown.mode is not held.mode or shown.mode is DisplayMode.RAW:
        return False
    is_white = shown.limit is None and held.limit is None and shown.mode not in FOLLOWS
    return not is_white  # both the picture's white


def common_range(
    job: KernelJob, shown: Shown, output: FloatArray, held: Shown, held_output: FloatArray
) -> tuple[Shown, Shown]:
    """Return how B and A are painted: over the wider of their ranges, where that is wanted.

    What a person has chosen for B stays.
    """
    if not job.comparison.same_range or not has_common_range(shown, held):
        return shown, held
    if job.state.display.limit is not None or shown.limit == held.limit is not None:
        return shown, held._replace(limit=shown.limit)
    limits = (_limit(shown, output), _limit(held, held_output))
    return shown._replace(limit=max(limits)), held._replace(limit=max(limits))


def _limit(shown: Shown, output: FloatArray) -> float:
    return shown.limit or nice_ceiling(max(map(abs, extremes(output))))


def difference(canvas: Canvas, output: FloatArray) -> FloatArray:
    """Return A − B, 0 where only one of them has a value.

    Raises:
        ValueError: They have different numbers of planes.
    """
    if len(canvas.planes) != len(output):
        raise ValueError(OTHER_PLANES.format(*map(_counted, (canvas.planes, output))))
    apart = canvas.planes - output
    rows, columns = canvas.rows, canvas.columns
    for rim in (
        np.s_[:, : rows.start],
        np.s_[:, rows.stop :],
        np.s_[:, :, : columns.start],
        np.s_[:, :, columns.stop :],
    ):
        apart[rim] = 0.0
    return frozen(apart)


def _counted(planes: FloatArray) -> str:
    return f"{len(planes)} map" + "s" * (len(planes) > 1)


def measure_apart(canvas: Canvas, apart: FloatArray) -> Apart:
    """Return the figures of ``difference`` over the values that both have."""
    return apart_of(apart[:, canvas.rows, canvas.columns])


def check_planes(held: KernelJob, job: KernelJob) -> None:
    """Raise ValueError where A and B do not show the same planes, or have no room for all."""
    planes = [each.names if each.has_parts else () for each in (held, job)]
    if planes[0] != planes[1]:
        raise ValueError(SAME_PLANES)
    if any(planes) and job.comparison.mode is CompareMode.SIDE:
        raise ValueError(NO_SIDE)


def composed(job: KernelJob, panel: Panel, held: Panel) -> Panel:
    """Return what stands in the output's place, but for the difference.

    Args:
        job: B, and how both are shown.
        panel: B's output.
        held: A's output on B's canvas.
    """
    match job.comparison.mode:
        case CompareMode.SIDE:
            sides = replace(held, names=("A",)), replace(panel, names=("B",))
            return replace(panel, parts=sides)
        case CompareMode.WIPE:
            return _wiped(panel, held, job.comparison.wipe)
    return panel  # to blink is the window's


def _wiped(panel: Panel, held: Panel, wipe: float) -> Panel:
    """Return A's left part before B's right one, of each plane; its figures are B's."""
    if panel.parts:
        pairs = zip(panel.parts, held.parts, strict=True)
        return replace(panel, parts=tuple(_wiped(*pair, wipe) for pair in pairs))
    colors = panel.bgra.copy()
    edge = round(wipe * colors.shape[1])
    colors[:, :edge] = held.bgra[:, :edge]
    planes, raw = panel.planes, panel.values
    if len(held.planes) == len(planes):
        edge = round(wipe * planes.shape[2])
        planes = np.concatenate((held.planes[:, :, :edge], planes[:, :, edge:]), axis=2)
        raw = np.concatenate((held.values[:, :, :edge], raw[:, :, edge:]), axis=2)
    return replace(panel, bgra=frozen(colors), planes=frozen(planes), raw=frozen(raw))
