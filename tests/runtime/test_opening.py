from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from convlab.document.asset import Asset
from convlab.document.frame import Frame
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.engine.cv import cv2
from convlab.io.sounds import Sound, pack_sound
from convlab.runtime.capture_request import as_shown
from convlab.runtime.opening import Opener, describe
from convlab.sources.base import Source, SourceError
from convlab.sources.pages import PageSource
from convlab.sources.pattern import PATTERNS
from convlab.sources.still import Still
from convlab.sources.video import VideoFile
from tests.films import KINDS, write_film

OPTIONS = PatternOptions()


def image(
    *colors: tuple[int, int, int, int], kind: QImage.Format = QImage.Format.Format_ARGB32
) -> QImage:
    """One row of pixels, red, green, blue and alpha each."""
    picture = QImage(len(colors), 1, kind)
    for column, color in enumerate(colors):
        picture.setPixelColor(column, 0, QColor(*color))
    return picture


def pasted(picture: QImage) -> list[list[int]]:
    opener = Opener()
    frame = opener(opener.keep_pasted(picture), OPTIONS).read()
    assert frame is not None
    assert frame.pixels.shape[0] == picture.height()
    row: list[list[int]] = frame.pixels[0].tolist()
    return row


def rejected(spec: SourceSpec) -> str:
    with pytest.raises(SourceError) as caught:
        Opener()(spec, OPTIONS)
    return str(caught.value)


def test_a_pasted_picture_has_its_own_colours() -> None:
    colors = [(255, 0, 0, 255), (0, 200, 0, 255), (1, 2, 3, 255)]
    assert pasted(image(*colors)) == [[255, 0, 0], [0, 200, 0], [1, 2, 3]]


def test_transparent_parts_are_laid_over_white() -> None:
    row = pasted(image((255, 0, 0, 0), (0, 0, 0, 51), (101, 0, 0, 100), (100, 0, 200, 255)))
    assert row == [[255, 255, 255], [204, 204, 204], [195, 155, 155], [100, 0, 200]]


@pytest.mark.parametrize(
    "kind",
    [
        QImage.Format.Format_RGB888,  # rows of 3 bytes a pixel are padded to 4
        QImage.Format.Format_RGB32,
        QImage.Format.Format_RGBA8888,
    ],
)
@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_any_kind_and_width_of_image_is_taken(kind: QImage.Format, width: int) -> None:
    colors = [(10 * number, 20, 30, 255) for number in range(width)]
    assert pasted(image(*colors, kind=kind)) == [list(color[:3]) for color in colors]


def test_a_grey_image_with_padded_rows_is_not_sheared() -> None:
    picture = QImage(5, 3, QImage.Format.Format_Grayscale8)
    for row in range(3):
        for column in range(5):
            picture.setPixelColor(column, row, QColor(row * 50, row * 50, row * 50))
    opener = Opener()
    frame = opener(opener.keep_pasted(picture), OPTIONS).read()
    assert frame is not None
    assert frame.pixels[:, :, 0].tolist() == [[0] * 5, [50] * 5, [100] * 5]


def test_what_is_pasted_is_kept_apart_from_the_clipboard() -> None:
    picture = image((255, 0, 0, 255))
    opener = Opener()
    spec = opener.keep_pasted(picture)
    picture.fill(QColor(0, 0, 255))
    frame = opener(spec, OPTIONS).read()
    assert frame is not None
    assert frame.pixels.tolist() == [[[255, 0, 0]]]


def test_a_pasted_picture_is_opened_again_from_its_own_bytes() -> None:
    opener = Opener()
    kept = []
    for level in (10, 20):
        spec = opener.keep_pasted(image((level, 0, 0, 255)))
        source = opener(spec, OPTIONS)
        assert isinstance(source, Still)
        kept.append(replace(spec, asset=source.asset))
    for spec, level in (*zip(kept, (10, 20), strict=True), (kept[0], 10)):
        frame = Opener()(spec, OPTIONS).read()
        assert frame is not None
        assert frame.pixels[0, 0, 0] == level


def test_a_pasted_picture_is_given_up_once_it_is_open_or_there_are_newer_ones() -> None:
    opener = Opener()
    specs = [opener.keep_pasted(image((level, 0, 0, 255))) for level in (1, 2, 3)]
    assert list(opener._pasted) == ["2", "3"]
    opener(specs[2], OPTIONS)
    opener(specs[1], OPTIONS)
    assert not opener._pasted


def test_a_pasted_picture_that_is_gone_is_rejected_with_the_remedy() -> None:
    assert rejected(SourceSpec(SourceKind.CLIPBOARD, "1")).endswith("paste it again.")


def test_a_picture_file_becomes_a_still(tmp_path: Path) -> None:
    path = tmp_path / "grün.png"
    _, data = cv2.imencode(".png", np.array([[[3, 2, 1]]], np.uint8))
    path.write_bytes(data.tobytes())

    source = Opener()(SourceSpec(SourceKind.PICTURE, str(path)), OPTIONS)

    frame = source.read()
    assert frame is not None
    assert frame.pixels.tolist() == [[[1, 2, 3]]]
    assert (source.title, source.moves) == ("grün.png", False)
    assert isinstance(source, Still)
    assert source.asset == Asset.of(path.read_bytes())

    path.unlink()
    kept = SourceSpec(SourceKind.PICTURE, "grün.png", source.asset)
    frame = Opener()(kept, OPTIONS).read()
    assert frame is not None
    assert frame.pixels.tolist() == [[[1, 2, 3]]]


