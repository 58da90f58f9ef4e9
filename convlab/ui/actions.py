"""All commands of the window in one table: text, shortcut, icon, what they teach."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from convlab.ui.labs import LABS
from convlab.ui.theme import set_icon


@dataclass(frozen=True, slots=True)
class Command:
    """One command; its action has its data, and the object name ``<name>_action``."""

    name: str
    text: str
    shortcut: str
    tip: str
    icon: str = ""
    checkable: bool = False
    lab: str = ""


COMMANDS = (
    Command("open", "Open…", "Ctrl+O", "Open a picture, a video or a project.", "open"),
    Command("save", "Save project", "Ctrl+S", "Save all labs and what they show in one file."),
    Command("save_as", "Save project as…", "Ctrl+Shift+S", "Save in another file."),
    Command("paste", "Paste picture", "Ctrl+Shift+V", "Use the picture in the clipboard."),
    Command("undo", "Undo", "Ctrl+Z", "Take the last edit back.", "undo"),
    Command("redo", "Redo", "Ctrl+Y", "Do again what was taken back.", "redo"),
    Command("play", "Play or pause", "Space", "Go on or hold what the lab shows."),
    Command("freeze", "Freeze", "", "Hold the picture still, as Space does.", "pause", True),
    Command("step", "Next frame", ".", "Let one frame through while frozen.", "step"),
    Command("unpin", "Let the pixel go", "Esc", "Stop showing the sum of the pinned pixel."),
    *(Command(spec.command, spec.text, spec.key, spec.tip, lab=spec.name.value) for spec in LABS),
    Command("full_screen", "Full screen", "F11", "Use the whole screen.", "", True),
    Command("cameras", "Look for cameras", "", "List the cameras again."),
    Command("forget_recent", "Forget recent files", "", "Empty the list of recent files."),
    Command("reset_layout", "Put panels back", "", "Show all panels where they were at first."),
    Command("log", "Show the log", "", "Say where the program writes what went wrong."),
    Command("shortcuts", "Keys", "?", "Show the keyboard shortcuts."),
    Command("quit", "Quit", "Ctrl+Q", "Close the program."),
)


def make_actions(window: QWidget) -> dict[str, QAction]:
    """Return the window's actions by name, with their shortcuts at work."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setObjectName(f"{command.name}_action")
        action.setCheckable(command.checkable)
        action.setData(command.lab)
        keys = QKeySequence(command.shortcut)
        action.setShortcut(keys)
        shown_keys = f" ({keys.toString()})" if command.shortcut else ""
        action.setToolTip(f"<b>{command.text}</b>{shown_keys}<br>{command.tip}")
        if command.icon:
            set_icon(action, command.icon)
        window.addAction(action)
        actions[command.name] = action
    return actions


def shortcut_text() -> str:
    """Return all shortcuts as lines of HTML, those of the grid included."""
    rows = [(c.shortcut, c.text) for c in COMMANDS if c.shortcut]
    rows += [
        ("Arrows", "move in the kernel grid, or move the pinned pixel"),
        ("Alt+arrows, wheel", "change the kernel's cell by 0.1"),
        ("Page up / down", "change the kernel's cell by 1"),
        ("0–9, Enter", "type into the cell that was clicked or gone to with the arrows"),
        ("Enter", "press the button with the focus"),
        ("Ctrl+C, Ctrl+V", "copy and paste the kernel as text"),
        ("Alt+↑ ↓, Enter", "move a layer of the stack, switch it on or off"),
        ("Ctrl+D, Delete", "duplicate or remove a layer of the stack"),
    ]
    lines = "".join(
        f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for keys, text in rows
    )
    return f"<table cellspacing=4>{lines}</table>"
