"""Kernels written as text, for programs, papers and tables; ``kernel_text`` reads it back."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import AnyArray
from convlab.engine.naming import parse_name

_Rows: TypeAlias = list[list[str]]


class TextStyle(StrEnum):
    """How ``to_text`` writes a kernel."""

    NUMPY = "numpy"
    MATLAB = "matlab"
    CSV = "csv"
    TSV = "tsv"
    PYTHON = "python"
    PYTORCH = "pytorch"
    OPENCV = "opencv"
    C = "c"
    LATEX = "latex"


def to_text(weights: ArrayLike, style: str = "numpy") -> str:
    """Return a kernel, or one for each channel, as text.

    ``parse`` reads one kernel back exactly; ``read_text`` several of NumPy, Python, PyTorch and C.

    Args:
        weights: ``(kh, kw)``, or several ``(N, kh, kw)``.
        style: "numpy", "matlab", "csv", "tsv" (spreadsheets), "python" (lists), "pytorch", "opencv"
            (C++), "c" or "latex".

    Raises:
        ValueError: If the weights have another number of dimensions, or the style is unknown.
    """
    written = np.asarray(weights, np.float32)
    name = parse_name(TextStyle, style, "style")
    if written.ndim not in (2, 3):
        raise ValueError(
            f"a kernel of shape {written.shape} cannot be written: give two dimensions, or three "
            "for one kernel a channel"
        )
    if written.ndim == 2:
        return _WRITERS[name](_cells(written))
    return _BANK_WRITERS[name]([_cells(kernel) for kernel in written])


def _cells(kernel: AnyArray) -> _Rows:
    return [[_shortest(value) for value in row] for row in kernel]


def _rows(cells: _Rows, first: str = "[", last: str = "]", indent: int = 1) -> str:
    """Return rows in brackets, each in a line of its own."""
    gap = ",\n" + " " * indent
    return gap.join(f"{first}{', '.join(row)}{last}" for row in cells)


def _nested(bank: list[_Rows], indent: int, first: str = "[", last: str = "]") -> str:
    """Return kernels in brackets, each of which holds its rows."""
    rows = (f"{first}{_rows(cells, first, last, indent + 1)}{last}" for cells in bank)
    return (",\n" + " " * indent).join(rows)


def _opencv(cells: _Rows) -> str:
    numbers = ",\n    ".join(", ".join(row) for row in cells)
    return f"(cv::Mat_<float>({len(cells)}, {len(cells[0])}) <<\n    {numbers})"


def _matlab(cells: _Rows) -> str:
    return f"[{'; '.join(' '.join(row) for row in cells)}]"


def _floats(cells: _Rows) -> _Rows:
    return [
        [f"{cell}f" if "." in cell or "e" in cell else f"{cell}.0f" for cell in row]
        for row in cells
    ]


def _c(cells: _Rows) -> str:
    size = f"[{len(cells)}][{len(cells[0])}]"
    return f"const float kernel{size} = {{\n    {_rows(_floats(cells), '{', '}', 4)}\n}};"


def _c_bank(bank: list[_Rows]) -> str:
    size = f"[{len(bank)}][{len(bank[0])}][{len(bank[0][0])}]"
    rows = _nested([_floats(cells) for cells in bank], 4, "{", "}")
    return f"const float kernels{size} = {{\n    {rows}\n}};"


def _latex(cells: _Rows) -> str:
    rows = " \\\\\n".join(" & ".join(row) for row in cells)
    return f"\\begin{{bmatrix}}\n{rows}\n\\end{{bmatrix}}"


def _lines(cells: _Rows, between: str) -> str:
    return "\n".join(between.join(row) for row in cells)


_WRITERS: dict[TextStyle, Callable[[_Rows], str]] = {
    TextStyle.NUMPY: lambda cells: f"np.array([{_rows(cells, indent=10)}], dtype=np.float32)",
    TextStyle.MATLAB: _matlab,
    TextStyle.CSV: lambda cells: _lines(cells, ","),
    TextStyle.TSV: lambda cells: _lines(cells, "\t"),
    TextStyle.PYTHON: lambda cells: f"[{_rows(cells)}]",
    TextStyle.PYTORCH: lambda cells: (
        f"torch.tensor([[[{_rows(cells, indent=16)}]]], dtype=torch.float32)"
    ),
    TextStyle.OPENCV: _opencv,
    TextStyle.C: _c,
    TextStyle.LATEX: _latex,
}

_BANK_WRITERS: dict[TextStyle, Callable[[list[_Rows]], str]] = {
    TextStyle.NUMPY: lambda bank: f"np.array([{_nested(bank, 10)}], dtype=np.float32)",
    TextStyle.MATLAB: lambda bank: f"cat(3, {', '.join(map(_matlab, bank))})",
    TextStyle.CSV: lambda bank: "\n\n".join(_lines(cells, ",") for cells in bank),
    TextStyle.TSV: lambda bank: "\n\n".join(_lines(cells, "\t") for cells in bank),
    TextStyle.PYTHON: lambda bank: f"[{_nested(bank, 1)}]",
    TextStyle.PYTORCH: lambda bank: f"torch.tensor([[{_nested(bank, 15)}]], dtype=torch.float32)",
    TextStyle.OPENCV: lambda bank: (
        "std::vector<cv::Mat> kernels = {\n" + ",\n".join(map(_opencv, bank)) + "};"
    ),
    TextStyle.C: _c_bank,
    TextStyle.LATEX: lambda bank: ",\n".join(map(_latex, bank)),
}


def _shortest(value: np.float32) -> str:
    """Return the fewest digits that give the same float32, without a trailing ``.0``."""
    return str(value).removesuffix(".0")
