from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest

from convlab import paths
from convlab.io.user_folders import not_kept

ALL = (
    "settings and recent files, unsaved work and the log, own kernels and answers about projects "
    "and the speeds measured here"
)


def test_nothing_is_said_where_all_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    assert not_kept() == ""
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_file_in_the_folders_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "file" / "home"))
    assert not_kept() == (
        f"{ALL} will not be kept, because {tmp_path}/file/home/config cannot be written "
        "(Not a directory): set CONVLAB_HOME to a folder that can be written"
    )


def test_one_folder_of_the_four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").touch()
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert not_kept().startswith("unsaved work and the log will not be kept, because ")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert "(No space left on device)" in not_kept()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the system knows every home")
def test_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> None:
        raise KeyError(uid)

    for name in (paths.HOME_VARIABLE, "HOME", *(n for n in os.environ if n.startswith("XDG_"))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    assert not_kept().startswith(f"{ALL} will not be kept, because there is no home folder: set ")
    assert list(tmp_path.iterdir()) == []
