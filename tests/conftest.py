"""Set up before Qt is imported: no screen unless one is asked for, and nobody's own folders."""

import os
import sys
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.leftovers import left_since, living

# How long an example takes says how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="convlab-tests-")
os.environ["CONVLAB_HOME"] = _home.name


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail a test that leaves threads, child processes, timers or windows behind.

    What fixtures of a module or of the session made is there before, and no concern of the test.
    What the test closed is deleted first: Qt itself would wait until the next test waits for
    something, after that test has opened its window, whose style sheet polishes the old window's
    thousand widgets once more.
    """
    before = living()
    yield
    delete_closed_widgets()
    left = left_since(before)
    if left:
        pytest.fail(f"left behind: {', '.join(left)}", pytrace=False)


def delete_closed_widgets() -> None:
    """Delete what is to be deleted later."""
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
