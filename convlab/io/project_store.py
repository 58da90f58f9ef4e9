"""Projects as the window opens and saves them, and whether each may open what it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convlab.document.document import Document
from convlab.document.view import View
from convlab.io.answers import Answers, digest_of
from convlab.io.project import Project, read_with_bytes, write_project
from convlab.io.safe_write import remove_abandoned


@dataclass(frozen=True, slots=True, eq=False)
class ProjectRead:
    """A project that was opened.

    Attributes:
        path: The file.
        document: What it holds.
        digest: Of the file's bytes.
        may_open: Whether it may open what it names; None if nobody was asked.
        view: What was on the screen; None if it does not tell.
    """

    path: Path
    document: Document
    digest: str
    may_open: bool | None
    view: View | None = None


class ProjectStore:
    """Reads and writes projects; may be asked from any thread."""

    def __init__(self) -> None:
        self._answers = Answers()

    def read(self, path: Path) -> ProjectRead:
        """Read a whole project; what a killed writer left beside it is removed.

        Raises:
            ProjectError: It cannot be opened.
        """
        remove_abandoned(path.parent)
        project, data = read_with_bytes(path)
        digest = digest_of(data)
        return ProjectRead(path, project.document, digest, self._answers.get(digest), project.view)

    def write(self, document: Document, view: View | None, path: Path) -> None:
        """Write a document, and what is on the screen; it may open what it names from now on.

        Files that it names and does not hold are not read for that: nobody saw them.

        Raises:
            ProjectError: It cannot be saved.
        """
        data = write_project(Project(document, view), path)
        self._answers.keep(digest_of(data), True)

    def keep_answer(self, digest: str, may_open: bool) -> None:
        """Remember whether the project with this digest may open what it names."""
        self._answers.keep(digest, may_open)
