"""Pictures and labels in the files and folders in which people have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path

from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.archive import Archive
from convlab.io.arrays import unpack_array
from convlab.io.dataset_arrays import WANTED, Found, Read, find
from convlab.io.dataset_idx import is_idx, read_idx
from convlab.io.dataset_table import read_pixels
from convlab.io.labelled_pictures import read_folder, read_listed
from convlab.io.rejection import Rejection, check_regular_file, read_regular_file

_TABLES = (".csv", ".tsv", ".txt")
_KINDS = "fiubUS"  # of arrays: numbers, and names of classes
_SAVE = f"save the arrays with np.savez, called {WANTED}"
_OTHERS = (
    *(".mat", ".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".parquet"),
    ".tfrecord",
)
_PACKED = (".zip", ".tar", ".tgz", ".7z", ".rar")
_MOST_LISTED = 1000  # files of a folder


def open_dataset(path: Path) -> Found:
    """Read the pictures and labels of a file or folder, whichever of the usual kinds it is.

    Raises:
        Rejection: It is of none, damaged, or too large; the message says what would help.
    """
    if path.is_dir():
        return _from_folder(path)
    kind = path.suffix.lower()
    if kind in (*_OTHERS, *_PACKED):
        check_regular_file(path)
        remedy = _SAVE if kind in _OTHERS else "unpack it, and choose the folder"
        raise Rejection(f"it is a {kind} file", remedy)
    data = read_regular_file(path, bounds.LARGEST_DATASET_FILE)
    if kind == ".npy":
        return find(_neighbours(path.parent))
    if kind in _TABLES:
        return read_listed(path, data) or read_pixels(data)
    if is_idx(data):
        return read_idx(path, data)
    if kind != ".npz" and not data.startswith(b"PK"):
        raise Rejection("it holds none of the usual data", _SAVE)
    return find(_entries(data))


def _entries(data: bytes) -> Mapping[str, Read]:
    """Return what reads each array of an ``.npz`` file."""
    archive = Archive(data, bounds.MOST_DATASET_ENTRIES, bounds.LARGEST_DATASET_FILE)
    names = [name for name in archive.names if name.endswith(".npy")]
    return {name.removesuffix(".npy"): partial(_from_archive, archive, name) for name in names}


def _from_archive(archive: Archive, name: str) -> AnyArray:
    return _array(archive.read(name, bounds.LARGEST_DATASET_FILE), name.removesuffix(".npy"))


def _neighbours(folder: Path) -> Mapping[str, Read]:
    """Return what reads each ``.npy`` file of a folder."""
    files = sorted(islice(folder.glob("*.npy"), bounds.MOST_DATASET_ENTRIES))
    return {file.stem: partial(_from_npy, file) for file in files}


def _from_npy(file: Path) -> AnyArray:
    return _array(read_regular_file(file, bounds.LARGEST_DATASET_FILE), file.stem)


def _array(data: bytes, name: str) -> AnyArray:
    """Return an array of numbers or names; nothing in the file is run."""
    try:
        return unpack_array(data, _KINDS)
    except Rejection as error:
        why = error.why.replace("an array in it", f"{name[:40]} in it")
        raise Rejection(why, error.remedy) from None


def _from_folder(folder: Path) -> Found:
    """Read what is in a folder: a file of the other kinds, or folders with pictures."""
    try:
        files = sorted(each for each in islice(folder.iterdir(), _MOST_LISTED) if each.is_file())
    except OSError:
        raise Rejection("it may not be read", "check its permissions") from None
    for is_wanted in _IN_FOLDERS:
        wanted = next(filter(is_wanted, files), None)
        if wanted is not None:
            return open_dataset(wanted)
    return read_folder(folder)


def _is_mnist(file: Path) -> bool:
    return "train-images" in file.name


def _is_array(file: Path) -> bool:
    return file.suffix.lower() == ".npy"


def _is_list_of_labels(file: Path) -> bool:
    return file.suffix.lower() in _TABLES and "label" in file.name.lower()


_IN_FOLDERS: tuple[Callable[[Path], bool], ...] = (_is_mnist, _is_array, _is_list_of_labels)
