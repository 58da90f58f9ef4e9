"""Networks are tried in a real child process, in which everything may go wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import onnx
import pytest

from convlab import load_network
from convlab.io.networks import NetworkError
from convlab.io.reading import Cancelled
from convlab.networks.foreign import OnnxNode
from convlab.networks.trial import Progress, Stage
from convlab.runtime import network_process
from convlab.runtime.network_child import UNFORESEEN
from convlab.runtime.network_process import NetworkProcess
from tests.networks.models import model_of, one_node
from tests.runtime.network_faults import faulty, unlimited

pytest.importorskip("onnxruntime", reason="what is tried runs in it")

Main = Callable[[Connection], None]


@contextmanager
def process(main: Main = faulty) -> Iterator[NetworkProcess]:
    made = NetworkProcess(main)
    try:
        yield made
    finally:
        made.kill()


def write(path: Path, model: onnx.ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def ours(folder: Path, name: str = "ours") -> Path:
    """Two nodes with layers of ours."""
    nodes = [
        onnx.helper.make_node("Relu", ["x"], ["rectified"], name="first"),
        onnx.helper.make_node("Sigmoid", ["rectified"], ["y"], name="second"),
    ]
    return write(folder / f"{name}.onnx", model_of(nodes, (1, 3, 8, 9)))


def foreign(folder: Path, name: str = "foreign") -> Path:
    """A node that only ONNX Runtime knows."""
    return write(folder / f"{name}.onnx", one_node("Erf", (1, 3, 8, 9)))


def test_a_network_comes_back_as_it_would_be_read_here(tmp_path: Path) -> None:
    weight = np.random.default_rng(0).standard_normal((4, 3, 3, 3), np.float32)
    model = one_node("Conv", (1, 3, 8, 9), weight)
    onnx.helper.set_model_props(model, {"names": "{0: 'cat'}"})
    path = write(tmp_path / "n.onnx", model)
    steps: list[Progress] = []
    with process() as child:
        opening = child.open(path, report=steps.append)
        pid = child.pid
        assert opening.runs_whole
        assert opening.note == ""
        assert opening.network.facts == load_network(path).facts
        assert opening.network.facts.notes == {"names": "{0: 'cat'}"}
        strange = child.open(foreign(tmp_path))
        assert strange.runs_whole
        assert child.try_network(opening.network)
        with pytest.raises(NetworkError) as error:
            child.open(tmp_path / "n.txt")
        assert child.pid == pid, "it waits for the next one"
    [node] = strange.network.graph
    assert isinstance(node.layer, OnnxNode)
    assert node.layer.known_shapes == {((3, 8, 9),): (3, 8, 9)}, "nothing is inferred here"
    with pytest.raises(NetworkError) as expected:
        load_network(tmp_path / "n.txt")
    assert str(error.value) == str(expected.value)
    assert list(dict.fromkeys(step.stage for step in steps)) == list(Stage)
    assert ("the node", "Conv") in [(step.node, step.operation) for step in steps]
    x = np.random.default_rng(1).random((3, 8, 9), np.float32)
    assert np.array_equal(opening.network(x), load_network(path)(x))


def test_what_crashes_a_session_runs_on_our_layers(tmp_path: Path) -> None:
    with process() as child:
        opening = child.open(ours(tmp_path, "dies as a whole"))
        assert not opening.runs_whole
        assert opening.note == (
            "dies as a whole.onnx runs on ConvLab's own layers alone, because running all of its "
            "nodes in one session ends the process that tries it: export it again with another "
            "opset."
        )
        assert child.open(ours(tmp_path)).runs_whole, "another child takes its place"


def test_a_node_that_crashes_is_named(tmp_path: Path) -> None:
    with (
        process() as child,
        pytest.raises(NetworkError, match=r"because its node 'y0' \(Erf\) ends the process that"),
    ):
        child.open(foreign(tmp_path, "dies in a node"))


def test_what_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_process, "seconds_for", lambda nbytes: 0.5)
    with process() as child:
        child.warm()
        with pytest.raises(NetworkError, match="did not end within 0 s: choose a smaller network"):
            child.open(foreign(tmp_path, "hangs"))


@pytest.mark.parametrize(
    "main",
    [
        pytest.param(faulty, marks=pytest.mark.skipif(sys.platform != "linux", reason="no limit")),
        unlimited,
    ],
)
def test_what_takes_too_much_memory_is_ended(main: Main, tmp_path: Path) -> None:
    with process(main) as child:
        opening = child.open(ours(tmp_path, "swells"))
    assert "takes more than the 96 MB that its size allows: choose a smaller" in opening.note
    assert not opening.runs_whole


def test_it_is_left_at_any_time(tmp_path: Path) -> None:
    steps: list[Progress] = []
    with process() as child, pytest.raises(Cancelled):
        child.open(ours(tmp_path, "hangs"), report=steps.append, is_cancelled=lambda: bool(steps))


def test_what_nobody_foresaw_is_one_message(tmp_path: Path) -> None:
    with process() as child:
        with pytest.raises(NetworkError, match=UNFORESEEN):
            child.open(ours(tmp_path, "stumbles"))
        assert child.pid is not None
