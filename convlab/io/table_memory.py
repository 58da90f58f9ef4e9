"""How a person reads each table, kept between sessions: what was chosen once is not asked again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from convlab import paths
from convlab.document.table_form import TableForm
from convlab.io.record_form import form_of, from_form, to_form
from convlab.io.rejection import Rejection, read_regular_file
from convlab.io.safe_write import write_bytes

TABLE_FORM: Any = form_of(TableForm)
"""The form of a TableForm in a file."""

_FILE = "tables.json"
_MOST = 200  # tables; those read longest ago are forgotten
_LARGEST = 1 << 20  # bytes


def recall(path: str | os.PathLike[str]) -> TableForm | None:
    """Return how a person chose to read a file; None if nobody was asked."""
    kept = _read_memory().get(_name(path))
    form: TableForm | None = None if kept is None else from_form(kept)
    return form


def remember(path: str | os.PathLike[str], form: TableForm) -> None:
    """Keep how a file is to be read; of one inside a project only the name is known, so not that.

    Raises:
        OSError: It cannot be written.
    """
    if not os.path.isabs(path):
        return
    kept = _read_memory()
    kept.pop(_name(path), None)
    kept[_name(path)] = to_form(form)
    newest = dict(list(kept.items())[-_MOST:])
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, msgspec.json.encode(newest))


def _read_memory() -> dict[str, Any]:
    try:
        data = read_regular_file(_file(), _LARGEST)
        kept: dict[str, Any] = msgspec.json.decode(data, type=dict[str, TABLE_FORM])
    except (Rejection, msgspec.MsgspecError):  # none yet, or of another version
        return {}
    return kept


def _file() -> Path:
    return paths.user_data_dir() / _FILE


def _name(path: str | os.PathLike[str]) -> str:
    """Return a file's whole path, as JSON can keep it."""
    return os.path.abspath(path).encode(errors="surrogateescape").decode(errors="replace")
