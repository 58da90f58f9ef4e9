"""Kernels as tables, of Markdown, HTML and text, and as options of programs for pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from convlab.engine.kernel_calls import SQUARE, Called

_ROW = re.compile(r"<m?tr\b[^<>]{0,200}>", re.IGNORECASE)
_CELL = re.compile(r"<(?:mtd|td|th)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_RULE_SIGNS = frozenset(" \t|:+=─-")
_BOX = str.maketrans(dict.fromkeys("│┃║", "|") | dict.fromkeys("├┤┼┌┐└┘┬┴═╪╫╬╠╣╔╗╚╝╦╩", "─"))
_TALL = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠", " "))  # brackets of several lines
_JULIA = re.compile(r"\A\s{0,40}\d+×\d+ [\w{}, ]{1,60}:[ \t]*\n")
_LIST_ITEM = re.compile(r"^[ \t]*-[ \t]+(?=\[)", re.MULTILINE)
_KEY = re.compile(r"\A\s{0,40}\w{1,40}:[ \t]*\n(?=[ \t]*-[ \t]+\[)")
_OPENCV = re.compile(
    r"rows:\s{0,9}(\d{1,2})\s{1,40}cols:\s{0,9}(\d{1,2})[\s\S]{1,80}?data:\s{0,9}(\[[^\[\]]*\])"
)
_CONVOLVE = re.compile(r"-convolve\s{1,9}(['\"]?)([-+\d.,eE\s/]{1,4000})\1")
_PLANES = re.compile(r"\bconvolution=\s{0,9}(['\"]?)([-+\d.\s:]{1,4000})\1")
_GIMP = re.compile(
    r"plug-in-convmatrix\b[^#()]{0,200}#?\(([-+\d.eE\s]{1,1000})\)\s+\d\s+([-+\d.]+)\s+([-+\d.]+)"
)
_IMAGEJ = re.compile(r"text1=\[([-+\d.,eE\s\\n]{1,4000})\]")
_MAGICK = re.compile(r"(['\"])(\d{1,4}(?:x\d{1,4})?[^'\":]{0,20}:[^'\"]{1,4000})\1")
_HASKELL = re.compile(r"\((\d{1,2})><(\d{1,2})\)\s{0,9}(\[[^\[\]]{1,4000}\])")
_GMIC = re.compile(r"\A\s{0,40}-?(?:convolve|correlate)\.?\s{1,9}(?=\(\s{0,9}[-+\d.])")


def tabled(text: str) -> Called:
    """Return a text whose table, or option, is rows of numbers.

    Raises:
        ValueError: An option was understood and cannot be.
    """
    if _ROW.search(text):
        return Called(_html(text))
    text = _JULIA.sub("", text.translate(_BOX).translate(_TALL))
    text = _LIST_ITEM.sub("", _KEY.sub("", _GMIC.sub("", text)))
    text = re.sub(r"(?<=\d)//(?=\d)", "/", text).replace("#2A(", "(")
    text = text.strip().strip("$") if text.count("$") == 2 and "\\" not in text else text
    for pattern, read in _OPTIONS:
        found = pattern.search(text)
        if found is not None:
            return read(found)
    return _vips(text) or Called(_without_rules(text))


def _html(text: str) -> str:
    """Return the rows of a table of HTML or MathML; heads in words are no rows."""
    rows = []
    for row in _ROW.split(text)[1:]:
        cells = [html.unescape(_TAG.sub("", cell)).strip() for cell in _CELL.split(row)[1:]]
        if any(any(sign.isdigit() for sign in cell) for cell in cells):
            rows.append(",".join(cells))
    return "[" + ",".join(f"[{row}]" for row in rows) + "]"


def _is_rule(line: str) -> bool:
    marks = "--", ":-", "-:", "==", "─"
    return _RULE_SIGNS.issuperset(line) and any(mark in line for mark in marks)


def _without_rules(text: str) -> str:
    """Take away the lines between the rows of a table, and its head if that is in words."""
    lines = text.split("\n")
    rules = [_is_rule(line) for line in lines]
    if "|" not in text or not any(rules):
        return text
    has_head = len(rules) > 1 and rules[1] and not any(map(str.isdigit, lines[0]))
    kept = [line for line, is_rule in zip(lines, rules, strict=True) if not is_rule]
    return "\n".join(kept[1:] if has_head else kept)


def _opencv(found: re.Match[str]) -> Called:
    """Read a matrix of OpenCV's files."""
    return Called(found[3], (int(found[1]), int(found[2])))


def _gimp(found: re.Match[str]) -> Called:
    """Read GIMP's convolution matrix: 25 numbers, then its divisor and its offset."""
    note = "" if float(found[3]) == 0 else "The offset is left out: it stands beside the divisor."
    return Called(f"[{found[1].strip()}] / {found[2]}", SQUARE, note)


def _imagej(found: re.Match[str]) -> Called:
    r"""Read ImageJ's ``text1=[1 0 -1\n2 0 -2\n1 0 -1\n]``."""
    return Called(found[1].replace("\\n", "\n"))


def _convolve(found: re.Match[str]) -> Called:
    """Read ImageMagick's ``-convolve 1,0,-1,2,0,-2,1,0,-1``."""
    return Called(f"[{found[2].strip()}]", SQUARE)


def _magick(found: re.Match[str]) -> Called:
    """Read a kernel of ImageMagick in a command that may scale it."""
    scales = "convolve:scale" in found.string
    return Called(found[2], None, "ImageMagick scales it: tick normalise for that." * scales)


def _haskell(found: re.Match[str]) -> Called:
    """Read ``(3><3) [1, 0, -1, ...]``."""
    return Called(found[3], (int(found[1]), int(found[2])))


def _vips(text: str) -> Called | None:
    """Read a matrix of libvips: columns, rows, scale and offset in a line, then the rows."""
    head, *rows = (line.split() for line in text.strip().split("\n"))
    if not rows or not 2 <= len(head) <= 4 or not all(each.isdecimal() for each in head[:2]):
        return None
    size = int(head[1]), int(head[0])
    if len(rows) != size[0] or {len(row) for row in rows} != {size[1]} or size[1] == len(head):
        return None
    scale = head[2] if len(head) > 2 else "1"
    return Called(f"[{' '.join(cell for row in rows for cell in row)}] / {scale}", size)


def _planes(found: re.Match[str]) -> Called:
    """Read FFmpeg's matrices of four planes, which must be one."""
    planes = {" ".join(plane.split()) for plane in found[2].split(":") if plane.strip()}
    if len(planes) > 1:
        raise ValueError("the planes have other matrices: paste that of one plane")
    return Called(f"[{planes.pop()}]", SQUARE)


_OPTIONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Called]], ...] = (
    (_OPENCV, _opencv),
    (_GIMP, _gimp),
    (_IMAGEJ, _imagej),
    (_CONVOLVE, _convolve),
    (_PLANES, _planes),
    (_MAGICK, _magick),
    (_HASKELL, _haskell),
)
