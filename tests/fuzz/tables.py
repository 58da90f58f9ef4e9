"""Damaged tables and data sets: healthy ones of all kinds, and what must not come of others."""

from __future__ import annotations

import gzip
import io
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from convlab.document.table_form import DecimalSign, Gaps, Separator, TableForm
from convlab.engine.arrays import AnyArray
from convlab.io.datasets import DatasetError, load_own
from convlab.io.rejection import Rejection
from convlab.io.tables import TableError, look_at_table, unpack_matrix
from tests.fuzz.kind import Kind, Outcome, Seeds, measured
from tests.fuzz.pictures import mutated
from tests.io.made import encoded

_TOKENS = (
    *(",", ";", "\t", " ", "|", "\n", "\r", "\r\n", "\n\n", '"', '""', "#", "%", "//", "'"),
    *("nan", "inf", "-", "n/a", "1e999", "1e39", "1,5", "1.5", "1.000,5", "1,000.5", "1 000"),
    *(
        "x",
        "0x1",
        "−1",
        "\u202f",
        "\u0663",
        "\ufeff",
        "\x1a",
        "sep=;\n",
        ".",
        "+",
        "1e5",
        "9" * 400,
    ),
)

# ---- tables ----


def tables() -> Seeds:
    """Return healthy tables, always the same ones."""
    rng = np.random.default_rng(7)
    numbers = rng.normal(0, 300, (30, 3)).round(3)
    found: Seeds = []
    for sign in (",", ";", "\t", " ", " | "):
        for comma in (False, True):
            cells = [[f"{number:g}" for number in row] for row in numbers]
            if comma and sign != ",":
                cells = [[cell.replace(".", ",") for cell in row] for row in cells]
            lines = ["# of a fuzz", sign.join(("time", "U in µV", "I")), *map(sign.join, cells)]
            encoding = rng.choice(["utf-8", "utf-16", "cp1252", "utf-8-sig"])
            found.append((f"{sign!r} {encoding}", "\r\n".join(lines).encode(str(encoding))))
    single = "\n".join(f"{number:,.2f}" for number in rng.normal(0, 1e5, 40))
    found.append(("thousands", single.encode()))
    found.append(("German", single.translate(str.maketrans(",.", ".,")).encode()))
    found.append(("quoted", b'"a","b"\n' + b'"1,5","x;y"\n"-2","z"\n' * 20))
    found.append(("row", ",".join(map(str, range(200))).encode()))
    found.append(("gaps", b"t;y\n" + b"0,5;\n1;NaN\n2;7\n" * 20))
    buffer = io.BytesIO()
    np.savetxt(buffer, numbers, header="x y z")
    return [*found, ("NumPy", buffer.getvalue())]


def damaged_table(healthy: Seeds, number: int) -> tuple[str, bytes]:
    """Return a table in which bytes, words or lines are others; each number is always the same."""
    rng = Random(number)
    name, data = mutated(healthy, number) if number % 3 == 0 else healthy[number % len(healthy)]
    if number % 3:
        for _ in range(rng.choice((1, 2, 5))):
            data = rng.choice((_insert, _insert, _insert, _lines))(rng, data)
    return name, data


def _insert(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_TOKENS).encode() * rng.choice((1, 1, 1, 3, 400)) + data[at:]


def _lines(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at : at + 1] = [lines[at]] * rng.choice((0, 2, 2, 50, 1000))
    return b"\n".join(lines)


def _tried_table(number: int, name: str, data: bytes) -> Outcome:
    """Read a table in some form, and as a matrix."""
    rng = Random(number)
    form = TableForm()
    if rng.random() < 0.5:
        form = TableForm(
            rng.choice(list(Separator)),
            rng.choice(list(DecimalSign)),
            rng.choice((0, 0, 1, 2, 10_000)),
            rng.random() < 0.3,
            rng.choice(list(Gaps)),
        )

    def read() -> str:
        with suppress(Rejection):
            unpack_matrix(data, form)
        try:
            reading = look_at_table(data, "x.csv", form)
        except TableError as error:
            return _foreseen(str(error))
        if reading.values is None:
            return _foreseen(reading.error)
        _check(reading.values)
        return ""

    return _held(read, len(data))


def _check(values: AnyArray) -> None:
    assert values.dtype == np.float32
    assert values.ndim == 1
    assert len(values) > 0
    assert np.isfinite(values).all()
    assert not values.flags.writeable


# ---- data sets ----


