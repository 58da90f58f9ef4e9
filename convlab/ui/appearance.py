"""How the whole program looks: its palette, its scale, and both together in a lecture."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication, QMainWindow

from convlab.runtime.settings import Settings
from convlab.ui.scaling import ScaledLater, rescale
from convlab.ui.screen_fit import has_screen
from convlab.ui.theme import (
    LEAST_SCALE,
    MOST_SCALE,
    ThemeChoice,
    apply_theme,
    refresh_icons,
    scale,
    theme,
)

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)
UNBOUNDED = QSize(100_000, 100_000)  # no screen [px]
LECTURE = 1.5  # so much larger is everything in a lecture
LEAST_LECTURE = QSize(800, 600)  # of a screen at scale 1: with less, labs scroll [px]
THEME, SCALE = "theme", "scale"
"""Keys of settings."""


def stored_choice(settings: Settings) -> ThemeChoice:
    """Return the palette that was chosen last; that of the system before any was."""
    stored = settings.text(THEME)
    return ThemeChoice(stored) if stored in tuple(ThemeChoice) else ThemeChoice.SYSTEM


def stored_scale(settings: Settings) -> float:
    """Return the scale that was chosen last, within bounds."""
    try:
        stored = float(settings.text(SCALE, "1"))
    except ValueError:
        return 1.0
    return stored if LEAST_SCALE <= stored <= MOST_SCALE else 1.0


def next_scale(present: float, steps: int) -> float:
    """Return the scale that lies so many steps above or below.

    >>> next_scale(1.0, 1), next_scale(1.3, -1), next_scale(2.5, 1)
    (1.1, 1.25, 2.5)
    """
    if steps > 0:
        return next((each for each in SCALES if each > present + 0.01), SCALES[-1])
    return next((each for each in reversed(SCALES) if each < present - 0.01), SCALES[0])


def lecture_scale(present: float, screen: QSize) -> float:
    """Return the scale of a lecture: no larger than a lab is seen whole with on the screen.

    >>> [lecture_scale(1.0, QSize(*size)) for size in ((1920, 1080), (1024, 768), (640, 480))]
    [1.5, 1.28, 1.0]
    """
    most = min(screen.width() / LEAST_LECTURE.width(), screen.height() / LEAST_LECTURE.height())
    return max(min(present * LECTURE, MOST_SCALE, most), present)


class Appearance(QObject):
    """Puts palette and scale on a window, and keeps them for the next start.

    Args:
        window: Whose widgets and icons follow.
        settings: Keeps the choices.

    Signals:
        changed: There is another palette.
        scaled: There is another scale.
        lecture_changed: A lecture begins or ends.
    """

    changed = Signal()
    scaled = Signal()
    lecture_changed = Signal()

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        super().__init__(window)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app, self._window, self._settings = app, window, settings
        self._later = ScaledLater(app, self)
        self._is_scaled = False
        self._before: tuple[float, Qt.WindowState] | None = None  # a lecture
        self.choice = stored_choice(settings)
        """The palette chosen."""
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def adopt(self) -> None:
        """Give what the window holds by now its sizes; what is made later gets its own."""
        if scale() != 1 or self._is_scaled:
            rescale(self._window)
        self._is_scaled = scale() != 1
        self._later.follow()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Use a palette, from now on."""
        self.choice = choice
        self._settings.set_text(THEME, choice.value)
        self._apply(scale())

    def _on_system_changed(self) -> None:
        if self.choice is ThemeChoice.SYSTEM:
            self._apply(scale())

    # ---- the scale ----

    def step_scale(self, steps: int) -> None:
        """Make everything larger or smaller."""
        self._choose_scale(next_scale(scale(), steps))

    def reset_scale(self) -> None:
        """Make everything as large as usual."""
        self._choose_scale(1.0)

    def _choose_scale(self, wanted: float) -> None:
        if self._before is None:
            self._settings.set_text(SCALE, f"{wanted:g}")
        if wanted != scale():
            self._apply(wanted)

    def _apply(self, wanted: float) -> None:
        is_scaled = wanted != scale()
        apply_theme(self._app, self.choice.resolved(), wanted)
        refresh_icons(self._window)
        if is_scaled:
            self.adopt()
            self.scaled.emit()
        if self.in_lecture:
            QApplication.changeOverrideCursor(lecture_cursor())
        self.changed.emit()

    # ---- the lecture ----

    @property
    def in_lecture(self) -> bool:
        """Everything is larger, on the whole screen, with a pointer that is seen."""
        return self._before is not None

    def set_lecture(self, wanted: bool) -> None:
        """Begin a lecture, or end it and bring back the scale and the window of before."""
        if wanted is self.in_lecture:
            return
        if wanted:
            self._before = scale(), self._window.windowState()
            QApplication.setOverrideCursor(lecture_cursor())
            screen = self._window.screen().size() if has_screen() else UNBOUNDED
            self._apply(lecture_scale(scale(), screen))
            self._window.setWindowState(self._before[1] | Qt.WindowState.WindowFullScreen)
        elif self._before is not None:
            before, state = self._before
            self._before = None
            QApplication.restoreOverrideCursor()
            self._window.setWindowState(state)
            self._apply(before)
        self.lecture_changed.emit()

    def stop(self) -> None:
        """Leave the program as it was found: its window closes."""
        if self._before is not None:
            self._before = None
            QApplication.restoreOverrideCursor()
        self._later.stop()


def lecture_cursor() -> QCursor:
    """Return an arrow in a ring, to be seen from the last row."""
    side, middle = 64, 32.0
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((QColor(0, 0, 0, 190), 6.0), (QColor(theme().mark), 3.5)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(QPointF(middle, middle), 27.0, 27.0)
    arrow = ((0, 0), (0, 20), (5, 15.5), (8.5, 23), (12, 21.5), (8.5, 14), (15, 14))
    painter.setPen(QPen(QColor(255, 255, 255), 1.5))
    painter.setBrush(QColor(0, 0, 0))
    painter.drawPolygon(QPolygonF([QPointF(middle + x, middle + y) for x, y in arrow]))
    painter.end()
    return QCursor(picture, int(middle), int(middle))
