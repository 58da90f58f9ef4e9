"""What any desktop program does: undo that is seen, a palette of commands, a window that fits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from convlab.document.document import Document, Lab
from convlab.document.learning.model import LearningPage
from convlab.ui import screen_fit
from convlab.ui import theme as theme_module
from convlab.ui.command_palette import CommandPalette
from convlab.ui.palettes import THEMES, ThemeName
from convlab.ui.screen_fit import fit_into
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.theme import apply_theme, scale
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

CONTROL = Qt.KeyboardModifier.ControlModifier


def lab(user: Driver) -> Lab:
    return user.window.session.viewing.lab


# ---- undo ----


def test_undo_goes_to_the_lab_of_the_edit_and_says_so(step: Driver) -> None:
    before = step.document
    step.press("flip_switch")
    flipped = step.document
    step.key(Qt.Key.Key_3)
    assert lab(step) is Lab.SIGNAL
    step.undo()
    assert lab(step) is Lab.KERNEL
    assert step.document == before
    assert step.message == "Undone in the kernel lab: Use convolution."
    step.key(Qt.Key.Key_2)
    step.redo()
    assert lab(step) is Lab.KERNEL
    assert step.document == flipped
    assert step.message == "Done again in the kernel lab: Use convolution."
    step.undo()
    assert step.message == "", "what is seen needs no words"
    assert lab(step) is Lab.KERNEL


def test_undo_goes_to_the_page_of_the_edit(step: Driver) -> None:
    window = step.window
    window.go_to(Lab.LEARNING)
    step.set_spin("walk_seed_spin", 7)
    window.go_to(Lab.KERNEL)
    window.findChild(QWidget, "learning_tabs").setCurrentIndex(1)  # type: ignore[union-attr]
    window.steps.undo()
    assert lab(step) is Lab.LEARNING
    assert window.session.viewing.learning.page is LearningPage.KERNEL


def test_the_command_says_what_it_would_undo(step: Driver) -> None:
    undo, redo = (step.window.actions_by_name[name] for name in ("undo", "redo"))
    assert (undo.text(), undo.isEnabled()) == ("Undo", False)
    step.press("flip_switch")
    assert (undo.text(), undo.isEnabled()) == ("Undo: Use convolution", True)
    step.undo()
    assert (redo.text(), redo.isEnabled()) == ("Redo: Use convolution", True)


def test_new_begins_afresh_and_can_be_undone(step: Driver) -> None:
    step.press("flip_switch")
    before = step.document
    step.key(Qt.Key.Key_N, CONTROL)
    assert step.document == Document(source=before.source)
    assert not step.window.projects.is_unsaved
    assert step.message == "All labs begin afresh. Undo (Ctrl+Z) brings everything back."
    step.press("source_message_action_0")
    assert step.document == before
    assert step.message == ""


# ---- the palette ----


def open_palette(user: Driver) -> CommandPalette:
    user.key(Qt.Key.Key_K, CONTROL)
    palette = user.find(CommandPalette, "command_palette")
    assert palette.isVisible()
    return palette


def type_command(user: Driver, text: str) -> CommandPalette:
    palette = open_palette(user)
    QTest.keyClicks(user.find(QLineEdit, "palette_line"), text)
    return palette


def texts(palette: CommandPalette) -> list[str]:
    return [entry.text for entry in palette.shown]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("sig lab", "Signal lab"),
        ("dark", "Dark"),
        ("gauss 9", "Kernel › Preset: Gaussian 9×9"),
        ("turn 90", "Kernel › Turn 90°"),
        ("profile", "Kernel › Profile (page)"),
        ("coffee", "Source: Coffee"),
    ],
)
def test_a_few_letters_find_what_is_wanted(step: Driver, typed: str, wanted: str) -> None:
    assert texts(type_command(step, typed))[0].startswith(wanted)


def test_every_command_of_the_window_is_listed(step: Driver) -> None:
    palette = open_palette(step)
    listed = texts(palette)
    for name, action in step.window.actions_by_name.items():
        assert action.text().rstrip("…") in listed, name


@pytest.mark.display
def test_enter_does_it_and_the_keyboard_is_given_back(step: Driver) -> None:
    step.grid.setFocus()
    palette = type_command(step, "box blur 5")
    step.key(Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert len(step.document.kernel.weights) == 5
    assert QApplication.focusWidget() is step.grid
    palette = open_palette(step)
    assert "Box blur 5×5" in texts(palette)[0], "what was used last comes first"


@pytest.mark.display
def test_escape_closes_it_and_a_blank_is_typed(live: Driver) -> None:
    live.click(live.output, 40, 40)
    palette = type_command(live, "let the")
    assert live.window.session.viewing.playing
    live.key(Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert live.window.session.viewing.kernel.pinned, "the pixel is not let go"


def test_what_cannot_be_done_says_why_and_is_not_done(step: Driver) -> None:
    palette = type_command(step, "next frame")
    assert palette.shown[0].why == "the source stands still"
    step.key(Qt.Key.Key_Return)
    assert palette.isVisible()


# ---- the window fits its screen ----


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ((50, 50, 1440, 900), (0, 0, 800, 500)),
        ((700, 300, 300, 300), (500, 200, 300, 300)),
        ((-900, 20, 640, 400), (0, 20, 640, 400)),
    ],
)
def test_a_rectangle_is_brought_inside(
    place: tuple[int, int, int, int], wanted: tuple[int, int, int, int]
) -> None:
    assert fit_into(QRect(*place), QRect(0, 0, 800, 500)) == QRect(*wanted)


@pytest.mark.display
def test_a_window_opens_inside_its_screen(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_fit, "has_screen", lambda: True)
    room = QGuiApplication.primaryScreen().availableGeometry()
    user = open_window("--source", "pattern:step", "--size", f"{room.width()}x{room.height()}")
    user.until(lambda: room.contains(user.window.frameGeometry()))
    if QGuiApplication.platformName() == "xcb":
        user.until(lambda: user.window.frameGeometry().size() != user.window.size())
        user.until(lambda: room.contains(user.window.frameGeometry()))


def test_nothing_of_a_network_that_is_told_needs_more_room(open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:step", "--lab", "learning", "--size", "800x600")
    user.find(QTabWidget, "learning_tabs").setCurrentIndex(1)
    user.until(lambda: bool(user.find(QLabel, "network_verdict").text()))
    assert user.window.labs.current.minimumSizeHint().width() <= 800


@pytest.mark.parametrize("name", list(Lab))
def test_the_window_can_be_as_small_as_800x600(open_window: OpenWindow, name: Lab) -> None:
    user = open_window("--source", "pattern:step", "--size", "800x600")
    user.window.go_to(name)
    QApplication.processEvents()
    least = user.window.minimumSizeHint()
    assert (least.width() <= 800, least.height() <= 600) == (True, True), least
    tools = user.window.tools
    menu = user.find(QWidget, "menu_button")
    assert tools.rect().contains(menu.geometry())
    assert user.find(QWidget, "source_combo").isVisible()


def test_undo_names_the_layer(step: Driver) -> None:
    session, bar = step.window.session, step.window.message
    wanted = StackEdits(session, bar, bar)
    first, second, *_ = session.document.stack.slots
    wanted.duplicate(first.uid)
    assert session.undo_stack.undoText() == "duplicate 1 Convolution"
    wanted.toggle(second.uid)
    assert session.undo_stack.undoText() == "switch 3 ReLU on or off"


# ---- scale, lecture, palette of the system ----


@pytest.fixture
def usual(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, ThemeName.LIGHT, 1.0)


def text_height(user: Driver) -> int:
    return user.find(QWidget, "status_rate").fontMetrics().height()


@pytest.mark.display
def test_keys_scale_everything_and_the_scale_is_kept(open_window: OpenWindow, usual: None) -> None:
    user = open_window("--source", "pattern:step")
    before = text_height(user), user.find(QWidget, "rotate_button").sizeHint().height()
    for _ in range(3):
        user.key(Qt.Key.Key_Plus, CONTROL)
    user.until(lambda: scale() == 1.5)
    assert text_height(user) >= 1.4 * before[0]
    assert user.find(QWidget, "rotate_button").sizeHint().height() >= 1.4 * before[1]
    user.close()
    user = open_window("--source", "pattern:step")
    assert scale() == 1.5
    user.key(Qt.Key.Key_Minus, CONTROL)
    user.until(lambda: scale() == 1.25)
    user.key(Qt.Key.Key_0, CONTROL)
    user.until(lambda: scale() == 1.0)
    after = text_height(user), user.find(QWidget, "rotate_button").sizeHint().height()
    assert after == before


class Seen(QObject):
    """Notes how the tool bar is arranged when it is painted, and counts who gets another style."""

    def __init__(self, user: Driver) -> None:
        super().__init__()
        self.bar = user.window.tools
        self.arranged: list[object] = []
        self.restyled = 0

    def now(self) -> list[object]:
        return [
            (scale(), each.objectName(), each.geometry())
            for each in self.bar.children()
            if isinstance(each, QWidget) and each.isVisible()
        ]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.bar and event.type() is QEvent.Type.Paint:
            self.arranged.append(self.now())
        elif event.type() is QEvent.Type.StyleChange:
            self.restyled += 1
        return False


@pytest.mark.display
def test_quick_steps_are_one_and_it_is_seen_only_when_all_has_its_place(
    open_window: OpenWindow, qapp: QApplication, usual: None
) -> None:
    user = open_window("--source", "pattern:step", "--size", "1000x700")
    for lab in Lab:
        user.window.labs.lab(lab)  # none is made, and styled, meanwhile
    QApplication.processEvents()
    seen = Seen(user)
    qapp.installEventFilter(seen)
    for _ in range(3):
        user.key(Qt.Key.Key_Plus, CONTROL)
    user.until(lambda: bool(seen.arranged))
    for _ in range(3):
        QApplication.processEvents()
    assert scale() == 1.5
    assert seen.arranged == [seen.now()] * len(seen.arranged)
    qapp.removeEventFilter(seen)
    assert seen.restyled <= 3 * len(QApplication.allWidgets())


def test_a_lab_behind_another_needs_no_more_room_after_scaling(
    open_window: OpenWindow, usual: None
) -> None:
    user = open_window("--lab", "signal", "--source", "pattern:step")
    for _ in range(3):
        user.window.go_to(Lab.KERNEL)
        user.key(Qt.Key.Key_Plus, CONTROL)
        user.until(lambda: scale() == user.window.appearance.wanted_scale)
        user.window.go_to(Lab.SIGNAL)
    dock = user.find(QDockWidget, "signals_dock")
    content, inner = dock.widget(), dock.layout()
    assert content is not None
    assert inner is not None
    QApplication.processEvents()
    assert dock.minimumWidth() == inner.minimumSize().width() <= content.minimumSizeHint().width()


@pytest.mark.display
def test_the_largest_scale_fits_a_small_screen(open_window: OpenWindow, usual: None) -> None:
    user = open_window("--source", "pattern:step")
    user.window.settings.set_text("scale", "2.5")
    user.close()
    user = open_window("--source", "pattern:step", "--size", "1900x1400")
    assert scale() == 2.5
    least = user.window.minimumSizeHint()
    assert (least.width() <= 800, least.height() <= 600) == (True, True), least
    user.key(Qt.Key.Key_Plus, CONTROL)
    assert user.window.appearance.wanted_scale == 2.5


@pytest.mark.display
def test_a_lecture_is_larger_and_escape_brings_everything_back(
    open_window: OpenWindow, usual: None
) -> None:
    user = open_window("--source", "pattern:step", "--size", "1000x750")
    before = user.window.size()
    user.click(user.output, 1, 1)
    user.key(Qt.Key.Key_F11)
    user.until(lambda: scale() == 1.5)
    assert user.window.isFullScreen()
    assert QApplication.overrideCursor() is not None
    card = user.find(QWidget, "pixel_card")
    user.until(lambda: card.height() >= 0.45 * user.window.labs.current.height())
    user.key(Qt.Key.Key_Escape)
    user.until(lambda: scale() == 1.0)
    assert not user.window.isFullScreen()
    assert QApplication.overrideCursor() is None
    user.until(lambda: user.window.size() == before)
    assert user.window.session.viewing.kernel.pinned, "only the lecture is left"
    assert user.window.settings.text("scale", "1") == "1"


@pytest.mark.display
def test_the_palette_of_the_system_is_followed(
    step: Driver, usual: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A choice of one's own is not."""
    actions = step.window.actions_by_name
    assert actions["system_theme"].isChecked()
    hints = QGuiApplication.styleHints()
    monkeypatch.setattr(theme_module, "system_is_dark", lambda: True)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme_module.theme() is THEMES[ThemeName.DARK]
    actions["light_theme"].trigger()
    assert [name for name in actions if name.endswith("_theme") and actions[name].isChecked()] == [
        "light_theme"
    ]
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme_module.theme() is THEMES[ThemeName.LIGHT]


# ---- the space bar ----

TYPED_IN = (QLineEdit, QPlainTextEdit, QTextEdit)


@pytest.mark.display
@pytest.mark.parametrize("name", list(Lab))
def test_space_plays_or_pauses_wherever_the_focus_can_be(live: Driver, name: Lab) -> None:
    window = live.window
    window.go_to(name)
    QApplication.processEvents()
    done: list[bool] = []
    window.actions_by_name["play"].triggered.connect(lambda: done.append(True))
    tried = 0
    for widget in window.findChildren(QWidget):
        can_be = widget.isVisible() and widget.isEnabled() and not isinstance(widget, TYPED_IN)
        if not can_be or widget.focusPolicy() is Qt.FocusPolicy.NoFocus or widget.isWindow():
            continue
        widget.setFocus()
        is_typed_in = isinstance(widget, QComboBox) and widget.isEditable()
        if QApplication.focusWidget() is not widget or is_typed_in:
            continue
        done.clear()
        live.key(Qt.Key.Key_Space)
        assert done, f"{type(widget).__name__} {widget.objectName()}"
        assert QApplication.activePopupWidget() is None
        tried += 1
    assert tried > 8
