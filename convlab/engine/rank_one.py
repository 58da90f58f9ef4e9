"""A kernel as a sum of columns times rows: its singular vectors, as numbers one can read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray

NOTHING = 1e-6
"""A part that is so much weaker than the first is rounding of float32."""

_WHOLE = 1e-4  # a vector is written in whole numbers where it is so near to them


@dataclass(frozen=True, slots=True, eq=False)
class RankOne:
    """One part of a kernel: a column times a row.

    Attributes:
        strength: Its singular value.
        share: Of the sum of the squares of all weights, 0 to 1.
        column: ``(kh,)``.
        row: ``(kw,)``; ``column[:, None] * row`` is the part.
    """

    strength: float
    share: float
    column: FloatArray
    row: FloatArray


def rank_one_parts(kernel: AnyArray) -> tuple[RankOne, ...]:
    """Return the parts that add up to a kernel ``(kh, kw)``, the strongest first.

    >>> part, = rank_one_parts([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    >>> part.column.tolist(), part.row.tolist()
    ([1.0, 2.0, 1.0], [1.0, 0.0, -1.0])

    There are as many as the kernel's rank: one means that two short passes do the same as it, none
    that all weights are 0.
    """
    columns, values, rows = np.linalg.svd(np.asarray(kernel, np.float64), full_matrices=False)
    if not values.size or values[0] == 0.0:
        return ()
    energy = float((values**2).sum())
    return tuple(
        RankOne(float(value), float(value) ** 2 / energy, *_readable(value, column, row))
        for value, column, row in zip(values, columns.T, rows, strict=True)
        if value > NOTHING * values[0]
    )


def _readable(value: float, column: AnyArray, row: AnyArray) -> tuple[FloatArray, FloatArray]:
    """Return a column of small whole numbers where it is one, its largest positive; and its row."""
    column, row = column.copy(), value * row
    largest = int(np.abs(column).argmax())
    if column[largest] < 0:
        column, row = -column, -row
    magnitudes = np.abs(column)
    unit = float(magnitudes[magnitudes > _WHOLE * magnitudes[largest]].min())
    whole = np.round(column / unit)
    is_whole = np.abs(column / unit - whole).max() < _WHOLE * np.abs(whole).max()
    unit = unit if is_whole else float(magnitudes[largest])
    scaled = whole if is_whole else column / unit
    scaled[np.abs(scaled) < _WHOLE * np.abs(scaled).max()] = 0.0
    row = row * unit
    row[np.abs(row) < _WHOLE * np.abs(row).max()] = 0.0
    return (scaled + 0.0).astype(np.float32), row.astype(np.float32)
