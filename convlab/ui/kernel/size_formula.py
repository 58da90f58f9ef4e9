"""The size formula with the live numbers put in, grown only as far as the case needs."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QLabel

from convlab.document.kernel.job import KernelJob
from convlab.engine.coverage import never_used
from convlab.engine.formula import size_formula, symbolic_formula
from convlab.engine.window import IndexArray, Window


class SizeFormula(QLabel):
    """Shows how the output's height and width come about."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("size_formula")
        self.setAccessibleName("Size of the output")
        self.setWordWrap(True)
        self._sizes: object = None
        self.setToolTip(
            "<b>Size of the output</b><br>N picture, F kernel, p padding, s stride, d dilation. "
            "The formula grows as you add padding, stride and dilation."
        )

    def show_job(self, job: KernelJob) -> None:
        """Show the formula for a job; a new frame of the same size changes nothing."""
        sizes = (job.input_size, job.weights.shape, job.padding, job.geometry)
        if sizes != self._sizes:
            self._sizes = sizes
            self.setText(formula_text(job))


def formula_text(job: KernelJob) -> str:
    """Return letters and numbers for both directions, and what the stride leaves out."""
    geometry, padding = job.geometry, job.padding
    sides = {
        "height": (job.input_size[0], job.weights.shape[0], padding.top, padding.bottom),
        "width": (job.input_size[1], job.weights.shape[1], padding.left, padding.right),
    }
    steps = geometry.stride, geometry.dilation
    uneven = padding.top != padding.bottom
    before_after = (padding.top, padding.bottom) if uneven else (padding.left, padding.right)
    letters = symbolic_formula(*before_after, *steps)
    numbers = {name: size_formula(*side, *steps) for name, side in sides.items()}
    if numbers["height"] == numbers["width"]:
        lines = [f"size: {numbers['width']}"]
    else:
        lines = [f"{name}: {formula}" for name, formula in numbers.items()]
    return "<br>".join([f"<i>{letters}</i>", *lines, *_notes(job, sides)])


def _notes(job: KernelJob, sides: dict[str, tuple[int, int, int, int]]) -> list[str]:
    """Say in words what a stride loses."""
    stride, dilation = job.geometry.stride, job.geometry.dilation
    if stride == 1:
        return []
    padded = {name: size + before + after for name, (size, _, before, after) in sides.items()}
    beyond = [name for name, size in padded.items() if stride > size]
    if beyond:
        which = " and ".join(beyond)
        return [f"A stride of {stride} is beyond the picture’s {which}: one output only."]
    left_out = {
        name: never_used([Window(kernel, stride, before, after, dilation)], size)
        for name, (size, kernel, before, after) in sides.items()
    }
    words = [
        f"{len(lines)} {'row' if name == 'height' else 'column'}{'s' if len(lines) > 1 else ''}"
        for name, lines in left_out.items()
        if len(lines)
    ]
    if not words:
        return []
    at_the_end = all(
        lines.tolist() == list(range(sides[name][0] - len(lines), sides[name][0]))
        for name, lines in left_out.items()
    )
    sentence = f"{' and '.join(words)} {_be(left_out.values())} never used."
    return [f"The last {sentence}" if at_the_end else sentence]


def _be(left_out: Iterable[IndexArray]) -> str:
    return "is" if sum(map(len, left_out)) == 1 else "are"
