"""Kernels as other languages and programs construct them: a size here, a list of numbers there.

Each is rewritten as its numbers alone; see ``kernel_forms``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

SQUARE = (0, 0)
FLAT = "One list of numbers, read as a square."
_LISTS = ("[", "{", "(")
_PAIRS = dict(zip(_LISTS, "]})", strict=True))


class Called(NamedTuple):
    """What a constructor makes.

    Attributes:
        text: Its numbers in brackets, or the name under which they stand before it.
        shape: (rows, columns) into which they go; None: as they are written; see ``Plain``.
        note: What a person may not know of how it was read; "" is nothing.
    """

    text: str
    shape: tuple[int, int] | None = None
    note: str = ""


def _loose(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for none or some, but not for any number."""
    return re.compile(pattern.replace(" ", r"\s{0,40}"))


_IMPORT = re.compile(r"^(?:from|import|using|use|#include)\b[^\n]*\n", re.MULTILINE)
_RATIONAL = _loose(r"(?<!\w)(?:(?:sp|sympy)\.)?Rational \( ([+-]?\d{1,9}) , (\d{1,9}) \)")
_WHOLE = _loose(r"(?<!\w)(?:(?:sp|sympy)\.)?(?:S|Integer) \( ([+-]?\d{1,9}) \)")
_ENDING = re.compile(r"\.(?:unwrap|finished|collect)\(\)|\bas \[\w{1,9}\]")
_ASSIGNED = _loose(r"\A (?:[\w:<>,*&\[\] ]{0,60} )?\b([A-Za-z_]\w{0,40}) =")
_NAMED = _loose(r" ([A-Za-z_]\w{0,20}) [:=](?![:=]) ([\s\S]*)")
_WORD = _loose(r" &?([A-Za-z_]\w*) ")
_PREFIX = r"(?<![\w.:])(?:new\s{1,9})?(?:\w{1,40}(?:\.|::)){0,3}"
_MAKER = _loose(
    _PREFIX + r"(?:(?:array|list|mutableList|(?:float|double|int|long|short)Array)Of|[lL]ist|Seq"
    r"|Array|array|Vector|vec!|array!|matrix!|arr[12]|array2D|\w{0,16}Matrix|MatrixForm|DataFrame"
    r"|Parameter|Variable|@SMatrix|SA|pdl|mat|(?:Float|Int|UInt)\d{0,2}(?:Array)?(?:\.of|\.from)?"
    r"|simd_(?:float|double)\dx\d|(?:float|double|int)\d{0,2}(?:\[[,\d]{0,4}\]){1,3}"
    r"|(?:\[\d{0,2}\]){1,3}(?:f|float|double|int)\d{0,2}|\.(?=\{)) (?=[(\[{&])"
)
_FLAT = _loose(
    r"(?:(?:float|double|int|short)ArrayOf|Float\d\dArray(?:\.of|\.from)?) [(\[{]{1,2}[^()\[\]{}]*"
    r"[)\]}]{1,2} ;? \Z|: &?\[ (?:[fiu]\d{1,2}|Float|Double|Int\d{0,2}) (?:; \d{1,3} )?\] ="
    r"|\bas \[(?:Float|Double|Int\d{0,2})\]|\bvector < (?:float|double|int|short) > \w{1,40} =? \{"
)
_GENERIC = _loose(r"(?<=[=\s])(?:<[\w<> ]{1,40}>|&) (?=[\[({<&])|\brows: (?=\[)")
_DECLARED = _loose(
    r"\A (?:(?:my|local|var|val|let|const)\s)? [$@]?(?=\w{1,40}\s?=)"
    r"|\A (?:Halide::)?Buffer < \w{1,20} > \w{1,40} \([^()]{0,40}\) ;"
)
_BASIC = _loose(r"\A Dim (\w{1,40})\(,?\) As \w{1,20} =")
_BRACED = _loose(
    r"\A ((?:[\w:]{1,40}(?:<[\w:<>, ]{1,60}>)?\s{1,9}){1,4}\w{1,40}(?:\[\d{0,2}\]){0,2}) (?=\{)"
)
_TEXT = _loose(
    r"\A (?:arma::)?[fi]?mat \w{1,40} \( \"([^\"]{1,4000})\" \)"
    r"|(?:\w{1,9}\.)?fromstring \( '([^']{1,4000})' [^()]{0,40}\)"
)
_ONE_BY_ONE = _loose(r"\w{1,40} [(\[] -?\d{1,2} (?:,|\] \[) -?\d{1,2} [)\]] = [-+\d.]")
_OF_TWO_MINDS = _loose(r"float\dx\d \( float\d \(")
_INITIALISER = _loose(r"([^;()<>]{1,4000})\)?([^;\n]{0,40}) ;? [^<>]{0,200}")
_FIXED = _loose(
    r"(?:Matrix|Array|Mat)_? (?:< \w+ (?:, (\d{1,2}) , (\d{1,2}))?[^>]{0,40}>"
    r"|(\d)(\d)?[a-z]{1,2}\b)"
)
_GIVEN = _loose(r"\( (\d{1,2}) , (\d{1,2}) \)")
_STATIC = _loose(r"Matrix(\d)(?:x(\d))?::|< \w{1,9} , (\d{1,2}) , (\d{1,2}) >::")


