"""Two stacks on the same frame: partners, ranges, differences, and no work while closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from convlab.document.comparison import CompareMode, Comparison, hold, open_comparison
from convlab.document.document import Document, Viewing
from convlab.document.frame import Frame
from convlab.document.request import Request
from convlab.document.stack.comparer import partners_of
from convlab.document.stack.edits import replace_stack
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.folding import Folds
from convlab.document.stack.job import StackCompared, StackShown
from convlab.document.stack.model import Cells, StackState, StackViewing, first_stack
from convlab.layers import Conv2d, MaxPool2d, ReLU
from convlab.layers.graph import INPUT

FRAME = Frame(np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8), 0, 0.0)
FIRST = replace(first_stack(), input=replace(first_stack().input, size=(48, 64)))
SIGHT = frozenset((INPUT, *(slot.uid for slot in FIRST.slots)))


def louder(state: StackState) -> StackState:
    """Return the stack with the first layer's weights three times as large."""
    conv = state.slots[0].layer
    assert isinstance(conv, Conv2d)
    slot = replace(state.slots[0], layer=replace(conv, weight=3 * conv.weight))
    return replace(state, slots=(slot, *state.slots[1:]))


PAIR = louder(hold(FIRST))


def shown(
    state: StackState, evaluator: StackEvaluator | None = None, **comparison: Any
) -> StackShown:
    if comparison:
        state = replace(state, comparison=replace(state.comparison, **comparison))
    viewing = Viewing(stack=StackViewing(in_sight=SIGHT, cell_width=32))
    request = Request(1, Document(stack=state), viewing, FRAME)
    return (evaluator or StackEvaluator()).answer(request)


def compared(state: StackState, **comparison: Any) -> StackCompared:
    found = shown(state, **comparison).compared
    assert found is not None
    return found


def test_both_run_on_the_same_frame() -> None:
    whole, a, b = shown(PAIR), shown(FIRST), shown(louder(FIRST))
    assert whole.compared is not None
    for columns, alone in ((whole.compared.held.columns, a), (whole.columns, b)):
        for one, other in zip(columns, alone.columns, strict=True):
            assert np.array_equal(one.maps, other.maps)


def test_the_difference_and_its_numbers_are_those_of_the_maps() -> None:
    found = compared(PAIR, mode=CompareMode.DIFFERENCE)
    a, b = shown(FIRST), shown(louder(FIRST))
    for column, one, other in zip(found.columns[1:], a.columns[1:], b.columns[1:], strict=True):
        wanted = one.maps.astype(np.float64) - other.maps
        assert np.allclose(column.maps, wanted, atol=1e-5)
        if column.uid != found.columns[-1].uid:
            continue  # the numbers are those of the last layer, where none is chosen
        apart = found.apart
        assert apart is not None
        assert apart.mean == pytest.approx(wanted.mean(), abs=1e-5)
        assert apart.largest == pytest.approx(np.abs(wanted).max(), rel=1e-5)
        assert apart.rms == pytest.approx(np.sqrt((wanted**2).mean()), rel=1e-5)


def test_maps_behind_a_difference_are_not_painted() -> None:
    """A is not painted, nor is B where A − B stands; ranges and numbers are those of B alone."""
    whole, alone = shown(PAIR, mode=CompareMode.DIFFERENCE), shown(louder(FIRST))
    assert whole.compared is not None
    for column, own, other in zip(
        whole.compared.columns[1:], whole.columns[1:], alone.columns[1:], strict=True
    ):
        assert own.tiles is None
        assert own.scales == other.scales
        assert column.tiles is not None
        assert other.tiles is not None
        assert column.tiles.shape == other.tiles.shape  # what is larger is painted slowly
    assert [each.tiles for each in whole.compared.held.columns[:-1]] == [None] * len(FIRST.slots)
    assert not whole.compared.has_range
    assert compared(PAIR).has_range


