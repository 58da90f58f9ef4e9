"""All commands of the window in one table, and where they stand in the menu."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from convlab.ui.labs import LABS
from convlab.ui.theme import ThemeChoice, set_icon


@dataclass(frozen=True, slots=True)
class Command:
    """One command; its action has its data, and the object name ``<name>_action``.

    Attributes:
        name: Of the action, and of the slot that the window connects.
        text: In menus and lists.
        shortcut: Keys; more of them with "; " between.
        tip: What it does.
        icon: Its file's name in ``resources/icons``.
        checkable: It is on or off.
        data: What the window is given by it: a lab, a palette.
        why: Why it cannot be used while it is greyed.
    """

    name: str
    text: str
    shortcut: str
    tip: str
    icon: str = ""
    checkable: bool = False
    data: str = ""
    why: str = ""


def theme_command(choice: ThemeChoice) -> str:
    """Return the name of the command that chooses a palette."""
    return f"{choice.value}_theme"


THEMES = {
    ThemeChoice.SYSTEM: ("As the system", "Light or dark, as the system is; followed at once."),
    ThemeChoice.LIGHT: ("Light", "Dark text on a light ground."),
    ThemeChoice.DARK: ("Dark", "Light text on a dark ground; maps glow."),
    ThemeChoice.CONTRAST: ("High contrast", "Black, white and strong colours."),
}

LIVE = "the source stands still"
TIMELESS = "the source has no time line"

COMMANDS = (
    Command("new", "New", "Ctrl+N", "Begin afresh in all labs; what is not saved is kept."),
    Command("open", "Open…", "Ctrl+O", "Open a picture, a video or a project.", "open"),
    Command("save", "Save project", "Ctrl+S", "Save all labs and what they show in one file."),
    Command("save_as", "Save project as…", "Ctrl+Shift+S", "Save in another file."),
    Command("paste", "Paste picture", "Ctrl+Shift+V; Ctrl+V", "Use the picture in the clipboard."),
    Command("draw_over", "Draw on this picture", "", "Make it a canvas of at most 64 pixels."),
    Command("undo", "Undo", "Ctrl+Z", "Take the last edit back.", "undo", why="nothing was edited"),
    Command(
        "redo", "Redo", "Ctrl+Y", "Do again what was taken back.", "redo", why="nothing was undone"
    ),
    Command("play", "Play or pause", "Space", "Go on or hold what the lab shows."),
    Command(
        "freeze", "Freeze", "", "Hold the picture still, as Space does.", "pause", True, "", LIVE
    ),
    Command("step", "Next frame", ".", "Let one frame through while frozen.", "step", why=LIVE),
    Command("back", "Previous frame", ",", "Go back by one frame or page.", "back", why=TIMELESS),
    Command("first_frame", "First frame", "", "Go to the first frame or page.", why=TIMELESS),
    Command("last_frame", "Last frame", "", "Go to the last frame or page.", why=TIMELESS),
    Command("unpin", "Let the pixel go", "Esc", "Stop showing the sum of the pinned pixel."),
    Command("hold", "Hold this as A", "Ctrl+B", "Compare with it what it becomes: A | B."),
    *(Command(spec.command, spec.text, spec.key, spec.tip, data=spec.name.value) for spec in LABS),
    Command("palette", "Find a command…", "Ctrl+K", "Search everything that can be done."),
    Command(
        "lecture", "Lecture", "F11", "The whole screen, larger, for a room; Esc leaves.", "", True
    ),
    Command("full_screen", "Full screen", "", "Use the whole screen.", "", True),
    Command("larger", "Larger", "Ctrl++; Ctrl+=", "Make texts, lines and cells larger."),
    Command("smaller", "Smaller", "Ctrl+-", "Make texts, lines and cells smaller."),
    Command("usual_size", "Usual size", "Ctrl+0", "Show everything in its usual size."),
    *(
        Command(theme_command(choice), title, "", tip, checkable=True, data=choice.value)
        for choice, (title, tip) in THEMES.items()
    ),
    Command("cameras", "Look for cameras", "", "List the cameras again."),
    Command("forget_recent", "Forget recent files", "", "Empty the list of recent files."),
    Command("reset_layout", "Put panels back", "", "Show all panels where they were at first."),
    Command("guide", "Guide", "F1", "Read about what has the focus."),
    Command("shortcuts", "Keys", "?", "Show the keyboard shortcuts."),
    Command("log", "Show the log", "", "Say where the program writes what went wrong."),
    Command("about", "About ConvLab", "", "Versions and licences."),
    Command("quit", "Quit", "Ctrl+Q", "Close the program."),
)

PANELS, COLORS = "panels", "colors"
MENU = (
    ("new", "open", "save", "save_as", "paste", "draw_over", "cameras", "forget_recent"),
    ("undo", "redo", "freeze", "step", "back", "hold", "palette"),
    (PANELS, COLORS, "larger", "smaller", "usual_size", "lecture", "full_screen"),
    ("guide", "shortcuts", "log", "about"),
    ("quit",),
)
"""The groups of the menu: names of commands, and two menus of its own."""


def make_actions(window: QWidget) -> dict[str, QAction]:
    """Return the window's actions by name, with their shortcuts at work."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setObjectName(f"{command.name}_action")
        action.setCheckable(command.checkable)
        action.setData(command.data)
        action.setProperty("why", command.why)
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcut.split("; ")])
        shown_keys = f" ({action.shortcut().toString()})" if command.shortcut else ""
        action.setToolTip(f"<b>{command.text}</b>{shown_keys}<br>{command.tip}")
        action.setStatusTip("")
        if command.icon:
            set_icon(action, command.icon)
        window.addAction(action)
        actions[command.name] = action
    themes = QActionGroup(window)
    for choice in ThemeChoice:
        themes.addAction(actions[theme_command(choice)])
    return actions


def shortcut_text() -> str:
    """Return all shortcuts as lines of HTML, those of the grid included."""
    rows = [(c.shortcut.split("; ")[0], c.text) for c in COMMANDS if c.shortcut]
    rows += [
        ("Arrows", "move in the kernel grid, or move the pinned pixel"),
        ("Alt+arrows, wheel", "change the kernel's cell by 0.1"),
        ("Page up / down", "change the kernel's cell by 1"),
        ("0–9, Enter", "type into the cell that was clicked or gone to with the arrows"),
        ("Enter", "press the button with the focus"),
        ("Menu, Shift+F10", "the menu of a picture, map, grid or plot, as the right button"),
        ("Ctrl+C, Ctrl+V", "copy and paste the kernel as text; a picture becomes the source"),
        ("+, −, Home", "zoom in a picture, and show all of it"),
        ("Alt+↑ ↓, Enter", "move a layer of the stack, switch it on or off"),
        ("Ctrl+D, Delete", "duplicate or remove a layer of the stack"),
        ("Ctrl+F", "find a layer of the stack by name, kind or shape"),
        ("Enter", "on the maps: fold a block of layers, or open it"),
    ]
    lines = "".join(
        f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{text}</td></tr>" for keys, text in rows
    )
    return f"<table cellspacing=4>{lines}</table>"
