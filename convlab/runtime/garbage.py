"""Where Python's garbage is collected while a window is open: in its thread, between events.

Left to itself the collector runs wherever something is made. In a worker it would end widgets in
the wrong thread; inside a connect or disconnect of PySide, which holds Qt's lock of the two
objects, it would end an object that needs the same lock, and wait for ever. Both were seen.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 250  # [ms]


class GarbageCollector(QObject):
    """Takes over from the collector of its own accord until it is stopped; several may live."""

    _living = 0
    _has_settled = False

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()
        GarbageCollector._living += 1
        gc.disable()

    def settle(self) -> None:
        """Leave what there is now out of later collections: it will stay.

        To look through all of a window takes 60 ms, which a person can see.
        """
        gc.freeze()
        GarbageCollector._has_settled = True

    def stop(self) -> None:
        """Collect what there is, and leave the rest to the interpreter once no other lives."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        GarbageCollector._living -= 1
        if GarbageCollector._living == 0:
            if GarbageCollector._has_settled:
                gc.unfreeze()
                GarbageCollector._has_settled = False
            gc.collect()
            gc.enable()

    def _on_timeout(self) -> None:
        """Collect the oldest generation that is due, as the interpreter would."""
        due = [
            generation
            for generation, (count, most) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > most
        ]
        if due:
            gc.collect(due[-1])
