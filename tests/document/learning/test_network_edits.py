from __future__ import annotations

from dataclasses import replace

import pytest

from convlab.document.document import Document
from convlab.document.learning.network import (
    OWN_DATA,
    Architecture,
    NetworkTask,
    Start,
    set_data,
    set_own_data,
)
from convlab.document.learning.network_fit import as_learned
from convlab.document.learning.rule import Rule
from convlab.document.parts import with_parameter
from convlab.document.stack.edits import replace_stack
from convlab.document.stack.model import InputSpace, StackInput
from tests.document.learning.made import data, network, training

BEFORE = Document()


def task(document: Document) -> NetworkTask:
    assert document.stack is BEFORE.stack
    return document.learning.network


def edited(document: Document, name: str, value: object) -> Document:
    return with_parameter(document, "learning.network", name, value)


def test_each_edit_changes_what_it_says() -> None:
    assert set_data(NetworkTask(), "shapes").data == "shapes"
    assert task(edited(BEFORE, "architecture", "stack")).architecture is Architecture.STACK
    assert task(edited(BEFORE, "start", "kept")).start is Start.KEPT
    assert task(edited(BEFORE, "epochs", 3)).epochs == 3
    assert task(edited(BEFORE, "batch", 7)).batch == 7
    assert task(edited(BEFORE, "rate", 0.5)).rate == 0.5
    assert task(edited(BEFORE, "seed", 9)).seed == 9


def test_an_optimiser_comes_with_its_usual_rate() -> None:
    after = task(edited(edited(BEFORE, "rate", 0.5), "rule", "sgd"))
    assert (after.rule, after.rate) == (Rule.SGD, 0.1)


def test_a_bundled_data_set_forgets_the_file() -> None:
    own = set_own_data(NetworkTask(), "/mine.npz")
    assert (own.data, own.path) == (OWN_DATA, "/mine.npz")
    assert set_data(own, "digits") == NetworkTask()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: set_own_data(NetworkTask(), ""), "no file"),
        (lambda: edited(BEFORE, "epochs", 0), "epochs 0 .* at least 1"),
        (lambda: edited(BEFORE, "epochs", 1001), "epochs 1001 does not fit: give 1 to 1000"),
        (lambda: edited(BEFORE, "batch", 2000), "batch size 2000 does not fit"),
        (lambda: edited(BEFORE, "seed", -1), "seed -1"),
        (lambda: edited(BEFORE, "rate", float("nan")), "learning rate nan does not fit"),
        (lambda: edited(BEFORE, "rate", 0.0), "learning rate 0 does not fit"),
        (lambda: edited(BEFORE, "rule", "newton"), "'newton' .* sgd, momentum, adam"),
    ],
)
def test_what_cannot_be_is_rejected(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_a_network_is_put_into_the_stack_lab() -> None:
    now = training(data(), network())
    after = replace_stack(BEFORE.stack, as_learned(now))
    assert after.stack().layers == now.stack.layers
    assert after.input == StackInput(InputSpace.GREY, (6, 6), as_digit=True)
    assert after.classes == now.data.names
    assert {slot.uid for slot in after.slots}.isdisjoint(slot.uid for slot in BEFORE.stack.slots)


def test_only_a_network_that_knows_the_digits_gets_them_cut_out() -> None:
    now = training(data(), network())
    shapes = replace(now, task=replace(now.task, data="shapes"))
    assert not as_learned(shapes).input.as_digit
