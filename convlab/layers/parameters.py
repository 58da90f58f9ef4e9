"""What each field of a layer or of another record holds, as data, declared once as its metadata.

Forms, edits with their undo text, bounds and the fields of files follow from it. Type hints are for
people and mypy: what they look like at run time differs among versions of Python and NumPy.

A record may have three methods of its own: ``narrowed(parameter)`` returns a parameter with the
limits that its other fields leave, ``uses(name)`` tells whether a parameter says anything as the
others are, and ``settled(name)`` returns the record with what follows from a parameter that was
just chosen, such as the usual learning rate of an optimiser.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypedDict, TypeVar, Unpack

from convlab.engine.shapes import (
    Padding,
    PaddingSpec,
    Pair,
    check_whole,
    pair,
    parse_padding,
    torch_sides,
)

PaddingChoice: TypeAlias = str | Padding
ParameterValue: TypeAlias = int | float | str | bool | tuple[int, ...] | None

Record = TypeVar("Record")

_KEY = "parameter"
_ARRAY = "array"
_EACH = "each"
_NO_PADDING = "valid"
PADDINGS = (("valid", "valid (none)"), ("same", "same size"), ("full", "full"))


class ParameterKind(StrEnum):
    """What sort of value a parameter has."""

    WHOLE = "whole"
    PAIR = "pair"  # (rows, columns)
    DECIMAL = "decimal"
    CHOICE = "choice"
    FLAG = "flag"
    PADDING = "padding"
    SIDES = "sides"  # padding in PyTorch's order, shown as a Padding


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing of a record that can be chosen.

    Attributes:
        label: What a form calls it: short.
        kind: What sort of value it has.
        tip: What it is, its formula, what to try; may have HTML marks.
        minimum: The smallest number allowed; for padding, of each side.
        maximum: The largest number allowed.
        step: What an arrow key adds.
        unit: Of the number; "" is a count or a share.
        choices: (value, title) of each choice; the values may be members of an enum.
        automatic: What no number stands for, in one short word; "" if there must be one.
        offers: Some pairs to choose from; others can be typed, as the size of a picture.
        needs: (name, value) of the choice without which this parameter says nothing, or None.
        allowed: The whole numbers that fit the record; () is all from minimum to maximum.
        noun: What messages and undo call it; "" is the label in small letters.
        is_wide: Its range has many orders of magnitude: an arrow key changes the last digit shown.
        key: Its name in files where that is another than the field's; "" is the field's.
        title: What a screen reader and the head of its tooltip call it; "" is the label,
            with a capital letter.
        digits: After the point; None: as many as tell two steps apart.
        name: Of the record's field.
    """

    label: str
    kind: ParameterKind
    tip: str
    minimum: float = 0
    maximum: float = 0
    step: float = 1
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    automatic: str = ""
    offers: tuple[Pair, ...] = ()
    needs: tuple[str, str] | None = None
    allowed: tuple[int, ...] = ()
    noun: str = ""
    is_wide: bool = False
    key: str = ""
    title: str = ""
    digits: int | None = None
    name: str = ""

    @property
    def subject(self) -> str:
        """What messages and undo call it."""
        return self.noun or self.label.lower()

    @property
    def heading(self) -> str:
        """What a screen reader and the head of its tooltip call it."""
        return self.title or self.label[:1].upper() + self.label[1:]

    @property
    def decimals(self) -> int:
        """How many digits after the point are shown at most."""
        if self.digits is not None:
            return self.digits
        return max(0, math.ceil(-math.log10(self.step))) if self.step < 1 else 0


class _Options(TypedDict, total=False):
    """What a parameter may say of itself besides (see ``Parameter``)."""

    unit: str
    automatic: str
    offers: tuple[Pair, ...]
    needs: tuple[str, str]
    noun: str
    title: str
    key: str
    digits: int
    is_wide: bool


Metadata: TypeAlias = Mapping[str, Parameter]


def whole(label: str, low: int, high: int, tip: str, **options: Unpack[_Options]) -> Metadata:
    """Describe a whole number, as metadata of its field."""
    return {_KEY: Parameter(label, ParameterKind.WHOLE, tip, low, high, **options)}


def pair_of(label: str, low: int, high: int, tip: str, **options: Unpack[_Options]) -> Metadata:
    """Describe whole numbers for rows and columns [px], as metadata of their field."""
    named: _Options = {"unit": "px", **options}
    return {_KEY: Parameter(label, ParameterKind.PAIR, tip, low, high, **named)}


