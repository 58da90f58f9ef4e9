from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.request import Outdated, Request
from convlab.document.stack import activity, edits
from convlab.document.stack.arithmetic import Products
from convlab.document.stack.evaluate import NOT_FINITE, StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.model import (
    Cells,
    InputSpace,
    MapColors,
    MapRange,
    StackInput,
    StackState,
    StackViewing,
    Unit,
)
from convlab.document.stack.tiles import Extent, extent_of
from convlab.engine.arrays import FloatArray
from convlab.layers import Conv2d, Dropout, Flatten, Layer, Linear, MaxPool2d, ReLU, Softmax
from convlab.layers.graph import INPUT
from convlab.networks.interrupt import Interrupt, Interrupted
from tests.learn.chains import chain_gradient


@dataclass(frozen=True, eq=False)
class Counted(Dropout):
    """Counts how often it runs; each is another layer."""

    runs: list[int] = field(default_factory=list)
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def forward(self, x: FloatArray) -> FloatArray:
        self.runs.append(1)
        return super().forward(x).copy()  # or what follows would have nothing new to take


ALL = frozenset(range(100))
PICTURE = np.random.default_rng(3).integers(0, 256, (24, 32, 3), np.uint8)


def state_of(*layers: Layer, size: tuple[int, int] | None = None) -> StackState:
    return StackState.of(layers, "test", StackInput(InputSpace.RGB, size))


def looking(**changes: object) -> StackViewing:
    return replace(StackViewing(in_sight=ALL), **changes)  # type: ignore[arg-type]


@pytest.fixture
def run() -> Callable[..., StackShown]:
    evaluator = StackEvaluator()
    frame = Frame(PICTURE.copy(), 0, 0.0)

    def answer(
        state: StackState, viewing: StackViewing | None = None, picture: Frame | None = None
    ) -> StackShown:
        return evaluator.run(StackJob(1, picture or frame, state, viewing or looking()))

    return answer


