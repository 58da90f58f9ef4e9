"""Kernels as programs and papers write them, rewritten as the brackets that ``kernel_text`` reads.

Everything is found by patterns, each of which takes time in proportion to the text; nothing is
ever evaluated.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from convlab.engine.kernel_calls import called
from convlab.engine.kernel_columns import row_by_row
from convlab.engine.kernel_number import DECIMAL, parse_number
from convlab.engine.kernel_snippets import alone
from convlab.engine.kernel_tables import tabled

LARGEST = 31
_QUOTIENT = rf"{DECIMAL}(?:\s?/\s?{DECIMAL})?"
_SIZE = r" (\d{1,4}) "


def _loose(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for none or some, but not for any number.

    Two such places in a row, each without a bound, would take the square of the text's length.
    """
    return re.compile(pattern.replace(" ", r"\s{0,40}"))


_COMMENT = re.compile(r"(?:#|//|%|```)[^\n]*")
_RULE = re.compile(r"^[ \t|:]{0,40}---[-|: \t]*$", re.MULTILINE)  # under the head of a table
_ATTRIBUTE = re.compile(r"=\s{0,9}([\"'])([-+\d.,eE/\s]{1,4000})\1")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|Out\[\d*\]:)[ \t]?", re.MULTILINE)
_SUFFIX = re.compile(rf"(?<![\w.])({DECIMAL})(?:_?f(?:32|64)|[fFdD])(?!\w)")
_CAST = re.compile(r"\((?:unsigned )?(?:float|double|int|char|short|long|uchar|half)\)")
_SCALAR = _loose(
    rf"(?:(?<!\w)(?:np|numpy)\.float(?:32|64)|(?<![\w>]))"
    rf"\( ({DECIMAL}) (?:([*/]) ({DECIMAL}) )?\)"
)
_BESIDE = _loose(rf"\A ({_QUOTIENT}) (?=[\[{{])")
_HEAD = re.compile(r"[\w\s\[\]<>:;,*&.^\\{}]*")
_KEY = _loose(r" \{? [\"']?[A-Za-z_]\w*[\"']? : (?=\[)")
_NEW = _loose(r" (?:new\s+)?(?:(?:\[\d*\])*(?:float|double|int)(?:32|64)? (?:\[[\d,]*\])*)?")
_FLOATS = re.compile(r"\bfloat([234])x([234])\b")  # of HLSL, rows first
_DECLARED = _loose(r"\[ (\d{1,4})(?: \* (\d{1,4}))? \]")
_DTYPE = _loose(
    r", (?:(?:np|numpy|torch|tf|jnp|cv2?|mx)(?:\.|::)\w+"
    r"|(?:u?int|float|double|bfloat|complex)\d*|CV_\w+"
    r"|[\"'][\w<>=]*[\"']|[a-z_]+ = [\w.'\":]*(?:\([\w.'\"]*\))?) (?=[,)])"
)
_CONSTANT = _loose(
    r"(?<![\w.:])(?P<of>(?:\w+(?:\.|::)){0,3})(?P<name>ones|zeros|eye|identity|full) \("
    r" [(\[{]?(?P<sizes> \d{1,4}(?: , \d{1,4}){0,3}) [)\]}]?"
    rf"(?: , (?P<value>{_QUOTIENT})(?!\w))? ,?[^()\n]{{0,60}}\)"
)
_OUTER = _loose(
    r"(?<![\w.])(?:\w+\.)?outer \( [(\[]([^()\[\]]{0,2000})[)\]] , "
    r"[(\[]([^()\[\]]{0,2000})[)\]] \)"
)
_QUOTED = _loose(r"\( (['\"])([-+\d.,;/\s]{1,4000})\1 \)")
_METHOD = re.compile(
    r"\.(astype|float|double|half|to|cuda|cpu|copy|contiguous|clone|detach|numpy|squeeze|unsqueeze"
    r"|reshape|view|transpose|t|T)\b(?:\(([^()]{0,80}(?:\([^()]{0,80}\))?)\))?"
)
_MAT = _loose(rf"Mat_ < \w+ > \({_SIZE},{_SIZE}\) <<([^()]*)\)")
_MATX = _loose(rf"Matx(?:(\d)(\d)[fd]| < \w+ ,{_SIZE},{_SIZE}>)(?:\s\w+)? [({{]([^(){{}}]*)[)}}]")
_MAGICK = _loose(
    r"[\s'\"]*(?:-\w+\s(?:\w+\s)?['\"])?(\d{1,4})(?:x(\d{1,4}))?(?:\+\d+\+\d+)?[><@^!]* :([^:]*)"
)
_SHELL = re.compile(r"\A[^'\"]{1,400}(['\"])(\d{1,4}(?:x\d{1,4})?[^'\":]{0,20}:[^'\"]{1,4000})\1")
_FRACTION = _loose(r"\\[td]?frac \{? ([^{}]{1,40}?) \}? \{ ([^{}]{1,40}?) \}")
_MATRIX = _loose(
    r"\\begin \{\w*[mM]atrix\*?\}(?:\[\w\])?|\\begin \{(?:array|tabular)\} (?:\{[^{}]*\})?"
    r"|\\[pbvBV]?matrix \{"
)
_MATRIX_END = _loose(r"\\end \{(?:\w*[mM]atrix\*?|array|tabular)\}")
_LATEX_NOISE = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?)\s{0,9}[()\[\].|]?|\\(?:hline|quad|qquad|[,;:! ])"
    r"|\\(?:begin|end)\s{0,9}\{\w+\*?\}|\\[\[\]()]"
    r"|\\(?:mathbf|mathrm|boldsymbol|text|bm)\b|\$|~"
)


