"""Colours, fonts and icons: light, dark and high-contrast palettes on Qt's Fusion style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TypeVar

from PySide6.QtCore import QByteArray, QDir, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from convlab.engine.arrays import ByteArray
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Scale, color_map
from convlab.paths import resource

FONT_FAMILY = "Inter"
FONT_SIZE = 10  # [pt]
_ICONS = "icons"  # where the style sheet's icons lie: a search path of Qt


class ThemeName(StrEnum):
    """The palettes a person can choose."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class ThemeChoice(StrEnum):
    """What a person chooses: a palette, or that of the system."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"

    def resolved(self) -> ThemeName:
        """Return the palette; where the system says nothing it is the light one."""
        if self is not ThemeChoice.SYSTEM:
            return ThemeName(self.value)
        return ThemeName.DARK if system_is_dark() else ThemeName.LIGHT


def system_is_dark() -> bool:
    """Whether the system asks for light text on a dark ground; False where it says nothing."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one palette."""

    window: str
    panel: str
    field: str
    line: str
    text: str
    quiet: str
    faint: str  # what cannot be used now
    accent: str
    on_accent: str
    warning: str
    mark: str  # frames around the patch and the cell


THEMES = {
    ThemeName.LIGHT: Theme(
        window="#eef0f4",
        panel="#ffffff",
        field="#ffffff",
        line="#d5dae3",
        text="#1b2130",
        quiet="#5d677a",
        faint="#8a92a1",
        accent="#2f5bd0",
        on_accent="#ffffff",
        warning="#a4480a",
        mark="#f0a000",
    ),
    ThemeName.DARK: Theme(
        window="#14161b",
        panel="#1d2027",
        field="#262a33",
        line="#343a46",
        text="#e6e9f0",
        quiet="#9aa4b8",
        faint="#6f7889",
        accent="#7d9bff",
        on_accent="#0d1020",
        warning="#ffb26b",
        mark="#ffc233",
    ),
    ThemeName.CONTRAST: Theme(
        window="#000000",
        panel="#000000",
        field="#000000",
        line="#ffffff",
        text="#ffffff",
        quiet="#ffffff",
        faint="#8c8c8c",
        accent="#ffe600",
        on_accent="#000000",
        warning="#ffb000",
        mark="#38e1ff",
    ),
}

Length = TypeVar("Length", int, float)
LEAST_SCALE, MOST_SCALE = 0.8, 2.5
_LENGTH = re.compile(r"(?<![\w#])(\d+)(px|pt)")  # in the style sheet

_STYLED = "has_fusion"

_current = THEMES[ThemeName.LIGHT]
_scale = 1.0
_maps = Palette.LIGHT


def theme() -> Theme:
    """Return the palette in use."""
    return _current


def map_palette() -> Palette:
    """Return the colours of maps that belong to the palette in use."""
    return _maps


def map_colors(mode: DisplayMode) -> ByteArray:
    """Return the map of a mode in the palette in use, ``(256, 3)`` uint8 RGB."""
    return color_map(mode, _maps)


def scale() -> float:
    """Return how much larger than usual everything is painted."""
    return _scale


def px(length: Length) -> Length:
    """Return a length at the present scale: what is given is that at scale 1 [px]."""
    return type(length)(round(length * _scale)) if isinstance(length, int) else length * _scale


def apply_theme(app: QApplication, name: ThemeName, scale: float | None = None) -> None:
    """Give the whole program a palette, and a scale; without one that stays as it is."""
    global _current, _maps, _scale
    _current, _maps = THEMES[name], Palette(name.value)
    if scale is not None and scale != _scale:
        _scale = scale
        app.setFont(_font())
    icon.cache_clear()
    if app.property(_STYLED) is None:  # all widgets are polished twice for another
        app.setProperty(_STYLED, True)
        app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    QDir.setSearchPaths(_ICONS, [str(resource("icons", "colored"))])
    app.setStyleSheet(scaled_sheet(style_sheet(_current), _scale))


