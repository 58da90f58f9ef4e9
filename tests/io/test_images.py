import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io import bounds
from convlab.io.images import ImageLoadError, decode_image, encode_png
from tests.io.hostile import webp
from tests.io.made import chunk, colourful, encoded, exif, png, turned_jpeg
from tests.pictures import load_image

LOSSLESS = [".png", ".bmp", ".tiff", ".ppm", ".webp", ".gif"]
LOSSY = [".jpg", ".avif"]


def rejection(data: bytes, name: str = "x.png") -> str:
    with pytest.raises(ImageLoadError) as caught:
        decode_image(data, name)
    return str(caught.value)


@pytest.mark.parametrize("ending", LOSSLESS + LOSSY)
def test_colours_arrive_as_rgb(ending: str) -> None:
    lossless = (cv2.IMWRITE_WEBP_QUALITY, 101) if ending == ".webp" else ()
    pixels = decode_image(encoded(ending, colourful(), *lossless), f"x{ending}")
    assert pixels.shape == (24, 40, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable
    # OpenCV writes a GIF with 256 fixed colours, and mixes dots of them.
    tolerance = 90 if ending == ".gif" else 0 if ending in LOSSLESS else 20
    np.testing.assert_allclose(pixels[3, 3].astype(int), (20, 30, 200), atol=tolerance)
    np.testing.assert_allclose(pixels[20, 3].astype(int), (200, 30, 20), atol=tolerance)


@pytest.mark.parametrize("ending", [".png", ".tiff", ".pgm"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_grey_and_its_depth_are_kept(ending: str, kind: type[np.generic]) -> None:
    picture = (np.arange(60).reshape(6, 10) * 4).astype(kind)
    picture[0, 0] = np.iinfo(picture.dtype).max
    np.testing.assert_array_equal(decode_image(encoded(ending, picture), "x"), picture)


def test_sixteen_bits_of_colour_are_kept() -> None:
    picture = np.arange(36, dtype=np.uint16).reshape(3, 4, 3) * 1800
    pixels = decode_image(encoded(".png", picture), "x")
    assert pixels.dtype == np.uint16
    np.testing.assert_array_equal(pixels, picture[..., ::-1])


@pytest.mark.parametrize(("kind", "white"), [(np.uint8, 255), (np.uint16, 65535)])
def test_transparency_is_laid_over_white(kind: type[np.generic], white: int) -> None:
    picture = np.zeros((1, 3, 4), kind)
    picture[0, :, 2] = white  # Red ...
    picture[0, :, 3] = (0, white // 5, white)  # ... nothing, a fifth and all of it.
    pixels = decode_image(encoded(".png", picture), "x")
    rest = white - white // 5
    assert pixels.tolist() == [[[white] * 3, [white, rest, rest], [white, 0, 0]]]
    assert pixels.dtype == kind


@pytest.mark.parametrize("ending", [".tiff", ".pfm"])
def test_float_pictures_keep_their_values_and_lose_what_is_not_finite(ending: str) -> None:
    picture = np.array([[-2.5, 0.25, np.nan], [np.inf, -np.inf, 1e6]], np.float32)
    pixels = decode_image(encoded(ending, picture), "x")
    assert pixels.dtype == np.float32
    np.testing.assert_array_equal(pixels, [[-2.5, 0.25, 0.0], [0.0, 0.0, 1e6]])


def test_double_precision_becomes_single() -> None:
    picture = np.array([[0.5, 1e300]])
    pixels = decode_image(encoded(".tiff", picture), "x")
    np.testing.assert_array_equal(pixels, np.array([[0.5, 0.0]], np.float32), strict=True)


@pytest.mark.parametrize("depth", [10, 12])
def test_deep_avif_reaches_from_black_to_white(depth: int) -> None:
    white = (1 << depth) - 1
    numbers = np.linspace(0, white, 24 * 40).reshape(24, 40).astype(np.uint16)
    picture = np.stack([numbers, numbers[::-1], numbers], axis=-1)
    how = (cv2.IMWRITE_AVIF_DEPTH, depth, cv2.IMWRITE_AVIF_QUALITY, 100)
    pixels = decode_image(encoded(".avif", picture, *how), "x.avif")
    wanted = np.rint(picture[..., ::-1] * (65535 / white)).astype(np.uint16)
    np.testing.assert_array_equal(pixels, wanted, strict=True)


def test_high_dynamic_range() -> None:
    picture = np.full((5, 9, 3), (0.5, 2.0, 8.0), np.float32)
    pixels = decode_image(encoded(".hdr", picture), "x")
    np.testing.assert_allclose(pixels, picture[..., ::-1], rtol=0.02)


def test_one_bit_becomes_black_and_white() -> None:
    pixels = decode_image(png(4, 2, 1, 0, b"\x00\xa0\x00\x50"), "x")
    assert pixels.tolist() == [[255, 0, 255, 0], [0, 255, 0, 255]]


def test_palette_is_resolved_with_its_transparency() -> None:
    palette = (b"PLTE", bytes((255, 0, 0, 0, 0, 255)))
    opaque = decode_image(png(2, 1, 8, 3, b"\x00\x00\x01", palette), "x")
    assert opaque.tolist() == [[[255, 0, 0], [0, 0, 255]]]
    clear = decode_image(png(2, 1, 8, 3, b"\x00\x00\x01", palette, (b"tRNS", b"\x00")), "x")
    assert clear.tolist() == [[[255, 255, 255], [0, 0, 255]]]


def test_the_first_picture_of_a_gif_is_taken() -> None:
    frames = [np.full((8, 8, 3), value, np.uint8) for value in (250, 10)]
    done, data = cv2.imencodemulti(".gif", frames)
    assert done
    assert decode_image(data.tobytes(), "x.gif").mean() > 200


UPRIGHT: dict[int, Callable[[AnyArray], AnyArray]] = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.rot90(p, 2).swapaxes(0, 1),
    8: np.rot90,
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_pictures_are_set_upright(orientation: int, order: str) -> None:
    data = turned_jpeg(colourful(), orientation, order)
    plain = decode_image(turned_jpeg(colourful(), 1), "x")
    pixels = decode_image(data, "x.jpg")
    np.testing.assert_array_equal(pixels, UPRIGHT[orientation](plain))
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)  # Turns by itself.
    assert decoded is not None
    np.testing.assert_array_equal(pixels, decoded[..., ::-1])


def test_turned_png_with_transparency_is_set_upright() -> None:
    rows = b"\x00" + bytes((1, 2, 3, 255, 4, 5, 6, 255))
    pixels = decode_image(png(2, 1, 8, 6, rows, (b"eXIf", exif(6))), "x")
    assert pixels.tolist() == [[[1, 2, 3]], [[4, 5, 6]]]


@pytest.mark.parametrize("block", [b"", b"II", exif(6)[:12], exif(0), exif(9), b"XX" + exif(6)[2:]])
def test_senseless_turn_is_ignored(block: bytes) -> None:
    rows = b"\x00\x01\x02"
    assert decode_image(png(2, 1, 8, 0, rows, (b"eXIf", block)), "x").tolist() == [[1, 2]]


def test_exif_directory_that_points_outside_is_ignored() -> None:
    block = b"II" + struct.pack("<HI", 42, 2**31)
    rows = b"\x00\x01\x02"
    assert decode_image(png(2, 1, 8, 0, rows, (b"eXIf", block)), "x").tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "x.png is empty: choose another picture."),
        (b"hello", "is no picture of a known kind: save it as PNG, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "SVG drawing"),
        (b"\x89PNG\r\n\x1a\n", "damaged or cut off"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n", "damaged or cut off"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "damaged or cut off"),
    ],
)
def test_what_is_no_picture_is_rejected(data: bytes, reason: str) -> None:
    assert reason in rejection(data)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tiff", ".webp", ".avif"])
def test_cut_pictures_are_rejected(ending: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    data = encoded(ending, noise)
    for share in (0.02, 0.3, 0.7, 0.99):
        assert "x.png" in rejection(data[: int(len(data) * share)])


def test_cut_jpeg_is_not_saved_by_its_thumbnail() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    whole = encoded(".jpg", noise)
    thumbnail = b"Exif\x00\x00" + exif(1) + encoded(".jpg", noise[:8, :8])
    block = b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    assert decode_image(whole[:2] + block + whole[2:], "x").shape == (64, 64, 3)
    assert "cut off" in rejection(whole[:2] + block + whole[2:-400])


def test_jpeg_with_a_trailer_is_whole() -> None:
    assert decode_image(encoded(".jpg", colourful()) + b"trailer", "x").shape == (24, 40, 3)


@pytest.mark.parametrize("ending", LOSSLESS + LOSSY + [".hdr", ".pfm"])
def test_damaged_bytes_give_a_picture_or_a_message(ending: str) -> None:
    picture = colourful().astype(np.float32) if ending in (".hdr", ".pfm") else colourful()
    whole = encoded(ending, picture)
    generator = np.random.default_rng(5)
    for _ in range(40):
        data = bytearray(whole)
        for place in generator.integers(0, len(data), 3):
            data[place] = generator.integers(0, 256)
        try:
            pixels = decode_image(bytes(data), "x")
        except ImageLoadError:
            continue
        assert pixels.size <= 3 * bounds.MOST_PIXELS


def test_small_file_that_unpacks_to_gigabytes_is_rejected_by_its_header() -> None:
    side = 40_000
    packer = zlib.compressobj(9, wbits=-15)  # of one block, which is repeated
    block = packer.compress(bytes(1 + side) * 500) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = side * (1 + side) % 65521 << 16 | 1  # Adler's, of zeros
    rows = b"\x78\xda" + block * (side // 500) + packer.flush() + struct.pack(">I", checksum)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows)
    assert len(data) < 2_000_000
    reason = rejection(data + chunk(b"IEND", b""), "bomb.png")
    assert reason == "bomb.png has 40000×40000 pixels: reduce it to 64 million or fewer."


def test_size_limit_of_opencv_stands_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MOST_PIXELS", "LARGEST_PICTURE_MEMORY", "FREE_PICTURE_MEMORY"):
        monkeypatch.setattr(bounds, limit, 10**12)
    assert "damaged" in rejection(png(20_000, 20_000, 8, 0, b""))


def test_a_picture_may_be_packed_as_tight_as_a_drawing_is_and_no_tighter() -> None:
    """24 million pixels in 110 kB are a drawing in WebP; in 9 kB they are a bomb."""
    header = webp(6000, 4000)
    assert "damaged" in rejection(header + bytes(110_000)), "only the decoder finds that it is none"
    reason = rejection(header + bytes(9_000), "bomb.webp")
    assert reason.startswith("bomb.webp would unpack from 8 kB to 160 MB: reduce it")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b"PF\n99999 99999\n-1.0\n", "damaged or cut off"),
        (b"P6\n99999 99999\n255\n", "damaged or cut off"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n", "has 99999×99999 pixels"),
    ],
)
def test_headers_of_other_kinds_are_measured_too(header: bytes, reason: str) -> None:
    assert reason in rejection(header + bytes(100))


@pytest.mark.parametrize("name", ["Prüfbild 测试 🐈.png", "with space.PNG", "no_ending", "%d.png"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(encoded(".png", colourful()))
    np.testing.assert_array_equal(load_image(path), colourful()[..., ::-1])


def test_a_picture_comes_back_from_png_as_it_was() -> None:
    picture = colourful()
    np.testing.assert_array_equal(decode_image(encode_png(picture), "p"), picture, strict=True)


def load_rejection(path: Path) -> str:
    with pytest.raises(ImageLoadError) as caught:
        load_image(path)
    return str(caught.value)


def test_missing_files_folders_and_impossible_names(tmp_path: Path) -> None:
    missing = tmp_path / "gone.png"
    reason = load_rejection(missing)
    assert reason == "gone.png cannot be read, because it is not there: choose another file."
    assert "is a folder: choose" in load_rejection(tmp_path)
    assert "is not there" in load_rejection(tmp_path / "a\0b.png")
    assert "is not there" in load_rejection(tmp_path / ("long" * 500))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_devices_are_rejected_without_opening_them(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    assert "is a device or pipe: choose" in load_rejection(pipe)
    assert "is a device or pipe: choose" in load_rejection(Path("/dev/zero"))


def test_huge_files_are_rejected_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with open(path, "wb") as file:
        file.truncate(bounds.LARGEST_PICTURE_FILE + 1)  # Sparse: no disk is filled.
    assert "larger than 512 MB" in load_rejection(path)


def test_unreadable_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.png"
    path.write_bytes(b"x")

    def reject(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", reject)
    reason = load_rejection(path)
    assert "reading it is not allowed: check its permissions" in reason


@pytest.mark.parametrize("kind", ["i1", "i2", "i4", "u4", "i8", "u8", "f2", "f8"])
def test_unusual_numbers_keep_their_values(kind: str) -> None:
    numbers = np.arange(12, dtype=kind).reshape(3, 4) * 9
    if kind[0] in "if":
        numbers[0, 0] = -100
    file = io.BytesIO()
    tifffile.imwrite(file, numbers)
    pixels = decode_image(file.getvalue(), "x")
    np.testing.assert_array_equal(pixels, numbers.astype(np.float32), strict=True)
