"""How the whole program looks: its palette, its scale, and both together in a lecture."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication, QMainWindow

from convlab.runtime.settings import Settings
from convlab.runtime.timers import single_shot
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

    A scale is applied once the keys that wait have been read: of quick steps only the last one is.

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
        self._coming: float | None = None  # a scale that is not applied yet
        self._applying = single_shot(self, 0, self._apply)
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
        self._apply()

    def _on_system_changed(self) -> None:
        if self.choice is ThemeChoice.SYSTEM:
            self._apply()

    # ---- the scale ----

    @property
    def wanted_scale(self) -> float:
        """The scale that was chosen last; it may not be applied yet."""
        return scale() if self._coming is None else self._coming

    def step_scale(self, steps: int) -> None:
        """Make everything larger or smaller."""
        self._choose_scale(next_scale(self.wanted_scale, steps))

    def reset_scale(self) -> None:
        """Make everything as large as usual."""
        self._choose_scale(1.0)

    def _choose_scale(self, wanted: float) -> None:
        if self._before is None:
            self._settings.set_text(SCALE, f"{wanted:g}")
        self._scale_soon(wanted)

    def _scale_soon(self, wanted: float) -> None:
        if wanted != self.wanted_scale:
            self._coming = wanted
            self._window.setUpdatesEnabled(False)  # the new window at the old scale is not seen
            self._applying.start()

    def _apply(self) -> None:
        """Use what was chosen last; it is seen only when everything has its place."""
        wanted, self._coming = self.wanted_scale, None
        is_scaled = wanted != scale()
        self._window.setUpdatesEnabled(False)
        try:
            apply_theme(self._app, self.choice.resolved(), wanted)
            refresh_icons(self._window)
            if is_scaled:
                self.adopt()
                self.scaled.emit()
            if self.in_lecture:
                QApplication.changeOverrideCursor(lecture_cursor())
            self.changed.emit()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        finally:
            self._window.setUpdatesEnabled(True)

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
            self._before = self.wanted_scale, self._window.windowState()
            QApplication.setOverrideCursor(lecture_cursor())
            screen = self._window.screen().size() if has_screen() else UNBOUNDED
            self._scale_soon(lecture_scale(self.wanted_scale, screen))
            self._window.setWindowState(self._before[1] | Qt.WindowState.WindowFullScreen)
        elif self._before is not None:
            before, state = self._before
            self._before = None
            QApplication.restoreOverrideCursor()
            self._window.setWindowState(state)
            self._scale_soon(before)
        self.lecture_changed.emit()

    def stop(self) -> None:
        """Leave the program as it was found: its window closes."""
        if self._before is not None:
            self._before = None
            QApplication.restoreOverrideCursor()
        self._applying.stop()
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
