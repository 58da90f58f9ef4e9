"""How Qt's own widgets look in a palette."""

from __future__ import annotations

import re

from convlab.ui.palettes import Theme

FONT_SIZE = 10  # [pt]
ICONS = "icons"  # where the style sheet's icons lie: a search path of Qt
_LENGTH = re.compile(r"(?<![\w#])(\d+)(px|pt)")  # in the style sheet


def scaled_sheet(sheet: str, scale: float) -> str:
    """Return a style sheet with all its lengths scaled; none vanishes.

    >>> scaled_sheet("padding: 3px 7px; font-size: 13pt; border: 1px solid #123456;", 1.5)
    'padding: 4px 10px; font-size: 20pt; border: 2px solid #123456;'
    """

    def scaled(found: re.Match[str]) -> str:
        length = int(found[1])
        return f"{max(round(length * scale), min(length, 1))}{found[2]}"

    return sheet if scale == 1 else _LENGTH.sub(scaled, sheet)


def _icon_url(name: str, color: str) -> str:
    """Name the stored icon of that colour (tools/make_icons.py) as the style sheet finds it.

    By a search path: in a path of a person's own, ``url()`` would stumble over ``'``, ``)`` and
    much else, and a file written at the start has no place where nothing can be written.
    """
    return f"url({ICONS}:{name}-{color.lstrip('#')}.svg)"


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
    QWidget#kernel_panel[unfolded="true"] {{ background: {c.window};
        border: 1px solid {c.line}; border-radius: 8px; }}
    QLabel[role="heading"] {{ font-weight: 600; font-size: {FONT_SIZE + 2}pt; }}
    QFrame#detail_card {{ background: {c.panel}; border: 1px solid {c.line};
        border-radius: 8px; }}
    QFrame#source_strip {{ background: {c.panel}; border: none;
        border-bottom: 1px solid {c.line}; }}
    QStatusBar {{ padding: 2px 10px; background: {c.panel}; border-top: 1px solid {c.line};
        color: {c.quiet}; }}
    QStatusBar::item {{ border: none; }}
    QLabel[role="quiet"] {{ color: {c.quiet}; }}
    QLabel[role="warning"] {{ color: {c.warning}; }}
    QLabel[role="answer"] {{ font-weight: 600; font-size: {FONT_SIZE + 3}pt; }}
    QLabel[role="title"] {{ font-weight: 600; }}
    QTabWidget::pane {{ border: none; background: {c.panel}; }}
    QGraphicsView[role="canvas"] {{ border: 1px solid {c.line}; }}
    QTabBar {{ background: transparent; }}
    QTabWidget[role="tight"] QTabBar::tab {{ padding: 6px 6px; }}
    QTabBar::tab {{ background: transparent; color: {c.quiet}; padding: 6px 10px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent};
        font-weight: 600; }}
    QFrame#detail_card QTabBar::tab {{ padding: 6px 7px; }}
    QFrame#pixel_card QTabBar::tab {{ padding: 6px 5px; }}
    QTabBar::scroller {{ width: 44px; }}
    QTabBar QToolButton {{ background: {c.panel}; border: 1px solid {c.line}; padding: 0; }}
    QTabBar QToolButton::left-arrow {{ image: {left}; width: 11px; height: 11px; }}
    QTabBar QToolButton::right-arrow {{ image: {right}; width: 11px; height: 11px; }}
    QTabBar::tab:focus {{ color: {c.accent}; }}
    QToolButton, QPushButton {{ background: transparent; border: 1px solid transparent;
        border-radius: 5px; padding: 4px 7px; }}
    QToolButton[role="tight"] {{ padding: 4px 2px; }}
    QToolButton[role="link"] {{ color: {c.quiet}; padding: 5px 9px; }}
    QToolButton[role="tight link"] {{ color: {c.quiet}; padding: 5px 2px; }}
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
    QLabel:disabled {{ color: {c.quiet}; }}
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
    QSlider:horizontal {{ min-height: 16px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {c.line}; }}
    QSlider::sub-page:horizontal {{ border-radius: 2px; background: {c.accent}; }}
    QSlider::handle:horizontal {{ width: 12px; margin: -5px 0; border-radius: 6px;
        border: 1px solid {c.quiet}; background: {c.field}; }}
    QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{
        border-color: {c.accent}; }}
    QProgressBar {{ border: 1px solid {c.line}; border-radius: 5px; background: {c.field}; }}
    QProgressBar::chunk {{ border-radius: 4px; background: {c.accent}; }}
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
    QScrollBar::handle:vertical {{ background: {c.line}; border-radius: 3px; min-height: 24px;
        margin-left: 4px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; }}
    QScrollBar::handle:horizontal {{ background: {c.line}; border-radius: 3px; min-width: 24px;
        margin-top: 4px; }}
    QScrollBar::handle:disabled {{ background: transparent; }}
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
