from __future__ import annotations

import os
import sys
import threading

import pytest

from convlab.runtime.priority import BEHIND, go_behind_window


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere niceness belongs to the process")
def test_a_worker_and_what_it_starts_go_behind_the_window() -> None:
    own = niceness()
    seen: list[int] = []

    def work() -> None:
        go_behind_window()
        seen.append(niceness())
        helper = threading.Thread(target=lambda: seen.append(niceness()))
        helper.start()
        helper.join()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert seen == [min(own + BEHIND, 19)] * 2
    assert niceness() == own, "the window's thread stays where it is"
