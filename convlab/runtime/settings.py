"""Preferences that outlive the program: recent files, theme, the window's layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QLockFile, QSettings

from convlab.paths import user_config_dir

MOST_RECENT = 10
LOCK_PATIENCE = 200  # how long another process may hold the list [ms]


class Settings:
    """Reads and writes one INI file in the user's configuration folder."""

    def __init__(self, folder: Path | None = None) -> None:
        path = (folder or user_config_dir()) / "convlab.ini"
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        self._recent_lock = QLockFile(str(path.with_name("recent.lock")))

    def recent_files(self) -> list[str]:
        """Return the files and projects opened last, by any process, newest first."""
        self._store.sync()
        value = self._store.value("recent_files", [])
        if isinstance(value, str):  # QSettings gives a list of one as a string
            return [value] if value else []
        return [str(path) for path in value] if isinstance(value, list) else []

    def add_recent_file(self, path: str) -> None:
        """Put a file on top of the list."""
        self._change_recent(lambda files: [path, *(other for other in files if other != path)])

    def remove_recent_file(self, path: str) -> None:
        """Take a file off the list."""
        self._change_recent(lambda files: [other for other in files if other != path])

    def clear_recent_files(self) -> None:
        """Forget the files opened."""
        self._change_recent(lambda files: [])

    def _change_recent(self, change: Callable[[list[str]], list[str]]) -> None:
        """Read, change and write the list while no other process does."""
        is_locked = self._recent_lock.tryLock(LOCK_PATIENCE)
        self._store.setValue("recent_files", change(self.recent_files())[:MOST_RECENT])
        self._store.sync()
        if is_locked:
            self._recent_lock.unlock()

    def text(self, key: str, default: str = "") -> str:
        """Return a stored word."""
        return str(self._store.value(key, default))

    def set_text(self, key: str, value: str) -> None:
        """Store a word."""
        self._store.setValue(key, value)

    def state(self, key: str) -> QByteArray | None:
        """Return a stored layout, or None."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def set_state(self, key: str, value: QByteArray) -> None:
        """Store a layout."""
        self._store.setValue(key, value)

    def flush(self) -> None:
        """Write what was stored: the process may end without notice."""
        self._store.sync()
