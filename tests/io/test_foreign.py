"""What is not read is called by its name, with what would help."""

from __future__ import annotations

import pytest

from convlab.io.headers.foreign import foreign_kind
from convlab.io.images import ImageLoadError, decode_image

FILES = {
    "is a HEIC picture": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
    "is a HEIC picture, whose": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix" + bytes(40),
    "is a camera's raw picture: develop it": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(40),
    "is a Photoshop document: save it as PNG": b"8BPS\0\1" + bytes(40),
    "is an SVG drawing: export it as PNG": b"<?xml version='1.0'?>\n<!-- a -->\n<svg width='9'>",
    "is a DICOM file: export its picture": bytes(128) + b"DICM" + bytes(40),
    "is a PDF document: export the page": b"%PDF-1.7\n",
    "is a ZIP archive: unpack it": b"PK\3\4" + bytes(40),
    "is no picture of a known kind: save it as PNG": b"Dear diary",
}


@pytest.mark.parametrize("said", FILES)
def test_one_message_with_its_remedy(said: str) -> None:
    with pytest.raises(ImageLoadError) as caught:
        decode_image(FILES[said], "x.jpg")
    assert str(caught.value).startswith(f"x.jpg {said}")
    assert str(caught.value).endswith(".")


def test_a_film_is_for_those_who_play_it() -> None:
    assert foreign_kind(b"\0\0\0\x18ftypisom\0\0\2\0isomavc1" + bytes(40)) is None
