"""The bytes of a file: all of them, of one moment, or one message; whoever waits can leave."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from convlab.io import reading, rejection
from convlab.io.reading import Cancelled, followed, go_on, is_left
from convlab.io.rejection import Rejection, read_regular_file

LARGEST = 100 << 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.bin"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 10)


def reason(path: Path) -> str:
    with pytest.raises(Rejection) as caught:
        read_regular_file(path, LARGEST)
    return caught.value.why


def meanwhile(change: Callable[[], object]) -> Callable[[int, int], None]:
    """Return a report that changes something once, when the first half was read."""
    is_done = False

    def report(done: int, total: int) -> None:
        nonlocal is_done
        if done >= total // 2 and not is_done:
            is_done = True
            change()

    return report


def test_all_of_a_file_is_read_and_followed(path: Path) -> None:
    path.write_bytes(bytes(range(35)))
    heard: list[tuple[int, int]] = []
    with followed(lambda done, total: heard.append((done, total))):
        assert read_regular_file(path, LARGEST) == bytes(range(35))
    assert heard == [(0, 35), (10, 35), (20, 35), (30, 35)]
    path.write_bytes(b"")
    assert reason(path) == "it is empty"
    assert read_regular_file(path, LARGEST, may_be_empty=True) == b""


def test_whoever_follows_can_leave_at_any_time(path: Path) -> None:
    path.write_bytes(bytes(35))

    def leave(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled), followed(leave):
        read_regular_file(path, LARGEST)
    with pytest.raises(Cancelled), followed(leave):
        go_on()
    with followed(leave):
        assert is_left()
    assert not is_left()
    go_on()
    assert len(read_regular_file(path, LARGEST)) == 35, "nobody follows any more"


@pytest.mark.parametrize("change", ["grows", "shrinks", "is written"])
def test_a_file_that_changes_while_it_is_read_is_rejected(path: Path, change: str) -> None:
    path.write_bytes(bytes(40))
    os.utime(path, (1, 1))

    def grow() -> None:
        with open(path, "ab") as file:
            file.write(b"more")

    changes: dict[str, Callable[[], object]] = {
        "grows": grow,
        "shrinks": lambda: os.truncate(path, 5),
        "is written": lambda: path.write_bytes(bytes(range(40))),
    }
    with followed(meanwhile(changes[change])):
        assert reason(path) == "it changes while it is read"


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
def test_a_file_that_is_deleted_or_replaced_while_it_is_read_is_read(path: Path) -> None:
    path.write_bytes(bytes(range(40)))
    with followed(meanwhile(path.unlink)):
        assert read_regular_file(path, LARGEST) == bytes(range(40))
    path.write_bytes(bytes(range(40)))
    other = path.with_suffix(".new")
    other.write_bytes(b"other")
    with followed(meanwhile(lambda: other.replace(path))):
        assert read_regular_file(path, LARGEST) == bytes(range(40))
    assert read_regular_file(path, LARGEST) == b"other"


def test_what_is_no_regular_file_is_rejected_before_it_is_opened(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reason(path) == "it is not there"
    assert reason(tmp_path) == "it is a folder"
    assert reason(Path("a\0b")) == "it is not there"
    if not hasattr(os, "mkfifo"):
        return
    os.mkfifo(path)
    assert reason(path) == "it is a device or pipe"
    assert reason(Path("/dev/zero")) == "it is a device or pipe"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert reason(loop) == "it is not there"
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert reason(Path("s")) == "it is a device or pipe"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_becomes_a_pipe_between_two_looks_does_not_hang(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(path)
    monkeypatch.setattr(rejection, "check_regular_file", lambda path: 40)
    assert reason(path) == "it changes while it is read"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "reading it is not allowed"),
        (OSError(5, "Input/output error"), "reading it fails (Input/output error)"),
    ],
)
def test_a_disk_that_does_not_give_it_is_named(
    path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    path.write_bytes(bytes(4))

    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", fail)
    assert reason(path) == message


def test_a_folder_that_may_not_be_opened_is_not_said_to_lack_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", fail)
    assert reason(path) == "its folder may not be opened"


def test_what_is_larger_than_allowed_is_not_opened(path: Path) -> None:
    path.write_bytes(bytes(4))
    with pytest.raises(Rejection, match="it is larger than"):
        read_regular_file(path, 3)
