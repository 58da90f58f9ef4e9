"""A thousand damaged sounds; ``tools/fuzz_sounds.py`` tries as many as one likes."""

from __future__ import annotations

from tests.fuzz.kind import kinds_of
from tests.fuzz.sounds import SOUNDS

COUNT = 1000


def test_damaged_sounds_are_opened_or_rejected_in_order() -> None:
    assert kinds_of(SOUNDS, COUNT)["opened"] > COUNT // 10
