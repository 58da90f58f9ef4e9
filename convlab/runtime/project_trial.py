"""Projects with operations of strangers: a child process tries them before they are shown."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.document.stack.model import LARGEST_SIDE, StackState
from convlab.io.project import ProjectError
from convlab.io.project_store import ProjectRead, ProjectStore
from convlab.io.reading import is_left
from convlab.networks.foreign import OnnxNode
from convlab.networks.network import Network
from convlab.networks.trial import first_foreign, silent
from convlab.runtime.network_process import NetworkProcess


def read_tried(store: ProjectStore, path: Path) -> ProjectRead:
    """Read a project; what it holds of other programs has run elsewhere when it comes back.

    Raises:
        ProjectError: It cannot be read, or an operation in it fails; the message names it.
    """
    read = store.read(path)
    stack = read.document.stack
    tried = replace(stack, held=stack.held and _tried(stack.held, path))
    document = replace(read.document, stack=_tried(tried, path))
    return replace(read, document=document)


def _tried(state: StackState, path: Path) -> StackState:
    if not any(isinstance(slot.layer, OnnxNode) for slot in state.slots):
        return state
    rows, columns = state.input.size or (LARGEST_SIDE // 4, LARGEST_SIDE // 4)
    shape = state.input.space.channels, rows, columns
    ends = [state.graph[uid].name for uid in state.graph.ends]
    network = Network(state.graph.resolved(), shape, ends)
    foreign = first_foreign(network)
    if foreign is not None and find_spec("onnx") is None:
        raise ProjectError(
            f"{shown_name(path)} cannot be opened, because its node {foreign[0]!r} ({foreign[1]}) "
            "needs the packages onnx and onnxruntime, which are not installed: install them: pip "
            "install onnx onnxruntime."
        )
    process = NetworkProcess()
    try:
        return replace(state, runs_whole=process.try_network(network, silent, is_left))
    except ValueError as error:
        raise ProjectError(f"{shown_name(path)} cannot be opened: {error}") from error
    finally:
        process.kill()
