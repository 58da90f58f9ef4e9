"""``convlab doctor``: what a support request would ask for."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import sys

# What Qt's xcb plugin loads on Linux and a bare Debian lacks: package -> library.
X_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-xinerama0": "libxcb-xinerama.so.0",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libdbus-1-3": "libdbus-1.so.3",
    "libglib2.0-0": "libglib-2.0.so.0",
}
PACKAGES = (
    "convlab-studio",
    "pyside6-essentials",
    "pyqtgraph",
    "numpy",
    "opencv-python",
    "cv2-enumerate-cameras",
    "imagesize",
    "platformdirs",
)
QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")


def main(arguments: list[str]) -> int:
    """Print versions, missing libraries, cameras and known traps; exit 1 if something is wrong."""
    if arguments:
        print("doctor takes no arguments.", file=sys.stderr)
        return 2
    troubles = [*_versions(), *_libraries(), *_traps()]
    _cameras()
    print("Troubles:" if troubles else "No troubles found.")
    for trouble in troubles:
        print(f"  {trouble}")
    return 1 if troubles else 0


def _versions() -> list[str]:
    print(f"Python {platform.python_version()} on {platform.platform()}")
    troubles = []
    for package in PACKAGES:
        try:
            print(f"  {package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            print(f"  {package} is not installed")
            troubles.append(f"{package} is missing: install the program with pip again.")
    return troubles


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
    troubles = []
    before = {name: os.environ.get(name) for name in QT_VARIABLES}
    import convlab.engine.cv  # noqa: F401

    restored = before == {name: os.environ.get(name) for name in QT_VARIABLES}
    print(f"Qt's variables after importing cv2: {'as before' if restored else 'changed'}")
    if not restored:
        troubles.append("cv2 was imported before ConvLab and points Qt to a wrong folder.")
    version = importlib.metadata.version("pyside6-essentials")
    harmful = version.startswith("6.12.0") and sys.version_info < (3, 12)
    print(f"PySide6 {version} with this Python: {'unsafe' if harmful else 'safe'}")
    if harmful:
        troubles.append("PySide6 6.12.0 aborts under Python < 3.12: pip install 'pyside6<6.12'.")
    display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if sys.platform.startswith("linux"):
        print(f"Display: {display or 'none, the program will run offscreen'}")
    return troubles


def _cameras() -> None:
    from convlab.sources.devices import list_cameras

    cameras = list_cameras()
    print(f"Cameras: {len(cameras) or 'none'}")
    for camera in cameras:
        print(f"  {camera.index}: {camera.name}")
