"""Stacks in files: projects, ONNX, and their weights alone."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.stack.model import StackInput, StackState
from convlab.engine.arrays import FloatArray
from convlab.io import bounds, onnx_file
from convlab.io.layer_form import layer_tensors
from convlab.io.networks import load_network
from convlab.io.other_formats import reject_other
from convlab.io.project import SUFFIX, ProjectError, load_project, save_project, write_file
from convlab.io.rejection import Rejection, check_regular_file, raised_as, read_regular_file
from convlab.io.tensors import pack_tensors
from convlab.io.weights import STATE_DICTS as WEIGHTS
from convlab.io.weights import unpack_weights
from convlab.io.weights_chain import chain_of, said_of
from convlab.layers import Stack
from convlab.layers.graph import Graph
from convlab.layers.registry import kind_of


def load_stack(path: str | os.PathLike[str]) -> Stack:
    """Read the layers of a project that are switched on.

    Args:
        path: A ``.convlab`` or ``.onnx`` file; one with branches is for ``load_network``.
            ``.safetensors`` or ``.npz``: weights by PyTorch's names, as "0.weight" or
            "conv1.weight"; what they do not tell is assumed, and a UserWarning says what.

    Raises:
        ProjectError: It is another kind of file, or cannot be read; a ValueError.
    """
    with raised_as(ProjectError, path, "cannot be opened as a stack"):
        kind = Path(path).suffix.lower()
        reject_other(Path(path))
        if kind in WEIGHTS:
            chain = chain_of(unpack_weights(Path(path)))
            warnings.warn(f"{shown_name(path)}: {said_of(chain)}", stacklevel=2)
            return Stack(chain.layers)
        if kind not in (SUFFIX, onnx_file.SUFFIX):
            check_regular_file(Path(path))  # one that is not there is named as such
            kinds = ", ".join((SUFFIX, onnx_file.SUFFIX, *WEIGHTS[:-1]))
            raise Rejection(
                "only some kinds of files can be read", f"save it as {kinds} or {WEIGHTS[-1]}"
            )
        if kind == onnx_file.SUFFIX:
            data = read_regular_file(Path(path), bounds.LARGEST_NETWORK_FILE)
            stack = onnx_file.unpack_onnx(data)
            return stack or _chain(path)
    state = load_project(path).stack
    with raised_as(ProjectError, path, "cannot be opened as a stack"):
        return _as_chain(state.graph.resolved())


def _chain(path: str | os.PathLike[str]) -> Stack:
    """Read a network of another program whose layers stand one behind the other."""
    return _as_chain(load_network(path).graph)


def _as_chain(graph: Graph) -> Stack:
    """Return the layers of a graph, one behind the other.

    Raises:
        Rejection: They are not, or one is none of ours.
    """
    if not graph.is_chain():
        raise Rejection("it has branches", "open it with load_network")
    foreign = next((node.name for node in graph if kind_of(node.layer.kind) is None), None)
    if foreign is not None:
        raise Rejection(f"{foreign[:80]!r} in it is no layer here", "open it with load_network")
    return Stack(node.layer for node in graph)


def save_stack(
    stack: Stack, path: str | os.PathLike[str], *, shape: tuple[int, int, int] | None = None
) -> None:
    """Save a stack.

    Args:
        stack: Its layers.
        path: A ``.convlab`` file, which the program and ``load_stack`` open; ``.onnx``, which
            ``load_stack`` and other programs open; or ``.safetensors``, the weights alone under the
            names that ``torch.nn.Sequential`` gives them ("0.weight").
        shape: ``(C, H, W)`` of its pictures, for ``.onnx``. None: as its layers allow, any size if
            that is possible.

    Raises:
        ProjectError: It cannot be written, or is to be another kind of file; a ValueError.
    """
    if not isinstance(stack, Stack):
        raise ProjectError(
            f"what is to be saved is of type {type(stack).__name__}: give a Stack, as Stack([...])."
        )
    kind = Path(path).suffix.lower()
    if kind == SUFFIX:
        state = StackState.of(stack.layers, Path(path).stem, StackInput())
        save_project(Document(stack=state), path)
    elif kind == ".safetensors":
        tensors: dict[str, FloatArray] = {}
        for number, layer in enumerate(stack.layers):
            tensors |= layer_tensors(number, layer)
        write_file(path, pack_tensors(tensors))
    elif kind == onnx_file.SUFFIX:
        with raised_as(ProjectError, path, "is not saved"):
            data = onnx_file.pack_onnx(stack, shape)
        write_file(path, data)
    else:
        raise ProjectError(
            f"{shown_name(path)} cannot be written as a stack: give a name that ends in {SUFFIX}, "
            f"{onnx_file.SUFFIX} or .safetensors."
        )
