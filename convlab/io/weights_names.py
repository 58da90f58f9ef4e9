"""Names of weights and of layers, as far as the one can tell the other.

PyTorch calls the arrays of a layer by its place among the modules, "layer1.0.conv1.weight"; ONNX
calls the result of an operation by the same place, "/layer1/layer1.0/conv1/Conv_output_0".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from convlab.io.weights import Bundle
from convlab.layers.graph import Node

Path: TypeAlias = tuple[str, ...]
_MARKS = re.compile(r"[./:]+")
_NORMS = ("bn", "norm", "batchnorm", "batch_norm")


def path_of(name: str) -> Path:
    """Return the parts of what the names of arrays begin with."""
    return tuple(part for part in _MARKS.split(name) if part)


def node_path(node: Node) -> Path:
    """Return the place of a layer among the modules, as far as its name tells it.

    >>> from convlab.layers import ReLU
    >>> node_path(Node(1, ReLU(), name="/layer1/layer1.0/down/down.0/Conv_output_0"))
    ('layer1', '0', 'down', '0')
    """
    if node.origin:
        return path_of(node.origin)
    if not node.name.startswith("/"):
        return path_of(node.name)
    scopes: list[str] = []
    for scope in node.name.strip("/").split("/")[:-1]:
        if scopes and scope.startswith(f"{scopes[-1]}."):
            scopes.pop()  # "layer1.0" stands in "layer1"
        scopes.append(scope)
    return path_of("/".join(scopes))


def without_numbers(name: str) -> str:
    """Return a name as all are called that differ from it by their numbers only."""
    return re.sub(r"\d+", "#", name)


class NameMatch(NamedTuple):
    """Which bundles the layers have by their names, if one side's names begin with so much more.

    Attributes:
        more: "module", or what the names of layers begin with, and whether those do.
        pairs: Numbers of bundles by those of layers.
    """

    more: tuple[bool, Path]
    pairs: dict[int, int]


def matches(slots: Sequence[Node], bundles: Sequence[Bundle]) -> list[NameMatch]:
    """Return the ways in which names of layers and of weights can be the same ones.

    Args:
        slots: The layers.
        bundles: The weights.
    """
    by_last: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for number, bundle in enumerate(bundles):
        path = path_of(bundle.prefix)
        if path:
            by_last[path[-1]].append((number, path))
    found: dict[tuple[bool, Path], dict[int, int]] = defaultdict(dict)
    for place, slot in enumerate(slots):
        own = node_path(slot)
        for number, path in by_last[own[-1]] if own else ():
            if path[-len(own) :] == own:
                found[False, path[: -len(own)]].setdefault(place, number)
            elif own[-len(path) :] == path:
                found[True, own[: -len(path)]].setdefault(place, number)
    return [NameMatch(more, pairs) for more, pairs in found.items()]


def norm_names(prefix: str) -> Iterable[str]:
    """Return what the batch normalisation behind a layer may be called.

    >>> list(norm_names("down.0")), list(norm_names("conv1"))[:2]
    (['down.1'], ['bn1', 'norm1'])
    """
    parent, dot, last = prefix.rpartition(".")
    if last.isdecimal() and len(last) < 6:
        yield f"{parent}{dot}{int(last) + 1}"
    for norm in _NORMS if "conv" in last else ():
        yield f"{parent}{dot}{last.replace('conv', norm)}"
