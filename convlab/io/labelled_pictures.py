"""Pictures of any size as a data set: a folder for each class, or a table of names and labels."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from convlab.document.file_name import shown_name
from convlab.document.source import PICTURE_SUFFIXES
from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io import bounds, text
from convlab.io.dataset_arrays import Found
from convlab.io.images import ImageLoadError, check_image, decode_image, read_image_file
from convlab.io.reading import part_of
from convlab.io.rejection import Rejection

SIDE = 32  # of pictures that differ in size, or are too large [px]
_TRAINING, _TEST = ("train", "training"), ("test", "val", "valid", "validation")
_LABEL_TITLES = ("label", "class", "target", "category", "y")
_SEPARATORS = ",;\t "
_MOST_COLUMNS = 12  # more are pixels
_LARGEST_LIST = 4 << 20  # bytes of a table of names
_UNITS = {np.dtype(np.uint8): 1.0, np.dtype(np.uint16): 1 / 257, np.dtype(np.float32): 255.0}


def read_folder(folder: Path) -> Found:
    """Read a folder with a folder for each class, or with such a one for training and test.

    Raises:
        Rejection: It has no such folders, or a picture cannot be read.
    """
    inner = {each.name.lower(): each for each in _folders(folder)}
    training = next((inner[name] for name in _TRAINING if name in inner), None)
    test = next((inner[name] for name in _TEST if name in inner), None)
    listed = _listed(training or folder)
    if not listed:
        raise Rejection(
            "no folders in it hold pictures", "put the pictures of each class into a folder"
        )
    tested = [] if training is None or test is None else _listed(test)
    return read_pictures(listed, tested)


def read_pictures(
    listed: Sequence[tuple[Path, str]], tested: Sequence[tuple[Path, str]] = ()
) -> Found:
    """Read pictures with their labels; those of different sizes become squares of 32 px.

    Args:
        listed: The file of each picture, and its label.
        tested: The same of the test set; empty: a part of the others is that.

    Raises:
        Rejection: One of them cannot be read.
    """
    kept, parts = _few(listed), _few(tested)
    note = (
        ""
        if len(kept) == len(listed)
        else (f"{len(kept):,} of its {len(listed):,} pictures are taken.")
    )
    size, is_grey = _common([path for path, _ in (*kept, *parts)])
    if size is None:
        note = f"Its pictures were cut to squares and scaled to {SIDE} × {SIDE}. {note}".strip()
    images, test = (_stacked([path for path, _ in each], size, is_grey) for each in (kept, parts))
    labels, test_labels = (np.array([label for _, label in each]) for each in (kept, parts))
    if not parts:
        return Found(images, labels, note=note)
    return Found(images, labels, test, test_labels, note=note)


def read_listed(path: Path, data: bytes) -> Found | None:
    """Read the pictures that a table beside them names; None if it names none.

    Raises:
        Rejection: A picture that it names is missing or cannot be read.
    """
    if len(data) > _LARGEST_LIST:
        return None
    lines = [line for line in text.lines(data) if line.strip()]
    beside = _Beside(path.parent)
    for separator in _SEPARATORS:
        rows = [_split(line, separator) for line in lines[:2]]
        for number, row in enumerate(rows):
            column = next((k for k, cell in enumerate(row) if beside.picture(cell)), None)
            if column is not None and 1 < len(row) <= _MOST_COLUMNS:
                titles = rows[0] if number else []
                cells = [_split(line, separator) for line in lines[number:]]
                return read_pictures(_named(cells, column, titles, beside))
    return None


def _split(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line.strip()], delimiter=separator))
    except (csv.Error, StopIteration):
        raise Rejection("a cell of it is too long", "shorten it") from None


def _named(
    rows: Sequence[list[str]], column: int, titles: Sequence[str], beside: _Beside
) -> list[tuple[Path, str]]:
    """Return the pictures and labels of a table without its heading."""
    told = [k for k, title in enumerate(titles) if title.strip().lower() in _LABEL_TITLES]
    label = next((k for k in told if k != column), 1 if column == 0 else 0)
    listed = []
    for number, row in enumerate(rows, 1 + bool(titles)):
        cell = row[column] if len(row) > max(column, label) else ""
        file = beside.picture(cell)
        if file is None:
            raise Rejection(
                f"row {number} of it names {cell[:40]!r}, which is no picture beside it",
                "put its pictures into its folder",
            )
        listed.append((file, row[label].strip()))
    return listed


def _inside(folder: Path) -> list[Path]:
    try:
        return list(islice(folder.iterdir(), bounds.MOST_PICTURES))
    except OSError:
        return []  # a folder that may not be read names no pictures


class _Beside:
    """The pictures in a folder, and in those in it.

    Args:
        folder: Where the table lies that names them.
    """

    def __init__(self, folder: Path) -> None:
        self._found: dict[str, Path] = {}
        for place in (folder, *_folders(folder)):
            inside = "" if place == folder else f"{place.name}/"
            for file in _inside(place):
                if file.suffix.lower() in PICTURE_SUFFIXES:
                    for name in (file.name, file.stem, f"{inside}{file.name}"):
                        self._found.setdefault(name, file)

    def picture(self, name: str) -> Path | None:
        """Return a picture by its name, with or without its ending and its folder."""
        file = self._found.get(name.strip().replace("\\", "/").removeprefix("./"))
        return file if file is not None and file.is_file() else None


def _listed(folder: Path) -> list[tuple[Path, str]]:
    """Return the pictures in the folders of a folder, and what those are called."""
    listed: list[tuple[Path, str]] = []
    for each in _folders(folder):
        try:
            files = sorted(islice(each.rglob("*"), bounds.MOST_PICTURES))
        except OSError:
            continue
        pictures = [file for file in files if file.suffix.lower() in PICTURE_SUFFIXES]
        listed += [(file, shown_name(each)) for file in pictures if file.is_file()]
    return listed


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, without those that programs hide there."""
    try:
        found = [each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()]
    except OSError:
        raise Rejection("it may not be read", "check its permissions") from None
    return sorted(each for each in found if each.name[0] not in "._")


