"""The flip is seen when correlation and convolution change places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from convlab.ui.kernel import flip_player
from convlab.ui.kernel.flip_view import FlipView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver

WRITTEN, LAID = ["a b c", "d e f", "g h i"], ["i h g", "f e d", "c b a"]


def view_of(user: Driver) -> FlipView:
    return user.find(FlipView, "flip_view")


def drag_what_is_seen(user: Driver, row: int, column: int) -> None:
    """Drag at a cell, whatever lies over it."""
    handle, at = user.window.windowHandle(), user.grid.mapTo(user.window, user.cell(row, column))
    QTest.mousePress(handle, LEFT, NO_KEYS, at)
    for moved in range(0, 40, 8):
        QTest.mouseMove(handle, at + QPoint(moved, 0))
    QTest.mouseRelease(handle, LEFT, NO_KEYS, at + QPoint(40, 0))


def turn_of(user: Driver) -> float | None:
    return user.window.session.viewing.kernel.turn


def test_a_to_i_turns_into_i_to_a(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flip_player, "FLIP_TIME", 300)
    monkeypatch.setattr(flip_player, "LINGER", 300)
    user = open_window("--source", "pattern:impulse")
    user.choose("preset_combo", "1 to 9")
    view, slider = view_of(user), user.find(QSlider, "flip_slider")
    assert view.isHidden()
    seen: list[float | None] = []
    user.window.session.viewing_changed.connect(lambda: seen.append(turn_of(user)))

    # The switch shows the way; it leaves the cells free again by itself, if no mouse is over them.
    QCursor.setPos(user.window.mapToGlobal(QPoint(1, 1)))
    user.press("flip_switch")
    user.until(lambda: turn_of(user) == 1.0)
    assert view.isVisible()
    assert view.canvas.lines == LAID
    assert view.accessibleDescription() == "i h g / f e d / c b a"
    assert len({turn for turn in seen if turn is not None and 0 < turn < 1}) > 1
    user.until(view.isHidden)
    assert turn_of(user) is None

    # And back; scrubbed by the keyboard, it stays until Esc.
    user.press("flip_switch")
    user.until(lambda: turn_of(user) == 0.0)
    assert view.canvas.lines == WRITTEN
    slider.setFocus()
    user.key(Qt.Key.Key_End)
    user.until(lambda: turn_of(user) == 1.0)
    user.key(Qt.Key.Key_PageDown)
    assert turn_of(user) == 0.75
    user.key(Qt.Key.Key_Home)
    assert view.canvas.lines == WRITTEN
    user.key(Qt.Key.Key_Escape)
    user.until(view.isHidden)

    # Undo is seen, too; another kernel closes it, and so does the button.
    user.undo()
    user.until(lambda: turn_of(user) == 1.0)
    user.press("flip_view_close")
    assert view.isHidden()
    user.press("show_flip_button")
    user.until(view.isVisible)
    user.choose("preset_combo", "Sobel vertical")
    user.until(view.isHidden)

    user.press("show_flip_button")
    user.until(view.isVisible)
    user.press("flip_cells")  # whoever wants to edit gets the cells back
    assert view.isHidden()

    # Whatever else is done cuts it short, and is done: a click into a cell, a key, an edit.
    acts: tuple[Callable[[], None], ...] = (
        lambda: drag_what_is_seen(user, 0, 2),
        lambda: user.key(Qt.Key.Key_Left),
        lambda: user.press("rotate_button"),
        lambda: user.set_spin("stride_spin", 2),
    )
    for act in acts:
        user.press("show_flip_button")
        user.until(view.isVisible)
        user.grid.setFocus()
        before = user.grid.looked_at, user.document.kernel
        act()
        user.until(view.isHidden)
        assert (user.grid.looked_at, user.document.kernel) != before

    # What is looked at says it all, for a lesson.
    session = user.window.session
    session.look(replace(session.viewing, kernel=replace(session.viewing.kernel, turn=0.5)))
    assert view.isVisible()


def test_nothing_moves_where_the_desktop_wants_no_motion(
    step: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flip_player, "motion_time", lambda widget: 0)
    seen: list[float | None] = []
    step.window.session.viewing_changed.connect(lambda: seen.append(turn_of(step)))
    step.press("flip_switch")
    assert [turn for turn in seen if turn is not None] == [1.0]
    assert view_of(step).canvas.lines == LAID


def test_a_large_kernel_has_its_weights_instead_of_letters(step: Driver) -> None:
    step.choose("preset_combo", "Gaussian 9×9")
    step.window.session.look(
        replace(
            step.window.session.viewing,
            kernel=replace(step.window.session.viewing.kernel, turn=0.0),
        )
    )
    first = view_of(step).canvas.lines[0].split()
    assert len(first) == 9
    assert not any(name.isalpha() for name in first)
