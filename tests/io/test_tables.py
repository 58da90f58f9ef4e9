from __future__ import annotations

import codecs
import os
from pathlib import Path

import numpy as np
import pytest

from convlab.document.table_form import DecimalSign, Gaps, Separator, TableForm
from convlab.io import bounds, table_memory
from convlab.io.signal_files import OpenedTable, open_signal, read_signal
from convlab.io.tables import (
    TableError,
    look_at_table,
    read_table,
    unpack_matrix,
    unpack_table,
)
from tests.io.documents import mutated


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def rejection(path: Path, form: TableForm | None = None) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path, form or TableForm())
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
        ("1\r2\r", [1, 2]),
        ("1,5\n2,25\n-,5", [1.5, 2.25, -0.5]),
        ("height\n1,5\n2", [1.5, 2]),
        ("height\n1,5\n2,5\n3,75", [1.5, 2.5, 3.75]),
        ("1.5,7\n2.5,8", [1.5, 2.5]),
        ("1, 7\n2, 8", [1, 2]),
        ("t,y\n1,7\n2,8", [1, 2]),
        ("name;t;y\na;1,5;7\nb;2,5;8", [1.5, 2.5]),
        ("name\ty\na\t1,5\nb\t\u22122.5", [1.5, -2.5]),
        ('"a b","1.5"\n"c,d","2"', [1.5, 2]),
        ("1,2,3", [1, 2, 3]),
        ("1;2,5;3", [1, 2.5, 3]),
        ("1 2\t3", [1, 2, 3]),
        ("7", [7]),
        ("+.5\n5.", [0.5, 5]),
        # pairs and decimal commas: what can only be one of them is it
        ("0,1\n1,4\n2,9\n", [0, 1, 2]),
        ("0,05\n0,1\n0,15", [0.05, 0.1, 0.15]),
        ("-1,5 2\n2,5 3", [-1.5, 2.5]),
        # columns with blanks between them, comments and headings
        ("# x y\n0 0\n1 1\n2 4\n", [0, 1, 2]),
        ("  1.0   2.0\n 10.5   3.0\n", [1, 10.5]),
        ("% MATLAB\n1 2 % first\n3 4", [1, 3]),
        ("// a\n5 # b\n6 // c", [5, 6]),
        ("Sample rate;5\nday;2020-01-02\n\nt;y\n0,5;1\n0,75;2", [0.5, 0.75]),
        ("date,level\n2024-01-02,1.5\n2024-01-03,2.5", [1.5, 2.5]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", [1, 3]),
        ("sep=;\n1,5;2\n2,5;3", [1.5, 2.5]),
        ("1.0D+02\n2d0", [100, 2]),
        # thousands
        ("1.000,5\n2", [1000.5, 2]),
        ("1;2\n1.000,5;3", [1, 1000.5]),
        ('"1,234.5",2\n"2,000",3', [1234.5, 2000]),
        ("1'234.5\n2'000", [1234.5, 2000]),
        ("1\u202f234,5\n12\u00a0000", [1234.5, 12000]),
        ("1,234,567\n12", [1234567, 12]),
        ("1,234;5\n2,345;6", [1.234, 2.345]),
    ],
)
def test_by_hand(path: Path, text: str, expected: list[float]) -> None:
    numbers = read_table(written(path, text))
    assert numbers.tolist() == np.array(expected, np.float32).tolist()
    assert numbers.dtype == np.float32
    assert not numbers.flags.writeable


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_the_usual_encodings_are_told_apart(path: Path, encoding: str) -> None:
    path.write_bytes("Größe in µm;Höhe\r\n1,5;2\r\n2,5;3\r\n".encode(encoding))
    assert read_table(path).tolist() == [1.5, 2.5]
    reading = look_at_table(path.read_bytes(), path.name)
    assert reading.titles == ("Größe in µm", "Höhe")


