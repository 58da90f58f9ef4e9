"""Kernels that are written as the product of a column and a row."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.kernel_calls import arguments_of

_MOST = 31
_SIGN = re.compile(r"(?<=[\])}'])\s{0,40}(?:@|\.?\*)\s{0,40}(?=\(?(?:np\.|numpy\.|torch\.)?[\[a{])")
_CALL = re.compile(
    r"\A\s{0,40}(?:\w{1,40}\s{0,9}=\s{0,9})?(?:np\.|numpy\.|torch\.)?(outer|dot|matmul)\s?\("
)
_ASSIGNED = re.compile(r"\A\s{0,40}\w{1,40}\s{0,9}=(?!=)")


def product(text: str, parse: Callable[[str], FloatArray]) -> AnyArray | None:
    """Return the product that a text spells, ``(kh, kw)``; None if it is no product.

    Args:
        text: As ``[1; 2; 1] * [1 0 -1]``, ``np.outer(np.array(...), ...)`` or ``a @ b``.
        parse: Reads each factor.

    Raises:
        ValueError: A factor is no kernel, or they do not go together.
    """
    call = _CALL.match(text)
    if call is not None:
        arguments, end = arguments_of(text, call.end())
        if len(arguments) != 2 or text[end:].strip(" ;\n"):
            return None
        left, right = map(parse, arguments)
        if call[1] == "outer":
            left, right = left.reshape(-1, 1), right.reshape(1, -1)
    else:
        body = _ASSIGNED.sub("", text, count=1).strip(" ;\n")
        signs = list(_SIGN.finditer(body))
        if len(signs) != 1:
            return None
        before, after = body[: signs[0].start()], body[signs[0].end() :]
        if "[" not in before and "{" not in before:
            return None  # a factor
        left, right = parse(before.rstrip("'")), parse(after)
        left = left.T if before.endswith("'") else left
    if left.shape[1] != right.shape[0] or max(left.shape[0], right.shape[1]) > _MOST:
        sizes = " and ".join(f"{rows}×{columns}" for rows, columns in (left.shape, right.shape))
        raise ValueError(f"{sizes} make no kernel: write a column times a row")
    return np.asarray(left, np.float64) @ np.asarray(right, np.float64)
