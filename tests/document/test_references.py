"""What a document names outside of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convlab.document.document import Document
from convlab.document.learning.network import NetworkTask, set_own_data
from convlab.document.parts import with_part
from convlab.document.references import References, references, restored, without
from convlab.document.signal import edits
from convlab.document.signal.scenes import MELODY
from convlab.document.source import SourceSpec

DATA = set_own_data(NetworkTask(), "/x/data.npz")
STEP = SourceSpec.parse("pattern:step")


def of_source(text: str) -> Document:
    return Document(source=SourceSpec.parse(text))


def of_everything() -> Document:
    document = with_part(of_source("camera:0"), "learning.network", DATA)
    signal = edits.set_file(document.signal, "f", "/x/f.wav", None)
    return replace(document, signal=edits.set_file(signal, "g", "/x/g.csv", None))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("camera:0", "Camera 0"),
        ("camera:/x/film.avi", "the film /x/film.avi"),
        ("/x/film.avi", "the film /x/film.avi"),
        ("/x/cat.png", "the picture /x/cat.png"),
        (r"\\host\share\cat.png", r"the picture \\host\share\cat.png"),
    ],
)
def test_a_source_outside_is_named(text: str, name: str) -> None:
    named = references(of_source(text), own=())
    assert named == References(SourceSpec.parse(text))
    assert str(named) == name


@pytest.mark.parametrize(
    "text", ["pattern:torch", "drawing:blank", "clipboard:1", "/program/coffee.png"]
)
def test_what_is_inside_is_not_asked_for(text: str) -> None:
    assert not references(of_source(text), own={"/program/coffee.png"})


def test_a_sound_of_the_program_is_not_asked_for() -> None:
    document = Document()
    signal = edits.set_file(document.signal, "f", MELODY, None)
    assert not references(replace(document, signal=signal), own=())


def test_all_is_named_taken_out_and_put_back() -> None:
    document = of_everything()
    named = references(document, own=())
    assert str(named) == (
        "Camera 0, the sound or table /x/f.wav, the sound or table /x/g.csv "
        "and the data set /x/data.npz"
    )
    bare = without(document, named, STEP)
    assert not references(bare, own=())
    assert bare.source == STEP
    assert restored(bare, named) == replace(document, source=STEP)
