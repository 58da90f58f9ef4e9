"""Names of classes from text files, and those of ImageNet, which come with the program."""

from __future__ import annotations

import os
from pathlib import Path

from convlab.io import bounds, text
from convlab.io.rejection import Rejection, raised_as, read_regular_file
from convlab.networks.class_names import MOST_CLASSES, parse_names
from convlab.paths import imagenet_classes

SUFFIXES = (".txt", ".json", ".names", ".csv")
_FORM = "write a name a line, as UTF-8, or a list in JSON"


class ClassNamesError(ValueError):
    """Names cannot be had from a file; the text is one message with its remedy."""


def read_class_names(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Read the names of classes.

    Args:
        path: A text file with a name a line, or a list or mapping in JSON.

    Raises:
        ClassNamesError: It cannot be read, or holds no names or too many.
    """
    with raised_as(ClassNamesError, path, "cannot be read as names of classes"):
        data = read_regular_file(Path(path), bounds.LARGEST_CLASS_FILE)
        names = parse_names(text.decode(data, _FORM))
        if not names:
            raise Rejection("it holds no names", _FORM)
        if len(names) > MOST_CLASSES:
            raise Rejection(f"it has more than {MOST_CLASSES:,} names", "choose a shorter list")
        return names


def imagenet_names() -> tuple[str, ...]:
    """Return the names of the 1,000 classes of ImageNet.

    Raises:
        FileNotFoundError: They are missing from the resources.
    """
    return read_class_names(imagenet_classes())
