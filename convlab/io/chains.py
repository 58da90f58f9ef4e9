"""Stacks of projects up to version 2: their layers stood one behind the other, and said nothing."""

from __future__ import annotations

from typing import Any


def with_inputs(plain: dict[str, Any]) -> dict[str, Any]:
    """Let every layer of a project of version 2 take the one before it.

    Args:
        plain: ``project.json`` as plain data, not checked yet: what is no stack stays as it is.
    """
    stack = plain.get("stack")
    if isinstance(stack, dict):
        held = stack.get("held")
        stack = _chained(stack)
        if isinstance(held, dict):
            stack["held"] = _chained(held)
        plain = plain | {"stack": stack}
    return plain | {"version": 3}


def _chained(stack: dict[str, Any]) -> dict[str, Any]:
    layers, before = stack.get("layers"), 0
    if not isinstance(layers, list):
        return dict(stack)
    chained = []
    for layer in layers:
        if isinstance(layer, dict):
            layer = {"inputs": [before], **layer}
            before = layer.get("uid", 0)
        chained.append(layer)
    return stack | {"layers": chained}