def decimal(
    label: str, low: float, high: float, step: float, tip: str, **options: Unpack[_Options]
) -> Metadata:
    """Describe a decimal number, as metadata of its field."""
    return {_KEY: Parameter(label, ParameterKind.DECIMAL, tip, low, high, step, **options)}


def choice(
    label: str, choices: tuple[tuple[str, str], ...], tip: str, **options: Unpack[_Options]
) -> Metadata:
    """Describe a choice among (value, title), as metadata of its field."""
    return {_KEY: Parameter(label, ParameterKind.CHOICE, tip, choices=choices, **options)}


def flag(label: str, tip: str, **options: Unpack[_Options]) -> Metadata:
    """Describe what is on or off, as metadata of its field."""
    return {_KEY: Parameter(label, ParameterKind.FLAG, tip, **options)}


def array() -> Mapping[str, bool]:
    """Describe an array that is always there, as metadata of its field."""
    return {_ARRAY: False}


def numbers(
    label: str, low: float, high: float, step: float, tip: str, **options: Unpack[_Options]
) -> Mapping[str, Parameter | bool]:
    """Describe an array of one decimal number for each channel, as metadata of its field."""
    each = Parameter(label, ParameterKind.DECIMAL, tip, low, high, step, **options)
    return {_EACH: each, _ARRAY: False}


def optional_array(label: str, tip: str) -> Mapping[str, Parameter | bool]:
    """Describe an array that can be left out, as metadata of its field: a flag says whether."""
    return {**flag(label, tip), _ARRAY: True}


def padding_of(label: str, high: int, tip: str) -> Mapping[str, Parameter]:
    """Describe padding by name or on four sides, as metadata of its field."""
    kind = ParameterKind.PADDING
    return {_KEY: Parameter(label, kind, tip, 0, high, unit="px", choices=PADDINGS)}


def sides_of(label: str, high: int, tip: str) -> Metadata:
    """Describe padding on four sides [px], one number or in PyTorch's order, as metadata."""
    return {_KEY: Parameter(label, ParameterKind.SIDES, tip, 0, high, unit="px")}


def parameters(record: object) -> tuple[Parameter, ...]:
    """Return what can be chosen of a record, in the order of its fields.

    Of a record, rather than of its class, the limits that its other fields leave are known as well.
    """
    is_class = isinstance(record, type)
    found = _of_class(record if isinstance(record, type) else type(record))
    narrowed: Callable[[Parameter], Parameter] | None = getattr(record, "narrowed", None)
    return found if is_class or narrowed is None else tuple(map(narrowed, found))


@cache
def arrays(record: type) -> Mapping[str, bool]:
    """Return the fields that hold an array, and whether it can be left out."""
    return {
        field.name: field.metadata[_ARRAY] for field in fields(record) if _ARRAY in field.metadata
    }


@cache
def channel_numbers(record: type) -> tuple[Parameter, ...]:
    """Return the arrays that hold one number for each channel; each says what one number is."""
    return tuple(
        replace(field.metadata[_EACH], name=field.name)
        for field in fields(record)
        if _EACH in field.metadata
    )


def parameter(record: object, name: str) -> Parameter:
    """Return one parameter.

    Raises:
        ValueError: There is none of that name; the message lists those there are.
    """
    found = parameters(record)
    for each in found:
        if each.name == name:
            return each
    kind = record if isinstance(record, type) else type(record)
    allowed = ", ".join(each.name for each in found) or "another record, it has none"
    raise ValueError(f"{kind.__name__} has no parameter {name!r}: choose one of {allowed}")


def is_used(record: object, parameter: Parameter) -> bool:
    """Tell whether a parameter says anything as the record's others are."""
    if parameter.needs is not None:
        name, needed = parameter.needs
        return bool(getattr(record, name) == needed)
    uses: Callable[[str], bool] | None = getattr(record, "uses", None)
    return uses is None or uses(parameter.name)


def value_of(record: object, parameter: Parameter) -> ParameterValue:
    """Return a parameter's value as a form shows it.

    A pair is (rows, columns) or None; padding is a name or a Padding; a flag is True or False.
    """
    return shown(parameter, getattr(record, parameter.name))


