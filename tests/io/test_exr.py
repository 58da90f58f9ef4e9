"""OpenEXR, written by its own library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.io.frames import open_frames
from convlab.io.images import ImageLoadError, decode_image

exr: Any = pytest.importorskip("OpenEXR")  # there is no wheel for every machine

RNG = np.random.default_rng(2)
PLANES = {name: RNG.normal(size=(40, 31)).astype(np.float32) for name in "RGBAYZ"}
SCHEMES = ("NO", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "DWAA")


def written(tmp_path: Path, planes: dict[str, AnyArray], scheme: str = "ZIP", **more: Any) -> bytes:
    how = getattr(exr, f"{scheme}_COMPRESSION")
    header = {"compression": how, "type": exr.scanlineimage, **more}
    path = tmp_path / "x.exr"
    with exr.File(header, dict(planes)) as file:
        file.write(str(path))
    return path.read_bytes()


@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_colours_of_every_compression(tmp_path: Path, scheme: str, kind: type) -> None:
    ramp = np.linspace(0, 4, 40 * 31, dtype=np.float32).reshape(40, 31)
    planes: dict[str, AnyArray] = {
        name: (ramp * (at + 1)).astype(kind) for at, name in enumerate("RGB")
    }
    pixels = decode_image(written(tmp_path, planes, scheme), "x.exr")
    wanted = np.stack([planes[name] for name in "RGB"], axis=-1).astype(np.float32)
    assert pixels.dtype == np.float32
    lossy = {"PXR24": 1e-3, "B44": 0.1, "DWAA": 0.1}.get(scheme, 0.0)
    np.testing.assert_allclose(pixels, wanted, atol=lossy)


def test_grey_and_single_channels_are_grey(tmp_path: Path) -> None:
    for name in ("Y", "Z"):
        pixels = decode_image(written(tmp_path, {name: PLANES[name]}), "x")
        np.testing.assert_array_equal(pixels, PLANES[name])


def test_colours_are_multiplied_with_alpha_already(tmp_path: Path) -> None:
    ones = np.ones((2, 2), np.float32)
    planes = {"R": 0.5 * ones, "G": 0 * ones, "B": 0 * ones, "A": 0.5 * ones}
    pixels = decode_image(written(tmp_path, planes), "x")
    np.testing.assert_allclose(pixels, np.broadcast_to([1.0, 0.5, 0.5], (2, 2, 3)))


def test_further_channels_are_stepped_through(tmp_path: Path) -> None:
    planes = {name: PLANES[name] for name in "RGBZ"}
    planes["id"] = RNG.integers(0, 1000, (40, 31)).astype(np.uint32)
    frames = open_frames(written(tmp_path, planes), "x")
    assert (frames.count, frames.noun) == (3, "channel")
    np.testing.assert_array_equal(frames.frame(1), PLANES["Z"])
    np.testing.assert_array_equal(frames.frame(2), planes["id"])


def test_damage_is_told_and_nothing_is_made_up(tmp_path: Path) -> None:
    data = written(tmp_path, {name: PLANES[name] for name in "RGB"})
    for share in (0.01, 0.3, 0.7, 0.99):
        with pytest.raises(ImageLoadError, match=r"^x\.exr is damaged or cut off"):
            decode_image(data[: int(len(data) * share)], "x.exr")


def test_a_small_file_that_claims_to_be_large_is_rejected(tmp_path: Path) -> None:
    data = bytearray(written(tmp_path, {"Y": PLANES["Y"]}))
    place = data.find(b"box2i") + 6 + 4 + 8
    data[place : place + 8] = np.array([40_000, 40_000], "<i4").tobytes()
    with pytest.raises(ImageLoadError, match=r"damaged|reduce it"):
        decode_image(bytes(data), "x.exr")
