"""Undo against a plain list of documents, and the bound of what it keeps."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.document import edits
from convlab.document.document import Document
from convlab.document.drawing import Brush, stroked
from convlab.document.kernel.edits import set_cell
from convlab.document.kernel.model import KernelState, to_weights
from convlab.document.source import SourceSpec
from convlab.document.stack import edits as stack_edits
from convlab.document.stack.edits import edit_layer
from convlab.document.stack.model import StackInput, StackState
from convlab.layers import Conv2d, ReLU
from convlab.layers.editing import with_cell, with_weight
from convlab.runtime import history
from convlab.runtime.history import History

MEGABYTE = 2**20


def numbers(document: Document) -> tuple[object, ...]:
    """Return what a document holds, comparable: layers are equal only if they are the same."""
    stack = document.stack
    weights = [np.array(getattr(slot.layer, "weight", 0)).tobytes() for slot in stack.slots]
    layers = [(slot.uid, slot.is_on, slot.layer.kind) for slot in stack.slots]
    plain = replace(document, stack=replace(stack, slots=()))
    return plain, layers, weights


def edited(document: Document, kind: int, value: float) -> Document:
    """Return one of the ways in which a document is edited."""
    stack = document.stack
    match kind:
        case 0:
            return replace(document, kernel=set_cell(document.kernel, 1, 1, value))
        case 1:
            weights = np.full((3 + int(value) % 3, 3), value)
            return replace(document, kernel=KernelState(to_weights(weights)))
        case 2:
            return replace(document, stack=edit_layer(stack, 1, with_cell, 0, 1, 1, 1, value))
        case 3:
            return replace(document, stack=stack_edits.toggle_layer(stack, 2))
        case 4:
            if len(stack.slots) > 4:
                return replace(document, stack=stack_edits.remove_layer(stack, stack.slots[1].uid))
            return replace(document, stack=stack_edits.duplicate_layer(stack, 1))
        case 5:
            drawn = stroked(document.drawing, (3, value), (20, value), Brush())
            return edits.set_drawing(document, drawn)
        case _:
            return edits.set_source(document, SourceSpec.parse(f"picture-{value}.png"))


class Plain:
    """What a history does, by a list of all states."""

    def __init__(self, document: Document) -> None:
        self.states = [numbers(document)]
        self.texts: list[str] = []
        self.index = 0
        self.clean: int | None = 0
        self.open: tuple[str, Document] | None = None  # key, and where the gesture began

    def push(self, before: Document, after: Document, text: str, key: str | None) -> None:
        if self.open is not None and self.open[0] == key:
            self.states[-1] = numbers(after)
            if self.open[1] == after:
                del self.states[-1], self.texts[-1]
                self.index -= 1
                self.open = None
            return
        del self.states[self.index + 1 :], self.texts[self.index :]
        if self.clean is not None and self.clean > self.index:
            self.clean = None
        self.states.append(numbers(after))
        self.texts.append(text)
        self.index += 1
        self.open = None if key is None else (key, before)
        while len(self.texts) > history.MOST_STEPS:
            del self.states[0], self.texts[0]
            self.index -= 1
            self.clean = self.clean - 1 if self.clean else None

    def move(self, step: int) -> None:
        if 0 <= self.index + step < len(self.states):
            self.index += step
            self.open = None


actions = st.one_of(
    st.tuples(
        st.integers(0, 6),
        st.integers(-3, 3).map(float),
        st.sampled_from([None, None, "drag", "wheel"]),
    ),
    st.sampled_from(["undo", "undo", "redo", "clean"]),
)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(actions, max_size=40), most=st.sampled_from([4, 1000]))
def test_it_does_what_a_list_of_all_documents_does(steps: list[Any], most: int) -> None:
    layers = (Conv2d(2, 3, 3), ReLU(), Conv2d(3, 2, 3))
    start = Document(stack=StackState.of(layers, "small", StackInput()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "MOST_STEPS", most)
        past, plain = History(start), Plain(start)
        del start, layers
        for number, step in enumerate(steps):
            match step:
                case "undo":
                    past.undo()
                    plain.move(-1)
                case "redo":
                    past.redo()
                    plain.move(1)
                case "clean":
                    past.setClean()
                    plain.clean, plain.open = plain.index, None
                case (int(kind), float(value), key):
                    before, after = past.document, edited(past.document, kind, value)
                    if after != before:
                        past.push(after, f"edit {number}", key)
                        plain.push(before, after, f"edit {number}", key)
                    del before, after
            check(past, plain)
        while past.canUndo():
            past.undo()
            plain.move(-1)
            check(past, plain)
        while past.canRedo():
            past.redo()
            plain.move(1)
            check(past, plain)


def check(past: History, plain: Plain) -> None:
    assert numbers(past.document) == plain.states[plain.index]
    assert (past.index(), past.count()) == (plain.index, len(plain.texts))
    assert past.isClean() == (plain.clean == plain.index)
    assert past.canUndo() == (plain.index > 0)
    assert past.canRedo() == (plain.index < len(plain.texts))
    assert past.undoText() == (plain.texts[plain.index - 1] if plain.index else "")
    assert past.redoText() == (plain.texts[plain.index] if past.canRedo() else "")


# The bound.


def large_layer() -> Document:
    """Return a document with a layer of 3.2 MB."""
    layer = Conv2d(256, 128, 5, weight=np.zeros((128, 256, 5, 5), np.float32))
    return Document(stack=StackState.of((layer,), "large", StackInput()))


def with_other_cell(document: Document, step: int) -> Document:
    output, value = step % 128, step + 1.0
    return replace(document, stack=edit_layer(document.stack, 1, with_cell, output, 3, 1, 1, value))


def test_a_cell_of_a_large_layer_takes_a_few_kilobytes() -> None:
    count = 200
    past = History(large_layer())
    past.push(with_other_cell(past.document, 0), "change weight")
    tracemalloc.start()
    try:
        for step in range(1, count):
            past.push(with_other_cell(past.document, step), "change weight")
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert past.count() == count
    assert past.bytes <= count * 5_000
    assert grown <= count * 5_000 + 8 * MEGABYTE  # the newest step has its documents
    while past.canUndo():
        past.undo()
    assert not np.any(past.document.stack.slots[0].layer.weight)  # type: ignore[attr-defined]


def test_the_oldest_steps_go_when_they_keep_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 10 * MEGABYTE)
    past = History(large_layer())
    for step in range(12):
        weight = np.full((128, 256, 5, 5), step + 1.0, np.float32)
        stack = edit_layer(past.document.stack, 1, with_weight, weight)
        past.push(replace(past.document, stack=stack), f"weights {step}")
    assert past.bytes <= 10 * MEGABYTE
    assert past.undoText() == "weights 11"
    assert 2 <= past.count() <= 4
    assert not past.isClean()
    while past.canUndo():
        past.undo()
    assert not past.isClean()


def test_the_newest_step_is_kept_however_much_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 0)
    past = History(large_layer())
    for step in range(3):
        past.push(with_other_cell(past.document, step), f"cell {step}")
    assert past.count() == 1
    assert past.undoText() == "cell 2"


@dataclass
class Told:
    """What the signals said."""

    clean: list[bool]
    undo: list[str]


@pytest.fixture
def past() -> History:
    return History(Document())


def push(past: History, value: float, text: str = "set cell") -> None:
    document = past.document
    past.push(replace(document, kernel=set_cell(document.kernel, 0, 0, value)), text)


def test_it_tells_what_changed(past: History) -> None:
    told = Told([], [])
    past.cleanChanged.connect(told.clean.append)
    past.indexChanged.connect(lambda: told.undo.append(past.undoText()))
    push(past, 5.0, "one")
    push(past, 6.0, "two")
    past.undo()
    past.undo()
    past.redo()
    past.setClean()
    past.setClean()
    assert told.clean == [False, True, False, True]
    assert told.undo == ["one", "two", "one", "", "one"]


def test_what_was_saved_is_not_found_again_once_its_steps_are_gone(
    past: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_STEPS", 3)
    past.setClean()
    for value in range(5, 9):
        push(past, float(value))
    while past.canUndo():
        past.undo()
        assert not past.isClean()


def test_a_step_forgotten_gives_its_memory_back(past: History) -> None:
    for value in range(5, 9):
        push(past, float(value))
    assert past.bytes > 0
    while past.canUndo():
        past.undo()
    push(past, 50.0)
    push(past, 51.0)
    most = past.bytes
    past.undo()
    past.undo()
    push(past, 52.0)
    push(past, 53.0)
    assert past.bytes == most


def test_the_bounds_are_those_that_were_promised() -> None:
    assert (history.MOST_STEPS, history.MOST_BYTES) == (5_000, 256 * MEGABYTE)