def test_what_is_out_of_sight_is_not_subtracted(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    subtract = np.subtract

    def counted(a: Any, b: Any, **given: Any) -> Any:
        sizes.append(a.size)
        return subtract(a, b, **given)

    monkeypatch.setattr(np, "subtract", counted)
    state = replace(PAIR, comparison=replace(PAIR.comparison, mode=CompareMode.DIFFERENCE))
    first = FIRST.slots[0].uid
    viewing = Viewing(stack=StackViewing(in_sight=frozenset((INPUT, first)), cell_width=32))
    answer = StackEvaluator().answer(Request(1, Document(stack=state), viewing, FRAME))
    assert len(sizes) == 2  # those of the picture, which are in sight, and of the first layer
    assert answer.compared is not None
    assert np.any(answer.compared.columns[1].maps != answer.columns[1].maps)


def test_each_map_is_parted_by_the_line() -> None:
    whole, sides = compared(PAIR, mode=CompareMode.WIPE, wipe=0.5), shown(PAIR)
    assert sides.compared is not None
    for column, a, b in zip(whole.columns, sides.compared.held.columns, sides.columns, strict=True):
        assert column.tiles is not None
        assert a.tiles is not None
        assert b.tiles is not None
        edge = a.tiles.shape[2] // 2
        assert np.array_equal(column.tiles[:, :, : edge - 1], a.tiles[:, :, : edge - 1])
        assert np.array_equal(column.tiles[:, :, edge:], b.tiles[:, :, edge:])


def test_one_colour_is_one_value_unless_each_has_its_own_range() -> None:
    for same in (True, False):
        whole = shown(PAIR, same_range=same)
        assert whole.compared is not None
        a, b = whole.compared.held.columns[1], whole.columns[1]
        assert (a.scales == b.scales) is same
        assert b.scales[0].high > 1.5 * shown(FIRST).columns[1].scales[0].high


def test_partners_are_the_same_layers_or_those_in_the_same_place() -> None:
    other = replace_stack(
        PAIR, StackState.of((Conv2d(3, 8, 3, padding="same"), ReLU()), "x", FIRST.input)
    )
    assert other.held == FIRST
    assert other.comparison.is_open
    uids = [slot.uid for slot in other.slots]
    assert partners_of(other, FIRST) == {INPUT: INPUT, uids[0]: 1, uids[1]: 2}
    found = compared(other)
    assert found.unmatched == 0
    fewer = replace(PAIR, slots=PAIR.slots[2:])
    assert partners_of(fewer, FIRST) == {INPUT: INPUT} | {
        slot.uid: slot.uid for slot in fewer.slots
    }


def test_maps_of_another_size_have_no_partner() -> None:
    strided = replace(
        PAIR, slots=(PAIR.slots[0], PAIR.slots[1], replace(PAIR.slots[2], layer=MaxPool2d(4)))
    )
    found = compared(strided, mode=CompareMode.DIFFERENCE)
    assert found.unmatched == 1
    assert found.columns[2].maps.min() < 0  # a difference
    assert found.columns[3].maps.min() >= 0  # B alone


def test_a_closed_comparison_runs_one_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    original = StackEvaluator.run

    def counted(self: StackEvaluator, *given: object) -> StackShown:
        runs.append(1)
        return original(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(StackEvaluator, "run", counted)
    evaluator = StackEvaluator()
    assert shown(open_comparison(PAIR, False), evaluator).compared is None
    assert len(runs) == 1
    shown(PAIR, evaluator, mode=CompareMode.BLINK)
    assert len(runs) <= 4
    assert Comparison().is_open is False


def test_of_a_only_what_stands_in_the_grid_is_painted() -> None:
    blocks = frozenset(("#1", "#4"))
    seen = StackViewing(in_sight=frozenset((INPUT, 3, 6)), cell_width=32, folds=Folds(blocks))
    viewing = replace(seen, cells={3: Cells(8), 6: Cells(16, 2, 3)})
    request = Request(1, Document(stack=PAIR), Viewing(stack=viewing), FRAME)
    found = StackEvaluator().answer(request).compared
    assert found is not None
    tiles = {column.uid: column.tiles for column in found.held.columns}
    assert {uid for uid, painted in tiles.items() if painted is not None} == {INPUT, 3, 6}
    third, last = tiles[3], tiles[6]
    assert third is not None
    assert last is not None
    assert third.shape[::2] == (8, 8)
    assert last.shape[::2] == (3, 16)
