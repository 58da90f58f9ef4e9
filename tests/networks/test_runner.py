from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers import Conv2d, ConvTranspose2d, Dropout, Layer, MaxPool2d, ReLU, Stack
from convlab.layers.forward import Forward
from convlab.networks import session
from convlab.networks.runner import ChainRunner
from convlab.networks.session import run_chain

RNG = np.random.default_rng(0)
LAYERS = [Conv2d(2, 4, 3), ReLU(), MaxPool2d(2)]


def picture() -> FloatArray:
    return RNG.standard_normal((2, 12, 12), dtype=np.float32)


class Clock:
    """Counts up by what each way is said to take [s]."""

    def __init__(self, own: float, session_: float) -> None:
        self.now, self.own, self.session = 0.0, own, session_
        self.ways: list[str] = []

    def __call__(self) -> float:
        return self.now

    def ran(self, way: str) -> None:
        self.ways.append(way)
        self.now += self.own if way == "own" else self.session


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock on which the layers take 0.10 s and a session 0.04 s, at first."""
    pytest.importorskip("onnxruntime", reason="a session needs ONNX Runtime")
    clock = Clock(0.10, 0.04)
    run_layers = Forward.run

    def own(self: Forward, stack: Stack, x: FloatArray) -> tuple[FloatArray, ...]:
        clock.ran("own")
        return run_layers(self, stack, x)

    def in_session(*arguments: object) -> tuple[FloatArray, ...]:
        clock.ran("session")
        return run_chain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Forward, "run", own)
    monkeypatch.setattr("convlab.networks.runner.run_chain", in_session)
    return clock


def show(runner: ChainRunner, layers: list[Layer], frames: int) -> None:
    for _ in range(frames):
        x = picture()
        expected: FloatArray = x
        for layer, result in zip(layers, runner.run(Stack(layers), x), strict=True):
            expected = layer.forward(expected)
            np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)
            assert not result.flags.writeable


def test_a_live_picture_runs_in_the_faster_way_and_the_other_one_is_tried(timed: Clock) -> None:
    runner = ChainRunner(timed)
    show(runner, LAYERS, 20)
    assert timed.ways == ["own", *["session"] * 19]
    show(runner, LAYERS, 20)
    assert timed.ways.count("own") == 2, "a second has gone by once"
    timed.session, timed.now = 0.30, timed.now + 2.0
    timed.ways.clear()
    show(runner, LAYERS, 40)
    assert timed.ways.count("own") > 25, "it has become the faster one"


def test_a_session_gives_its_time_to_the_layers(timed: Clock) -> None:
    runner = ChainRunner(timed)
    show(runner, LAYERS, 2)
    assert sum(runner.milliseconds) == pytest.approx(40.0)
    assert len(runner.milliseconds) == 3
    assert runner.kept == 0


def test_an_edit_of_a_picture_that_stands_runs_what_depends_on_it(timed: Clock) -> None:
    runner, x = ChainRunner(timed), picture()
    show(runner, LAYERS, 2)
    before = runner.run(Stack(LAYERS), x)
    assert timed.ways[-1] == "session"
    edited = [*LAYERS[:2], MaxPool2d(3)]
    after = runner.run(Stack(edited), x)
    assert timed.ways[-1] == "own"
    assert after[:2] == before[:2], "the very arrays"
    assert runner.kept == 2


def test_a_dragged_weight_of_a_live_picture_needs_no_other_session(timed: Clock) -> None:
    runner = ChainRunner(timed)
    show(runner, LAYERS, 2)
    made = session._session.cache_info().misses
    for _ in range(5):
        show(runner, [Conv2d(2, 4, 3), *LAYERS[1:]], 1)
    assert session._session.cache_info().misses == made
    assert timed.ways == ["own", *["session"] * 6]
    show(runner, [Conv2d(2, 4, 5), *LAYERS[1:]], 3)  # another kernel size does not either
    assert session._session.cache_info().misses == made


def test_layers_without_nodes_run_between_sessions(timed: Clock) -> None:
    layers = [Conv2d(2, 4, 3), ReLU(), ConvTranspose2d(4, 2, 2, stride=2), ReLU(), MaxPool2d(2)]
    show(ChainRunner(timed), layers, 3)
    assert timed.ways == ["own", "session", "session", "session", "session"]


def test_a_layer_that_hands_on_its_input_does_not_freeze_the_caller_s(timed: Clock) -> None:
    runner, x = ChainRunner(timed), picture()
    layers = [Dropout(), ConvTranspose2d(2, 2, 2), ReLU(), MaxPool2d(2)]
    show(runner, layers, 2)
    runner.run(Stack(layers), x)
    assert x.flags.writeable


def test_what_no_session_could_shorten_never_enters_one(timed: Clock) -> None:
    show(ChainRunner(timed), [Conv2d(2, 4, 3), ConvTranspose2d(4, 2, 2), ReLU()], 3)
    assert timed.ways == ["own"] * 3


def test_without_the_runtime_the_layers_run(timed: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convlab.networks.runner.is_installed", lambda: False)
    show(ChainRunner(timed), LAYERS, 3)
    assert timed.ways == ["own"] * 3


def test_a_layer_that_does_not_fit_is_named(timed: Clock) -> None:
    with pytest.raises(ValueError, match="layer 2"):
        ChainRunner(timed).run(Stack([ReLU(), Conv2d(3, 4, 3)]), picture())