def called(text: str) -> Called:
    """Return a text whose constructors are taken away, with the shape that they gave.

    Raises:
        ValueError: A constructor was understood and cannot be.
    """
    if _ONE_BY_ONE.search(text):
        raise ValueError("the cells are set one by one: write the rows, such as 1 0 -1")
    if _OF_TWO_MINDS.search(text):
        raise ValueError("Metal writes columns first, HLSL rows: write the rows, such as 1 0 -1")
    is_flat = _FLAT.search(text) is not None and text.count("[") + text.count("(") < 4
    text = text.replace(";", ",") if "array2D" in text else _BASIC.sub(r"\1 =", text)
    text = _TEXT.sub(lambda found: f"[{found[1] or found[2]}]", _BRACED.sub(r"\1 = ", text))
    text = _WHOLE.sub(r"\1", _RATIONAL.sub(r"\1/\2", _IMPORT.sub("", text)))
    made = _initialised(_ENDING.sub("", text))
    text, shape, note = _without_uses(made.text), made.shape, made.note
    for pattern, make in _CALLS:
        found = pattern.search(text)
        if found is None:
            continue
        arguments, end = arguments_of(text, found.end())
        new = make(found, arguments)
        if new is None:
            continue
        before = text[: found.start()]
        if _WORD.fullmatch(new.text):  # its numbers have a name: they stand before it
            text = before[: max(before.rfind(";"), before.rfind("\n"))]
        else:
            text = before + new.text + text[end:]
        shape, note = new.shape or shape, note + new.note
    if shape is None and is_flat:
        shape, note = SQUARE, note or FLAT
    text = _GENERIC.sub("", _DECLARED.sub("", text))
    for _ in range(2):  # a maker may stand before another
        text = _MAKER.sub("", text)
    return Called(text.replace("&", "") if "\\" not in text else text, shape, note)


def _without_uses(text: str) -> str:
    """Leave out the lines in which a kernel that has a name is used, behind it."""
    assigned = _ASSIGNED.match(text)
    if assigned is None or "\n" not in text:
        return text
    used = re.compile(rf"\b{assigned[1]}\b")
    first, *lines = text.split("\n")
    kept = (each for each in lines if set("[]{}") & set(each) or not used.search(each))
    return "\n".join([first, *kept])


def _initialised(text: str) -> Called:
    """Read Eigen's ``Matrix3f k; k << 1, 0, ...;`` and OpenCV's ``Mat_``, row after row."""
    before, _, after = text.partition("<<")
    found = _INITIALISER.fullmatch(after)
    is_closed = ")" in after and re.search(r"Mat_ ?<\w+> ?\( ?\d+ ?, ?\d+ ?\) ?\Z", before)
    if found is None or is_closed:
        return Called(text)
    cells, tail = found[1].strip(), found[2]
    fixed, given = _FIXED.search(before), _GIVEN.search(before)
    shape, note = SQUARE, ""
    lines = [line.strip(" ,") for line in cells.split("\n") if line.strip(" ,")]
    if given is not None:
        shape = int(given[1]), int(given[2])
    elif fixed is not None and (fixed[1] or fixed[3]):
        shape = int(fixed[1] or fixed[3]), int(fixed[2] or fixed[4] or fixed[3])
    elif len(lines) > 1:
        return Called("\n".join(lines))
    else:
        note = FLAT
    return Called(f"[{' '.join(cells.split())}]{tail.strip(' )')}", shape, note)


def arguments_of(text: str, start: int) -> tuple[list[str], int]:
    """Return the arguments of a call whose bracket is open, and where what follows it begins.

    Raises:
        ValueError: The bracket is not closed.
    """
    found, first, wanted = [], start, [")"]
    for at in range(start, len(text)):
        sign = text[at]
        if sign in _PAIRS:
            wanted.append(_PAIRS[sign])
        elif sign == wanted[-1]:
            wanted.pop()
        if not wanted or (sign == "," and len(wanted) == 1):
            found.append(text[first:at])
            first = at + 1
        if not wanted:
            return found, first
    raise ValueError("the brackets do not match: close each [ with a ]")


