from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from convlab.paths import HOME_VARIABLE
from convlab.runtime.settings import MOST_RECENT, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def read_from_file(settings: Settings, tmp_path: Path) -> Settings:
    """Read what lies on the disk, not what Qt still remembers of that file."""
    settings._store.sync()
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(tmp_path / "convlab.ini", copy)
    return Settings(copy)


def test_at_first_there_are_no_recent_files(settings: Settings) -> None:
    assert settings.recent_files() == []


def test_the_newest_file_stands_first(settings: Settings) -> None:
    for path in ("a.png", "b.png", "c.png"):
        settings.add_recent_file(path)
    assert settings.recent_files() == ["c.png", "b.png", "a.png"]


def test_a_file_opened_again_moves_to_the_top(settings: Settings) -> None:
    for path in ("a.png", "b.png", "a.png"):
        settings.add_recent_file(path)
    assert settings.recent_files() == ["a.png", "b.png"]


def test_the_list_is_limited(settings: Settings) -> None:
    for number in range(MOST_RECENT + 5):
        settings.add_recent_file(f"{number}.png")
    expected = [f"{MOST_RECENT + 4 - number}.png" for number in range(MOST_RECENT)]
    assert settings.recent_files() == expected


def test_clearing_forgets_all(settings: Settings) -> None:
    settings.add_recent_file("a.png")
    settings.clear_recent_files()
    assert settings.recent_files() == []


def test_two_processes_keep_one_list(settings: Settings, tmp_path: Path) -> None:
    settings.add_recent_file("mine.png")
    code = (
        "import sys; from pathlib import Path; from convlab.runtime.settings import Settings; "
        "Settings(Path(sys.argv[1])).add_recent_file('theirs.png')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert settings.recent_files() == ["theirs.png", "mine.png"]
    settings.add_recent_file("mine too.png")
    assert settings.recent_files() == ["mine too.png", "theirs.png", "mine.png"]


def test_a_file_that_no_longer_opens_is_taken_off(settings: Settings) -> None:
    for path in ("a.png", "b.png"):
        settings.add_recent_file(path)
    settings.remove_recent_file("a.png")
    settings.remove_recent_file("never there.png")
    assert settings.recent_files() == ["b.png"]


@pytest.mark.parametrize(
    "paths",
    [
        [],
        ["/pictures/one.png"],
        ["a, b; c.png"],
        ["/Fähre/ネコ.png", r"C:\new\table.png"],
        ['"quoted".png', "50%.png", "@home.png"],
    ],
)
def test_the_list_survives_the_program(
    settings: Settings, tmp_path: Path, paths: list[str]
) -> None:
    settings.clear_recent_files()
    for path in reversed(paths):
        settings.add_recent_file(path)
    assert read_from_file(settings, tmp_path).recent_files() == paths


def test_words_and_layouts_survive_the_program(settings: Settings, tmp_path: Path) -> None:
    settings.set_text("theme", "dark")
    settings.set_state("window", QByteArray(b"\x00\x01\xff"))
    stored = read_from_file(settings, tmp_path)
    assert stored.text("theme") == "dark"
    assert stored.state("window") == QByteArray(b"\x00\x01\xff")


def test_what_was_never_stored_has_its_default(settings: Settings) -> None:
    assert settings.text("theme", "light") == "light"
    assert settings.text("theme") == ""
    assert settings.state("window") is None


def test_a_layout_that_is_none_is_no_layout(settings: Settings) -> None:
    settings.set_text("window", "nonsense")
    assert settings.state("window") is None


def test_without_a_folder_they_lie_in_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    settings = Settings()
    settings.set_text("theme", "dark")
    settings._store.sync()
    assert (tmp_path / "config" / "convlab.ini").is_file()


def test_where_nothing_can_be_written_they_last_as_long_as_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "config")
    settings.set_text("theme", "dark")
    settings.set_state("window", QByteArray(b"\x01"))
    for path in ("/a.png", "/b.png"):
        settings.add_recent_file(path)
    settings._store.sync()
    assert settings.text("theme") == "dark"
    assert settings.state("window") == QByteArray(b"\x01")
    assert settings.recent_files() == ["/b.png", "/a.png"]
