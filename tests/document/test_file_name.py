from __future__ import annotations

import os
from pathlib import Path

import pytest

from convlab.document.file_name import LONGEST, shown_name

RIGHT_TO_LEFT = "\u202e"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.png", "photo.png"),
        ("José & 山田.png", "José & 山田.png"),
        ("<h1>x<img src=y>.png", "<h1>x<img src=y>.png"),
        ("two\nlines\t.png", "two lines .png"),
        (f"{RIGHT_TO_LEFT}gnp.exe", "\ufffdgnp.exe"),
        ("bell\a.png", "bell\ufffd.png"),
        (os.fsdecode(b"caf\xe9.png"), "caf\ufffd.png"),
        ("می\u200cخواهم.png", "می\u200cخواهم.png"),
        ("", "."),
        ("/", "/"),
    ],
)
def test_a_name_is_one_line_of_plain_text(name: str, shown: str) -> None:
    path = Path("/folder", name) if name not in ("", "/") else Path(name)
    assert shown_name(path) == shown
    shown_name(path).encode()


def test_a_long_name_keeps_both_ends() -> None:
    shown = shown_name(Path("/folder") / ("a" * 200 + ".photo.png"))
    assert len(shown) == LONGEST
    assert shown.startswith("aaa")
    assert "…" in shown
    assert shown.endswith(".photo.png")