class Plain(NamedTuple):
    """A kernel in plain brackets or rows.

    Attributes:
        text: Reads as NumPy, MATLAB or rows of numbers, with a factor in front or behind.
        shape: (rows, columns) into which its numbers go, or None: as they are written. A side of
            -1 is as many as there are; (0, 0) is a square, if they make one.
        is_transposed: Rows are columns.
        note: What a person may not know of how it was read; "" is nothing.
    """

    text: str
    shape: tuple[int, int] | None = None
    is_transposed: bool = False
    note: str = ""


def plain(text: str) -> Plain:
    """Return a kernel in plain brackets.

    It takes comments, prompts, declarations, types and methods away, and reads C, LaTeX, OpenCV,
    ImageMagick, R, GLSL, tables, ``ones`` and its like, and ``outer``.

    Raises:
        ValueError: A part of it was understood and cannot be.
    """
    text, tabled_shape, tabled_note = tabled(alone(_PROMPT.sub("", text)))
    if any(word in text for word in ("\\begin", "frac", "matrix{")):
        text = _latex(text)
    text = _COMMENT.sub("", _without_block_comments(text))
    found = (attribute[2] for attribute in _ATTRIBUTE.finditer(text))
    attributes = [text for text in found if any(map(str.isdigit, text))]
    if attributes:  # of an XML element, or of a command: one is the kernel
        return Plain(f"[{max(attributes, key=len)}]", (0, 0))
    text = _SUFFIX.sub(r"\1", _CAST.sub("", _RULE.sub("", text))).replace("|", " ")
    shell = _SHELL.match(text)
    text = text if shell is None else shell[2]
    magick = _MAGICK.fullmatch(text)
    if magick is not None and magick[3].strip():
        return _magick(magick)._replace(note=tabled_note)
    text, note = row_by_row(text)
    text, called_shape, called_note = called(text)
    text, declared = _without_head(text)
    for pattern, rewrite in _REWRITES:
        text = pattern.sub(rewrite, text)
    mat = _mat(text)
    if mat is not None:
        return mat
    text, shape, is_transposed = _without_methods(text)
    text = _BESIDE.sub(r"\1 * ", _DTYPE.sub("", text))  # what stands side by side is multiplied
    shape = shape or called_shape or tabled_shape or declared
    return Plain(text, shape, is_transposed, note or called_note or tabled_note)


def _without_block_comments(text: str) -> str:
    parts = []
    while text:
        before, _, after = text.partition("/*")
        parts.append(before)
        text = after.partition("*/")[2]
    return "".join(parts)


def _latex(text: str) -> str:
    text = re.sub(r"(?<!\\)%[^\n]*", "", text).replace("\\\\", ";").replace("\\cr", ";")
    text = re.sub(r"frac\s?(\d)\s?(\d)", r"frac{\1}{\2}", text)
    text = _FRACTION.sub(r"\1/\2 ", text)
    text = _MATRIX_END.sub("]", _MATRIX.sub("[", text)).replace("\n", " ")
    text = re.sub(r"\\(?:cdot|times|ast)\b", "*", text)
    text = _LATEX_NOISE.sub(" ", text).replace("&", ",").strip().rstrip(".,")
    return re.sub(r";\s{0,9}\]", "]", text)


def _magick(found: re.Match[str]) -> Plain:
    """Read ``3x3: 1,0,-1 2,0,-2 1,0,-1``: columns x rows, and - or nan for a cell left out."""
    columns, rows = int(found[1]), int(found[2] or found[1])
    cells = re.split(r"[\s,]+", found[3].strip("\"' \t\n,"))
    cells = ["0" if cell.lower() in ("-", "nan") else cell for cell in cells]
    return Plain(f"[{','.join(cells)}]", (rows, columns))


