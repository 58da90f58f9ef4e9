"""What the maps of a network do over many pictures.

Which never fire, how strong they are, and how often the network is right where the pictures are
labelled. A map fires for a picture if any of its values is above 0.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, overload

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.model import StackInput
from convlab.document.stack.picture import prepare
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.layers.graph import Graph
from convlab.networks.runner import GraphRunner

NEAR = 5
"""A label among so many of the likeliest classes is counted as well."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerSurvey:
    """The maps of one layer over all pictures; a vector is as many maps of one value.

    Attributes:
        uid: Of the layer.
        title: What it is called.
        fired: For how many pictures each map fired, ``(C,)``.
        mean: Of all its values, the pictures weighing the same, ``(C,)`` float64.
        std: Standard deviation of all its values, likewise.
        zeros: Share of the values that are exactly 0, likewise.
        largest: The largest value in any picture, likewise.
    """

    uid: int
    title: str
    fired: AnyArray
    mean: AnyArray
    std: AnyArray
    zeros: AnyArray
    largest: AnyArray

    @property
    def never(self) -> tuple[int, ...]:
        """Numbers of the maps that fired for no picture."""
        return tuple(np.flatnonzero(self.fired == 0).tolist())


@dataclass(frozen=True, slots=True)
class ClassCount:
    """The pictures with one label.

    Attributes:
        name: Of the class.
        pictures: How many there are.
        right: Of how many the network says so.
        near: Of how many the class is among the NEAR likeliest.
    """

    name: str
    pictures: int
    right: int
    near: int


@dataclass(frozen=True, slots=True, eq=False)
class SurveyResult:
    """What came of a survey.

    Attributes:
        pictures: How many were seen.
        layers: In the order of the network.
        classes: Those of which there are pictures, by name; none: nothing is labelled.
    """

    pictures: int
    layers: tuple[LayerSurvey, ...]
    classes: tuple[ClassCount, ...]

    @property
    def labelled(self) -> int:
        """How many pictures have a label that the network knows."""
        return sum(each.pictures for each in self.classes)

    @property
    def right(self) -> int:
        """How many of those are classified correctly."""
        return sum(each.right for each in self.classes)

    @property
    def near(self) -> int:
        """Of how many of those the label is among the NEAR likeliest."""
        return sum(each.near for each in self.classes)


class Survey:
    """Takes one picture after another; not thread-safe, one worker owns it.

    Args:
        graph: The network.
        wanted: How pictures enter.
        classes: Names of the values of its last layer; none: it has none.
        titles: What layers are called, by uid.
        whole: The graph may run as a whole in a session.
    """

    def __init__(
        self,
        graph: Graph,
        wanted: StackInput,
        classes: Sequence[str] = (),
        titles: Mapping[int, str] = MappingProxyType({}),
        whole: bool = True,
    ) -> None:
        self._graph, self._wanted, self._whole = graph, wanted, whole
        self._names = tuple(classes)
        self._numbers = {plain(name): n for n, name in reversed(list(enumerate(classes)))}
        self._titles = titles
        self._runner = GraphRunner()
        self._sums: dict[int, _Sums] = {}
        self._pictures = 0
        self._counts: dict[str, list[int]] = {}

    def add(self, frame: Frame, label: str = "") -> None:
        """Take a picture.

        Args:
            frame: It.
            label: What it shows, as its folder is called; one that is no class is left alone.

        Raises:
            ValueError: The network does not take it.
        """
        x = frozen(prepare(frame, self._wanted, (0, 0)))
        results = self._runner.run(self._graph, x, self._whole)
        for uid, result in results.items():
            self._sums.setdefault(uid, _Sums(len(result))).add(result)
        self._pictures += 1
        number = self._number(label)
        last = next(reversed(results.values()), None)
        if number is not None and last is not None and last.shape == (len(self._names),):
            ranks = np.argsort(-last, kind="stable")
            count = self._counts.setdefault(self._names[number], [0, 0, 0])
            count[0] += 1
            count[1] += int(ranks[0]) == number
            count[2] += number in ranks[:NEAR]

    def result(self) -> SurveyResult:
        """Return what was seen so far."""
        layers = (self._sums[uid].result(uid, self._title(uid)) for uid in self._sums)
        counts = (ClassCount(name, *count) for name, count in sorted(self._counts.items()))
        return SurveyResult(self._pictures, tuple(layers), tuple(counts))

    def _number(self, label: str) -> int | None:
        """Return which class a label names: by its name, or by its number."""
        if not label:
            return None
        found = self._numbers.get(plain(label))
        if found is None and label.isdecimal() and int(label) < len(self._names):
            return int(label)
        return found

    def _title(self, uid: int) -> str:
        return self._titles.get(uid) or self._graph[uid].name or f"layer {uid}"


