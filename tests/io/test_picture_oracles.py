"""Every kind of picture that Pillow and tifffile write, against what those read themselves.

What is not read must say what it is: nothing healthy is called damaged, nothing opens wrong.
"""

from __future__ import annotations

import io
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io.frames import open_frames
from convlab.io.images import ImageLoadError, decode_image
from tests.io.written import SIZE, by_pillow, layouts, packed_tiff

# Decoders of one lossy file differ by so many steps.
LOSSY = {"JPEG": 3, "jpeg": 3, "WEBP": 3, "AVIF": 3, "JPEG2000": 3}
SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".ppm", ".pgm",
            ".pbm", ".sgi", ".ras", ".xbm"}  # fmt: skip


def shown(picture: Image.Image) -> AnyArray:
    """What Pillow shows: upright, over white, grey or RGB."""
    if picture.mode.startswith("I;16"):
        return np.asarray(picture).astype(np.uint16)
    if picture.mode in ("I", "F"):
        return np.asarray(picture).astype(np.float32)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        return np.asarray(Image.alpha_composite(ground, whole))[..., :3]
    return np.asarray(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))


def difference(found: AnyArray, wanted: AnyArray) -> float:
    """The largest, in steps; what is grey is the same in all colours."""
    if found.ndim != wanted.ndim:
        found, wanted = np.broadcast_arrays(
            *(each if each.ndim == 3 else each[..., np.newaxis] for each in (found, wanted))
        )
    assert found.shape == wanted.shape
    scale = 257 if found.dtype == np.uint16 and wanted.dtype == np.uint8 else 1
    return float(np.abs(found.astype(float) - wanted * float(scale)).max())


def test_all_that_pillow_writes_opens_as_pillow_shows_it_or_says_what_it_is() -> None:
    wrong, unread, count = [], set(), 0
    for name, data in by_pillow():
        try:
            found = decode_image(data, "x")
        except ImageLoadError as error:
            unread.add(f"{name.split(',')[0]}: {error}")
            continue
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            wanted = shown(picture)
        allowed = max((steps for kind, steps in LOSSY.items() if kind in name), default=1)
        count += 1
        if difference(found, wanted) > allowed:
            wrong.append(name)
    assert not wrong
    assert count > 120
    assert not [line for line in unread if "damaged" in line or "of a known kind" in line]
    named = {line.partition(":")[0] for line in unread if "TIFF" not in line.partition(":")[0]}
    assert named == {"PCX", "ICO", "SGI", "DDS", "QOI", "EPS", "XBM"}
    rest = {line.partition(": ")[2] for line in unread if "TIFF" in line.partition(":")[0]}
    assert rest == {"x holds CIE Lab: save it as grey or RGB."}


def test_tiff_of_any_layout_has_the_numbers_that_were_written() -> None:
    rng = np.random.default_rng(8)
    every = layouts()
    wrong = []
    for number in rng.permutation(len(every))[:350]:
        layout = every[number]
        pixels = layout.pixels(rng)
        with open_frames(layout.write(pixels), "x") as frames:
            several = [frames.frame(at) for at in range(frames.count)]
        found = np.stack(several, axis=-1) if len(several) > 1 else several[0]
        exact = pixels if pixels.dtype in (np.uint8, np.uint16) else pixels.astype(np.float32)
        if found.dtype != exact.dtype or not np.array_equal(found, exact):
            wrong.append(layout)
    assert not wrong


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("bits", [1, 2, 3, 4, 6, 10, 12, 14])
def test_numbers_of_few_bits_reach_from_black_to_white(bits: int, channels: int) -> None:
    numbers = np.random.default_rng(bits).integers(0, 1 << bits, (*SIZE, channels))
    white = 255 if bits < 8 else 65535
    wanted = np.rint(numbers * (white / ((1 << bits) - 1))).squeeze()
    found = decode_image(packed_tiff(numbers, bits), "x.tif")
    assert found.dtype == (np.uint8 if bits < 8 else np.uint16)
    np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("kind", "white"), [("u1", 255), ("u2", 65535), ("f4", 1.0)])
