from __future__ import annotations

from pathlib import Path

import pytest

from convlab.io import bounds
from convlab.io.picture_folder import FolderError, pictures_in
from tests.pictures import save_png

np = pytest.importorskip("numpy")


def save(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    save_png(path, np.full((3, 4, 3), 7, np.uint8))


def test_folders_inside_are_the_labels(tmp_path: Path) -> None:
    for name in ("b.png", "a.PNG", "cat/1.png", "cat/2.png", "dog/1.png"):
        save(tmp_path / name)
    (tmp_path / "cat" / "notes.txt").write_text("no picture", encoding="utf-8")
    (tmp_path / "dog" / "deep").mkdir()
    save(tmp_path / "dog" / "deep" / "hidden.png")
    found = pictures_in(tmp_path)
    assert [(each.path.name, each.label) for each in found] == [
        ("a.PNG", ""),
        ("b.png", ""),
        ("1.png", "cat"),
        ("2.png", "cat"),
        ("1.png", "dog"),
    ]
    assert found[0].read().shape == (3, 4, 3)


def test_what_has_no_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"There are no pictures in .*: choose another folder"):
        pictures_in(tmp_path)
    with pytest.raises(FolderError, match="cannot be read: choose a folder"):
        pictures_in(tmp_path / "nowhere")


def test_too_many_are_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_PICTURES", 1)
    save(tmp_path / "a.png")
    save(tmp_path / "b.png")
    with pytest.raises(FolderError, match="more than 1 pictures: choose a folder with fewer"):
        pictures_in(tmp_path)
