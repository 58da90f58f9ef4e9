"""Some hundred damaged networks, opened and run. ``tools/fuzz_networks.py`` tries thousands."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from convlab.runtime.child_limits import resident
from tests.fuzz.seeds import seeds
from tests.fuzz.trial import SECRET, Fuzzer, NotingProcess, opened_files

COUNT = 300
WARM = 60  # after so many everything is imported
MOST_LEFT = 64 << 20  # of all behind those, in this process [bytes]


@pytest.mark.slow
def test_damaged_networks_are_opened_or_rejected_in_order(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="what is tried runs in it")
    process, outcomes = NotingProcess(), []
    before = after = None
    with opened_files(tmp_path) as opened:
        fuzzer = Fuzzer(tmp_path, seeds(), process)
        opened()
        try:
            for number in range(COUNT):
                outcomes.append((number, fuzzer.run(number)))
                after = resident(os.getpid())
                before = after if number == WARM else before
        finally:
            process.kill()
        assert SECRET not in opened(), "a file outside of the folder was read"
    assert [each for each in outcomes if each[1].is_fault] == []
    assert Counter(outcome.kind for _, outcome in outcomes)["opened"] >= COUNT // 20
    assert after is None or before is None or after - before < MOST_LEFT
