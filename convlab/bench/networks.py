"""The layers of networks beside ONNX Runtime and PyTorch, on one core."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from convlab.bench.contestants import by_own_layers, contestants
from convlab.bench.network_shapes import NETWORK_SHAPES, NetworkShape
from convlab.bench.table import Row, against_best, at_most, best_on_a_core, one_core

LIMIT = 1.5  # of the best rival, at worst


def measure(shapes: Sequence[NetworkShape] = NETWORK_SHAPES) -> list[Row]:
    """Return of each network and kind of layer the worst, and all of them together."""
    with one_core(), by_own_layers():
        times = {shape: best_on_a_core(contestants(shape)) for shape in shapes}
    rows = []
    ordered = sorted(times, key=_family)
    for (network, kind), group in groupby(ordered, key=_family):
        rows += _rows(f"{network}: {kind}", {shape: times[shape] for shape in group})
    return rows


def _family(shape: NetworkShape) -> tuple[str, str]:
    return shape.network, shape.kind


def _rows(name: str, times: dict[NetworkShape, dict[str, float]]) -> list[Row]:
    ratios = [(*against_best(each), shape) for shape, each in times.items()]
    worst, rival, shape = max(ratios, key=lambda found: found[0])
    if not worst:
        return [Row(f"{name}, all", sum(each["convlab"] for each in times.values()), "ms")]
    ours = sum(each["convlab"] for each in times.values())
    theirs = sum(min(t for who, t in each.items() if who != "convlab") for each in times.values())
    row = at_most(f"{name}, worst of {len(times)} ({shape.size}; {rival})", worst, "x", LIMIT)
    every = Row(f"{name}, all {len(times)} together", ours / theirs, "x")
    return [row, every] if len(times) > 1 else [row]
