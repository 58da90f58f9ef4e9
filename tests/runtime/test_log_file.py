from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from convlab.engine.cv import cv2

PROGRAM = """
import logging, os, sys
from convlab.runtime import log_file
log_file.LARGEST = 2000
log_file.start_logging()
for number in range(100):
    logging.getLogger("test").warning("warning %d", number)
logging.getLogger("test").info("nobody needs this")
if "crash" in sys.argv:
    os.abort()
"""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={**os.environ, "CONVLAB_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_warnings_go_to_two_bounded_files_and_the_terminal_and_a_crash_beside_them(
    tmp_path: Path,
) -> None:
    done = run(tmp_path, "crash")
    assert done.returncode != 0
    folder = tmp_path / "state" / "log"
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert sizes.keys() == {"convlab.log", "convlab.log.1", "crash.log"}
    assert max(sizes.values()) <= 2000
    assert "WARNING test: warning 99" in (folder / "convlab.log").read_text(encoding="utf-8")
    assert "nobody needs this" not in (folder / "convlab.log").read_text(encoding="utf-8")
    assert "Aborted" in (folder / "crash.log").read_text(encoding="utf-8")
    assert done.stderr.splitlines()[:2] == ["warning 0", "warning 1"]


def test_where_no_log_can_be_written_the_terminal_has_it(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"a file where the folder should be")
    done = run(tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 100)


def test_opencv_prints_nothing_of_a_file_it_rejects() -> None:
    program = """
import numpy as np
from convlab.engine.cv import cv2
data = open(0, "rb").read()
assert cv2.imdecode(np.frombuffer(data, np.uint8), -1) is None
assert not cv2.VideoCapture(99).isOpened()
"""
    _, tiff = cv2.imencode(".tif", np.zeros((8, 8, 3), np.uint8))
    data = bytearray(tiff.tobytes())
    place = data.find(bytes([3, 1, 3, 0, 1, 0, 0, 0]))  # the tag of the compression
    data[place + 8 : place + 10] = (34925).to_bytes(2, "little")  # LZMA
    environment = {name: text for name, text in os.environ.items() if "OPENCV" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=bytes(data),
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
