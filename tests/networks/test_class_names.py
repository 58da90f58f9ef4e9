from __future__ import annotations

import json

import pytest

from convlab.networks.class_names import LONGEST_CLASS, names_in, parse_names
from convlab.networks.file_facts import FileFacts

ANIMALS = ("cat", "dog", "house sparrow")


@pytest.mark.parametrize(
    "text",
    [
        "cat\ndog\nhouse sparrow\n",
        "\ufeffcat\r\ndog\r\n\r\nhouse  sparrow",
        "0: cat\n1: dog\n2: house sparrow",
        "0, cat\n1, dog\n2, house sparrow",
        "n00000001 cat\nn00000002 dog\nn00000003 house sparrow",
        "n00000001 1 cat\nn00000002 2 dog\nn00000003 3 house sparrow",
        "cat, dog, house sparrow",
        json.dumps(ANIMALS),
        json.dumps({"0": "cat", "1": "dog", "2": "house sparrow"}),
        json.dumps({"2": "house sparrow", "0": "cat", "1": "dog"}),
        json.dumps({"cat": 0, "house sparrow": 2, "dog": 1}),
        json.dumps({"0": ["n1", "cat"], "1": ["n2", "dog"], "2": ["n3", "house sparrow"]}),
        "{0: 'cat', 1: 'dog', 2: \"house sparrow\"}",
    ],
)
def test_names_are_found_in_every_usual_form(text: str) -> None:
    assert parse_names(text) == ANIMALS


@pytest.mark.parametrize(
    "text", ["", "\n\n", "{}", "[]", "[" * 10_000, '{"0": "cat", "7": "dog"}', "[1, 2]", "{0: x}"]
)
def test_what_has_no_names_gives_none_or_lines(text: str) -> None:
    assert len(parse_names(text)) <= 1


def test_a_long_name_is_cut_and_control_characters_go() -> None:
    (name,) = parse_names("x\x00" + "y" * 200)
    assert len(name) == LONGEST_CLASS
    assert name.startswith("x y")
    assert name.endswith("…")


def test_notes_hold_only_if_there_is_one_for_each_value() -> None:
    facts = FileFacts(notes={"names": "{0: 'cat', 1: 'dog'}", "convlab.classes": '["a"]'})
    assert names_in(facts, 2) == ("cat", "dog")
    assert names_in(facts, 1) == ("a",)
    assert names_in(facts, 3) == ()
