"""Make the style sheet's icons in the colours of the palettes: ``python tools/make_icons.py``.

Writes ``resources/icons/colored``: a style sheet takes an icon from a file only.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.paths import resource  # noqa: E402
from convlab.ui.palettes import THEMES  # noqa: E402
from convlab.ui.style_sheet import style_sheet  # noqa: E402

URL = re.compile(r"url\(icons:([\w-]+)-([0-9a-f]{6})\.svg\)")


def colored_icons() -> dict[str, str]:
    """Return what each file is to hold, by its name."""
    found: dict[str, str] = {}
    for colors in THEMES.values():
        for name, color in URL.findall(style_sheet(colors)):
            svg = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            found[f"{name}-{color}.svg"] = svg.replace("currentColor", f"#{color}")
    return found


def main() -> None:
    """Write the files, and remove those of colours that no palette has any more."""
    folder = resource("icons") / "colored"
    folder.mkdir(exist_ok=True)
    icons = colored_icons()
    for file in set(folder.glob("*.svg")) - {folder / name for name in icons}:
        file.unlink()
    for name, svg in icons.items():
        (folder / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
