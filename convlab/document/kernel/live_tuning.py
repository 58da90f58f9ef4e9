"""What an output answered while a bar rotated before it: a tuning curve measured live."""

from __future__ import annotations

import numpy as np

from convlab.document.kernel.job import Key, LiveTuning, Prepared
from convlab.document.kernel.model import PixelPage
from convlab.document.stack.arithmetic import Products
from convlab.engine.arrays import frozen

HALF_TURN = 180.0  # a bar looks the same there [degrees]


class TuningRecord:
    """Notes each answer of the pinned output at the bar's angle, until anything else changes."""

    def __init__(self) -> None:
        self._subject: Key | None = None
        self._answers: dict[int, float] = {}

    def note(self, found: Prepared, sums: tuple[Products, ...]) -> LiveTuning | None:
        """Return all that was measured; None where nobody looks at it, or nothing turns."""
        job, bar = found.job, found.job.frame.bar
        if job.viewing.page is not PixelPage.TUNING or bar is None or not sums:
            return None
        # All that the output depends on, but for the frame.
        subject = (bar.subject, job.viewing.probe, *found.key[1:])
        if subject != self._subject:
            self._subject, self._answers = subject, {}
        angle, answer = bar.angle % HALF_TURN, float(sums[0].result)
        self._answers[round(angle) % int(HALF_TURN)] = answer
        angles = sorted(self._answers)
        answers = [self._answers[each] for each in angles]
        return LiveTuning(
            frozen(np.array(angles, np.float32)),
            frozen(np.array(answers, np.float32)),
            angle,
            answer,
        )
