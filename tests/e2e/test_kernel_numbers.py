"""The numbers that textbooks give for one kernel come out in the window, one after the other.

Others stand where their page is tested: the counting card and stride 3 in test_kernel_geometry, the
impulse in test_kernel_lab, the displays in test_displays, the kernel flipped in test_flip.
"""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from convlab.document.kernel.model import KernelState
from tests.e2e.driver import Driver


def says(user: Driver, name: str) -> str:
    return user.find(QLabel, name).text()


def see(user: Driver, source: str, preset: str) -> None:
    user.choose("source_combo", source)
    user.choose("preset_combo", preset)


def test_the_numbers_of_edges_and_of_flat_areas(step: Driver) -> None:
    user = step
    user.choose("padding_combo", "valid (none)")
    user.choose("preset_combo", "Vertical edge")
    user.until_result([[0, 30, 30, 0]] * 4)
    user.choose("preset_combo", "Sobel vertical")
    user.until_result([[0, 40, 40, 0]] * 4)
    user.choose("preset_combo", "Scharr vertical")
    user.until_result([[0, 160, 160, 0]] * 4)
    user.choose("preset_combo", "Edge pair −1 1")  # flat areas are 0
    user.until_result([[0, 0, -10, 0, 0]] * 6)
    user.choose("preset_combo", "Box blur 3×3")  # flat areas stay
    user.until(lambda: user.result.shape == (4, 4))
    user.until(lambda: bool(np.allclose(user.result, [[10, 20 / 3, 10 / 3, 0]] * 4)))
    user.choose("padding_combo", "same size")  # N = 6, F = 3, p = 1
    user.until(lambda: user.result.shape == (6, 6))
    assert "6 − 3 + 1 + 2×1 = 6" in says(user, "size_formula")
    user.choose("padding_combo", "valid (none)")

    see(user, "Reversed step, 6×6", "Vertical edge")
    user.until_result([[0, -30, -30, 0]] * 4)

    see(user, "Checker, 6×6", "Vertical edge")
    user.press("rotate_back_button")  # clockwise
    assert user.document.kernel.weights == ((1, 1, 1), (0, 0, 0), (-1, -1, -1))
    user.until_result([[0] * 4, [30, 10, -10, -30], [30, 10, -10, -30], [0] * 4])

    see(user, "Step, 1000×1000", "Vertical edge")  # the band is thin
    user.until(lambda: user.result.shape == (998, 998))
    user.until(lambda: np.flatnonzero(user.result.any(axis=0)).tolist() == [498, 499])
    assert (user.result[:, 498:500] == 30).all()


# ---- what cannot be is said, and nothing is lost ----


def kernel(user: Driver) -> KernelState:
    return user.document.kernel


def test_what_cannot_be_computed_is_said_and_nothing_is_lost(step: Driver) -> None:
    user = step
    user.choose("padding_combo", "valid (none)")
    user.choose("preset_combo", "Sobel vertical")
    user.until_result([[0, 40, 40, 0]] * 4)

    # A picture smaller than the kernel: the last good output stays.
    user.set_spin("rows_spin", 7)
    user.until(lambda: "7 does not fit into a picture of 6 px" in says(user, "output_message"))
    assert "smaller kernel" in says(user, "output_message")
    assert user.result.tolist() == [[0, 40, 40, 0]] * 4
    user.undo()
    user.until(lambda: says(user, "output_message") == "")

    # A sum of 0 is never divided by.
    user.tick("normalise_check")
    user.until(lambda: "sum is 0" in says(user, "kernel_message"))
    user.until(lambda: bool(np.isfinite(user.result).all()))
    user.undo()

    # Infinite values.
    before = kernel(user)
    for text in ("inf 1", "1 nan", "1e39", "1 2\n1/0 3"):
        QGuiApplication.clipboard().setText(text)
        user.grid.setFocus()
        user.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert says(user, "kernel_message") != "", text
        assert kernel(user) is before

    # Nothing is painted, and a mask of zeros.
    for page, words in (("example", "Paint on the picture"), ("waves", "")):
        action = user.window.findChild(QAction, f"{page}_page_action")
        assert action is not None
        action.trigger()
        user.until(lambda page=page, words=words: words in says(user, f"{page}_words"))  # type: ignore[misc]
    user.choose("waves_band_combo", "none: I paint")
    user.until(lambda: "No wave passes" in says(user, "waves_words"))
    assert not user.find(QWidget, "waves_use_button").isEnabled()
    assert kernel(user).weights == before.weights
    user.undo()
    user.until(lambda: user.result.tolist() == [[0, 40, 40, 0]] * 4)


@pytest.mark.parametrize("name", ["divisor_spin", "offset_spin"])
def test_no_infinite_number_is_a_setting(step: Driver, name: str) -> None:
    before = kernel(step)
    step.set_spin_number(name, "1e999")
    assert kernel(step).scaling == before.scaling
