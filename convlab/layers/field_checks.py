"""What a layer's fields may hold at all, checked where it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from convlab.engine.numbers import finite
from convlab.engine.shapes import check_whole, pair, parse_padding, torch_sides
from convlab.layers.parameters import Parameter, ParameterKind, arrays, parameters


def check_fields(record: object) -> None:
    """Reject what is of another kind than declared, or less than can be.

    A script may go beyond the limits of forms.

    Raises:
        ValueError: With the name of the field, the value and what is allowed.
    """
    kind: type = type(record)
    held = arrays(kind)
    for each in parameters(kind):
        if each.name not in held:
            _CHECKS[each.kind](each, getattr(record, each.name))


def _whole(parameter: Parameter, value: Any) -> None:
    check_whole(parameter.name, value, int(parameter.minimum))


def _pair(parameter: Parameter, value: Any) -> None:
    if value is not None or not parameter.automatic:
        pair(value, parameter.name, int(parameter.minimum))


def _decimal(parameter: Parameter, value: Any) -> None:
    if isinstance(value, bool | str):
        raise ValueError(f"{parameter.name} {value!r} cannot be used: give a finite number")
    finite(parameter.name, value)


def _choice(parameter: Parameter, value: Any) -> None:
    if not any(value == allowed for allowed, _ in parameter.choices):
        allowed = ", ".join(str(allowed) for allowed, _ in parameter.choices)
        raise ValueError(f"{parameter.name} {value!r} is unknown: choose one of {allowed}")


def _flag(parameter: Parameter, value: Any) -> None:
    if value not in (True, False):
        raise ValueError(f"{parameter.name} {value!r} cannot be used: give True or False")


_CHECKS: Mapping[ParameterKind, Callable[[Parameter, Any], object]] = {
    ParameterKind.WHOLE: _whole,
    ParameterKind.PAIR: _pair,
    ParameterKind.DECIMAL: _decimal,
    ParameterKind.CHOICE: _choice,
    ParameterKind.FLAG: _flag,
    ParameterKind.PADDING: lambda parameter, value: parse_padding(value, (1, 1)),
    ParameterKind.SIDES: lambda parameter, value: torch_sides(value),
}