def test_what_other_programs_write(path: Path) -> None:
    """NumPy's own default, and what a spreadsheet saves as Unicode text."""
    table = np.array([[0, 0], [1, 1], [2, 4]])
    np.savetxt(path, table, fmt="%g", header="x y")
    assert read_table(path).tolist() == [0, 1, 2]
    assert look_at_table(path.read_bytes(), "t").titles == ("x", "y")
    np.savetxt(path, table)
    assert read_table(path, TableForm(column=2)).tolist() == [0, 1, 4]
    np.savetxt(path, table, fmt="%d", delimiter=",")
    assert read_table(path).tolist() == [0, 1, 2]
    path.write_bytes(codecs.BOM_UTF16_LE + "t\ty\r\n0,5\t1\r\n".encode("utf-16-le"))
    assert read_table(path).tolist() == [0.5]


def test_what_was_chosen_holds(path: Path) -> None:
    written(path, "t,y\n0,1\n1,4\n2,9\n")
    assert read_table(path, TableForm(column=2)).tolist() == [1, 4, 9]
    assert read_table(path, TableForm(has_heading=True)).tolist() == [1, 2]
    single = TableForm(Separator.NONE, DecimalSign.COMMA)
    np.testing.assert_allclose(read_table(path, single), [0.1, 1.4, 2.9], rtol=1e-6)
    written(path, "v\n1,234\n2,345")
    assert read_table(path, TableForm(decimal=DecimalSign.POINT)).tolist() == [1234, 2345]
    assert "there is no column 3 in it: choose 1 to 1" in rejection(path, TableForm(column=3))


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [(Gaps.SKIP, [1, 4, 2]), (Gaps.ZERO, [1, 0, 0, 4, 2, 0]), (Gaps.LINE, [1, 2, 3, 4, 2, 2])],
)
def test_gaps_become_what_was_chosen(path: Path, gaps: Gaps, expected: list[float]) -> None:
    written(path, "y;z\n1;a\n;b\nNaN;c\n4;d\n2;e\nn/a;f")
    assert read_table(path, TableForm(gaps=gaps)).tolist() == expected
    assert "line 3 has nothing where a number belongs" in rejection(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("\n  \n", "it is empty"),
        ("# only a comment", "it is empty"),
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
        ("1\n2\n0x10", "line 3 has '0x10' where"),
        ("1\n\u0663", "line 2 has '\u0663' where"),
        ("1\n" + "w" * 500, "line 2 has 'wwwwwwwwwwwwwwwwwwww' where"),
        ("1\0", "it is no text: save it as UTF-8"),
    ],
)
def test_what_is_no_column_of_numbers_is_rejected(path: Path, text: str, message: str) -> None:
    assert message in rejection(written(path, text))


def test_bytes_that_are_no_text(path: Path) -> None:
    for data in (b"\xff\xfe1\x00\x00\xd8", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256))):
        path.write_bytes(data)
        assert "it is no text" in rejection(path)


@pytest.mark.parametrize("name", ["t.xlsx", "t.ods", "t.csv"])
def test_a_spreadsheet_is_named_as_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\3\4" + bytes(60))
    with pytest.raises(ValueError, match="it is a spreadsheet, or packed: save the sheet as CSV"):
        open_signal(tmp_path / name)


# ---- how it was read ----