def scaled_sheet(sheet: str, scale: float) -> str:
    """Return a style sheet with all its lengths scaled; none vanishes.

    >>> scaled_sheet("padding: 3px 7px; font-size: 13pt; border: 1px solid #123456;", 1.5)
    'padding: 4px 10px; font-size: 20pt; border: 2px solid #123456;'
    """

    def scaled(found: re.Match[str]) -> str:
        length = int(found[1])
        return f"{max(round(length * scale), min(length, 1))}{found[2]}"

    return sheet if scale == 1 else _LENGTH.sub(scaled, sheet)


def load_fonts(app: QApplication) -> None:
    """Use the bundled typeface, so that text looks alike everywhere, and is there at all."""
    for file in sorted(resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))
    app.setFont(_font())


def _font() -> QFont:
    font = QFont(FONT_FAMILY)
    font.setPointSizeF(FONT_SIZE * _scale)
    # Digits of one width: numbers that change do not jump.
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def icon(name: str) -> QIcon:
    """Return an icon of ``resources/icons`` in the colours of the palette."""
    svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, color in (
        (QIcon.Mode.Normal, _current.text),
        (QIcon.Mode.Disabled, _current.faint),
    ):
        result.addPixmap(_render(svg.replace("currentColor", color), 64), mode)
    return result


def set_icon(target: QAction | QAbstractButton, name: str) -> None:
    """Give an action or a button an icon that follows the palette (see ``refresh_icons``)."""
    target.setProperty("icon_name", name)
    target.setIcon(icon(name))


def refresh_icons(window: QWidget) -> None:
    """Draw all icons of a window in the colours of the present palette."""
    targets: list[QAction | QAbstractButton] = window.findChildren(QAction)
    targets += window.findChildren(QAbstractButton)
    for target in targets:
        name = target.property("icon_name")
        if name:
            target.setIcon(icon(name))


def value_color(value: float, largest: float) -> QColor:
    """Return the signed map's colour of a value between -largest and largest."""
    share = 0.0 if largest <= 0 else max(-1.0, min(1.0, value / largest))
    return place_color(0.5 + 0.5 * share, DisplayMode.SIGNED)


def plane_color(place: int) -> str:
    """Return the colour of curves of the first, second or third channel of a picture."""
    return ("#d64545", "#2f9e58", "#3a6fe0")[place]


def painted_color(value: float, mode: DisplayMode, scale: Scale) -> QColor:
    """Return the colour that a picture's own map gives a value."""
    return place_color(scale.place(value), mode)


def place_color(place: float, mode: DisplayMode) -> QColor:
    """Return the colour at a place on a map, 0 to 1."""
    return _map_color(mode, _maps, round(255 * max(0.0, min(1.0, place))))


@lru_cache(maxsize=4096)  # asked for each cell at each paint
def _map_color(mode: DisplayMode, palette: Palette, step: int) -> QColor:
    red, green, blue = color_map(mode, palette)[step]
    return QColor(int(red), int(green), int(blue))


def text_on(color: QColor) -> QColor:
    """Return black or white, whichever reads better on a colour."""
    return text_on_rgb(color.red(), color.green(), color.blue())


@lru_cache(maxsize=4096)  # asked for each number over a picture at each paint
def text_on_rgb(red: int, green: int, blue: int) -> QColor:
    """Return the same for a colour of three bytes."""
    luminance = 0.2126 * (red / 255) ** 2.2
    luminance += 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2
    # Where black and white have the same contrast by WCAG 2.2.
    return QColor("#0b0d12") if luminance > 0.179 else QColor("#ffffff")