@pytest.mark.parametrize("kind", [SourceKind.PICTURE, SourceKind.VIDEO])
def test_a_missing_file_is_rejected_in_a_message_with_its_name(
    kind: SourceKind, tmp_path: Path
) -> None:
    message = rejected(SourceSpec(kind, str(tmp_path / "gone.png")))
    assert "gone.png" in message
    assert message.endswith(".")


@pytest.mark.parametrize("ending", ["wmv", "3gp", "ts", "flv", "ogv", "mjpeg", "dat", "png", ""])
def test_a_film_plays_whatever_it_is_called(ending: str, tmp_path: Path) -> None:
    kind = ending if ending in KINDS else "mkv"
    path = tmp_path / f"film.{ending}".rstrip(".")
    write_film(tmp_path / f"as.{kind}", frames=12).rename(path)
    with closing(Opener()(SourceSpec.of_file(str(path)), OPTIONS)) as source:
        assert isinstance(source, VideoFile)
        frame = first_frame(source)
        assert frame.moment is not None
        assert (frame.pixels.shape, frame.moment.count) == ((48, 64, 3), 12)
        assert as_shown(spec_of(path), source) == SourceSpec(SourceKind.VIDEO, str(path))


def test_a_picture_opens_even_if_it_is_called_a_film(tmp_path: Path) -> None:
    path = tmp_path / "cat.mp4"
    path.write_bytes(cv2.imencode(".png", np.zeros((3, 4), np.uint8))[1].tobytes())
    source = Opener()(spec_of(path), OPTIONS)
    assert isinstance(source, Still)
    # What a project names as a film has nothing inside it.
    assert as_shown(spec_of(path), source) == SourceSpec(
        SourceKind.PICTURE, str(path), Asset.of(path.read_bytes())
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear diary,\nno film today.\n" * 50, "is no picture of a known kind: save it as PNG"),
        (b"#EXTM3U\nhttp://example.com/film.ts\n", "is no picture of a known kind"),
        (
            pack_sound(Sound(np.zeros((1, 9), np.float32), 8000)),
            "is a WAV file: let its name end in",
        ),
        (b"fLaC" + bytes(60), "is a FLAC file: let its name end in .flac."),
        (bytes(range(256)) * 40, "is neither a picture nor a film of a known kind: save it as"),
    ],
)
def test_what_is_neither_says_so(content: bytes, said: str, tmp_path: Path) -> None:
    """The player would show a text as it types itself, and follow a list to other places."""
    path = tmp_path / "thing.dat"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught, closing(Opener()(spec_of(path), OPTIONS)) as source:
        first_frame(source)
    assert str(caught.value).startswith(f"thing.dat {said}")


@pytest.mark.parametrize("ending", ["gif", "tif"])
def test_a_file_of_several_pictures_has_a_time_line_and_is_kept(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"several.{ending}"
    first, *others = (Image.new("L", (4, 3), 40 * number) for number in range(3))
    first.save(path, save_all=True, append_images=others, duration=[80, 90, 70])
    source = Opener()(spec_of(path), OPTIONS)
    assert isinstance(source, PageSource)
    assert source.stands is (ending == "tif")
    kept = replace(spec_of(path), asset=source.asset)
    path.unlink()
    again = Opener()(kept, OPTIONS)
    assert isinstance(again, PageSource)
    again.go_to(2)
    frame = first_frame(again)
    assert frame.moment is not None
    assert (frame.pixels[0, 0].max(), frame.moment.number) == (80, 2)
    assert frame.moment.duration == (None if ending == "tif" else pytest.approx(0.24))


def spec_of(path: Path) -> SourceSpec:
    return SourceSpec.of_file(str(path))


def first_frame(source: Source) -> Frame:
    """Wait for the first frame: the process that plays a film has to start."""
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        frame = source.read()
        if frame is not None:
            return frame
    pytest.fail("no frame came")


def test_an_unknown_pattern_is_rejected_with_the_names_there_are() -> None:
    message = rejected(SourceSpec(SourceKind.PATTERN, "nonsense"))
    assert "nonsense" in message
    assert all(name in message for name in PATTERNS)


@pytest.mark.parametrize("name", list(PATTERNS))
def test_every_pattern_can_be_opened(name: str) -> None:
    source: Source = Opener(throttled=False)(SourceSpec(SourceKind.PATTERN, name), OPTIONS)
    assert source.title == PATTERNS[name].title


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("camera:0", "Camera 0"),
        ("camera:/videos/street.mp4", "street.mp4 (as a camera)"),
        ("pattern:step", "Step, 6×6"),
        ("pattern:unknown", "unknown"),
        ("clipboard:3", "Pasted picture 3"),
        ("/pictures/cat.png", "cat.png"),
        ("/videos/street.mp4", "street.mp4"),
    ],
)
def test_a_source_has_a_name_for_people(text: str, name: str) -> None:
    assert describe(SourceSpec.parse(text)) == name


def test_the_drawing_is_blank_until_the_worker_tells_what_is_on_it() -> None:
    source = Opener()(SourceSpec.parse("drawing:blank"), OPTIONS)
    frame = source.read()
    assert frame is not None
    assert frame.pixels.shape == (32, 32)
    assert not frame.pixels.any()
    assert describe(SourceSpec.parse("drawing:blank")) == "Drawing"


def test_there_is_only_one_drawing() -> None:
    said = rejected(SourceSpec(SourceKind.DRAWING, "cat"))
    assert said == "There is no drawing “cat”: choose drawing:blank."