def test_a_reading_says_what_was_found() -> None:
    text = b"device 7\nt;U\n0,1;5\n0,2;6\n"
    reading = look_at_table(text, "t.csv")
    form = TableForm(Separator.SEMICOLON, DecimalSign.COMMA, 1)
    assert reading.form == form
    assert (reading.titles, reading.rows) == (("t", "U"), (("0,1", "5"), ("0,2", "6")))
    assert (reading.count, reading.width, reading.first_line) == (2, 2, 3)
    assert not reading.is_clear, "there are two columns to choose from"
    again = look_at_table(text, "t.csv", reading.form)
    assert again.values is not None
    assert again.values.tolist() == unpack_table(text, "t.csv").tolist()


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("1.5\n2.5", ""),
        ("a\n1,5\n2,25", ""),
        ("name;y\na;1,234\nb;2,345", ""),
        ("1,2,3", ""),
        ("1,234;5.678\n2,345;6.789", ""),
        ("4,1\n1,4\n2,9", "may stand between two cells, or be decimal signs"),
        ("a\n1,234\n2,345", "may be decimal signs, or part thousands"),
        ('n,"1,234"\nm,"2,345"', "may be decimal signs, or part thousands"),
    ],
)
def test_a_doubt_is_said(text: str, doubt: str) -> None:
    reading = look_at_table(text.encode(), "t.csv")
    assert doubt in reading.doubt
    assert bool(doubt) == bool(reading.doubt)


def test_a_column_that_cannot_be_had_still_shows_its_rows() -> None:
    reading = look_at_table(b"y\n1\n\n2\nmany\n", "t.csv")
    assert reading.values is None
    assert "line 5 has 'many'" in reading.error
    assert reading.rows == (("1",), ("2",), ("many",))
    with pytest.raises(TableError, match="line 2 has 'two'"):
        look_at_table(b"one\ntwo\n", "t.csv")


def test_a_matrix() -> None:
    assert unpack_matrix(b"a,b\n1,2\n3,4.5\n").tolist() == [[1, 2], [3, 4.5]]
    assert unpack_matrix(b"0,5;1\n-2,25;3\n").tolist() == [[0.5, 1], [-2.25, 3]]
    with pytest.raises(ValueError, match="line 2 has 1 cells where 2 belong"):
        unpack_matrix(b"1 2\n3\n4 5\n")
    with pytest.raises(ValueError, match="a column of it holds words"):
        unpack_matrix(b"a;1\nb;2\n")


# ---- what a person chose ----


def test_what_was_chosen_for_a_file_is_remembered(path: Path, tmp_path: Path) -> None:
    written(path, "t,y\n0,1\n1,4\n")
    opened = open_signal(path)
    assert isinstance(opened, OpenedTable)
    assert not opened.is_chosen
    form = TableForm(Separator.COMMA, DecimalSign.POINT, 2)
    table_memory.remember(path, form)
    again = open_signal(path)
    assert isinstance(again, OpenedTable)
    assert again.is_chosen
    assert again.held is not None
    assert again.held.values.tolist() == [1, 4]
    assert table_memory.recall(tmp_path / "other.csv") is None
    written(path, "5\n6\n")  # there is no second column any more: it is looked at afresh
    other = open_signal(path)
    assert isinstance(other, OpenedTable)
    assert other.held is not None
    assert other.held.values.tolist() == [5, 6]


def test_only_so_many_are_remembered(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_memory, "_MOST", 2)
    for name in "abc":
        table_memory.remember(tmp_path / name, TableForm())
    kept = [table_memory.recall(tmp_path / name) for name in "abc"]
    assert kept == [None, TableForm(), TableForm()]
    table_memory.remember("inside a project", TableForm())
    assert table_memory.recall("inside a project") is None
    table_memory._file().write_text("{damaged")
    assert table_memory.recall(tmp_path / "c") is None


# ---- bounds ----


def test_sizes_are_capped(path: Path) -> None:
    most = bounds.MOST_TABLE_NUMBERS
    assert len(read_table(written(path, "1\n" * most))) == 200_000
    text = rejection(written(path, "1\n" * (most + 1)))
    assert "it holds more than 200,000 numbers: cut it shorter" in text
    assert "a line has more than 200,000 cells: cut it" in rejection(
        written(path, "1 " * (1 << 18))
    )
    assert "too long" in rejection(written(path, '1\n"' + "1;" * 90_000 + '"'))


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
    with pytest.raises(TableError, match="it is larger than 16 MB: cut it shorter"):
        unpack_table(b"1\n" * (bounds.LARGEST_TABLE_FILE // 2 + 1), "inside a project")
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
