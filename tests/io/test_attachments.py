"""The files inside a project: they travel, once each, and are what their names say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convlab.document.asset import Asset
from convlab.document.document import Document, Lab, Viewing
from convlab.document.learning.model import LearningPage, LearningViewing
from convlab.document.signal.edits import set_file
from convlab.document.signal.model import (
    MOST_COUNT,
    Held,
    SignalKind,
    SignalSpec,
    SignalState,
    SignalTab,
    SignalViewing,
)
from convlab.document.source import SourceKind, SourceSpec
from convlab.document.stack.model import StackViewing
from convlab.document.view import View
from convlab.io import attachments, bounds
from convlab.io.archive import pack
from convlab.io.images import decode_image, encode_png
from convlab.io.project import (
    Project,
    ProjectError,
    load_project,
    read_project,
    save_project,
    write_project,
)
from convlab.io.signal_files import read_signal
from convlab.io.sounds import Sound, pack_sound
from tests.io.documents import NAMES, edited, entries

PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
PNG = encode_png(PIXELS)
WAV = pack_sound(Sound(np.linspace(-0.5, 0.5, 100, dtype=np.float32)[np.newaxis], 8000))
CAT = SourceSpec(SourceKind.PICTURE, "/home/me/cat.png", Asset.of(PNG))


@pytest.fixture
def full(tmp_path: Path) -> Document:
    """A document as the window makes it: a picture, a sound and a table, all of them read."""
    sound, table = tmp_path / "Klang 测试.WAV", tmp_path / "messung.csv"
    sound.write_bytes(WAV)
    table.write_text("level\n1\n-2.5\n")
    state = set_file(SignalState(), "f", str(sound), read_signal(sound))
    state = set_file(state, "g", str(table), read_signal(table))
    return Document(source=CAT, signal=state)


def blobs(path: Path) -> list[str]:
    return [name for name in entries(path) if name not in NAMES]


def rejection(path: Path) -> str:
    with pytest.raises(ProjectError) as caught:
        load_project(path)
    return str(caught.value)


def test_what_a_project_shows_is_inside_it(full: Document, path: Path, tmp_path: Path) -> None:
    write_project(Project(full), path)
    for original in (tmp_path / "Klang 测试.WAV", tmp_path / "messung.csv"):
        original.unlink()
    elsewhere = tmp_path / "elsewhere" / "moved.convlab"
    elsewhere.parent.mkdir()
    path.rename(elsewhere)

    loaded = load_project(elsewhere)
    assert loaded.source == SourceSpec(SourceKind.PICTURE, "cat.png", CAT.asset)
    assert loaded.source.asset is not None
    assert loaded.source.asset.data == PNG, "the bytes are the file's own"
    assert np.array_equal(decode_image(loaded.source.asset.data, "cat.png"), PIXELS)
    f, g = loaded.signal.f, loaded.signal.g
    assert (f.kind, f.path, g.kind, g.path) == (
        SignalKind.SOUND,
        "Klang 测试.WAV",
        SignalKind.DRAWING,
        "messung.csv",
    )
    assert f.held == full.signal.f.held
    assert f.held is not None
    assert full.signal.f.held is not None
    assert np.array_equal(f.held.values, full.signal.f.held.values)
    assert (f.held.rate, f.held.length) == (8000, 100)
    assert g.held is not None
    assert g.held.values.tolist() == [1, -2.5]


def test_folders_of_a_person_do_not_travel(full: Document, path: Path, tmp_path: Path) -> None:
    write_project(Project(full), path)
    assert str(tmp_path).encode() not in entries(path)[NAMES[0]]
    assert b"/home/me" not in entries(path)[NAMES[0]]


def test_the_same_content_is_stored_once(full: Document, path: Path) -> None:
    state = replace(full.signal, g=replace(full.signal.f, is_normalised=True))
    write_project(Project(replace(full, signal=state)), path)
    assert len(blobs(path)) == 2
    loaded = load_project(path).signal
    assert loaded.f.held is loaded.g.held, "and kept once"
    assert sorted(blobs(path)) == blobs(path)


def test_a_pasted_picture_travels(path: Path) -> None:
    pasted = Document(source=SourceSpec(SourceKind.CLIPBOARD, "3", Asset.of(PNG)))
    save_project(pasted, path)
    assert load_project(path).source == pasted.source


def test_what_is_loaded_is_saved_as_the_same_bytes(full: Document, path: Path) -> None:
    write_project(Project(full), path)
    again = path.with_name("again.convlab")
    write_project(read_project(path), again)
    assert again.read_bytes() == path.read_bytes()


def test_saving_reads_and_hashes_nothing_again(
    full: Document, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("once is enough")

    monkeypatch.setattr(Asset, "of", never)
    monkeypatch.setattr(attachments, "unpack_signal", never)
    write_project(Project(full), path)


# Documents of scripts, which name their files by path.


def test_a_script_names_files_by_path_and_they_travel(full: Document, path: Path) -> None:
    named = replace(
        full.signal, f=replace(full.signal.f, held=None), g=replace(full.signal.g, held=None)
    )
    cat = path.with_name("cat.png")
    cat.write_bytes(PNG)
    save_project(Document(source=SourceSpec.parse(str(cat)), signal=named), path)
    cat.unlink()
    loaded = load_project(path)
    assert loaded.source == SourceSpec(SourceKind.PICTURE, "cat.png", Asset.of(PNG))
    assert loaded.signal.f.held == full.signal.f.held
    assert loaded.signal.g.held == full.signal.g.held


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_what_cannot_be_read_stays_a_reference(path: Path, content: bytes | None) -> None:
    cat = path.with_name("cat.png")
    if content is not None:
        cat.write_bytes(content)
    named = SignalSpec(SignalKind.SOUND, path=str(path.with_name("gone.wav")))
    document = Document(source=SourceSpec.parse(str(cat)), signal=SignalState(f=named))
    save_project(document, path)
    assert load_project(path).source == document.source
    assert load_project(path).signal == document.signal
    assert blobs(path) == []


def test_the_window_saves_what_it_has_shown_and_reads_nothing_else(path: Path) -> None:
    """A project from a stranger may name any file: saving it again must not take that along."""
    cat = path.with_name("cat.png")
    cat.write_bytes(PNG)
    write_project(Project(Document(source=SourceSpec.parse(str(cat)))), path)
    assert blobs(path) == []


# What is rejected.


def with_blob(path: Path, document: Document, change: dict[str, bytes]) -> Path:
    write_project(Project(document), path)
    path.write_bytes(pack(entries(path) | change))
    return path


def test_a_damaged_file_inside_is_reported(full: Document, path: Path) -> None:
    write_project(Project(full), path)
    name = blobs(path)[0]
    other = with_blob(path, full, {name: entries(path)[name][:-1] + b"?"})
    assert f"'{name}' in it is damaged" in rejection(other)


def test_a_missing_file_inside_is_reported(path: Path) -> None:
    write_project(Project(Document(source=CAT)), path)
    parts = entries(path)
    (name,) = blobs(path)
    del parts[name]
    path.write_bytes(pack(parts))
    assert f"'{name}' is missing" in rejection(path)


def test_a_file_inside_that_nothing_shows_is_rejected(path: Path) -> None:
    assert CAT.asset is not None
    stray = f"blobs/{CAT.asset.digest}.png"
    assert "belongs to nothing" in rejection(with_blob(path, Document(), {stray: PNG}))


@pytest.mark.parametrize("name", ["blobs/cat.png", "blobs/../x", "/etc/passwd", "sample:x"])
def test_a_file_inside_has_the_name_of_its_content(path: Path, name: str) -> None:
    def rename(plain: dict[str, dict[str, str]]) -> None:
        plain["source"]["file"] = name

    edited(path, rename, Document(source=CAT))
    assert "source.file" in rejection(path)


def test_a_film_is_never_inside(path: Path) -> None:
    edited(path, lambda plain: plain["source"].update(kind="video"), Document(source=CAT))
    assert "a video cannot be inside it" in rejection(path)


def test_too_many_and_too_large_files_are_rejected(
    full: Document, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(Project(full), path)
    before = path.read_bytes()
    monkeypatch.setattr(bounds, "LARGEST_ATTACHMENTS", 100)
    assert "pictures and sounds take" in rejection(path)
    with pytest.raises(ProjectError, match="pictures and sounds take"):
        write_project(Project(full), path)
    assert path.read_bytes() == before
    monkeypatch.undo()
    monkeypatch.setattr(bounds, "MOST_ATTACHMENTS", 2)
    assert "3 pictures and sounds where 2 are the most" in rejection(path)
    monkeypatch.undo()
    monkeypatch.setattr(bounds, "LARGEST_ATTACHMENT", 100)
    assert "is larger than" in rejection(path)


def test_a_sound_inside_that_cannot_be_read_any_more_is_silent_and_kept(path: Path) -> None:
    """All else opens, and the next save does not lose it."""
    asset = Asset.of(b"RIFF no sound")
    spec = SignalSpec(SignalKind.SOUND, path="a.wav", held=Held(np.ones(3), asset, 3, 8000))
    save_project(Document(source=CAT, signal=SignalState(f=spec)), path)
    loaded = load_project(path)
    held = loaded.signal.f.held
    assert held is not None
    assert (held.asset, held.values.tolist()) == (asset, [])
    assert held.error.startswith("a.wav gives no sound")
    save_project(loaded, path)
    assert len(blobs(path)) == 2


# What is looked at.


def test_a_script_looks_at_nothing(path: Path) -> None:
    save_project(Document(source=CAT), path)
    plain = json.loads(entries(path)[NAMES[0]])
    assert plain["version"] == 4
    assert "view" not in plain


def test_a_project_remembers_what_was_on_the_screen(path: Path) -> None:
    document = Document()
    uid = document.stack.slots[2].uid
    viewing = Viewing(
        lab=Lab.LEARNING,
        stack=StackViewing(chosen=uid),
        signal=SignalViewing(c=7, tab=SignalTab.LAWS),
        learning=LearningViewing(page=LearningPage.NEURON),
    )
    view = View.of(viewing)
    assert view == View(
        Lab.LEARNING,
        {
            "page": LearningPage.NEURON,
            "tab": SignalTab.LAWS,
            "c": 7,
            "layer": uid,
            "folded": (),
            "opened": (),
        },
    )
    write_project(Project(document, view), path)
    assert read_project(path).view == view
    assert view.shown_in(Viewing(), document) == viewing
    save_project(document, path)
    assert read_project(path).view is None


def test_what_was_on_the_screen_is_in_the_document(path: Path) -> None:
    elsewhere = Viewing(signal=SignalViewing(c=2 * MOST_COUNT - 2), stack=StackViewing(chosen=99))
    write_project(Project(Document(), View.of(elsewhere)), path)
    view = read_project(path).view
    assert view is not None
    document = Document()
    viewing = view.shown_in(Viewing(), document)
    last = 2 * document.signal.count - 2
    assert (viewing.signal.c, viewing.stack.chosen) == (last, None)