class _Sums:
    """What is added up of one layer's maps."""

    def __init__(self, count: int) -> None:
        self.pictures = 0
        self.fired = np.zeros(count, np.int64)
        self.means, self.squares, self.zeros = np.zeros((3, count))
        self.largest = np.full(count, -math.inf)

    def add(self, result: FloatArray) -> None:
        rows = result.reshape(len(result), -1)
        largest = rows.max(axis=1)
        self.pictures += 1
        self.fired += largest > 0
        count = rows.shape[1]
        self.means += rows.mean(axis=1, dtype=np.float64)
        self.squares += np.einsum("ij,ij->i", rows, rows, dtype=np.float64) / count
        self.zeros += 1.0 - np.count_nonzero(rows, axis=1) / count
        self.largest = np.maximum(self.largest, largest)

    def result(self, uid: int, title: str) -> LayerSurvey:
        mean, square = self.means / self.pictures, self.squares / self.pictures
        std = np.sqrt(np.maximum(square - mean**2, 0.0))
        return LayerSurvey(
            uid, title, self.fired.copy(), mean, std, self.zeros / self.pictures, self.largest
        )


def plain(name: str) -> str:
    """Return a name as folders and lists write it alike.

    >>> plain("Great_White-Shark")
    'great white shark'
    """
    return " ".join(name.replace("_", " ").replace("-", " ").casefold().split())


class MapRow(NamedTuple):
    """What is known of one map: a line of the table.

    Attributes:
        layer: What its layer is called.
        map: Its number.
        fired: For how many pictures it fired.
        pictures: Of how many.
        mean: Of all its values; so are the others.
        std: Standard deviation.
        zeros: Share of zeros.
        largest: Largest value.
    """

    layer: str
    map: int
    fired: int
    pictures: int
    mean: float
    std: float
    zeros: float
    largest: float


HEADER = ("layer", "map", "fired in", "of pictures", "mean", "std", "zeros", "largest")


class MapRows(Sequence[MapRow]):
    """What is known of each map, in the order of the network; made when it is asked for.

    Args:
        result: Of a survey; a network may have tens of thousands of maps.
        only_never: Leave out all maps that fired.
    """

    def __init__(self, result: SurveyResult, only_never: bool = False) -> None:
        self._result = result
        counts = [len(layer.fired) for layer in result.layers]
        self._starts = np.cumsum([0, *counts])
        fired = np.concatenate([layer.fired for layer in result.layers] or [np.zeros(0)])
        self._places = np.flatnonzero(fired == 0) if only_never else np.arange(len(fired))

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> MapRow: ...

    @overload
    def __getitem__(self, index: slice) -> list[MapRow]: ...

    def __getitem__(self, index: int | slice) -> MapRow | list[MapRow]:
        if isinstance(index, slice):
            return [self[each] for each in range(len(self))[index]]
        place = int(self._places[index])
        number = int(np.searchsorted(self._starts, place, side="right")) - 1
        layer, at = self._result.layers[number], place - int(self._starts[number])
        numbers = layer.mean, layer.std, layer.zeros, layer.largest
        fired, others = int(layer.fired[at]), (float(each[at]) for each in numbers)
        return MapRow(layer.title, at, fired, self._result.pictures, *others)


def to_csv(result: SurveyResult) -> str:
    """Return the table of the maps as text, and below it that of the classes if there are any."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for row in MapRows(result):
        writer.writerow(f"{each:.7g}" if isinstance(each, float) else each for each in row)
    if result.classes:
        writer.writerow(())
        writer.writerow(("class", "pictures", "correct", f"among the {NEAR} likeliest"))
        writer.writerows((c.name, c.pictures, c.right, c.near) for c in result.classes)
    return text.getvalue()
