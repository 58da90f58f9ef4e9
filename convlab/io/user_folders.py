"""Whether the user's own folders can be written, asked once: everything works without them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from convlab import paths

_BLOCK = 4096  # as much as shows that a disk is full [bytes]


def not_kept() -> str:
    """Return what will be forgotten when the program ends, why, and the remedy; "" for nothing."""
    folders = {
        "settings and recent files": paths.user_config_dir(),
        "unsaved work and the log": paths.user_state_dir(),
        "own kernels and answers about projects": paths.user_data_dir(),
        "the speeds measured here": paths.user_cache_dir(),
    }
    reasons = {what: _why_not(folder) for what, folder in folders.items()}
    lost = [what for what, reason in reasons.items() if reason]
    if not lost:
        return ""
    remedy = f"set {paths.HOME_VARIABLE} to a folder that can be written"
    return f"{_listed(lost)} will not be kept, because {reasons[lost[0]]}: {remedy}"


def _why_not(folder: Path) -> str:
    """Return why a folder cannot be made or written; "" if it can."""
    if folder.is_relative_to(paths.NO_HOME):
        return "there is no home folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_BLOCK))
    except OSError as error:
        return f"{folder} cannot be written ({error.strerror or error})"
    return ""


def _listed(parts: list[str]) -> str:
    """Return parts as a list in words."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
