"""Pictures of 12 bits in 16 where no window shows them: in a list, and to a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile
from pytestqt.qtbot import QtBot

from convlab.document.source import SourceSpec
from convlab.runtime.source_thumbnails import SourceThumbnails
from convlab.runtime.surveying import Surveyor
from tests.runtime.test_surveying import ended, survey


def test_a_listed_picture_is_not_black(tmp_path: Path) -> None:
    path = tmp_path / "cells.tif"
    tifffile.imwrite(path, np.arange(1024, dtype=np.uint16).reshape(32, 32) * 4)
    ((_, thumbnail),) = SourceThumbnails().make([SourceSpec.of_file(str(path))], (32, 32))
    assert thumbnail.pixels is not None
    assert thumbnail.pixels[..., :3].min() == 0
    assert thumbnail.pixels[..., :3].max() == 255


def test_a_network_sees_it_from_black_to_white(qtbot: QtBot, tmp_path: Path) -> None:
    bright = np.full((4, 4), 4000, np.uint16)
    bright[0, 0] = 0
    tifffile.imwrite(tmp_path / "cells.tif", bright)
    surveyor = Surveyor()
    surveyor.start(tmp_path, survey)
    result = ended(qtbot, surveyor).result
    surveyor.stop()
    assert result is not None
    np.testing.assert_allclose(result.layers[0].mean, 15 / 16)  # of 16 pixels one is black
