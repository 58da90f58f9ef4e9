import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from convlab.io.safe_write import remove_abandoned, write_bytes

POSIX = os.name == "posix"
# Ends itself, as a kill from outside does, when a function of os is called for the nth time.
WRITER = """
import os, signal, sys
from convlab.io import safe_write
path, function, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
before = getattr(os, function)
def maybe_end(*arguments, **options):
    global count
    count -= 1
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return before(*arguments, **options)
setattr(os, function, maybe_end)
safe_write.write_bytes(path, b"new" * 100_000)
"""


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


@pytest.mark.skipif(not POSIX, reason="signals of POSIX")
@pytest.mark.parametrize(
    ("function", "count", "is_written"),
    [("fstat", 1, False), ("fsync", 1, False), ("replace", 1, False), ("fsync", 2, True)],
)
def test_what_a_killed_writer_leaves_is_removed_by_the_next(
    tmp_path: Path, function: str, count: int, is_written: bool
) -> None:
    path = tmp_path / "My stack.convlab"
    write_bytes(path, b"old")
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(path), function, str(count)], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == (b"new" * 100_000 if is_written else b"old")
    assert len(names(tmp_path)) == (1 if is_written else 2)
    write_bytes(tmp_path / "another", b"x")
    assert names(tmp_path) == [path.name, "another"]


@pytest.mark.skipif(not POSIX, reason="elsewhere age decides")
def test_only_abandoned_files_of_this_program_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [".mine.tmp", ".a.0123abcd.tmp", "b.convlab.0123abcd.tmp", ".c.convlab.0123abcd.txt"]
    for name in others:
        (tmp_path / name).touch()
    (tmp_path / ".d.convlab.0123abcd.tmp").symlink_to(tmp_path / ".mine.tmp")
    (tmp_path / ".My stack.convlab.0123abcd.tmp").touch()  # as versions before 0.2 called them
    seen: list[list[str]] = []

    def look_around(source: Path, _target: Path) -> None:
        remove_abandoned(tmp_path)  # as another program that saves here at the same time
        seen.append(names(tmp_path))
        raise OSError("enough")

    monkeypatch.setattr(os, "replace", look_around)
    with pytest.raises(OSError, match="enough"):
        write_bytes(tmp_path / "new", b"x")
    kept = sorted([*others, ".d.convlab.0123abcd.tmp"])
    assert names(tmp_path) == kept
    assert len(seen[0]) == len(kept) + 1, "the file being written was taken away"


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