def _without_head(text: str) -> tuple[str, tuple[int, int] | None]:
    """Take ``const float k[3][3] =`` away; return the shape that it declares, too."""
    key = _KEY.match(text)
    if key is not None:
        return text[key.end() :].rstrip(" \n;,").removesuffix("}" if "{" in key[0] else ""), None
    head, equals, rest = text.partition("=")
    if not equals or _HEAD.fullmatch(head) is None:
        return text, None
    if re.search(r"[^\W\d]", head) is None:  # a formula of a spreadsheet
        return (text if head.strip() else rest), None
    new = _NEW.match(rest)
    rest = rest[new.end() :] if new is not None else rest
    sizes = [int(one) * int(other or 1) for one, other in _DECLARED.findall(head)]
    if len(sizes) == 2:
        return rest, (sizes[0], sizes[1])
    is_one_list = rest.count("{") == 1 or rest.lstrip().startswith("(")
    named = _FLOATS.search(head)
    if named is not None and is_one_list:
        return rest, (int(named[1]), int(named[2]))
    is_flat = ("[" in head or "array" in head) and is_one_list
    return rest, (0, 0) if is_flat else None


def _scalar(found: re.Match[str]) -> str:
    first, sign, second = found.groups()
    if sign == "*":
        return repr(float(first) * float(second))
    return first if sign is None else f"{first}/{second}"


def _constant(found: re.Match[str]) -> str:
    """Write the cells of ``np.ones((3, 3), np.float32)`` and the like."""
    sizes = [int(size) for size in found["sizes"].split(",")]
    name, of = found["name"], found["of"]
    # np.ones(3) is a row, MATLAB's ones(3) a square.
    is_row = len(sizes) == 1 and bool(of) and name in ("ones", "zeros", "full")
    rows, columns = (1 if is_row else sizes[-2:][0]), sizes[-1]
    if not (0 < rows <= LARGEST and 0 < columns <= LARGEST):
        raise ValueError(f"{found[0]} is too large: {LARGEST}×{LARGEST} cells are the most")
    value = "".join((found["value"] or "1").split())
    fill = {"ones": "1", "zeros": "0", "full": value}.get(name)
    written = (
        ",".join(str(int(row == column)) if fill is None else fill for column in range(columns))
        for row in range(rows)
    )
    return f"[{','.join(f'[{row}]' for row in written)}]"


def _outer(found: re.Match[str]) -> str:
    """Write the products of ``np.outer([1, 2, 1], [1, 0, -1])``."""
    column, row = (
        [parse_number(cell) for cell in each.rstrip(", ").split(",")] for each in found.groups()
    )
    if max(len(column), len(row)) > LARGEST:
        raise ValueError(f"{found[0][:24]}… is too large: {LARGEST}×{LARGEST} cells are the most")
    rows = (",".join(repr(down * across) for across in row) for down in column)
    return f"[{','.join(f'[{row}]' for row in rows)}]"


def _quoted(found: re.Match[str]) -> str:
    """Write the text of ``np.matrix("1 2; 3 4")`` in brackets."""
    return f"([{found[2]}])"


_REWRITES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_SCALAR, _scalar),
    (_CONSTANT, _constant),
    (_OUTER, _outer),
    (_QUOTED, _quoted),
)


def _mat(text: str) -> Plain | None:
    """Read OpenCV's ``(cv::Mat_<float>(3,3) << 1, 0, -1, ...)`` and ``cv::Matx33f(...)``."""
    found = _MAT.search(text)
    if found is not None:
        rows, columns, cells = int(found[1]), int(found[2]), found[3]
    else:
        found = _MATX.search(text)
        if found is None:
            return None
        rows, columns, cells = int(found[1] or found[3]), int(found[2] or found[4]), found[5]
    tail = text[found.end() :].strip(" \t\n;)")
    return Plain(f"[{' '.join(cells.split())}]{tail}", (rows, columns))


def _without_methods(text: str) -> tuple[str, tuple[int, int] | None, bool]:
    """Take ``.astype(...)`` and its like away; return the shape, and whether it is transposed."""
    shape: tuple[int, int] | None = None
    is_transposed = False
    for name, given in _METHOD.findall(text):
        if name in ("reshape", "view"):
            sizes = [int(size) for size in re.findall(r"-?\d{1,4}", given)]
            shape = (sizes[-2], sizes[-1]) if len(sizes) > 1 else None
        elif name in ("T", "t", "transpose"):
            is_transposed = not is_transposed
    return _METHOD.sub("", text), shape, is_transposed


def laid_out(rows: list[list[str]], shape: tuple[int, int] | None) -> list[list[str]]:
    """Return the cells in rows of a shape (see ``Plain``).

    Raises:
        ValueError: There are more or fewer of them.
    """
    if shape is None:
        return rows
    cells = [cell for row in rows for cell in row]
    count = len(cells)
    if shape == (0, 0):
        side = math.isqrt(count)
        if len(rows) > 1 or side * side != count:
            return rows
        shape = side, side
    down, across = shape
    if down == -1:
        down = count // max(across, 1)
    elif across == -1:
        across = count // max(down, 1)
    if down < 1 or across < 1 or down * across != count:
        raise ValueError(
            f"{count} numbers do not make {down}×{across} cells: give as many as there are cells"
        )
    return [cells[first : first + across] for first in range(0, count, across)]
