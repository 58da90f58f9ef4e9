"""Which cameras this computer has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from convlab.engine.cv import cv2


@dataclass(frozen=True, slots=True, order=True)
class CameraDevice:
    """A camera that can be opened.

    Attributes:
        index: Its number within its backend.
        name: What its maker calls it.
        backend: OpenCV's number of the capture interface.
    """

    index: int
    name: str
    backend: int

    @property
    def spec_name(self) -> str:
        """Its name in a SPEC, ``camera:NAME``.

        Windows numbers its cameras differently per interface, so there the interface is part of
        the number, in OpenCV's own way (1400 is the first camera of backend 1400).
        """
        return str(self.backend + self.index if sys.platform == "win32" else self.index)


def list_cameras() -> list[CameraDevice]:
    """List the cameras by number, each once; empty when there are none or they cannot be asked."""
    try:
        return sorted(_distinct())
    except Exception:  # What a system's enumeration may raise is not documented; a list is asked.
        return []


def _distinct() -> Iterator[CameraDevice]:
    """Give every camera through the first backend that OpenCV has for it."""
    # Imported late: the package imports OpenCV itself, which must have happened in our way before.
    from cv2_enumerate_cameras import enumerate_cameras, supported_backends

    available = set(cv2.videoio_registry.getCameraBackends())
    seen: set[str] = set()
    for backend in supported_backends:
        if backend not in available:
            continue
        for camera in enumerate_cameras(backend):
            key = str(camera.path or f"{camera.index} {camera.name}").lower()
            if key not in seen:
                seen.add(key)
                yield CameraDevice(
                    int(camera.index), camera.name or f"Camera {camera.index}", int(backend)
                )
