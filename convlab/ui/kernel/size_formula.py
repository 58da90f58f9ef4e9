"""The size formula with the live numbers put in, grown only as far as the case needs."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QLabel

from convlab.document.kernel.job import KernelJob
from convlab.document.kernel.transposed import overlap_text
from convlab.document.stack.sums import size_sum
from convlab.engine.coverage import never_used
from convlab.engine.formula import symbolic_formula
from convlab.engine.window import IndexArray, TransposedWindow, Window


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
        sizes = (job.input_size, job.axes, job.copies)
        if sizes != self._sizes:
            self._sizes = sizes
            self.setText(formula_text(job))


def formula_text(job: KernelJob) -> str:
    """Return letters and numbers for both directions, and what the stride leaves out."""
    if job.copies is not None:
        return _transposed_text(job, job.copies)
    down, across = job.axes
    sides = _sides(job)
    longer = down if down.before != down.after else across
    letters = symbolic_formula(longer.before, longer.after, down.stride, down.dilation)
    numbers = {name: size_sum(axis, size) for name, (size, axis) in sides.items()}
    if numbers["height"] == numbers["width"]:
        lines = [f"size: {numbers['width']}"]
    else:
        lines = [f"{name}: {formula}" for name, formula in numbers.items()]
    return "<br>".join([f"<i>{letters}</i>", *lines, *notes_of(job)])


def _transposed_text(job: KernelJob, copies: tuple[TransposedWindow, TransposedWindow]) -> str:
    """Return the same of a transposed convolution, and how its copies overlap."""
    height, width = (
        size_sum(axis, size) for axis, size in zip(copies, job.source_size, strict=True)
    )
    same = height == width
    lines = [f"size: {width}"] if same else [f"height: {height}", f"width: {width}"]
    letters = "s(N − 1) + d(F − 1) + 1 − 2p"
    return "<br>".join([f"<i>{letters}</i>", *lines, *notes_of(job)])


def notes_of(job: KernelJob) -> list[str]:
    """Return in words what a stride loses, or how copies of the kernel overlap; often nothing."""
    if job.copies is None:
        return _notes(_sides(job))
    text = overlap_text(job.copies)
    return [text] if text else []


def _sides(job: KernelJob) -> dict[str, tuple[int, Window]]:
    """Return size and window along each direction."""
    return dict(zip(("height", "width"), zip(job.input_size, job.axes, strict=True), strict=True))


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
    if not any(map(len, left_out.values())):
        return []
    lines = {"height": "row", "width": "column"}
    at_the_end = all(
        unused.tolist() == list(range(sides[name][0] - len(unused), sides[name][0]))
        for name, unused in left_out.items()
    )
    if not at_the_end:
        words = [
            _lines(lines[name], len(unused)) for name, unused in left_out.items() if len(unused)
        ]
        sentence = f"{' and '.join(words)} {_be(left_out.values())} never used"
        return [f"{sentence}: the stride jumps over them."]
    last = [
        f"the last {lines[name] if len(unused) == 1 else _lines(lines[name], len(unused))}"
        for name, unused in left_out.items()
        if len(unused)
    ]
    sentence = f"{' and '.join(last)} {_be(left_out.values())} never used, the first ones are"
    return [f"Lopsided: {sentence}. {_remedy(sides)}"]


def _remedy(sides: dict[str, tuple[int, Window]]) -> str:
    """Return how much more padding lets the last window end where the picture does."""
    missing = {}
    for name, (size, axis) in sides.items():
        span = axis.dilation * (axis.kernel - 1) + 1
        missing[name] = -(size + axis.before + axis.after - span) % axis.stride
    more = sorted(set(missing.values()) - {0})
    cells = " or ".join(str(count) for count in more)
    return f"Padding of {cells} more, or another stride, uses all."


def _lines(name: str, count: int) -> str:
    return f"{count} {name}{'s' if count > 1 else ''}"


def _be(left_out: Iterable[IndexArray]) -> str:
    return "is" if sum(map(len, left_out)) == 1 else "are"