@pytest.mark.parametrize("alpha", ["unassalpha", "assocalpha", "unspecified"])
def test_alpha_of_a_tiff_is_applied_once(
    alpha: str, kind: str, white: float, channels: int, planar: str
) -> None:
    pixels = (np.random.default_rng(4).random((*SIZE, channels + 1)) * white).astype(kind)
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        np.moveaxis(pixels, -1, 0) if planar == "separate" else pixels,
        photometric="rgb" if channels == 3 else "minisblack",
        planarconfig=planar,
        extrasamples=[alpha],
    )
    colours, share = pixels[..., :-1].astype(float), pixels[..., -1:] / float(white)
    over = {
        "unassalpha": white + (colours - white) * share,
        "assocalpha": np.minimum(colours + white * (1 - share), white if kind[0] == "u" else 9),
        "unspecified": colours,
    }
    frames = open_frames(file.getvalue(), "x")
    assert frames.count == (2 if alpha == "unspecified" else 1)
    np.testing.assert_allclose(
        frames.frame(0).astype(float),
        over[alpha].squeeze(),
        atol=0.51 if kind[0] == "u" else 1e-6,
    )


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_white_is_zero_and_inks(kind: type[np.generic]) -> None:
    white = float(np.iinfo(kind).max)  # type: ignore[type-var]
    inks = (np.random.default_rng(4).random((*SIZE, 4)) * white).astype(kind)
    file = io.BytesIO()
    tifffile.imwrite(file, inks[..., 0], photometric="miniswhite")
    np.testing.assert_array_equal(decode_image(file.getvalue(), "x"), white - inks[..., 0])
    file = io.BytesIO()
    tifffile.imwrite(file, inks, photometric="separated")
    wanted = (white - inks[..., :3]) * (white - inks[..., 3:]) / white
    np.testing.assert_allclose(decode_image(file.getvalue(), "x"), wanted, atol=0.51)


@pytest.mark.parametrize("tile", [None, (32, 48)])
@pytest.mark.parametrize("colours", ["rgb", "ycbcr", "minisblack"])
def test_jpeg_in_tiff(colours: str, tile: tuple[int, int] | None) -> None:
    rows, columns = np.mgrid[:64, :96]
    picture = np.stack([rows + columns, 2 * rows, 2 * columns], axis=-1).astype(np.uint8)
    if colours == "minisblack":
        picture = picture[..., 0]
    file = io.BytesIO()
    tifffile.imwrite(file, picture, photometric=colours, compression="jpeg", tile=tile)
    wanted = tifffile.imread(io.BytesIO(file.getvalue()))
    assert difference(decode_image(file.getvalue(), "x"), wanted) <= 2


@pytest.mark.parametrize("compression", ["jpeg", "tiff_lzw", "group4"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_tiff_is_set_upright(orientation: int, compression: str) -> None:
    picture = Image.fromarray((np.arange(24 * 40).reshape(24, 40) // 4).astype(np.uint8))
    file = io.BytesIO()
    mode = "1" if compression == "group4" else "L"
    picture.convert(mode).save(file, "TIFF", compression=compression, tiffinfo={274: orientation})
    with Image.open(io.BytesIO(file.getvalue())) as again:
        again.load()
        assert difference(decode_image(file.getvalue(), "x"), shown(again)) <= 1


def pictures_of_others() -> list[Path]:
    """The pictures in the wheels of scikit-image and matplotlib, and of Python's own tests."""
    homes = [Path(sysconfig.get_path("stdlib")) / "test"]
    for package in ("skimage", "matplotlib"):
        found = find_spec(package)
        if found is not None and found.origin is not None:
            homes.append(Path(found.origin).parent)
    return [
        path
        for home in homes
        for path in sorted(home.rglob("*"))
        if path.suffix.lower() in SUFFIXES
    ]


def by_others(path: Path) -> AnyArray:
    """What tifffile, OpenCV (16 bits) or Pillow reads."""
    if path.suffix.lower() in (".tif", ".tiff"):
        page = tifffile.imread(path, key=0)
        if page.ndim == 2 or page.shape[2] == 3:
            return page
        if page.shape[0] == 3:
            return np.moveaxis(page, 0, -1)
    with Image.open(path) as picture:
        picture.load()
        wanted = shown(picture)
    if path.suffix == ".png" and wanted.dtype == np.uint8:
        whole = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if whole is not None and whole.dtype == np.uint16:
            return np.asarray(whole[..., ::-1])
    return wanted


def test_pictures_of_other_projects_open_as_those_read_them() -> None:
    paths = pictures_of_others()
    assert any("skimage" in str(path) for path in paths)
    wrong, unread, said = [], set(), []
    for path in paths:
        try:
            found = decode_image(path.read_bytes(), path.name)
        except ImageLoadError as error:
            unread.add(path.suffix)
            said.append(str(error))
            continue
        wanted = by_others(path)
        if difference(found, wanted) > 1:
            wrong.append(path.name)
    assert not wrong
    assert unread <= {".sgi", ".ras", ".xbm"}, said
    assert not [text for text in said if "damaged" in text or "of a known kind" in text]
