from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers import Conv2d, Dropout, Layer, MaxPool2d, ReLU, Stack
from convlab.layers.forward import Forward
from convlab.layers.graph import Graph, Node
from convlab.layers.merge import Add
from convlab.networks.interrupt import Interrupt, Interrupted
from convlab.networks.runner import GraphRunner
from convlab.networks.whole import WholeSession

RNG = np.random.default_rng(0)
LAYERS = [Conv2d(2, 4, 3), ReLU(), MaxPool2d(2)]


def picture() -> FloatArray:
    return RNG.standard_normal((2, 12, 12), dtype=np.float32)


class Clock:
    """Counts up by what each way is said to take [s]."""

    def __init__(self, own: float, session_: float) -> None:
        self.now, self.own, self.session = 0.0, own, session_
        self.ways: list[str] = []
        self.made = 0  # sessions

    def __call__(self) -> float:
        return self.now

    def ran(self, way: str) -> None:
        self.ways.append(way)
        self.now += self.own if way == "own" else self.session


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock on which the layers take 0.10 s and a session 0.09 s, at first."""
    pytest.importorskip("onnxruntime", reason="a session needs ONNX Runtime")
    clock = Clock(0.10, 0.09)
    run_layers, run_whole, make = Forward.run, WholeSession.run, WholeSession.__init__

    def own(self: Forward, *arguments: Any) -> dict[int, FloatArray]:
        clock.ran("own")
        return run_layers(self, *arguments)

    def whole(self: WholeSession, *arguments: Any) -> dict[int, FloatArray]:
        clock.ran("session")
        return run_whole(self, *arguments)

    def made(self: WholeSession, *arguments: Any) -> None:
        clock.made += 1
        make(self, *arguments)

    monkeypatch.setattr(Forward, "run", own)
    monkeypatch.setattr(WholeSession, "run", whole)
    monkeypatch.setattr(WholeSession, "__init__", made)
    return clock


def chain(layers: list[Layer]) -> Graph:
    return Graph.of(Stack(layers))


def show(runner: GraphRunner, layers: list[Layer], frames: int) -> None:
    for _ in range(frames):
        x = picture()
        expected: FloatArray = x
        results = runner.run(chain(layers), x).values()
        for layer, result in zip(layers, results, strict=True):
            expected = layer.forward(expected)
            np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)
            assert not result.flags.writeable


def test_a_live_picture_runs_in_the_fastest_way_and_the_others_are_tried(timed: Clock) -> None:
    runner = GraphRunner(timed)
    show(runner, LAYERS, 20)
    assert timed.ways == ["own", *["session"] * 19]
    assert timed.made == 1
    timed.now += 6.0
    show(runner, LAYERS, 20)
    assert timed.ways.count("own") == 2, "long enough ago for what takes 0.1 s"
    timed.session, timed.now = 0.30, timed.now + 20.0
    timed.ways.clear()
    show(runner, LAYERS, 60)
    assert timed.ways.count("own") > 40, "it has become the fastest one"


def test_a_way_that_takes_much_longer_is_not_tried_again(timed: Clock) -> None:
    timed.own = 0.20
    runner = GraphRunner(timed)
    show(runner, LAYERS, 10)
    timed.now += 100.0
    show(runner, LAYERS, 10)
    assert timed.ways == ["own", *["session"] * 19]


def test_the_first_runs_of_a_session_do_not_decide_alone(timed: Clock) -> None:
    """Its memory is made in the first; and another program may take the processor in any."""
    runner = GraphRunner(timed)
    show(runner, LAYERS, 1)
    for slow in (9.0, 9.0, 0.09, 9.0):
        timed.session = slow
        show(runner, LAYERS, 1)
    timed.session = 0.09
    show(runner, LAYERS, 10)
    assert timed.ways[-9:] == ["session"] * 9


def test_memory_of_the_layers_is_given_back_once_a_session_runs(
    timed: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr("convlab.engine.heap.give_back", lambda: given.append(len(timed.ways)))
    show(GraphRunner(timed), LAYERS, 12)
    assert given == [6], "when nothing of them is on the screen any more"


def test_a_session_gives_its_time_to_the_layers(timed: Clock) -> None:
    runner = GraphRunner(timed)
    show(runner, LAYERS, 2)
    assert sum(runner.milliseconds.values()) == pytest.approx(90.0)
    assert len(runner.milliseconds) == 3
    assert runner.kept == 0


def test_an_edit_of_a_picture_that_stands_runs_what_depends_on_it(timed: Clock) -> None:
    runner, x = GraphRunner(timed), picture()
    show(runner, LAYERS, 2)
    before = runner.run(chain(LAYERS), x)
    assert timed.ways[-1] == "session"
    edited = [*LAYERS[:2], MaxPool2d(3)]
    after = runner.run(chain(edited), x)
    assert timed.ways[-1] == "own"
    assert all(after[uid] is before[uid] for uid in (1, 2))
    assert runner.kept == 2


def test_a_dragged_weight_of_a_live_picture_needs_one_more_session(timed: Clock) -> None:
    runner = GraphRunner(timed)
    show(runner, LAYERS, 4)
    made = timed.made
    for _ in range(5):
        show(runner, [Conv2d(2, 4, 3), *LAYERS[1:]], 1)
    assert timed.made == made + 1
    show(runner, [Conv2d(2, 4, 5), *LAYERS[1:]], 3)
    assert timed.made == made + 2, "another size of its kernels"
    show(runner, [*LAYERS[:2], MaxPool2d(3)], 2)
    show(runner, [*LAYERS[:2], MaxPool2d(4)], 2)
    assert timed.ways == ["own", *["session"] * 15]


def test_a_weight_of_another_layer_needs_one_more_session(timed: Clock) -> None:
    runner = GraphRunner(timed)
    first, second = Conv2d(2, 4, 3), Conv2d(4, 3, 3)
    show(runner, [first, second], 4)
    for _ in range(3):
        first = Conv2d(2, 4, 3)
        show(runner, [first, second], 1)
    made, whole = timed.made, runner._whole
    for _ in range(3):
        second = Conv2d(4, 3, 3)
        show(runner, [first, second], 1)
    assert timed.made == made + 1
    assert whole is not None
    assert runner._whole is not None
    assert runner._whole.session.blocks is whole.session.blocks, "its memory need not be made"


def test_weights_that_are_taken_up_are_edited_in_the_session_that_waits_for_it(
    timed: Clock,
) -> None:
    runner, layers = GraphRunner(timed), LAYERS
    show(runner, layers, 4)
    made = timed.made

    def look(layers: list[Layer], taken_up: int | None) -> int:
        runner.run(chain(layers), picture(), taken_up=taken_up)
        return timed.made - made

    assert [look(layers, 1), look(layers, 1), look(layers, 1)] == [0, 1, 1], "passing by makes none"
    assert look([Conv2d(2, 4, 3), *layers[1:]], 1) == 1
    assert look([Conv2d(2, 4, 3), *layers[1:]], None) == 1
    assert [look(layers, 99), look(layers, 99)] == [1, 1], "a layer that is not run"


def test_a_pass_can_be_left(timed: Clock) -> None:
    runner, interrupt = GraphRunner(timed), Interrupt()
    interrupt.set()
    for _ in range(2):  # in either way
        with pytest.raises(Interrupted):
            runner.run(chain(LAYERS), picture(), interrupt=interrupt)
        show(runner, LAYERS, 1)
    assert timed.ways == ["own", "own", "session", "session"]


def test_branches_run_as_a_whole_too(timed: Clock) -> None:
    conv = Conv2d(2, 2, 3, padding=1)
    runner, graph = GraphRunner(timed), Graph([Node(1, conv), Node(2, Add(), (0, 1))])
    for _ in range(3):
        x = picture()
        results = runner.run(graph, x)
        np.testing.assert_allclose(results[2], x + conv.forward(x), rtol=1e-5, atol=1e-5)
    assert timed.ways == ["own", "session", "session"]


def test_what_has_no_operator_never_enters_a_session(timed: Clock) -> None:
    layers = [Conv2d(2, 4, 3, padding=1, border="circular"), ReLU()]
    runner = GraphRunner(timed)
    show(runner, layers, 4)
    assert timed.ways == ["own"] * 4
    show(runner, [*layers, MaxPool2d(2)], 1)
    assert timed.ways == ["own"] * 5


def test_a_layer_that_hands_on_its_input_does_not_freeze_the_caller_s(timed: Clock) -> None:
    runner, x = GraphRunner(timed), picture()
    layers = [Dropout(), ReLU(), MaxPool2d(2)]
    show(runner, layers, 2)
    runner.run(chain(layers), x)
    assert x.flags.writeable


def test_a_single_layer_never_enters_a_session(timed: Clock) -> None:
    show(GraphRunner(timed), [Conv2d(2, 4, 3)], 3)
    assert timed.ways == ["own"] * 3


def test_without_the_runtime_the_layers_run(timed: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convlab.networks.runner.is_installed", lambda: False)
    show(GraphRunner(timed), LAYERS, 3)
    assert timed.ways == ["own"] * 3


def test_a_layer_that_does_not_fit_is_named(timed: Clock) -> None:
    with pytest.raises(ValueError, match="2 conv2d"):
        GraphRunner(timed).run(chain([ReLU(), Conv2d(3, 4, 3)]), picture())


def test_what_may_not_run_as_a_whole_never_does(timed: Clock) -> None:
    runner = GraphRunner(timed)
    for _ in range(5):
        runner.run(chain(LAYERS), picture(), whole=False)
    assert timed.made == 0
    runner.run(chain(LAYERS), picture())
    runner.run(chain(LAYERS), picture())
    assert timed.made == 1