def _few(listed: Sequence[tuple[Path, str]]) -> Sequence[tuple[Path, str]]:
    """Return as many as can be, evenly from all of them."""
    most = bounds.MOST_DATASET_FILES
    if len(listed) <= most:
        return listed
    chosen = np.sort(np.random.default_rng(0).permutation(len(listed))[:most])
    return [listed[int(number)] for number in chosen]


# ---- pixels ----


def _common(paths: Sequence[Path]) -> tuple[tuple[int, int] | None, bool]:
    """Return (rows, columns) that all pictures have, None if they differ, and if all are grey."""
    sizes, is_grey = set(), True
    for number, path in enumerate(paths):
        try:
            with part_of(number, 2 * len(paths)):
                claim = check_image(read_image_file(path), shown_name(path))
        except ImageLoadError as error:
            raise _unreadable(error) from error
        sizes.add((claim.height, claim.width))
        is_grey = is_grey and claim.channels == 1
    size = sizes.pop() if len(sizes) == 1 else None
    is_small = size is not None and max(size) <= bounds.LARGEST_DATASET_SIDE
    return size if is_small else None, is_grey


def _stacked(paths: Sequence[Path], size: tuple[int, int] | None, is_grey: bool) -> AnyArray:
    """Return pictures ``(N, H, W)`` or ``(N, H, W, 3)``, uint8."""
    rows, columns = size or (SIDE, SIDE)
    shape = (rows, columns) if is_grey else (rows, columns, 3)
    stacked = np.empty((len(paths), *shape), np.uint8)
    for number, path in enumerate(paths):
        try:
            with part_of(len(paths) + number, 2 * len(paths)):
                pixels = decode_image(read_image_file(path), shown_name(path))
        except ImageLoadError as error:
            raise _unreadable(error) from error
        stacked[number] = _fitted(pixels, (rows, columns), is_grey)
    return stacked


def _fitted(pixels: AnyArray, size: tuple[int, int], is_grey: bool) -> AnyArray:
    """Return a picture of a size as bytes: its middle, if it is to be another."""
    if pixels.shape[:2] != size:
        side = min(pixels.shape[:2])
        top, left = ((length - side) // 2 for length in pixels.shape[:2])
        middle = np.ascontiguousarray(pixels[top : top + side, left : left + side])
        way = cv2.INTER_AREA if side > size[0] else cv2.INTER_LINEAR
        pixels = cv2.resize(middle, size[::-1], interpolation=way)
    scaled = pixels.astype(np.float32) * np.float32(_UNITS[pixels.dtype])
    bytes_: AnyArray = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    if is_grey:
        return bytes_ if bytes_.ndim == 2 else bytes_[..., 0]
    return bytes_ if bytes_.ndim == 3 else np.repeat(bytes_[..., np.newaxis], 3, axis=2)


def _unreadable(error: ImageLoadError) -> Rejection:
    why, _, remedy = str(error).partition(": ")
    return Rejection(f"in it {why}", remedy.rstrip(".") or "take it out")
