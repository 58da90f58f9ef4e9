"""Project files: the whole Document in one ``.convlab`` file.

A zip file with ``project.json``, which says everything but weights, ``weights.safetensors``,
where each array is called "uid.name", and the files that the document shows (``attachments``).
Files are read as if a stranger had made them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.view import View
from convlab.io import bounds
from convlab.io.archive import Archive, pack
from convlab.io.attachments import FOLDER, Attachments, read_attachments
from convlab.io.chains import with_inputs
from convlab.io.embedding import embedded
from convlab.io.layer_form import plain_words
from convlab.io.old_places import with_places
from convlab.io.project_form import ProjectForm, to_document, to_form, to_view
from convlab.io.rejection import Rejection, raised_as, read_regular_file
from convlab.io.safe_write import write_bytes
from convlab.io.stack_form import check_count, stack_tensors
from convlab.io.tensors import pack_tensors, unpack_tensors

SUFFIX = ".convlab"
FORMAT = "convlab"
VERSION = 4
JSON_NAME = "project.json"
WEIGHTS_NAME = "weights.safetensors"

_Plain: TypeAlias = dict[str, Any]
_MIGRATIONS: dict[int, Callable[[_Plain], _Plain]] = {
    1: lambda plain: plain | {"version": 2},  # it had no files inside, and no view
    2: with_inputs,
    3: with_places,
}
"""From each older version to the next: takes ``project.json`` as plain data and returns it."""


class ProjectError(ValueError):
    """A project cannot be opened or saved; the text is one message with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """All that a file holds.

    Attributes:
        document: What is saved.
        view: What was on the screen; None if nobody looked.
    """

    document: Document
    view: View | None = None


class _Header(msgspec.Struct):
    """What every version has."""

    format: str
    version: int


def save_project(document: Document, path: str | os.PathLike[str]) -> None:
    """Save a document; the same one gives the same bytes.

    Pictures, sounds and tables that it names by their paths are put into the file; one that cannot
    be read, or is too large, stays a reference, and so do films and cameras.

    Args:
        document: All of it is saved, layers that are switched off too.
        path: The file; an old one is replaced, and only by a whole new one.

    Raises:
        ProjectError: It cannot be written, or holds what could not be read again, such as weights
            that are not finite; the old file is untouched.
    """
    if not isinstance(document, Document):
        kind = type(document).__name__
        raise ProjectError(f"what is to be saved is of type {kind}: give a Document.")
    write_project(Project(embedded(document)), path)


def write_project(project: Project, path: str | os.PathLike[str]) -> bytes:
    """Save a project with the files that its document holds, and no others.

    Returns:
        What was written.

    Raises:
        ProjectError: It cannot be written, or holds what could not be read again, such as weights
            that are not finite; the old file is untouched.
    """
    name = shown_name(path)
    try:
        data = _packed(project)
    except Rejection as error:
        raise ProjectError(
            f"{name} is not saved, because {error.why}: change that and save again."
        ) from error
    write_file(path, data)
    return data


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file as a whole.

    Raises:
        ProjectError: It cannot be written.
    """
    try:
        write_bytes(path, data)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ProjectError(
            f"{shown_name(path)} cannot be written ({reason.rstrip('.')}): "
            "choose another place or name."
        ) from error


def load_project(path: str | os.PathLike[str]) -> Document:
    """Read a document that ``save_project`` has written; its weights are the same bit for bit.

    Whether its layers fit each other is not asked: half a stack can be saved, too.

    Raises:
        ProjectError: There is no such file, it is damaged, or of a newer ConvLab.
    """
    return read_project(path).document


def read_project(path: str | os.PathLike[str]) -> Project:
    """Read a document and what was on the screen.

    Raises:
        ProjectError: As ``load_project``.
    """
    return read_with_bytes(path)[0]


def read_with_bytes(path: str | os.PathLike[str]) -> tuple[Project, bytes]:
    """Read a project as ``read_project``; also return the bytes it was read from.

    A file may change between two readings: what is known of the bytes holds for this project.

    Raises:
        ProjectError: As ``load_project``.
    """
    with raised_as(ProjectError, path, "cannot be opened"):
        data = read_regular_file(Path(path), bounds.LARGEST_PROJECT_FILE)
        return _unpacked(data), data


def _packed(project: Project) -> bytes:
    """Return the bytes of a project file.

    Raises:
        Rejection: They could not be read again: such must not replace a file.
    """
    stack, files = project.document.stack, Attachments()
    check_count(len(stack.slots))
    text, weights = _json(project, files), pack_tensors(stack_tensors(stack))
    entries = files.entries()
    _project(_current(_decoded(text)), weights, files)
    return pack({JSON_NAME: text, WEIGHTS_NAME: weights} | entries)


def _json(project: Project, files: Attachments) -> bytes:
    form = to_form(project.document, project.view, files, FORMAT, VERSION)
    try:
        text = msgspec.json.encode(form, enc_hook=_plain_value)
    except (TypeError, ValueError, OverflowError) as error:
        raise Rejection(f"it holds what cannot be written ({error})") from None
    return msgspec.json.format(text, indent=1)


def _plain_value(value: object) -> object:
    """Return NumPy's numbers as Python's, and any row of numbers as a tuple."""
    if isinstance(value, np.generic):
        return value.item()
    try:
        return tuple(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"a value of type {type(value).__name__}") from None


def _unpacked(data: bytes) -> Project:
    """Return what is in a project file.

    Raises:
        Rejection: It is none, or damaged.
    """
    archive = Archive(data, bounds.MOST_PROJECT_ENTRIES)
    plain = _current(_decoded(archive.read(JSON_NAME, bounds.LARGEST_PROJECT_TEXT)))
    for name in archive.names:
        if name not in (JSON_NAME, WEIGHTS_NAME) and not name.startswith(FOLDER):
            raise Rejection(f"it holds {name[:80]!r}, which no project has")
    weights = archive.read(WEIGHTS_NAME, bounds.LARGEST_WEIGHTS_FILE)
    return _project(plain, weights, read_attachments(archive))


def _project(plain: _Plain, weights: bytes, files: Attachments) -> Project:
    """Return the project that the parts of a file make."""
    form = _converted(plain, ProjectForm)
    return Project(to_document(form, unpack_tensors(weights), files), to_view(form))


def _decoded(text: bytes) -> _Plain:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Rejection(f"its {JSON_NAME} is damaged ({plain_words(error)})") from None


def _current(plain: _Plain) -> _Plain:
    """Return ``project.json`` as this version writes it."""
    header = _converted(plain, _Header)
    if header.format != FORMAT:
        raise Rejection(f"its format is {header.format[:40]!r}", "choose a ConvLab project")
    if header.version > VERSION:
        raise Rejection(
            f"it was written by a newer ConvLab (format {header.version})", "update ConvLab"
        )
    if header.version < 1:
        raise Rejection(f"there is no format {header.version}")
    for version in range(header.version, VERSION):
        plain = _MIGRATIONS[version](plain)
    return plain


def _converted(plain: Mapping[str, Any], form: type[Any]) -> Any:
    try:
        return msgspec.convert(plain, form)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Rejection(f"its {JSON_NAME} does not hold ({plain_words(error)})") from None
