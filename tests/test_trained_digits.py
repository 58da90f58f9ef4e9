"""The network that comes trained, and the tool that trained it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import convlab
from convlab import paths
from convlab.io.datasets import load_digits
from convlab.io.project import load_project
from convlab.layers import Softmax
from tools import train_digits

FILE = paths.resource("stacks", "digits-trained.convlab")
CORRECT = 363  # of the test set; docs/guide.md says so


def test_the_test_set_is_classified_correctly() -> None:
    test = load_digits().test
    probabilities = convlab.load_stack(FILE).forward(test.images)[-1]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    correct = int((probabilities.argmax(axis=1) == test.labels).sum())
    assert (correct, len(test)) == (CORRECT, 364)
    assert correct / len(test) >= 0.97


def test_augmented_digits_are_classified_correctly() -> None:
    test = load_digits().test
    drawn = train_digits.augmented(test.images, np.random.default_rng(1))
    probabilities = convlab.load_stack(FILE).forward(drawn)[-1]
    assert (probabilities.argmax(axis=1) == test.labels).mean() >= 0.96


def test_the_guide_says_how_good_it_is() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "guide.md").read_text(encoding="utf-8")
    assert f"{CORRECT} of the 364" in guide


def test_the_file_is_small_and_takes_a_grey_picture() -> None:
    state = load_project(FILE).stack
    assert FILE.stat().st_size <= 200_000
    assert state.title == train_digits.TITLE
    assert (state.input.space.channels, state.input.size) == (1, (8, 8))
    assert isinstance(state.slots[-1].layer, Softmax)


def test_the_tool_gives_the_same_bytes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train_digits, "COPIES", 0)
    first, second = tmp_path / "a" / "digits.convlab", tmp_path / "b" / "digits.convlab"
    for file in (first, second):
        train_digits.main(file, epochs=1)
    assert first.read_bytes() == second.read_bytes()
    printed, again = capsys.readouterr().out.splitlines()
    assert printed == again
    correct = int(printed.split("(")[1].split(" of 364)")[0])
    test = load_digits().test
    answers = convlab.load_stack(first).forward(test.images)[-1].argmax(axis=1)
    assert (answers == test.labels).sum() == correct > 250


def test_augmented_digits_are_binary_strokes_in_blocks_of_sixteen() -> None:
    images = load_digits().training.images[:50]
    found = train_digits.augmented(images, np.random.default_rng(0))
    assert found.shape == images.shape
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found * 16, np.round(found * 16))
    assert 0 <= found.min() < found.max() == 1
    # They differ from what they were made of, but not by much.
    differences = np.abs(found - images).mean(axis=(1, 2, 3))
    assert differences.min() > 0.01
    assert differences.mean() < 0.25


def test_each_copy_keeps_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_digits, "COPIES", 2)
    learned = load_digits().training
    images, labels = train_digits.with_copies(learned)
    assert len(images) == len(labels) == 3 * len(learned)
    np.testing.assert_array_equal(images[: len(learned)], learned.images)
    np.testing.assert_array_equal(labels.reshape(3, -1), [learned.labels] * 3)
