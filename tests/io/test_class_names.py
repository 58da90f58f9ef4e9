from __future__ import annotations

from pathlib import Path

import pytest

from convlab.io import class_names
from convlab.io.class_names import ClassNamesError, imagenet_names, read_class_names


def test_names_are_read_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("cat\ndög\n", encoding="utf-8")
    assert read_class_names(path) == ("cat", "dög")


def test_the_names_of_imagenet_come_along() -> None:
    names = imagenet_names()
    assert len(names) == 1000
    assert (names[0], names[281], names[999]) == ("tench", "tabby cat", "toilet paper")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty: choose another file"),
        (b"\n \n", "holds no names: write a name a line"),
        (b"cat\0dog", "is no text: write a name a line"),
        (b"a\n" * 9, "more than 8 names: choose a shorter list"),
    ],
)
def test_what_holds_no_names_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, why: str
) -> None:
    monkeypatch.setattr(class_names, "MOST_CLASSES", 8)
    path = tmp_path / "names.txt"
    path.write_bytes(data)
    with pytest.raises(ClassNamesError, match=rf"names\.txt cannot be read .* because it .*{why}"):
        read_class_names(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_names_of_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("Bär\r\nFuß\r\nApfel\r\n".encode(encoding))
    assert read_class_names(path) == ("Bär", "Fuß", "Apfel")