def with_value(record: Record, name: str, value: object) -> Record:
    """Return a record with one parameter changed, and what follows from that.

    The same record comes back where nothing changes.

    Raises:
        ValueError: There is no such parameter, or the value is of another kind or out of range.
    """
    parsed = parse(parameter(record, name), value)
    if parsed == getattr(record, name):
        return record
    return replaced(record, name, parsed)


def replaced(record: Record, name: str, value: object) -> Record:
    """Return a record with another value in one of its fields, and what follows from that."""
    changed: Record = replace(record, **{name: value})  # type: ignore[type-var]
    settled: Callable[[str], Record] | None = getattr(changed, "settled", None)
    return changed if settled is None else settled(name)


def shown(parameter: Parameter, value: Any) -> ParameterValue:
    """Return what a record's field holds as a form shows it (see ``value_of``)."""
    match parameter.kind:
        case ParameterKind.PAIR:
            return None if value is None else pair(value, parameter.label, 0)
        case ParameterKind.PADDING:
            return _shown_padding(value)
        case ParameterKind.SIDES:
            return torch_sides(value)
        case ParameterKind.FLAG:  # a bias is an array where there is one
            return value is not None and value is not False
        case ParameterKind.CHOICE:
            return str(value)
    number: float = value
    return number


def parse(parameter: Parameter, value: object) -> ParameterValue | PaddingSpec:
    """Return a value that a record takes.

    Raises:
        ValueError: If it is of another kind or out of range; the message says what is allowed.
    """
    match parameter.kind:
        case ParameterKind.WHOLE:
            return _parse_whole(parameter, value)
        case ParameterKind.PAIR:
            return _parse_pair(parameter, value)
        case ParameterKind.DECIMAL:
            return _parse_decimal(parameter, value)
        case ParameterKind.CHOICE:
            return _parse_choice(parameter, value)
        case ParameterKind.FLAG:
            return _parse_flag(parameter, value)
        case ParameterKind.PADDING:
            return _parse_padding(parameter, value)
        case ParameterKind.SIDES:
            top, bottom, left, right = parse_padding(value, (1, 1))  # type: ignore[arg-type]
            _check_range(parameter, (left, right, top, bottom))
            return left, right, top, bottom


@cache
def _of_class(record: type) -> tuple[Parameter, ...]:
    return tuple(
        replace(field.metadata[_KEY], name=field.name)
        for field in fields(record)
        if _KEY in field.metadata
    )


def _shown_padding(value: PaddingSpec) -> PaddingChoice:
    if isinstance(value, str):
        return value
    if value == 0:
        return _NO_PADDING
    return parse_padding(value, (1, 1))


def _check_range(parameter: Parameter, numbers: tuple[float, ...]) -> None:
    low, high = parameter.minimum, parameter.maximum
    for number in numbers:
        if not low <= number <= high:
            unit = f" {parameter.unit}" if parameter.unit else ""
            raise ValueError(
                f"{parameter.subject} {number:g} does not fit: give {low:g} to {high:g}{unit}"
            )


def _parse_whole(parameter: Parameter, value: object) -> int:
    check_whole(parameter.subject, value, int(parameter.minimum))
    number = int(value)  # type: ignore[call-overload]  # just checked
    _check_range(parameter, (number,))
    return int(number)


def _parse_pair(parameter: Parameter, value: object) -> tuple[int, int] | None:
    if value is None and parameter.automatic:
        return None
    least = int(parameter.minimum)
    numbers = pair(value, parameter.subject, least)  # type: ignore[arg-type]  # checks it
    _check_range(parameter, numbers)
    return numbers


def _parse_decimal(parameter: Parameter, value: object) -> float | None:
    if value is None and parameter.automatic:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{parameter.subject} {value!r} cannot be used: give a number")
    _check_range(parameter, (value,))
    return float(value)


def _parse_choice(parameter: Parameter, value: object) -> str:
    for allowed, _ in parameter.choices:
        if value == allowed:
            return allowed
    allowed = ", ".join(allowed for allowed, _ in parameter.choices)
    raise ValueError(f"{parameter.subject} {value!r} is unknown: choose one of {allowed}")


def _parse_flag(parameter: Parameter, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{parameter.subject} {value!r} cannot be used: give True or False")
    return value


def _parse_padding(parameter: Parameter, value: object) -> PaddingSpec:
    sides = parse_padding(value, (1, 1))  # type: ignore[arg-type]  # checks it
    if isinstance(value, str):
        return value
    _check_range(parameter, sides)
    return int(value) if isinstance(value, int) else sides