def datasets() -> Seeds:
    """Return healthy data sets, each under the name that its file has."""
    rng = np.random.default_rng(8)
    images, labels = rng.integers(0, 256, (24, 8, 8), np.uint8), np.arange(24) % 3
    words = np.array(["cat", "dog", "owl"])[labels]
    sets: list[dict[str, AnyArray]] = [
        {"x_train": images, "y_train": labels, "x_test": images[:6], "y_test": labels[:6]},
        {"images": images / 255, "labels": np.eye(3)[labels]},
        {"X": images.reshape(24, -1).astype(np.float32), "y": words},
        {"data": np.repeat(images[..., np.newaxis], 3, axis=3), "target": labels + 1.0},
        {"a": images, "b": labels, "names": np.array([b"a", b"b", b"c"])},
    ]
    found: Seeds = []
    for arrays in sets:
        for write in (np.savez, np.savez_compressed):
            buffer = io.BytesIO()
            write(buffer, **arrays)  # type: ignore[arg-type]
            found.append(("data.npz", buffer.getvalue()))
    idx = bytes((0, 0, 8, 3)) + b"".join(size.to_bytes(4, "big") for size in images.shape)
    found.append(("train-images-idx3-ubyte", idx + images.tobytes()))
    found.append(("train-images-idx3-ubyte.gz", gzip.compress(idx + images.tobytes(), mtime=0)))
    table = np.column_stack([labels, images.reshape(24, -1)])
    for sign in (",", ";", " "):
        rows = "\n".join(sign.join(map(str, row)) for row in table.tolist())
        found.append(("pixels.csv", rows.encode()))
    listed = "\n".join(f"p{number % 6}.png,{label}" for number, label in enumerate(words))
    return [*found, ("labels.csv", b"file,label\n" + listed.encode())]


def damaged_dataset(healthy: Seeds, number: int) -> tuple[str, bytes]:
    """Return a data set in which bytes are others; each number is always the same."""
    name, data = healthy[number % len(healthy)]
    if name != "data.npz" or number % 4 == 0:
        return mutated(healthy, number)
    # Its checksums are right, or the reader of zip files would look no further.
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    rng, buffer = Random(number), io.BytesIO()
    damaged = rng.choice(sorted(parts))
    parts[damaged] = mutated([(each, parts[each]) for each in [damaged]], number)[1]
    with zipfile.ZipFile(buffer, "w", rng.choice((0, 8))) as file:
        for each, content in parts.items():
            file.writestr(each, content)
    return name, buffer.getvalue()


def _lay_beside(folder: Path) -> None:
    """Lay into a folder what lies beside a data set: labels and pictures."""
    labels = bytes((0, 0, 8, 1)) + (24).to_bytes(4, "big") + bytes(k % 3 for k in range(24))
    (folder / "train-labels-idx1-ubyte").write_bytes(labels)
    for number in range(6):
        pixels = np.full((9, 9), 40 * number, np.uint8)
        (folder / f"p{number}.png").write_bytes(encoded(".png", pixels))


def _tried_dataset(number: int, name: str, data: bytes) -> Outcome:
    """Load a data set that lies in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="convlab-fuzz-") as folder:
        _lay_beside(Path(folder))
        path = Path(folder, name)
        path.write_bytes(data)
        return _held(partial(_loaded, path), 4 * _promised(name, data))


def _loaded(path: Path) -> str:
    """Load it; return the message, if there is one."""
    try:
        found = load_own(path)
    except DatasetError as error:
        return _foreseen(str(error))
    for part in (found.training, found.test):
        assert part.images.dtype == np.float32
        assert part.images.ndim == 4
        assert len(part.images) == len(part.labels) > 0
        assert 0 <= part.images.min() <= part.images.max() <= 1.001
        assert 0 <= part.labels.min() <= part.labels.max() < found.classes
    assert len(found.names) == found.classes
    return ""


def _promised(name: str, data: bytes) -> int:
    """Return what a file says that it holds, with a byte for each number [bytes]."""
    if name.endswith(".npz"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                return sum(info.file_size for info in file.infolist())
        except Exception:  # it is none
            return 0
    return 50 * len(data)  # packed, at most so much here


# ---- both ----


def _held(read: Callable[[], str], promised: int) -> Outcome:
    """Read something, and hold what comes of it against the limits."""

    def decode() -> tuple[str, str]:
        try:
            text = read()
        except Exception:
            return "unforeseen", traceback.format_exc()
        return "message" if text else "opened", text

    return measured(promised, decode)


def _foreseen(text: str) -> str:
    """Return a message that is one, with a remedy."""
    assert text.endswith("."), text
    assert ": " in text, text
    assert "\n" not in text, text
    assert ", because " in text, text
    return text


TABLES = Kind(tables, damaged_table, _tried_table)
DATASETS = Kind(datasets, damaged_dataset, _tried_dataset)
