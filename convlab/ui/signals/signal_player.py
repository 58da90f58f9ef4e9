"""What moves by itself in the signal lab: g that slides over f, and the flip of g."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QEasingCurve, QObject, Qt, QTimer, QVariantAnimation, Signal

FRAME = 12  # somewhat less than one of the screen, so that each has news [ms]
FLIP_TIME = 4000  # [ms]


class SignalPlayer(QObject):
    """Counts places while it plays, and shares of the flip while g is flipped.

    Signals:
        played: The place c at which g is by now.
        flipped: How far g is flipped, 0 to 1.
    """

    played = Signal(int)
    flipped = Signal(float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME)
        self._clock.timeout.connect(self._on_clock)
        self._exact = 0.0  # the place while it plays, between two samples
        self._last = self._speed = 0.0
        self._flip = QVariantAnimation(self)
        self._flip.setDuration(FLIP_TIME)
        self._flip.setStartValue(0.0)
        self._flip.setEndValue(1.0)
        self._flip.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._flip.valueChanged.connect(self._on_flip_moved)

    @property
    def is_playing(self) -> bool:
        """Whether g slides."""
        return self._clock.isActive()

    def play_from(self, c: int, speed: float) -> None:
        """Slide on at a speed [samples/s]; from a place, unless it slides already."""
        self._speed = speed
        if not self._clock.isActive():
            self._exact, self._last = float(c), time.monotonic()
            self._clock.start()

    def pause(self) -> None:
        """Slide no more."""
        self._clock.stop()

    def start_flip(self) -> None:
        """Flip g from the beginning."""
        self._flip.start()

    def end_flip(self) -> None:
        """Leave g where it is on its way."""
        self._flip.stop()

    def stop(self) -> None:
        """Move nothing any more."""
        self._clock.stop()
        self._flip.stop()

    def _on_clock(self) -> None:
        now = time.monotonic()
        self._exact += (now - self._last) * self._speed
        self._last = now
        self.played.emit(math.floor(self._exact))

    def _on_flip_moved(self, share: float) -> None:
        self.flipped.emit(share)