def _render(svg: str, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _palette(colors: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for key, value in (
        (role.Window, colors.window),
        (role.WindowText, colors.text),
        (role.Base, colors.field),
        (role.AlternateBase, colors.panel),
        (role.Text, colors.text),
        (role.Button, colors.panel),
        (role.ButtonText, colors.text),
        (role.ToolTipBase, colors.panel),
        (role.ToolTipText, colors.text),
        (role.PlaceholderText, colors.quiet),
        (role.Highlight, colors.accent),
        (role.HighlightedText, colors.on_accent),
        (role.Link, colors.accent),
        (role.Mid, colors.line),
    ):
        palette.setColor(key, QColor(value))
    for key in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(colors.faint))
    return palette


def _icon_url(name: str, color: str) -> str:
    """Name the stored icon of that colour (tools/make_icons.py) as the style sheet finds it.

    By a search path: in a path of a person's own, ``url()`` would stumble over ``'``, ``)`` and
    much else, and a file written at the start has no place where nothing can be written.
    """
    return f"url({_ICONS}:{name}-{color.lstrip('#')}.svg)"


def style_sheet(c: Theme) -> str:
    """Return the style sheet of a palette; its icons are found once a palette is applied."""
    down, up, left, right = (
        _icon_url(f"chevron-{side}", c.quiet) for side in ("down", "up", "left", "right")
    )
    tick, faint_tick = _icon_url("check", c.on_accent), _icon_url("check", c.quiet)
    close, float_ = _icon_url("close", c.text), _icon_url("float", c.text)
    return f"""
    QToolTip {{ background: {c.panel}; color: {c.text}; border: 1px solid {c.line}; padding: 6px; }}
    QToolBar {{ background: {c.panel}; border: none; border-bottom: 1px solid {c.line};
        spacing: 6px; padding: 5px 10px; }}
    QMainWindow::separator {{ background: {c.window}; width: 6px; height: 6px; }}
    QDockWidget {{ color: {c.text}; font-weight: 600; titlebar-close-icon: {close};
        titlebar-normal-icon: {float_}; }}
    QDockWidget::title {{ background: {c.panel}; padding: 7px 12px 3px 12px; border: none; }}
    QDockWidget::close-button, QDockWidget::float-button {{ border: none;
        border-radius: 4px; padding: 0; subcontrol-origin: margin; subcontrol-position: right;
        width: 18px; height: 18px; right: 8px; }}
    QDockWidget::float-button {{ right: 30px; }}
    QDockWidget::close-button:hover, QDockWidget::float-button:hover {{
        background: {c.window}; }}
    QDockWidget > QWidget {{ background: {c.panel}; }}
    QWidget[role="panel"] {{ background: {c.panel}; }}
    QLabel#plane_name {{ background: {c.panel}; color: {c.text}; padding: 1px 7px;
        font-weight: 600; border-bottom-right-radius: 5px; }}
    QFrame#pixel_card {{ background: {c.panel}; border: 1px solid {c.line}; border-radius: 8px; }}
    QWidget#kernel_settings, QWidget#kernel_settings_area {{ background: {c.window}; }}
    QLabel[role="heading"] {{ font-weight: 600; font-size: {FONT_SIZE + 2}pt; }}
    QFrame#detail_card {{ background: {c.panel}; border: 1px solid {c.line};
        border-radius: 8px; }}
    QStatusBar {{ padding: 2px 10px; background: {c.panel}; border-top: 1px solid {c.line};
        color: {c.quiet}; }}
    QStatusBar::item {{ border: none; }}
    QLabel[role="quiet"] {{ color: {c.quiet}; }}
    QLabel[role="warning"] {{ color: {c.warning}; }}
    QLabel[role="answer"] {{ font-weight: 600; font-size: {FONT_SIZE + 3}pt; }}
    QLabel[role="title"] {{ font-weight: 600; }}
    QTabWidget::pane {{ border: none; background: {c.panel}; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ background: transparent; color: {c.quiet}; padding: 6px 10px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent};
        font-weight: 600; }}
    QFrame#detail_card QTabBar::tab {{ padding: 6px 7px; }}
    QTabBar::scroller {{ width: 44px; }}
    QTabBar QToolButton {{ background: {c.panel}; border: 1px solid {c.line}; padding: 0; }}
    QTabBar QToolButton::left-arrow {{ image: {left}; width: 11px; height: 11px; }}
    QTabBar QToolButton::right-arrow {{ image: {right}; width: 11px; height: 11px; }}
    QTabBar::tab:focus {{ color: {c.accent}; }}
    QToolButton, QPushButton {{ background: transparent; border: 1px solid transparent;
        border-radius: 5px; padding: 4px 7px; }}
    QPushButton {{ border-color: {c.line}; background: {c.field}; }}
    QToolButton[role="button"] {{ border-color: {c.line}; background: {c.field}; }}
    QToolButton:hover, QPushButton:hover {{ background: {c.window}; border-color: {c.line}; }}
    QToolButton:focus, QPushButton:focus {{ border-color: {c.accent}; }}
    QToolButton:pressed, QPushButton:pressed {{ background: {c.line}; }}
    QToolButton:checked, QPushButton:checked {{ background: {c.accent}; color: {c.on_accent}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{ background: {c.field}; color: {c.text};
        border: 1px solid {c.line}; border-radius: 5px; padding: 3px 7px; min-height: 20px;
        selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {{
        border-color: {c.accent}; }}
    QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{ color: {c.quiet}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: {down}; width: 11px; height: 11px; }}
    QComboBox QAbstractItemView {{ background: {c.panel}; color: {c.text};
        border: 1px solid {c.line}; selection-background-color: {c.accent};
        selection-color: {c.on_accent}; outline: none; }}
    QSpinBox, QDoubleSpinBox {{ padding: 3px 4px 3px 7px; max-height: 20px; }}
    QSpinBox::up-button, QDoubleSpinBox::up-button {{ border: none; width: 16px; }}
    QSpinBox::down-button, QDoubleSpinBox::down-button {{ border: none; width: 16px; }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: {up}; width: 9px; height: 9px; }}
    QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: {down}; width: 9px;
        height: 9px; }}
    QCheckBox::indicator {{ width: 13px; height: 13px; border: 1px solid {c.quiet};
        border-radius: 3px; background: {c.field}; }}
    QCheckBox::indicator:hover, QCheckBox:focus::indicator {{ border-color: {c.accent}; }}
    QCheckBox::indicator:checked {{ border-color: {c.accent}; background: {c.accent};
        image: {tick}; }}
    QCheckBox::indicator:disabled {{ border-color: {c.line}; background: {c.panel}; }}
    QCheckBox::indicator:checked:disabled {{ image: {faint_tick}; }}
    QListWidget#layer_list {{ background: {c.panel}; outline: none; }}
    QListWidget#layer_list::item {{ border: 1px solid {c.line}; border-radius: 6px;
        background: {c.window}; margin: 2px; }}
    QListWidget#layer_list QCheckBox::indicator {{ width: 11px; height: 11px;
        border-color: {c.line}; background: transparent; }}
    QListWidget#layer_list QCheckBox::indicator:checked {{ image: {faint_tick}; }}
    QListWidget#layer_list QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
    QListWidget#layer_list::item:hover {{ border-color: {c.accent}; }}
    QListWidget#layer_list::item:selected {{ border: 2px solid {c.accent}; }}
    QFrame#layer_form, QFrame#layer_error {{ background: {c.panel}; border: 1px solid {c.line};
        border-radius: 8px; }}
    QFrame#layer_error {{ border-color: {c.warning}; }}
    QFrame#layer_drop_line {{ background: {c.accent}; border: none; }}
    QFrame[role="choices"] {{ background: {c.panel}; border: 1px solid {c.line}; }}
    QFrame[role="choices"] QListView {{ background: {c.panel}; border: none; outline: none; }}
    QMenu {{ background: {c.panel}; border: 1px solid {c.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 22px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
    QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 8px; }}
    QScrollArea {{ border: none; background: {c.panel}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; }}
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 4px; min-height: 24px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; }}
    QScrollBar::handle:horizontal {{ background: {c.line}; border-radius: 4px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QTableView {{ background: {c.panel}; color: {c.text}; border: none; outline: none;
        selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QTableView::item {{ padding: 0 2px; border: none; border-bottom: 1px solid {c.line}; }}
    QTableView::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
    QHeaderView {{ background: {c.panel}; border: none; }}
    QHeaderView::section {{ background: {c.panel}; color: {c.quiet}; padding: 3px 5px;
        border: none; border-bottom: 1px solid {c.line}; }}
    QFrame#message_bar {{ background: {c.panel}; border: 1px solid {c.warning};
        border-radius: 6px; }}
    QFrame#command_palette {{ background: {c.panel}; border: 1px solid {c.accent};
        border-radius: 8px; }}
    QListView#palette_list {{ background: {c.panel}; border: none; outline: none; }}
    QFrame#message_bar[role="offer"] {{ border-color: {c.accent}; }}
    QFrame#message_bar QPushButton, QFrame#message_bar QToolButton {{ padding: 0 7px; }}
    """
