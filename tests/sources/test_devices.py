import sys
from types import SimpleNamespace

import cv2_enumerate_cameras
import pytest

from convlab.engine.cv import cv2
from convlab.sources.devices import CameraDevice, list_cameras

V4L, GSTREAMER = 200, 1800


def camera(index: int, name: str | None, path: str | None) -> SimpleNamespace:
    return SimpleNamespace(index=index, name=name, path=path)


@pytest.fixture
def _two_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        V4L: [camera(2, "Lens", "/dev/video2"), camera(0, None, "/dev/video0")],
        GSTREAMER: [camera(0, "Front", "/dev/video0")],
    }
    monkeypatch.setattr(cv2_enumerate_cameras, "supported_backends", (GSTREAMER, V4L))
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", found.__getitem__)


@pytest.mark.usefixtures("_two_backends")
def test_sorted_and_only_through_backends_that_opencv_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2.videoio_registry, "getCameraBackends", lambda: (V4L,))
    assert list_cameras() == [CameraDevice(0, "Camera 0", V4L), CameraDevice(2, "Lens", V4L)]


@pytest.mark.usefixtures("_two_backends")
def test_each_camera_is_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2.videoio_registry, "getCameraBackends", lambda: (V4L, GSTREAMER))
    assert [device.name for device in list_cameras()] == ["Front", "Lens"]


def test_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_backend: int) -> list[SimpleNamespace]:
        raise OSError("the system's list is broken")

    monkeypatch.setattr(cv2.videoio_registry, "getCameraBackends", lambda: (V4L,))
    monkeypatch.setattr(cv2_enumerate_cameras, "supported_backends", (V4L,))
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", broken)
    assert list_cameras() == []


def test_real_list_can_be_asked() -> None:
    assert isinstance(list_cameras(), list)


@pytest.mark.parametrize(("platform", "name"), [("linux", "1"), ("win32", "1401")])
def test_name_in_a_spec(monkeypatch: pytest.MonkeyPatch, platform: str, name: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert CameraDevice(1, "Lens", 1400).spec_name == name
