"""``convlab doctor``: what a support request would ask for."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from pathlib import Path

from convlab.io.components import PROGRAM, SPARED, components, version

# What OpenCV and Qt load on Linux and a bare Debian lacks: package -> library.
X_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
}
QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")


def main(arguments: list[str]) -> int:
    """Print versions, missing libraries, cameras and known traps; exit 1 if something is wrong."""
    if arguments:
        print("doctor takes no arguments.", file=sys.stderr)
        return 2
    problems = [*_versions(), *_libraries(), *_traps(), *_folders()]
    _cameras()
    _log()
    print("Problems:" if problems else "No problems found.")
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


def _versions() -> list[str]:
    # It may run from a checkout without being installed: nothing is wrong with that.
    own = version(PROGRAM) or "(not installed)"
    print(f"ConvLab {own} in {Path(__file__).resolve().parent}")
    print(f"Python {platform.python_version()} on {platform.platform()}")
    problems = []
    for each in components():
        is_spared = each.name in SPARED
        lack = f"is not installed; {SPARED[each.name]}" if is_spared else "is not installed"
        print(f"  {each.name} {each.version or lack}")
        if not (each.version or is_spared):
            problems.append(f"{each.name} is missing: install the program with pip again.")
    return problems


def missing_libraries() -> list[str]:
    """Return the Debian packages whose library cannot be loaded; none elsewhere than on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for package, library in X_LIBRARIES.items() if not _can_load(library)]


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _libraries() -> list[str]:
    missing = missing_libraries()
    print(f"Libraries for a window: {'missing ' + ', '.join(missing) if missing else 'all there'}")
    return [f"sudo apt-get install {' '.join(missing)}"] if missing else []


def _traps() -> list[str]:
    """Check the known ways in which other software breaks this program."""
    if sys.platform.startswith("linux"):
        display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
        print(f"Display: {display or 'none, the program will run without a window'}")
    return [*_trap_of_opencv(), *_trap_of_pyside()]


def _trap_of_opencv() -> list[str]:
    before = {name: os.environ.get(name) for name in QT_VARIABLES}
    try:
        import convlab.engine.cv  # noqa: F401
    except ImportError as error:
        print("OpenCV: cannot be loaded")
        return [f"OpenCV cannot be loaded: {error}."]
    if before == {name: os.environ.get(name) for name in QT_VARIABLES}:
        print("Qt's variables after importing OpenCV: as before")
        return []
    print("Qt's variables after importing OpenCV: changed")
    return ["OpenCV was imported before ConvLab and points Qt to a wrong folder."]


def _trap_of_pyside() -> list[str]:
    installed = version("pyside6-essentials")
    if not installed:
        return []  # said with the other packages
    harmful = installed.startswith("6.12.0") and sys.version_info < (3, 12)
    print(f"PySide6 {installed} with this Python: {'unsafe' if harmful else 'safe'}")
    if not harmful:
        return []
    return ["PySide6 6.12.0 aborts under Python < 3.12: pip install 'pyside6-essentials!=6.12.0'."]


def _folders() -> list[str]:
    try:
        from convlab.io.user_folders import not_kept
    except ImportError:
        return []  # said with the packages
    message = not_kept()
    print(f"Your folders: {'cannot all be written' if message else 'can be written'}")
    return [f"{message}."] if message else []


def _log() -> None:
    try:
        from convlab.paths import log_file
    except ImportError:
        return  # said with the packages
    print(f"Log: {log_file()}")


def _cameras() -> None:
    try:
        from convlab.sources.devices import list_cameras
    except ImportError:
        return  # without OpenCV there are none; that was said before

    cameras = list_cameras()
    print(f"Cameras: {len(cameras) or 'none'}")
    for camera in cameras:
        print(f"  {camera.index}: {camera.name}")
