"""The program's log: warnings, uncaught exceptions, Qt's messages, and how a crash came about."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
from contextlib import suppress

from convlab.paths import log_file

LARGEST = 1_000_000  # of each of the two files [bytes]
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def start_logging() -> None:
    """Write warnings to the log and to the terminal; to the terminal alone if there is no log."""
    terminal = logging.StreamHandler()
    terminal.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger().addHandler(terminal)
    path = log_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        crashes = open(path.with_name("crash.log"), "a", encoding="utf-8")  # noqa: SIM115 (kept)
        if crashes.tell() > LARGEST:
            crashes.truncate(0)
        faulthandler.enable(crashes)
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True
        )
        file.setFormatter(logging.Formatter(_FORMAT))
        logging.getLogger().addHandler(file)
    if not faulthandler.is_enabled() and sys.stderr is not None:
        faulthandler.enable()
    logging.raiseExceptions = False  # a full disk must not fill the terminal
