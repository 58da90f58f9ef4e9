from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.io import bounds
from convlab.io.signal_files import read_signal
from convlab.io.tables import TableError, unpack_table
from tests.io.documents import mutated


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def read_table(path: Path) -> FloatArray:
    return unpack_table(path.read_bytes(), path.name)


def rejection(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path)
    text = str(caught.value)
    assert text.startswith(f"{path.name} gives no numbers, because ")
    assert text.endswith(".")
    assert text.count(": ") == 1
    return text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n2.5\n-3e2", [1, 2.5, -300]),
        ("\ufeff1\r\n\r\n2\r\n", [1, 2]),
        ("1,5\n2,25\n-,5", [1.5, 2.25, -0.5]),
        ("height\n1,5\n2", [1.5, 2]),
        ("1.5,7\n2.5,8", [1.5, 2.5]),
        ("1, 7\n2, 8", [1, 2]),
        ("t,y\n1,7\n2,8", [1, 2]),
        ("name;t;y\na;1,5;7\nb;2,5;8", [1.5, 2.5]),
        ("name\ty\na\t1,5\nb\t\u22122.5", [1.5, -2.5]),
        ('"a b","1.5"\n"c,d","2"', [1.5, 2]),
        ("1,2,3", [1, 2, 3]),
        ("1;2,5;3", [1, 2.5, 3]),
        ("7", [7]),
        ("+.5\n5.", [0.5, 5]),
    ],
)
def test_by_hand(path: Path, text: str, expected: list[float]) -> None:
    numbers = read_table(written(path, text))
    assert numbers.tolist() == expected
    assert numbers.dtype == np.float32
    assert not numbers.flags.writeable


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("\n  \n", "it is empty"),
        ("hello", "line 1 has 'hello' where a number belongs: put a number there"),
        ("one\ntwo\nthree", "line 2 has 'two' where a number belongs"),
        ("y\n1\n2\n\nmany\n4", "line 5 has 'many' where a number belongs"),
        ("a;b\n1;2\n;3", "line 3 has nothing where a number belongs"),
        ("a;b\nx;1\ny", "line 3 has nothing where a number belongs"),
        ("1\nnan\n2", "'nan' in line 2 is not finite: put a finite number there"),
        ("NaN\n1", "'NaN' in line 1 is not finite"),
        ("1\n-inf", "'-inf' in line 2 is not finite"),
        ("1\n1e39", "'1e39' in line 2 is not finite"),
        ("1\n1e999", "'1e999' in line 2 is not finite"),
        ("1\n1_0", "line 2 has '1_0' where"),
        ("1;2\n1.000,5;3", "line 2 has '1.000,5' where"),
        ("1\n0x10", "line 2 has '0x10' where"),
        ("1\n\u0663", "line 2 has '\u0663' where"),
        ("1\n" + "w" * 500, "line 2 has 'wwwwwwwwwwwwwwwwwwww' where"),
        ("1\0", "it is no text: save it as UTF-8"),
    ],
)
def test_what_is_no_column_of_numbers_is_rejected(path: Path, text: str, message: str) -> None:
    assert message in rejection(written(path, text))


def test_bytes_that_are_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe1\x00")
    assert "it is no text" in rejection(path)


def test_sizes_are_capped(path: Path) -> None:
    assert len(read_table(written(path, "1\n" * bounds.MOST_TABLE_NUMBERS))) == 200_000
    text = rejection(written(path, "1\n" * (bounds.MOST_TABLE_NUMBERS + 1)))
    assert "it holds more than 200,000 numbers: cut it shorter" in text
    assert "cannot be read" in rejection(written(path, '1\n"' + "1" * 200_000 + '"'))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(ValueError, match=r"table\.csv cannot be read, because .* device or pipe"):
        read_signal(path)


def test_files_that_are_none(path: Path) -> None:
    with pytest.raises(ValueError, match=r"table\.csv cannot be read, .* is not there: choose"):
        read_signal(path)
    with open(path, "wb") as file:
        file.truncate(bounds.LARGEST_TABLE_FILE + 1)
    with pytest.raises(ValueError, match="it is larger than 16 MB"):
        read_signal(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ValueError, match="it is a folder"):
        read_signal(path)


def test_any_damage_is_told_in_words(path: Path) -> None:
    data = b"t;y\n1,5;2\n2,5;3\n3,5;4\n"
    rejected = 0
    for seed in range(300):
        path.write_bytes(mutated(data, seed))
        try:
            assert np.isfinite(read_table(path)).all()
        except TableError:
            rejected += 1
    assert rejected > 50
