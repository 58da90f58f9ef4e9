import os
import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.io.images import load_image
from convlab.io.safe_write import save_png, write_bytes

POSIX = os.name == "posix"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "größe 测试.bin"
    for data in (b"first", b"", b"second, longer"):
        write_bytes(path, data)
        assert path.read_bytes() == data
    assert names(tmp_path) == [path.name]


def test_failure_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "project"
    write_bytes(path, b"old")

    def full(_number: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["project"]


def test_missing_folder_and_folder_as_target(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_bytes(tmp_path / "gone" / "file", b"x")
    with pytest.raises(IsADirectoryError):
        write_bytes(tmp_path, b"x")
    assert names(tmp_path) == []


@pytest.mark.skipif(not POSIX, reason="permissions of POSIX")
def test_permissions_are_kept_and_new_files_follow_the_mask(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        write_bytes(old, b"x")
        write_bytes(new, b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.skipif(not POSIX, reason="links need rights elsewhere")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="names are limited otherwise there")
def test_long_names_leave_room_for_the_temporary_one(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    write_bytes(path, b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_png_comes_back_as_it_was(
    tmp_path: Path, shape: tuple[int, ...], kind: type[np.generic]
) -> None:
    picture = np.arange(np.prod(shape)).reshape(shape).astype(kind)
    save_png(tmp_path / "p.png", picture)
    np.testing.assert_array_equal(load_image(tmp_path / "p.png"), picture, strict=True)


@pytest.mark.parametrize(
    "picture", [np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 2), np.uint8)]
)
def test_png_refuses_other_arrays(tmp_path: Path, picture: AnyArray) -> None:
    with pytest.raises(ValueError, match="a PNG takes"):
        save_png(tmp_path / "p.png", picture)
