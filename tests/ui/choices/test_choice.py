"""The search of long lists."""

from __future__ import annotations

import pytest

from convlab.engine.presets import PRESETS
from convlab.ui.choices.choice import MENTIONED, Choice, found
from convlab.ui.choices.preset_choices import preset_choices

CHOICES = preset_choices(PRESETS.values())


def names(typed: str) -> list[str]:
    return [choice.name for _, choices in found(CHOICES, typed) for choice in choices]


def test_nothing_typed_lists_all_in_their_groups() -> None:
    groups = found(CHOICES, "")
    assert [group for group, _ in groups] == list(dict.fromkeys(p.group for p in PRESETS.values()))
    assert [c.name for _, choices in groups for c in choices] == list(PRESETS)


@pytest.mark.parametrize("typed", ["sob", "SOB", " sobel ", "edge sob", "söb"])
def test_sob_finds_the_sobel_filters(typed: str) -> None:
    groups = ("Edges", "Edges, larger and diagonal")
    sobel = [choice for choice in CHOICES if choice.name.startswith("Sobel")]
    assert found(CHOICES, typed) == [
        (group, [choice for choice in sobel if choice.group == group]) for group in groups
    ]


@pytest.mark.parametrize(
    ("typed", "name"), [("gauss 5x5", "Gaussian 5×5"), ("pair -1", "Edge pair −1 1")]
)
def test_signs_that_no_keyboard_has_are_found(typed: str, name: str) -> None:
    assert names(typed)[0] == name


def test_what_is_called_just_so_stands_first() -> None:
    assert names("Sharpen")[:2] == ["Sharpen", "Sharpen strong"]
    steps = [Choice("Reversed step", "1"), Choice("Step", "2")]
    assert found(steps, "step") == [("", [steps[1], steps[0]])]


def test_a_line_alone_has_the_words_below_the_names() -> None:
    groups = found(CHOICES, "noise")
    assert [group for group, _ in groups] == [MENTIONED]
    assert [c.name for c in groups[0][1][:2]] == ["Sobel vertical", "Sobel horizontal"]
    assert all(c.name.startswith("Sobel") for c in groups[0][1])


def test_nothing_is_found() -> None:
    assert found(CHOICES, "no such kernel") == []
