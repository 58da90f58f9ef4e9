"""Networks from files: ONNX, and the stacks of projects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.stack.opened import opened
from convlab.io import bounds
from convlab.io.class_names import imagenet_names
from convlab.io.external_data import take_in
from convlab.io.onnx_file import checked, parse_model, rejected
from convlab.io.other_formats import reject_other
from convlab.io.project import (
    SUFFIX,
    ProjectError,
    load_project,
    save_project,
    write_file,
)
from convlab.io.rejection import Rejection, raised_as, read_regular_file
from convlab.layers.graph import Graph
from convlab.networks.bounds import AGAIN, BuildError
from convlab.networks.building import USUAL_SIDE, Watch, build
from convlab.networks.class_names import IMAGENET, names_in
from convlab.networks.guess import IMAGENET_CLASSES, count_of_classes
from convlab.networks.network import Network
from convlab.networks.trial import Progress, Report, Stage, silent

if TYPE_CHECKING:
    import onnx

_CONTEXT = re.compile(r"Bad node spec for node\. Name: (.*) OpType: (\S*)")


class FileNetwork(Network):
    """A network that can be written to files."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Save it as ``.convlab``, which the program opens with all its weights, or as ``.onnx``.

        Raises:
            NetworkError: It cannot be written, or is to be another kind of file; a ValueError.
        """
        kind = Path(path).suffix.lower()
        if kind == ".onnx":
            self.to_onnx(path)
        elif kind == SUFFIX:
            with _as_network_error(path):
                save_project(Document(stack=opened(self, Path(path).stem)), path)
        else:
            raise NetworkError(
                f"{shown_name(path)} cannot be written as a network: give a name that ends in "
                f"{SUFFIX} or .onnx."
            )

    def to_onnx(self, path: str | os.PathLike[str]) -> None:
        """Save it as a model that other programs run; its results are called as here.

        Raises:
            NetworkError: It cannot be written, or a node has no operator; a ValueError.
        """
        with _as_network_error(path):
            write_file(path, self.as_onnx())


@contextmanager
def _as_network_error(path: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except ProjectError as error:
        raise NetworkError(str(error)) from error
    except ValueError as error:
        raise NetworkError(f"{shown_name(path)} is not saved, because {error}.") from error


class NetworkError(ValueError):
    """A network cannot be had from a file; the text is one message with its remedy."""


def load_network(path: str | os.PathLike[str], size: tuple[int, int] | None = None) -> FileNetwork:
    """Read a network, with branches or without.

    Args:
        path: An ``.onnx`` file, or a project: ``.convlab``.
        size: (rows, columns) of the picture, where the file leaves them open [px]; else 224 each.

    Returns:
        Its nodes have the names that the file gives to their results.

    Raises:
        NetworkError: It is another kind of file, or cannot be read.
    """
    return read_network(path, size)


def read_network(
    path: str | os.PathLike[str],
    size: tuple[int, int] | None = None,
    report: Report = silent,
    own_only: bool = False,
) -> FileNetwork:
    """Read a network, and say how far that is.

    Args:
        path: As ``load_network``.
        size: As ``load_network``.
        report: Told of each step.
        own_only: Every node needs a layer of ours; nothing is run.

    Raises:
        NetworkError: As ``load_network``.
    """
    path = Path(path)
    if path.suffix.lower() == SUFFIX:
        return _from_project(path, size)
    with raised_as(NetworkError, path, "cannot be opened as a network"):
        _check_kind(path)
        report(Progress(Stage.READ))
        data = read_regular_file(path, bounds.LARGEST_NETWORK_FILE)
        model = checked(parse_model(data))
        del data  # as large as all weights
        take_in(model, path.parent, lambda done, total: report(Progress(Stage.READ, done, total)))
        report(Progress(Stage.CHECKED))
        model = _accepted(model)
        try:
            return _named(FileNetwork.of(build(model, size, _watched(report), own_only)))
        except BuildError as error:
            raise rejected(error) from error


def _named(network: FileNetwork) -> FileNetwork:
    """Return a network with the names of ImageNet, if its file has none and it gives as many."""
    count = count_of_classes(network)
    if count != IMAGENET_CLASSES or names_in(network.facts, count):
        return network
    notes = {**network.facts.notes, IMAGENET: "\n".join(imagenet_names())}
    facts = network.facts._replace(notes=notes)
    return FileNetwork(network.graph, network.shape, network.outputs, facts)


def _watched(report: Report) -> Watch:
    def watch(done: int, total: int, name: str, operation: str) -> None:
        report(Progress(Stage.BUILT, done, total, name, operation))

    return watch


def _from_project(path: Path, size: tuple[int, int] | None) -> FileNetwork:
    state = load_project(path).stack
    rows, columns = size or state.input.size or (USUAL_SIDE, USUAL_SIDE)
    graph = Graph(
        replace(slot, name=slot.name or f"{number} {slot.layer.kind}")
        for number, slot in enumerate(state.graph.resolved(), 1)
    )
    if not len(graph):
        raise NetworkError(f"{shown_name(path)} holds no layers: choose another project.")
    return FileNetwork(graph, (state.input.space.channels, rows, columns), [graph.nodes[-1].name])


def _check_kind(path: Path) -> None:
    reject_other(path)
    kind = path.suffix.lower()
    if kind != ".onnx":
        raise Rejection(f"its kind {kind[:20]!r} is unknown", f"choose an .onnx or {SUFFIX} file")


def _accepted(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a model that ONNX itself accepts, each function in the places where it is called.

    Raises:
        Rejection: It does not.
    """
    import onnx
    from onnx import inliner

    graph = model.graph
    del graph.value_info[:]  # what is not needed cannot be wrong
    del model.training_info[:]
    try:
        for value in graph.output:  # some programs leave out what the checker wants
            value.type.tensor_type.shape.SetInParent()
        onnx.checker.check_model(model)
        if model.functions:
            model = inliner.inline_local_functions(model)
    except Exception as error:  # the checker raises errors of several kinds
        raise Rejection(_in_words(error), AGAIN) from None
    return model


def _in_words(error: Exception) -> str:
    """Return what the checker says, and of which node."""
    text = str(error).strip() or type(error).__name__
    named = _CONTEXT.search(text)
    node = f"node {named[1][:80]!r} ({named[2][:40]}): " if named else ""
    return f"{node}ONNX rejects it ({text.splitlines()[0][:200]})"
