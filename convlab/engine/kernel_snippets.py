"""Kernels as they stand in printouts and among other lines of a program.

Everything is found by patterns that take time in proportion to the text; see ``kernel_forms``.
"""

from __future__ import annotations

import re
from itertools import islice

from convlab.engine.kernel_number import parse_number


def _loose(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for none or some, but not for any number."""
    return re.compile(pattern.replace(" ", r"\s{0,40}"), re.MULTILINE)


_DEFINED = re.compile(r"^[ \t]{0,40}#[ \t]{0,9}define[ \t]{1,9}\w{1,60}", re.MULTILINE)
_HEAD = _loose(
    r"\A (?:Parameter containing: |<tf\.(?:Tensor|Variable)[^\[\]]{0,200}numpy= |tf\.Tensor(?= \())"
)
_PRINTED = _loose(
    r", (?:requires_grad|grad_fn|device|shape|layout|weak_type) = "
    r"(?:\([\d, ]{0,40}\)|'[\w:]{0,20}'|<\w{0,60}>|[\w.]{1,40}) (?=[,)])"
)
_ENDING = re.compile(r"\)\s{0,40}>\s{0,40}\Z")
_NEW_AXES = re.compile(
    r"(?<=[\])])\[(?:(?:None|np\.newaxis|tf\.newaxis|\.\.\.|:)(?:,\s{0,9})?){1,4}\]"
)
_ASIDE = re.compile(
    r"^[^\n\[\]{}]{0,80}\b(?:imread|imwrite|imshow|imsave|show|print|waitKey|cvtColor|title"
    r"|filter2D|sepFilter2D|convolve2?d?|correlate2?d?|imfilter|conv2) ?\([^\n\[\]{}]*\)"
    r"[^\n\[\]{}]{0,20}$",
    re.MULTILINE,
)
_RESCALED = re.compile(
    r"^[ \t]{0,40}(\w{1,40})[ \t]{0,9}(?:=[ \t]{0,9}\1[ \t]{0,9}([*/])|([*/])=)[ \t]{0,9}"
    r"([^\n;]{1,80});?[ \t]{0,40}$",
    re.MULTILINE,
)
_PLAIN = frozenset("0123456789+-−.,/eE ")
_MOST_LINES = 4


def alone(text: str) -> str:
    """Return a kernel without the words of a printout and the lines that only use it.

    A line that scales it, as ``k /= 9``, becomes a factor behind it.

    Raises:
        ValueError: A line scales it by something that only a program knows.
    """
    text = _PRINTED.sub("", _HEAD.sub("", _DEFINED.sub("", text)))
    text = _NEW_AXES.sub("", _ENDING.sub(")", text))
    if "\n" in text:
        text = _ASIDE.sub("", text)
    return _scaled(_in_rows(text))


def _in_rows(text: str) -> str:
    """Put ``1 0 -1 / 2 0 -2 / 1 0 -1`` in rows: as many numbers before each stroke as behind it."""
    parts = [part.split() for part in text.split(" / ")]
    lengths = {len(part) for part in parts}
    if len(parts) < 2 or len(lengths) > 1 or min(lengths) < 2 or not set(text) <= _PLAIN:
        return text
    return "\n".join(" ".join(part) for part in parts)


def _scaled(text: str) -> str:
    """Put the factors of ``k = k / 4`` and ``k *= 0.5`` before what k is."""
    lines = list(islice(_RESCALED.finditer(text), _MOST_LINES + 1))
    if not lines:
        return text
    name = lines[0][1]
    assigned = re.search(rf"\b{name}\b[^\n=]{{0,40}}=(?!=)", text[: lines[0].start()])
    if assigned is None:
        return text
    if len(lines) > _MOST_LINES or any(line[1] != name for line in lines):
        raise ValueError("several lines scale it: paste the rows alone, with one factor")
    factor = 1.0
    for line in lines:
        by = _number(line[4], line[0].strip())
        if by == 0 and "/" in (line[2], line[3]):
            raise ValueError("the kernel is divided by zero: write another divisor")
        factor = factor * by if "*" in (line[2], line[3]) else factor / by
    start = assigned.end()
    return f"{text[:start]} {factor!r} * {_RESCALED.sub('', text[start:]).strip()}"


def _number(factor: str, line: str) -> float:
    try:
        return parse_number(factor.strip().removeprefix("(").removesuffix(")").rstrip("f"))
    except ValueError:
        raise ValueError(
            f"{line[:40]!r} scales it by what only the program knows: paste the rows alone, and "
            "tick normalise if that is its sum"
        ) from None
