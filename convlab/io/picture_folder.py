"""Folders of pictures: which they are, and what their own folders say they show."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from convlab.document.file_name import shown_name
from convlab.document.source import PICTURE_SUFFIXES
from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.images import decode_image, read_image_file


class FolderError(ValueError):
    """A folder has no pictures; the text is one message with its remedy."""


class FolderPicture(NamedTuple):
    """A picture of a folder.

    Attributes:
        path: Its file.
        label: Name of the folder inside the chosen one; "" if it lies in that itself.
    """

    path: Path
    label: str

    def read(self) -> AnyArray:
        """Return its pixels (see ``decode_image``).

        Raises:
            ImageLoadError: They cannot be had.
        """
        return decode_image(read_image_file(self.path), shown_name(self.path))


def pictures_in(folder: str | os.PathLike[str]) -> tuple[FolderPicture, ...]:
    """List the pictures of a folder and of those in it, by name; links to folders are left.

    Raises:
        FolderError: It is no folder, or has no pictures or too many.
    """
    folder = Path(folder)
    found: list[FolderPicture] = []
    try:
        for place, label in ((folder, ""), *((each, each.name) for each in _folders(folder))):
            paths = sorted(
                each for each in place.iterdir() if each.suffix.lower() in PICTURE_SUFFIXES
            )
            found += [FolderPicture(path, label) for path in paths if path.is_file()]
            if len(found) > bounds.MOST_PICTURES:
                raise FolderError(
                    f"{shown_name(folder)} has more than {bounds.MOST_PICTURES:,} pictures: "
                    "choose a folder with fewer."
                )
    except OSError:
        raise FolderError(
            f"{shown_name(folder)} cannot be read: choose a folder that you may open."
        ) from None
    if not found:
        raise FolderError(f"There are no pictures in {shown_name(folder)}: choose another folder.")
    return tuple(found)


def _folders(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()
