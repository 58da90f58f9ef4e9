"""What the analysis of a kernel says in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convlab.document.kernel.analysis import TuningShown, Waves
from convlab.engine.arrays import FloatArray
from convlab.engine.rank_one import RankOne
from convlab.engine.tuning import Stimulus
from convlab.ui.numbers import show_number, show_weight

MOST_PARTS = 6
MOTION = (
    "Moved back again, it gives the same answers in reverse order: which way something moved no "
    "still kernel can tell. That takes two moments in time."
)


def wave_words(waves: Waves) -> str:
    """Say what becomes of the flat picture and of the fastest waves."""
    flat, across, down = (
        float(each) for each in (waves.across[0], waves.across[-1], waves.down[-1])
    )
    return (
        f"The flat picture times {show_number(flat)}; stripes one pixel wide, from left to right "
        f"times {show_number(across)}, from top to bottom times {show_number(down)}."
    )


def part_words(parts: Sequence[RankOne]) -> list[str]:
    """Say of what columns and rows a kernel is the sum, a paragraph each."""
    if not parts:
        return ["All weights are 0."]
    if len(parts) == 1:
        rows, columns = len(parts[0].column), len(parts[0].row)
        head = (
            f"<b>Rank 1: separable.</b> A column times a row: two short passes of {rows} and "
            f"{columns} products do the work of {rows * columns}."
        )
    else:
        head = (
            f"<b>Rank {len(parts)}: not separable.</b> The sum of {len(parts)} columns times rows, "
            "the strongest first."
        )
    lines = [head]
    for part in parts[:MOST_PARTS]:
        lines.append(
            f"σ = {show_number(part.strength)}, {100 * part.share:.1f} % of the energy<br>"
            f"column {_numbers(part.column)}<br>row {_numbers(part.row)}"
        )
    rest = len(parts) - MOST_PARTS
    return [*lines, f"… and {rest} weaker ones."] if rest > 0 else lines


def _numbers(values: FloatArray) -> str:
    return "&nbsp; ".join(show_weight(float(value)) for value in values)


def tuning_words(shown: TuningShown) -> str:
    """Say to what a kernel answers, and what it cannot know."""
    curve, is_bar = shown.curve, shown.stimulus is Stimulus.BAR
    what = "bar" if is_bar else "edge"
    if not curve.answers.any():
        return f"No {what} gives a sum above 0: there is no answer."
    if curve.best is None:
        return f"Several angles of the {what} are answered alike: none is preferred. {MOTION}"
    text = f"<b>The strongest answer is at {curve.best:.0f}°</b>"
    if curve.width is not None:
        text += f", half of it {curve.width:.0f}° away"
    if is_bar:
        return f"{text}. At 180° more it is the same bar. {MOTION}"
    opposite = int(np.abs((curve.angles - curve.best) % 360 - 180).argmin())
    other = show_number(float(curve.answers[opposite]))
    return f"{text}. Which side is bright it does tell: the opposite edge gives {other}. {MOTION}"
