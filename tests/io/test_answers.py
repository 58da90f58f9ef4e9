"""Answers by a file's digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlab.io import answers
from convlab.io.answers import Answers, digest_of


def test_an_answer_outlives_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    Answers(folder).keep("a", True)
    Answers(folder).keep("b", False)
    stored = Answers(folder)
    assert (stored.get("a"), stored.get("b"), stored.get("c")) == (True, False, None)


def test_the_newest_answer_holds(tmp_path: Path) -> None:
    kept = Answers(tmp_path)
    kept.keep("a", False)
    kept.keep("a", True)
    assert Answers(tmp_path).get("a") is True


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_ANSWERS", 3)
    kept = Answers(tmp_path)
    for name in "abcad":
        kept.keep(name, True)
    stored = Answers(tmp_path)
    assert [name for name in "abcd" if stored.get(name)] == ["a", "c", "d"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 3}', b"\xff" * 9, b" " * 300_000])
def test_a_damaged_file_is_no_answer_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "projects.json").write_bytes(content)
    kept = Answers(tmp_path)
    assert kept.get("a") is None
    kept.keep("a", True)
    assert Answers(tmp_path).get("a") is True


def test_without_a_folder_they_hold_as_long_as_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = Answers(tmp_path / "file")
    kept.keep("a", False)
    assert kept.get("a") is False


def test_a_digest_is_of_the_bytes() -> None:
    assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
