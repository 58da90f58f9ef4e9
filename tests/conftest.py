"""Set up before Qt is imported: no screen unless one is asked for, and nobody's own folders."""

import os
import tempfile
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="convlab-tests-")
os.environ["CONVLAB_HOME"] = _home.name


@pytest.fixture(autouse=True)
def delete_closed_widgets() -> Iterator[None]:
    """Delete what a test closed when it ends.

    Qt itself would wait until the next test waits for something: after that test has opened its
    window, whose style sheet polishes the old window's thousand widgets once more.
    """
    yield
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
