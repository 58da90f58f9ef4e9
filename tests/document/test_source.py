from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.source import VIDEO_SUFFIXES, SourceKind, SourceSpec


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("camera:0", SourceKind.CAMERA, "0"),
        ("camera:/videos/street.mp4", SourceKind.CAMERA, "/videos/street.mp4"),
        ("pattern:step", SourceKind.PATTERN, "step"),
        ("clipboard:1", SourceKind.CLIPBOARD, "1"),
        ("picture:cat.mp4", SourceKind.PICTURE, "cat.mp4"),
        ("video:cat", SourceKind.VIDEO, "cat"),
        ("cat.png", SourceKind.PICTURE, "cat.png"),
        ("no ending", SourceKind.PICTURE, "no ending"),
        ("Fähre.AVI", SourceKind.VIDEO, "Fähre.AVI"),
        (r"C:\pictures\cat.png", SourceKind.PICTURE, r"C:\pictures\cat.png"),
        ("camera:", SourceKind.PICTURE, "camera:"),
    ],
)
def test_a_text_names_a_source(text: str, kind: SourceKind, name: str) -> None:
    assert SourceSpec.parse(text) == SourceSpec(kind, name)


@given(st.sampled_from(SourceKind), st.text(min_size=1))
def test_what_is_written_is_read_back(kind: SourceKind, name: str) -> None:
    spec = SourceSpec(kind, name)
    assert SourceSpec.parse(str(spec)) == spec


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_an_empty_text_is_rejected_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"empty: name a camera:N, a pattern:NAME or a file\.$"):
        SourceSpec.parse(text)


@pytest.mark.parametrize("suffix", VIDEO_SUFFIXES)
def test_a_file_is_a_video_by_its_ending(suffix: str) -> None:
    assert SourceSpec.of_file(f"a{suffix}").kind is SourceKind.VIDEO
    assert SourceSpec.of_file(f"a{suffix.upper()}").kind is SourceKind.VIDEO
    assert SourceSpec.of_file(f"a{suffix}.png").kind is SourceKind.PICTURE
