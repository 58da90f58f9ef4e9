"""What nobody expects is shown truly or said in one message, and no text is cut by it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel

from convlab.document.kernel.panels import figures
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.test_text_room import assert_none, settle
from tests.e2e.text_room import faults, recording
from tests.pictures import save_png

SIZES = ((800, 600), (1440, 900))
LONG_NAME = "picture whose name has sixty characters and not one more.png"


def assert_texts_have_room(user: Driver) -> None:
    """Look at the lab on the screen in a small window and in a usual one."""
    with recording() as recorder:
        for size in SIZES:
            user.window.resize(*size)
            settle(user)
            assert_none(faults(user.window, recorder))


def picture(folder: Path, pixels: np.ndarray, name: str = "picture.png") -> str:
    save_png(folder / name, pixels)
    return str(folder / name)


def test_a_picture_of_one_pixel(open_window: OpenWindow, tmp_path: Path) -> None:
    user = open_window("--source", picture(tmp_path, np.full((1, 1, 3), 200, np.uint8)))
    settle(user)
    assert user.result.shape == (1, 1)
    user.click(user.output, 0, 0)
    settle(user)
    assert_texts_have_room(user)


def test_a_map_of_one_value(open_window: OpenWindow, tmp_path: Path) -> None:
    user = open_window("--source", picture(tmp_path, np.full((40, 60, 3), 128, np.uint8)))
    settle(user)
    stats = figures(user.shown.output).stats
    assert (stats.minimum, stats.maximum, stats.std) == (0.0, 0.0, 0.0)
    assert_texts_have_room(user)


def test_a_kernel_of_31_x_31(step: Driver) -> None:
    step.set_spin("rows_spin", 31)
    step.set_spin("columns_spin", 31)
    settle(step)
    assert np.shape(step.document.kernel.weights) == (31, 31)
    step.click(step.output, 0, 0)
    settle(step)
    assert_texts_have_room(step)


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "-1e999"])
def test_no_number_and_infinity_are_no_range(step: Driver, text: str) -> None:
    spin = step.find(QDoubleSpinBox, "range_spin")
    step.set_spin_number("range_spin", text)
    settle(step)
    limit = step.document.kernel.display.limit
    assert limit is None or math.isfinite(limit)
    assert math.isfinite(spin.value())
    assert_texts_have_room(step)


def test_a_value_that_fits_no_float32_is_said(step: Driver) -> None:
    step.set_spin_number("range_spin", "3e38")
    assert step.find(QLabel, "output_message").text() == "Range takes 0 to 1.00e5, not 3.00e38."
    assert_texts_have_room(step)


def test_a_name_of_sixty_characters(open_window: OpenWindow, tmp_path: Path) -> None:
    assert len(LONG_NAME) == 60
    pixels = np.zeros((40, 60, 3), np.uint8)
    user = open_window("--source", picture(tmp_path, pixels, LONG_NAME))
    settle(user)
    with recording() as recorder:
        user.window.resize(*SIZES[0])
        settle(user)
        found = faults(user.window, recorder)
    # What a person called it may be shortened, where a tooltip says all of it.
    assert all(text.startswith("cut: source_") for text in found), found
    assert LONG_NAME in user.window.sources.tip()


def test_a_file_with_a_long_name_that_cannot_be_read(step: Driver, tmp_path: Path) -> None:
    path = tmp_path / LONG_NAME
    path.write_bytes(b"no picture")
    step.drop_file(path)
    step.until(lambda: step.message != "")
    assert LONG_NAME[1:] in step.message  # the first letter is a capital
    QApplication.processEvents()
    assert_texts_have_room(step)


def test_a_stack_without_a_map_and_with_a_long_name(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:step", "--lab", "stack")
    settle(user)
    stack = replace(user.document.stack, slots=(), title="N" * 60)
    user.window.session.edit(replace(user.document, stack=stack), "empty")
    settle(user)
    with recording() as recorder:
        for size in SIZES:
            user.window.resize(*size)
            settle(user)
            found = faults(user.window, recorder)
            # What a person called it may be shortened, where a tooltip says all of it.
            assert all("NNN" in text for text in found), found
