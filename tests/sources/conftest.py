"""Small videos made on the spot."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.cv import cv2

FRAMES = 8
STEP = 30


@pytest.fixture(scope="session")
def make_video(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float], Path]:
    """Return a maker of 64x48 videos of 8 frames, grey 0, 30, 60 ... 210."""

    def make(fps: float) -> Path:
        path = tmp_path_factory.mktemp("video") / f"{fps} Fähre.avi"
        fourcc = cv2.VideoWriter.fourcc(*"MJPG")
        writer = cv2.VideoWriter(str(path), fourcc, fps, (64, 48))
        assert writer.isOpened()
        for number in range(FRAMES):
            writer.write(np.full((48, 64, 3), STEP * number, np.uint8))
        writer.release()
        return path

    return make


@pytest.fixture(scope="session")
def video(make_video: Callable[[float], Path]) -> Path:
    return make_video(100.0)
