from __future__ import annotations

from collections.abc import Callable

import pytest

from convlab.document import edits
from convlab.document.document import Document
from convlab.document.drawing import Drawing
from convlab.document.source import SourceKind, SourceSpec
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.layers import Flatten, Linear, Softmax

EDITS: list[tuple[Callable[[Document], Document], Callable[[Document], object], object]] = [
    (
        lambda d: edits.set_source(d, SourceSpec(SourceKind.PICTURE, "a.png")),
        lambda d: d.source,
        SourceSpec(SourceKind.PICTURE, "a.png"),
    ),
    (lambda d: edits.set_pattern_angle(d, 70.0), lambda d: d.pattern.angle, 70.0),
    (lambda d: edits.set_pattern_angle(d, -30.0), lambda d: d.pattern.angle, 330.0),
    (lambda d: edits.move_pattern_object(d, (0.2, 0.9)), lambda d: d.pattern.position, (0.2, 0.9)),
    (lambda d: edits.move_pattern_object(d, (-1.0, 2.0)), lambda d: d.pattern.position, (0.0, 1.0)),
]


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_changes_what_it_says(
    edit: Callable[[Document], Document], read: Callable[[Document], object], expected: object
) -> None:
    before = repr(Document())
    after = edit(Document())
    assert read(after) == expected
    assert after != Document()
    assert repr(Document()) == before, "the document itself must not change"


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_can_be_stored_and_compared(
    edit: Callable[[Document], Document], read: Callable[[Document], object], expected: object
) -> None:
    after = edit(Document())
    assert hash(after) == hash(edit(Document()))
    assert after == edit(Document())


def digits_network(classes: int = 10) -> StackState:
    layers = (Flatten(), Linear(64, classes), Softmax())
    return StackState.of(layers, "Digits", StackInput(InputSpace.GREY, (8, 8)))


def test_to_draw_a_digit_takes_network_and_sheet_at_once() -> None:
    drawn = edits.draw_digit(Document(), digits_network())
    assert str(drawn.source) == "drawing:blank"
    assert drawn.drawing == Drawing()
    assert drawn.stack.input.as_digit
    assert drawn.stack.classes == tuple("0123456789")
    first = Document().stack
    assert min(slot.uid for slot in drawn.stack.slots) >= first.next_uid


def test_a_network_of_other_classes_is_rejected() -> None:
    with pytest.raises(ValueError, match="10 names do not fit"):
        edits.draw_digit(Document(), digits_network(7))
