"""The size formula with the live numbers put in, grown only as far as the case needs."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QLabel

from convlab.document.kernel.job import KernelJob
from convlab.document.stack.sums import size_sum
from convlab.engine.coverage import never_used
from convlab.engine.formula import symbolic_formula
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
        sizes = (job.input_size, job.axes)
        if sizes != self._sizes:
            self._sizes = sizes
            self.setText(formula_text(job))


def formula_text(job: KernelJob) -> str:
    """Return letters and numbers for both directions, and what the stride leaves out."""
    down, across = job.axes
    sides = dict(zip(("height", "width"), zip(job.input_size, job.axes, strict=True), strict=True))
    longer = down if down.before != down.after else across
    letters = symbolic_formula(longer.before, longer.after, down.stride, down.dilation)
    numbers = {name: size_sum(axis, size) for name, (size, axis) in sides.items()}
    if numbers["height"] == numbers["width"]:
        lines = [f"size: {numbers['width']}"]
    else:
        lines = [f"{name}: {formula}" for name, formula in numbers.items()]
    return "<br>".join([f"<i>{letters}</i>", *lines, *_notes(sides)])


def _notes(sides: dict[str, tuple[int, Window]]) -> list[str]:
    """Say in words what a stride loses."""
    stride = sides["width"][1].stride
    if stride == 1:
        return []
    beyond = [
        name for name, (size, axis) in sides.items() if stride > size + axis.before + axis.after
    ]
    if beyond:
        which = " and ".join(beyond)
        return [f"A stride of {stride} is beyond the picture’s {which}: one output only."]
    left_out = {name: never_used([axis], size) for name, (size, axis) in sides.items()}
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
