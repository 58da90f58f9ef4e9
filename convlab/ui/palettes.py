"""The palettes: light, dark and high contrast."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ThemeName(StrEnum):
    """The palettes a person can choose."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one palette."""

    window: str
    panel: str
    field: str
    line: str
    text: str
    quiet: str
    faint: str  # what cannot be used now
    accent: str
    on_accent: str
    warning: str
    mark: str  # frames around the patch and the cell
    cover: str  # over what nothing is known of yet


THEMES = {
    ThemeName.LIGHT: Theme(
        window="#eef0f4",
        panel="#ffffff",
        field="#ffffff",
        line="#d5dae3",
        text="#1b2130",
        quiet="#5d677a",
        faint="#8a92a1",
        accent="#2f5bd0",
        on_accent="#ffffff",
        warning="#a4480a",
        mark="#f0a000",
        cover="#d5dae3",
    ),
    ThemeName.DARK: Theme(
        window="#14161b",
        panel="#1d2027",
        field="#262a33",
        line="#343a46",
        text="#e6e9f0",
        quiet="#9aa4b8",
        faint="#6f7889",
        accent="#7d9bff",
        on_accent="#0d1020",
        warning="#ffb26b",
        mark="#ffc233",
        cover="#343a46",
    ),
    ThemeName.CONTRAST: Theme(
        window="#000000",
        panel="#000000",
        field="#000000",
        line="#ffffff",
        text="#ffffff",
        quiet="#ffffff",
        faint="#8c8c8c",
        accent="#ffe600",
        on_accent="#000000",
        warning="#ffb000",
        mark="#38e1ff",
        cover="#303030",
    ),
}
