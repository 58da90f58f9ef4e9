"""Colours, fonts and icons: light, dark and high-contrast palettes on Qt's Fusion style."""

from __future__ import annotations

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
from convlab.ui.palettes import THEMES, Theme, ThemeName
from convlab.ui.style_sheet import FONT_SIZE, ICONS, scaled_sheet, style_sheet

FONT_FAMILY = "Inter"
STRONG = QFont.Weight.DemiBold  # Inter comes without a bold face: Qt would smear one
LEAST_CONTRAST = 3.0  # of a line or a bar on its panel: WCAG 2.2, 1.4.11


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


Length = TypeVar("Length", int, float)
LEAST_SCALE, MOST_SCALE = 0.8, 2.5

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
    QDir.setSearchPaths(ICONS, [str(resource("icons", "colored"))])
    # Set in place of another, a sheet polishes every widget once for each that it stands in: 1,277
    # widgets 13,945 times, a second instead of a quarter.
    app.setStyleSheet("")
    app.setStyleSheet(scaled_sheet(style_sheet(_current), _scale))


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
    # Where black and white have the same contrast by WCAG 2.2.
    return QColor("#0b0d12" if _luminance(red, green, blue) > 0.179 else "#ffffff")


def seen_color(color: QColor) -> QColor:
    """Return a colour, or where it is lost on the panel of a dark palette a lighter one."""
    least = LEAST_CONTRAST * (_luminance_of(QColor(theme().panel)) + 0.05)
    while _luminance_of(color) + 0.05 < least < 1.0:
        hue, lightness = color.hslHueF(), color.lightnessF()
        color = QColor.fromHslF(hue, color.hslSaturationF(), min(lightness + 0.02, 1.0))
    return color


def _luminance_of(color: QColor) -> float:
    return _luminance(color.red(), color.green(), color.blue())


def _luminance(red: int, green: int, blue: int) -> float:
    """Return how light a colour is, 0 to 1."""
    parts = 0.2126 * red**2.2, 0.7152 * green**2.2, 0.0722 * blue**2.2
    return float(sum(parts) / 255**2.2)


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
