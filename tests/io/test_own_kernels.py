from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convlab import paths
from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.io.own_kernels import (
    MOST,
    KernelFileError,
    OwnKernel,
    change_kept,
    kernel_line,
    own_kernel,
    read_kernels,
    renamed_kernel,
    with_kernels,
    without_kernel,
    write_kernels,
)

A, B = own_kernel("A", [[1, 2]], Scaling(3.0)), own_kernel("B", [[3], [4]])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which they are kept, which is not there yet."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path / "home" / "data" / "own-kernels.txt"


def test_kernels_are_kept(kept: Path) -> None:
    assert change_kept() == ()
    assert not kept.exists()
    change_kept(lambda present: with_kernels(present, (A, B)))
    first, second = change_kept()
    assert (first.name, first.scaling, first.weights.tolist()) == ("A", Scaling(3.0), [[1, 2]])
    assert second.weights.tolist() == [[3], [4]]
    change_kept(lambda present: renamed_kernel(present, "A", "C"))
    assert [each.name for each in change_kept()] == ["C", "B"]
    change_kept(lambda present: without_kernel(present, "C"))
    assert [each.name for each in change_kept()] == ["B"]


def test_lines_that_cannot_be_read_are_left_in_the_file(kept: Path) -> None:
    change_kept(lambda present: with_kernels(present, (A,)))
    newer = "convlab7.kernel.AAAA.00000000"
    kept.write_text(kept.read_text() + newer + "\n")
    change_kept(lambda present: with_kernels(present, (B,)))
    assert newer in kept.read_text().splitlines()
    assert [each.name for each in change_kept()] == ["A", "B"]


def test_a_file_that_cannot_be_read_is_not_replaced(kept: Path) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KernelFileError, match=r"own-kernels.txt cannot be read, because it is no"):
        change_kept(lambda present: with_kernels(present, (A,)))
    assert kept.read_bytes() == b"\xff\xfe\x00"


def test_no_more_are_kept_than_a_list_can_show(kept: Path) -> None:
    many = tuple(OwnKernel(f"{number}", A.weights) for number in range(MOST))
    change_kept(lambda _: many)
    with pytest.raises(ValueError, match="500 kernels are kept at most"):
        change_kept(lambda present: with_kernels(present, (A,)))


def test_names() -> None:
    assert own_kernel("  my\n  kernel\u202e ", [[1]]).name == "my kernel"
    for name, message in (
        (" \n", "needs a name"),
        ("x" * 61, "has 61 letters: give at most 60"),
        ("sobel VERTICAL", "ready kernel is called “sobel VERTICAL”"),
    ):
        with pytest.raises(ValueError, match=message):
            own_kernel(name, [[1]])
    with pytest.raises(ValueError, match="own kernel is called “B”"):
        renamed_kernel((A, B), "A", "B")
    named = with_kernels((), (OwnKernel("Identity", A.weights), OwnKernel("", B.weights)))
    assert [each.name for each in named] == ["Identity (own)", "Kernel (own)"]
    over = with_kernels((A, B), (own_kernel("A", [[9]]),))
    assert [each.weights.tolist() for each in over] == [[[9]], [[3], [4]]]


def test_a_file_is_written_and_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).random((31, 31), np.float32)
    file = tmp_path / "two.kernel"
    write_kernels(file, (A, OwnKernel("", noise)))
    first, second = read_kernels(file)
    assert (first.name, second.name) == ("A", "two")
    assert np.array_equal(second.weights, noise)


def test_a_kernel_in_any_form_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "edge.csv"
    file.write_text(kernels.to_text(kernels.sobel(), "csv"))
    (edge,) = read_kernels(file)
    assert edge.name == "edge"
    np.testing.assert_array_equal(edge.weights, kernels.sobel())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_kernel_is_read_from_a_table_of_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "edge.csv"
    file.write_bytes("über;Mitte;rechts\r\n1,0;0;-1\r\n2,5;0;-2,5\r\n".encode(encoding))
    (kernel,) = read_kernels(file)
    assert kernel.weights.tolist() == [[1, 0, -1], [2.5, 0, -2.5]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xd8\xff", "it is no text"),
        (b"nothing here", "is not a number"),
        (kernel_line(A).encode()[:-9], "is damaged"),
        ((kernel_line(A) + "\n" + kernel_line(B)[:-1]).encode(), "is damaged"),
    ],
)
def test_a_bad_file_gets_a_message(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "bad.kernel"
    file.write_bytes(data)
    with pytest.raises(KernelFileError, match=rf"bad\.kernel .*{message}"):
        read_kernels(file)
    with pytest.raises(KernelFileError, match="is not there"):
        read_kernels(tmp_path / "missing.kernel")


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(KernelFileError, match=r"a\.kernel cannot be written"):
        write_kernels(tmp_path / "no" / "a.kernel", (A,))