def _keywords(arguments: list[str], names: tuple[str, ...]) -> dict[str, str]:
    """Return arguments by their names, those without one by their places."""
    given: dict[str, str] = {}
    for place, argument in enumerate(arguments):
        named = _NAMED.fullmatch(argument)
        if named is not None and named[1] in names:
            given[named[1]] = named[2]
        elif place < len(names):
            given[names[place]] = argument.strip()
    return given


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,4}", text)]


def _sized(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read ``Matrix(3, 3, [...])``: rows, columns, then the list, or the name of one."""
    if len(arguments) < 3 or not all(each.strip().isdecimal() for each in arguments[:2]):
        return None
    return Called(f" {arguments[-1].strip()} ", (int(arguments[0]), int(arguments[1])))


def _kernel(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read Pillow's ``Kernel((3, 3), [...], scale, offset)`` and Java's ``Kernel(3, 3, data)``."""
    if len(arguments) >= 3 and arguments[0].strip().isdecimal():  # width, height
        return Called(arguments[2], (int(arguments[1]), int(arguments[0])))
    given = _keywords(arguments, ("size", "kernel", "scale", "offset"))
    size = _numbers(given.get("size", ""))
    if len(size) != 2 or "kernel" not in given:
        return None
    cells, scale = given["kernel"].strip(), given.get("scale", "None").strip()
    if scale == "None":
        note = "As written; Pillow divides it by its sum: tick normalise for that."
        return Called(cells, (size[1], size[0]), note)
    left_out = given.get("offset", "0").strip() not in ("0", "0.0")
    note = "The offset is left out: it stands beside the divisor." if left_out else ""
    return Called(f"({cells}) / {scale}", (size[1], size[0]), note)


def _shaped(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read ``from_shape_vec((3, 3), vec![...])`` and ``tf.reshape([...], [3, 3, 1, 1])``."""
    if len(arguments) != 2:
        return None
    sizes, cells = arguments if "from_shape" in found[0] else arguments[::-1]
    ones = [number for number in _numbers(sizes) if number != 1] or [1]
    if "-" in sizes or len(ones) > 2 or not cells.strip():
        return None
    shape = (ones[0], ones[1]) if len(ones) == 2 else None
    return Called(cells, shape)


def _static(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read ``Matrix3::new(1.0, ...)`` and ``from_row_slice(&[...])``, row after row."""
    sizes = _STATIC.search(found[0])
    if sizes is None:
        return None
    rows = int(sizes[1] or sizes[3])
    columns = int(sizes[2] or sizes[4] or rows)
    cells = ",".join(arguments).strip(" &[]\n")
    return Called(f"[{cells}]", (rows, columns))


def _values(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read ``CIVector(values: [...], count: 9)``."""
    return Called(_keywords(arguments, ("values", "count")).get("values", ""), SQUARE, FLAT)


def _first(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read ``OffsetArray([...], -1:1, -1:1)``: its origin is the kernel's middle anyway."""
    return Called(arguments[0])


def _applied(found: re.Match[str], arguments: list[str]) -> Called | None:
    """Read what a picture is filtered with: ``cv2.filter2D(img, -1, np.array(...))``."""
    listed = [each for each in arguments if any(bracket in each for bracket in _LISTS)]
    if len(listed) != 1 or len(arguments) < 2:
        return Called(listed[0]) if len(arguments) == 1 and listed else None
    if found[1] != "imageconvolution" or len(arguments) < 3:
        return Called(listed[0], (3, 3) if found[1] == "filter3x3" else None)
    return Called(f"({listed[0]}) / {arguments[2].strip()}")


_CALLS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], list[str]], Called | None]], ...] = (
    (
        _loose(
            _PREFIX + r"(filter2D|imageconvolution|imfilter|conv2|filter(?:3x3)?"
            r"|(?:fft)?(?:convolve|correlate)(?:2d)?) \("
        ),
        _applied,
    ),
    (_loose(_PREFIX + r"Kernel \("), _kernel),
    (_loose(_PREFIX + r"(?:Matrix|NewDense) \("), _sized),
    (_loose(_PREFIX + r"Mat (?:\w{1,40} )?\("), _sized),
    (_loose(_PREFIX + r"(?:from_shape_vec|reshape) \("), _shaped),
    (_loose(r"(?:Matrix\d(?:x\d)?|S?Matrix::<[^<>]{1,40}>)::(?:new|from_row_slice) \("), _static),
    (_loose(r"CIVector \("), _values),
    (_loose(_PREFIX + r"(?:OffsetArray|centered) \("), _first),
)
