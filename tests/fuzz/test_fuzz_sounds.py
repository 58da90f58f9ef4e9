"""A thousand damaged sounds; ``tools/fuzz_sounds.py`` tries as many as one likes."""

from __future__ import annotations

from collections import Counter

from tests.fuzz.sounds import mutated, seeds, tried

COUNT = 1000


def test_damaged_sounds_are_opened_or_rejected_in_order() -> None:
    healthy, kinds, faults = seeds(), Counter[str](), []
    for number in range(COUNT):
        name, data = mutated(healthy, number)
        outcome = tried(data)
        kinds[outcome.kind] += 1
        if outcome.is_fault:
            faults.append((number, name, outcome))
    assert not faults
    assert kinds["opened"] > COUNT // 10
