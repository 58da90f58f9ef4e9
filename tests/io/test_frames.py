"""Files of several pictures, written by other programs, against what those read back."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageSequence

from convlab.engine.arrays import AnyArray
from convlab.io import frames as module
from convlab.io.frames import open_frames
from convlab.io.images import ImageLoadError, decode_image

PIXELS = np.random.default_rng(3).integers(0, 256, (5, 12, 18, 3), np.uint8)
SQUARES = np.zeros((4, 12, 18, 4), np.uint8)
for at in range(4):  # each covers another part; the rest is transparent
    SQUARES[at, 2 * at : 2 * at + 4, 3 * at : 3 * at + 5] = (60 * at, 255 - 60 * at, 90, 255)


def moving(pixels: AnyArray, kind: str, **how: Any) -> bytes:
    first, *others = map(Image.fromarray, pixels)
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=others, **how)
    return file.getvalue()


def stack(pixels: AnyArray, **how: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="minisblack", **how)
    return file.getvalue()


def over_white(image: Image.Image) -> AnyArray:
    whole = image.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    ground.alpha_composite(whole)
    return np.asarray(ground)[..., :3]


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("gif", {"disposal": 0}),
        ("gif", {"disposal": 2}),
        ("gif", {"disposal": 1, "transparency": 0}),
        ("png", {"blend": 1}),
        ("png", {"disposal": 1, "blend": 0}),
        ("png", {"default_image": True}),
        ("webp", {"lossless": True}),
        ("avif", {"quality": 100, "subsampling": "4:4:4"}),
    ],
)
@pytest.mark.parametrize("pixels", [PIXELS, SQUARES], ids=["full", "squares"])
def test_every_frame_is_what_its_writer_reads_back(
    pixels: AnyArray, kind: str, how: dict[str, Any]
) -> None:
    data = moving(pixels, kind, duration=[40, 50, 60, 70, 80][: len(pixels)], **how)
    with Image.open(io.BytesIO(data)) as image:
        wanted = [over_white(each) for each in ImageSequence.Iterator(image)]
    wanted = wanted[1:] if how.get("default_image") else wanted
    with open_frames(data, "x") as frames:
        assert frames.count == len(wanted)
        assert frames.noun == "frame"
        for number in [*range(frames.count), *reversed(range(frames.count)), 2, 0]:
            found = frames.frame(number)
            assert not found.flags.writeable
            np.testing.assert_allclose(found.astype(int), wanted[number].astype(int), atol=1)


@pytest.mark.parametrize("kind", ["gif", "png", "webp", "avif"])
def test_each_frame_has_its_own_time(kind: str) -> None:
    data = moving(PIXELS[:4], kind, duration=[40, 250, 1000, 90])
    assert open_frames(data, "x").durations == pytest.approx((0.04, 0.25, 1.0, 0.09))


def test_no_time_is_a_tenth_of_a_second_as_in_browsers() -> None:
    assert open_frames(moving(PIXELS, "gif", duration=0), "x").durations == (0.1,) * 5


def test_pages_of_a_stack_keep_their_depth() -> None:
    deep = np.arange(7 * 6 * 5, dtype=np.uint16).reshape(7, 6, 5) * 300
    frames = open_frames(stack(deep, compression="zlib"), "x.tif")
    assert (frames.count, frames.noun) == (7, "page")
    assert min(frames.durations) > 0
    for number in (0, 6, 3):
        np.testing.assert_array_equal(frames.frame(number), deep[number], strict=True)


def test_channels_that_are_no_colours_are_stepped_through() -> None:
    both = np.stack([np.zeros((8, 8), np.uint8), np.full((8, 8), 9, np.uint8)], -1)
    frames = open_frames(stack(both, planarconfig="contig"), "fluorescence.tif")
    assert (frames.count, frames.noun) == (2, "channel")
    np.testing.assert_array_equal(frames.frame(1), both[..., 1])
    np.testing.assert_array_equal(frames.frame(0), both[..., 0])


def test_pages_with_channels_follow_one_another() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (3, 2, 8, 9), np.uint16)
    frames = open_frames(stack(pixels, planarconfig="separate", metadata=None), "x.tif")
    assert frames.count == 6
    for number in range(6):
        np.testing.assert_array_equal(frames.frame(number), pixels[number // 2, number % 2])


def test_pages_may_differ_and_thumbnails_are_none() -> None:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(np.zeros((4, 5), np.uint8))
        writer.write(np.zeros((2, 2), np.uint8), subfiletype=1)
        writer.write(np.ones((7, 3), np.float32))
    frames = open_frames(file.getvalue(), "x.tif")
    assert [frames.frame(at).shape for at in range(frames.count)] == [(4, 5), (7, 3)]


@pytest.mark.parametrize("kind", ["png", "jpeg", "bmp", "gif", "tiff", "webp", "avif"])
def test_one_picture_is_one_frame(kind: str) -> None:
    file = io.BytesIO()
    Image.fromarray(PIXELS[0]).save(file, kind)
    frames = open_frames(file.getvalue(), "x")
    assert (frames.count, frames.noun) == (1, "picture")
    np.testing.assert_array_equal(frames.frame(0), decode_image(file.getvalue(), "x"))


def test_the_first_frame_is_the_picture() -> None:
    for kind in ("gif", "png", "webp", "tiff"):
        data = moving(PIXELS, kind)
        np.testing.assert_array_equal(decode_image(data, "x"), open_frames(data, "x").frame(0))


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 3 * PIXELS[0].nbytes)
    frames = open_frames(moving(PIXELS, "webp", lossless=True), "x")
    shown = [frames.frame(number) for number in range(5)]
    assert frames.frame(3) is shown[3]
    assert frames.frame(0) is not shown[0]
    np.testing.assert_array_equal(frames.frame(0), PIXELS[0])
    frames.close()
    frames.close()


def test_a_damaged_page_is_told_and_the_others_stay() -> None:
    pages = np.random.default_rng(0).integers(0, 255, (3, 40, 40), np.uint8)
    data = bytearray(stack(pages, compression="zlib", metadata=None))
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        place = file.pages[1].dataoffsets[0]
    data[place : place + 40] = bytes(40)
    frames = open_frames(bytes(data), "stack.tif")
    with pytest.raises(ImageLoadError, match=r"^stack\.tif is damaged or cut off"):
        frames.frame(1)
    np.testing.assert_array_equal(frames.frame(2), pages[2])


def test_a_cut_film_keeps_what_is_whole() -> None:
    data = moving(PIXELS, "gif")
    frames = open_frames(data[: len(data) * 3 // 5], "x.gif")
    assert 1 < frames.count < 5
    frames.frame(frames.count - 1)


def test_there_is_no_frame_beyond_the_last() -> None:
    frames = open_frames(moving(PIXELS, "gif"), "x.gif")
    for number in (-1, 5):
        with pytest.raises(IndexError):
            frames.frame(number)