NET = state_of(Conv2d(3, 4, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(4 * 11 * 15, 5), Softmax())


def test_what_fills_the_last_row_of_a_long_vector_is_no_value_of_it(
    run: Callable[..., StackShown],
) -> None:
    length = 101  # folded into 11 rows of 10
    ones = np.ones((length, 4 * 11 * 15), np.float32)
    state = state_of(
        *(slot.layer for slot in NET.slots[:4]), Linear(ones.shape[1], length, weight=ones)
    )
    shown = run(state, looking(unit=Unit(5, 3), pinned=True))
    column = shown.columns[-1]
    assert column.activity is not None
    assert column.activity.zeros == (0.0,)
    assert shown.look is not None
    assert shown.look.statistics is not None
    assert shown.look.statistics.zeros == 0.0
    exact = column.maps.ravel()[:length].mean(dtype=np.float64)
    assert shown.look.statistics.stats.mean == pytest.approx(exact, rel=1e-6)


def test_every_map_is_that_of_the_stack(run: Callable[..., StackShown]) -> None:
    shown = run(NET)
    x = np.moveaxis(PICTURE, 2, 0) / np.float32(255)
    expected = NET.stack().forward(x)
    assert [column.uid for column in shown.columns] == [INPUT, 1, 2, 3, 4, 5, 6]
    assert np.allclose(shown.picture.maps, x, atol=1e-6)
    for column, result in zip(shown.columns[1:], expected, strict=True):
        assert column.shape == result.shape
        assert np.allclose(column.maps.ravel()[: result.size], result.ravel(), atol=1e-5)


def test_an_edit_recomputes_that_layer_and_those_after_it(run: Callable[..., StackShown]) -> None:
    layers = [Counted() for _ in range(5)]
    state = state_of(*layers)
    run(state)
    assert [len(layer.runs) for layer in layers] == [1] * 5
    edited = replace(state.slots[2], layer=Counted())
    after = replace(state, slots=(*state.slots[:2], edited, *state.slots[3:]))
    run(after)
    assert [len(layer.runs) for layer in layers] == [1, 1, 1, 2, 2]
    run(after, looking(unit=Unit(2, 0, 1, 1)))
    assert [len(layer.runs) for layer in layers] == [1, 1, 1, 2, 2], "looking computes nothing"


def test_an_edit_does_not_wait_for_what_is_said_of_the_maps(
    run: Callable[..., StackShown], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[Layer] = []
    original = activity.activity_of

    def counted(layer: Layer, *given: Any) -> activity.Activity:
        measured.append(layer)
        return original(layer, *given)

    monkeypatch.setattr(activity, "activity_of", counted)
    state = state_of(Conv2d(3, 4, 3, weight=np.ones((4, 3, 3, 3), np.float32)), ReLU())
    assert run(state).is_complete
    assert len(measured) == 2
    silent = replace(
        state.slots[0], layer=Conv2d(3, 4, 3, weight=-np.ones((4, 3, 3, 3), np.float32))
    )
    after = replace(state, slots=(silent, state.slots[1]))
    edited = run(after)
    assert len(measured) == 2
    assert not edited.is_complete
    again = run(after)
    assert len(measured) == 4
    assert again.is_complete
    for column, before in zip(again.columns, edited.columns, strict=True):
        assert column.tiles is before.tiles, "nothing is painted again"
    said = again.columns[-1].activity
    assert said is not None
    assert said.dead == (0, 1, 2, 3)
    assert run(after).columns[-1] is again.columns[-1], "then there is peace"
    # What was measured out of sight is not waited for.
    run(state)
    assert run(state, looking(in_sight=frozenset({INPUT}))).is_complete


def test_a_frame_is_left_between_its_stages_and_the_next_answer_is_whole() -> None:
    evaluator, viewing = StackEvaluator(), Viewing(lab=Lab.STACK, stack=looking())
    frames = [Frame(np.roll(PICTURE, number), number, 0.0) for number in range(2)]
    document, asked = Document(stack=NET), []

    def ask(number: int, leaves_at: int) -> StackShown:
        class Waiting(Interrupt):
            def check(self) -> None:
                asked.append(number)
                if asked.count(number) == leaves_at:
                    raise Interrupted

        request = Request(1, document, viewing, frames[number], interrupt=Waiting())
        return evaluator.answer(request)

    ask(0, -1)
    assert len(asked) == 2 * len(NET.slots) + 2, "before each layer and each picture"
    for leaves_at in (1, 2, len(NET.slots) + 2):  # before a layer, and before a picture
        with pytest.raises(Outdated):
            ask(1, leaves_at)
        asked.clear()
    found = ask(1, -1)
    fresh = StackEvaluator().answer(Request(1, document, viewing, frames[1]))
    for column, wanted in zip(found.columns, fresh.columns, strict=True):
        assert np.allclose(column.maps, wanted.maps, atol=1e-5)
        assert column.tiles is not None


def test_what_is_out_of_sight_is_computed_only_as_far_as_needed(
    run: Callable[..., StackShown],
) -> None:
    layers = [Counted() for _ in range(4)]
    shown = run(state_of(*layers), looking(in_sight=frozenset({INPUT, 2})))
    assert [len(layer.runs) for layer in layers] == [1, 1, 0, 0]
    assert [column.tiles is not None for column in shown.columns] == [True, False, True]
    assert len(shown.summaries) == 4, "all that fits is known"
    run(state_of(*layers), looking(in_sight=frozenset({INPUT}), unit=Unit(3, 0)))
    assert len(layers[2].runs) == 1


def test_a_layer_that_is_off_hands_its_input_on(run: Callable[..., StackShown]) -> None:
    state = edits.toggle_layer(state_of(ReLU(), Conv2d(3, 2, 3), ReLU()), 2)
    shown = run(state)
    assert [column.uid for column in shown.columns] == [INPUT, 1, 3]
    assert shown.columns[2].shape == (3, 24, 32)


def test_what_does_not_fit_is_told_and_what_lies_before_is_shown(
    run: Callable[..., StackShown],
) -> None:
    state = state_of(ReLU(), Conv2d(8, 2, 3), ReLU())
    shown = run(state)
    assert [column.uid for column in shown.columns] == [INPUT, 1]
    assert shown.error is not None
    assert shown.error.uid == 2
    assert "3 channels" in shown.error.message
    fixed = edits.apply_remedy(state, 2, shown.error.remedies[0])
    assert run(fixed).error is None


def test_values_that_overflow_are_an_error(run: Callable[..., StackShown]) -> None:
    huge = np.full((1, 3, 1, 1), 3e38, np.float32)
    shown = run(state_of(Conv2d(3, 1, 1, weight=huge), Conv2d(1, 1, 1, weight=huge[:, :1])))
    assert shown.error is not None
    assert shown.error.message == NOT_FINITE
    assert all(np.isfinite(column.maps).all() for column in shown.columns)


def test_too_much_memory_is_rejected_beforehand(run: Callable[..., StackShown]) -> None:
    layers = [Conv2d(3, 512, 1), *(ReLU() for _ in range(40))]
    shown = run(state_of(*layers, size=(1024, 1024)), looking(in_sight=frozenset({INPUT})))
    assert shown.error is not None
    assert shown.error.uid == 1
    assert "choose an input of" in shown.error.message
    assert shown.summaries == ()


def test_a_live_picture_is_not_measured_with_each_frame(
    run: Callable[..., StackShown], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[tuple[int, ...]] = []

    def counted(maps: FloatArray) -> Extent:
        measured.append(maps.shape)
        return extent_of(maps)

    now = [0.0]
    monkeypatch.setattr("convlab.document.stack.extents.extent_of", counted)
    monkeypatch.setattr("convlab.document.stack.evaluate.time.perf_counter", lambda: now[0])
    frames = [Frame(PICTURE.copy(), number, 0.0) for number in range(4)]
    run(NET, picture=frames[0])
    assert len(measured) == 6, "the picture, and all layers but the ReLU"
    assert run(NET, picture=frames[0]).is_complete
    now[0] = 0.1
    assert not run(NET, picture=frames[1]).is_complete
    assert len(measured) == 6
    edited = edits.toggle_layer(NET, 2)
    run(edited, picture=frames[2])
    assert len(measured) == 12, "an edit is measured at once"
    now[0] = 0.8
    run(edited, picture=frames[3])
    assert len(measured) == 18, "and so is what was measured long ago"
    assert run(edited, picture=frames[3]).is_complete


@pytest.mark.parametrize("range_", list(MapRange))
def test_infinite_values_are_told_whatever_the_range(
    run: Callable[..., StackShown], range_: MapRange
) -> None:
    huge = np.full((1, 3, 1, 1), 3e38, np.float32)
    state = replace(
        state_of(ReLU(), Conv2d(3, 1, 1, weight=huge), ReLU()), colors=MapColors(range_)
    )
    for in_sight in (ALL, frozenset({INPUT, 3})):
        shown = run(state, looking(in_sight=in_sight))
        assert shown.error is not None
        assert (shown.error.uid, shown.error.message) == (2, NOT_FINITE)


def test_the_unit_pointed_at_is_the_pipelines_own(run: Callable[..., StackShown]) -> None:
    unit = Unit(1, 2, 5, 7)
    look = run(NET, looking(unit=unit)).look
    assert look is not None
    assert isinstance(look.detail, Products)
    layer = NET.slots[0].layer
    assert isinstance(layer, Conv2d)
    assert np.array_equal(look.detail.kernel, layer.weight[2])
    x = (np.moveaxis(PICTURE, 2, 0) / np.float32(255))[:, 5:8, 7:10]
    assert np.allclose(look.detail.patch, x, atol=1e-6)
    assert look.value == pytest.approx(float((x * layer.weight[2]).sum()), rel=1e-4)
    assert (look.input, look.map, look.gradient) == (None, None, None), "only when it is pinned"


def test_a_pinned_unit_is_shown_in_full_with_its_gradient(run: Callable[..., StackShown]) -> None:
    shown = run(NET, looking(unit=Unit(5, 3), pinned=True, wants_gradient=True))
    look = shown.look
    assert look is not None
    assert look.input is not None
    assert look.gradient is not None
    assert look.input.bgra.shape == (24, 32, 4)
    x = shown.picture.maps
    layers = [slot.layer for slot in NET.slots[:5]]
    results = NET.stack().forward(x)[:5]
    expected = chain_gradient(layers, x, results, (3,)).full(x.shape).sum(axis=0)
    assert np.allclose(look.gradient.planes[0], expected, atol=1e-5)


def test_a_unit_stays_inside_a_map_that_shrank(run: Callable[..., StackShown]) -> None:
    look = run(NET, looking(unit=Unit(3, 99, 99, 99))).look
    assert look is not None
    assert look.unit == Unit(3, 3, 10, 14)


def test_a_unit_of_a_layer_that_is_gone_is_nothing(run: Callable[..., StackShown]) -> None:
    assert run(NET, looking(unit=Unit(77, 0))).look is None


def test_a_shifted_picture_is_compared_with_itself(run: Callable[..., StackShown]) -> None:
    state = state_of(Conv2d(3, 4, 3), ReLU(), MaxPool2d(2))
    shown = run(state, looking(wants_shift=True, shift=(2, 3)))
    assert shown.shifts is not None
    convolution, relu, pooling = shown.shifts
    assert convolution.error == pytest.approx(0, abs=1e-5)
    assert relu.error == pytest.approx(0, abs=1e-5)
    assert pooling.error is not None
    assert pooling.error > 0.01, "half a pixel cannot be followed"
    again = run(state, looking(wants_shift=True, shift=(2, 4)))
    assert again.shifts is not None
    assert again.shifts[2].error == pytest.approx(0, abs=1e-5)


def test_colours_are_painted_again_without_computing(run: Callable[..., StackShown]) -> None:
    layer = Counted()
    state = state_of(layer)
    before = run(state)
    after = run(replace(state, colors=MapColors(MapRange.FIXED, 9.0)))
    assert len(layer.runs) == 1
    assert before.columns[1].tiles is not None
    assert after.columns[1].tiles is not None
    assert not np.array_equal(before.columns[1].tiles, after.columns[1].tiles)


def test_what_did_not_change_is_not_painted_again(run: Callable[..., StackShown]) -> None:
    first, second = run(NET), run(NET, looking(unit=Unit(1, 0)))
    for before, after in zip(first.columns, second.columns, strict=True):
        assert before is after


def test_published_arrays_are_read_only(run: Callable[..., StackShown]) -> None:
    for column in run(NET).columns:
        assert column.tiles is not None
        assert not column.tiles.flags.writeable
        assert not column.maps.flags.writeable


def test_a_picture_that_comes_too_soon_is_looked_at_before_all_is_complete(
    run: Callable[..., StackShown], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: moments[-1])
    frames = [Frame(PICTURE // part, number, 0.0) for number, part in enumerate((1, 50))]
    bright = run(NET, picture=frames[0])
    assert bright.is_complete
    dim = run(NET, picture=frames[1])
    assert not dim.is_complete
    assert dim.columns[1].scales == bright.columns[1].scales
    for _ in range(3):
        moments.append(moments[-1] + 1.0)
        dim = run(NET, picture=frames[1])
    assert dim.is_complete
    assert dim.columns[1].scales[0].high < bright.columns[1].scales[0].high / 10
    unseen = run(NET, looking(in_sight=frozenset({INPUT, 1})), picture=frames[0])
    for _ in range(3):
        moments.append(moments[-1] + 1.0)
        unseen = run(NET, looking(in_sight=frozenset({INPUT})), picture=frames[0])
    assert unseen.is_complete, "what is out of sight is not waited for"


def test_only_the_maps_in_sight_are_painted_each_layer_at_its_size(
    run: Callable[..., StackShown],
) -> None:
    layers = Conv2d(3, 24, 3), ReLU()
    cells = {1: Cells(8), 2: Cells(4, 10, 6)}
    whole = run(state_of(*layers), looking(in_sight=frozenset({INPUT, 1, 2}), cell_width=16))
    shown = run(
        state_of(*layers), looking(in_sight=frozenset({INPUT, 1, 2}), cell_width=16, cells=cells)
    )
    first, second = shown.columns[1:]
    assert first.tiles is not None
    assert second.tiles is not None
    assert len(first.tiles) == 24
    assert first.tiles.shape[2] == 8
    assert second.tiles.shape[::2] == (6, 4)
    assert second.seen == slice(10, 16)
    assert len(second.scales) == 24
    assert second.scales == whole.columns[2].scales, "the range is that of all maps"
    assert np.array_equal(second.maps, whole.columns[2].maps)
