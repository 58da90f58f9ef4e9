"""The recent list: what really opened, and projects; nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from convlab.document.document import Document, Lab
from convlab.document.kernel.scaling import Scaling
from convlab.io.own_kernels import own_kernel, write_kernels
from convlab.io.project import save_project
from convlab.io.stack_files import save_stack
from convlab.layers import Conv2d, Stack
from convlab.paths import sample_pictures, sample_stacks
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.choices.source_picker import unique_names
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.pictures import save_png


def picture(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    save_png(path, np.full((40, 60, 3), 90, np.uint8))
    return path


def recent(user: Driver) -> list[str]:
    return user.window.settings.recent_files()


def listed(user: Driver) -> list[str]:
    choices = user.find(ChoiceBox, "source_combo").list.choices
    return [choice.name for choice in choices if choice.group == "Recent files"]


def drop_well(user: Driver, path: Path) -> None:
    user.drop_file(path)
    user.until(lambda: recent(user)[:1] == [str(path)])


def drop_badly(user: Driver, path: Path) -> None:
    user.drop_file(path)
    user.until(lambda: path.name in user.window.message.text)


def test_only_what_opened_is_listed(step: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "folder.png"
    folder.mkdir()
    film = tmp_path / "film.mp4"
    film.write_bytes(b"no film")
    project = tmp_path / "broken.convlab"
    project.write_bytes(b"PK not really")
    for path in (tmp_path / "missing.png", folder, film, project):
        drop_badly(step, path)
    assert recent(step) == listed(step) == []


@pytest.mark.parametrize("name", ["missing.png", "missing.convlab", "folder", "film.wmv"])
def test_a_bad_file_of_the_command_line_is_not_listed(
    open_window: OpenWindow, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "film.wmv").write_bytes(b"no film")
    user = open_window(str(tmp_path / name))
    # The first letter of a message is a capital.
    user.until(lambda: name[1:] in user.message and ": " in user.message)
    assert recent(user) == []


def test_a_picture_of_the_command_line_is_listed(open_window: OpenWindow, tmp_path: Path) -> None:
    path = picture(tmp_path / "cat.png")
    user = open_window(str(path))
    user.until(lambda: recent(user) == [str(path)])


def test_undo_and_redo_list_nothing(step: Driver, tmp_path: Path) -> None:
    first, second = picture(tmp_path / "first.png"), picture(tmp_path / "second.png")
    drop_well(step, first)
    drop_well(step, second)
    step.undo()
    step.until(lambda: step.document.source.name == str(first))
    step.redo()
    step.until(lambda: step.document.source.name == str(second))
    step.undo()
    step.until(lambda: step.window.pump.is_up_to_date)
    assert recent(step) == [str(second), str(first)]


def test_samples_stay_out(step: Driver) -> None:
    for path in (sample_pictures()[0], sample_stacks()[0]):
        before = step.document
        step.drop_file(path)
        step.until(lambda before=before: step.document is not before)  # type: ignore[misc]
    assert recent(step) == []


@pytest.mark.display
def test_projects_that_were_saved_and_opened_are_listed_and_chosen(
    step: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, other = tmp_path / "saved.convlab", tmp_path / "other.convlab"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    step.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    step.until(lambda: recent(step) == [str(saved)])
    save_project(Document(), other)
    drop_well(step, other)
    assert listed(step) == ["other.convlab", "saved.convlab"]
    step.choose("source_combo", "saved.convlab")
    step.until(lambda: recent(step) == [str(saved), str(other)])
    assert "saved.convlab" in step.window.windowTitle()


def test_kernels_and_networks_are_listed_and_chosen(step: Driver, tmp_path: Path) -> None:
    kernels, network = tmp_path / "mine.kernel", tmp_path / "net.onnx"
    mine = own_kernel("Mine", np.array([[1, 2, 3]], np.float32), Scaling())
    write_kernels(kernels, (mine,))
    save_stack(Stack([Conv2d(3, 2, 3)]), network)
    drop_well(step, kernels)
    step.until(lambda: step.document.kernel.weights == ((1, 2, 3),))
    drop_well(step, network)
    assert listed(step) == ["net.onnx", "mine.kernel"]
    step.window.go_to(Lab.KERNEL)
    step.choose("preset_combo", "Sobel vertical")
    step.choose("source_combo", "mine.kernel")
    step.until(lambda: step.document.kernel.weights == ((1, 2, 3),))
    step.until(lambda: recent(step) == [str(kernels), str(network)])
    source = step.document.source
    step.choose("source_combo", "net.onnx")
    step.until(lambda: recent(step) == [str(network), str(kernels)])
    assert step.document.source == source
    kernels.unlink()
    step.choose("source_combo", "mine.kernel")
    step.until(lambda: recent(step) == [str(network)])


def test_a_file_that_is_gone_leaves_the_list_with_a_message(step: Driver, tmp_path: Path) -> None:
    gone, kept = picture(tmp_path / "gone.png"), picture(tmp_path / "kept.png")
    drop_well(step, gone)
    drop_well(step, kept)
    gone.unlink()
    step.choose("source_combo", "gone.png")
    step.until(lambda: recent(step) == [str(kept)])
    assert "gone.png" in step.window.message.text
    assert listed(step) == ["kept.png"]


def test_two_files_of_one_name_are_told_apart(step: Driver, tmp_path: Path) -> None:
    for folder in ("cats", "dogs"):
        drop_well(step, picture(tmp_path / folder / "one.png"))
    assert listed(step) == ["one.png (dogs)", "one.png (cats)"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/a/x.png", "/b/y.png"], ["x.png", "y.png"]),
        (["/a/x.png", "/b/x.png", "/b/y.png"], ["x.png (a)", "x.png (b)", "y.png"]),
        (["/p/1/x", "/q/1/x", "/q/2/x"], ["x (p/1)", "x (q/1)", "x (2)"]),
        (["/x", "/a/x"], ["x (/)", "x (a)"]),
    ],
)
def test_names_are_made_unique(paths: list[str], names: list[str]) -> None:
    assert unique_names(paths) == names
