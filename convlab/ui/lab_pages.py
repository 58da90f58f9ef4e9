"""The labs, one of them on the screen: the first is there at once, the others soon after."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from convlab.document.document import Lab
from convlab.document.references import References
from convlab.runtime.preloading import Preloader
from convlab.runtime.pump import Pump
from convlab.runtime.settings import Settings
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.labs import LABS, LabSpec

Kind = TypeVar("Kind", bound=DockedLab)


class LabPages(QStackedWidget):
    """Makes each lab when it is first wanted, and all of them behind the first picture.

    Args:
        services: What the labs are given.
        settings: How each lab was left.
        pump: Is told when a lab has painted.

    Signals:
        progressed, lab_wanted, value_pointed, file_answered: As each lab says.
        completed: All labs are there.
    """

    progressed = Signal(object, str)
    lab_wanted = Signal(object)
    value_pointed = Signal(str)
    file_answered = Signal(str, bool)
    completed = Signal()

    def __init__(self, services: LabServices, settings: Settings, pump: Pump) -> None:
        super().__init__()
        self._services = services
        self._settings = settings
        self._pump = pump
        self._built: dict[Lab, DockedLab] = {}
        self._specs = {spec.name: spec for spec in LABS}
        self._preloader = Preloader([spec.module for spec in LABS], self)
        pump.pages_changed.connect(self._on_pages_changed)
        self._preloader.loaded.connect(self._on_preloaded)
        for _ in LABS:
            self.addWidget(QWidget())
        self.lab(LABS[0].name)

    def lab(self, name: Lab) -> DockedLab:
        """Return a lab; it is made if it is not there yet."""
        if name not in self._built:
            self._place(self._specs[name])
        return self._built[name]

    def of(self, kind: type[Kind]) -> Kind:
        """Return the lab of a class; it is made if it is not there yet.

        Raises:
            ValueError: There is none.
        """
        for spec in LABS:
            if (spec.module, spec.widget) == (kind.__module__, kind.__name__):
                lab = self.lab(spec.name)
                assert isinstance(lab, kind)
                return lab
        names = ", ".join(spec.widget for spec in LABS)
        raise ValueError(f"there is no lab {kind.__name__}: choose one of {names}")

    def show_lab(self, name: Lab) -> None:
        """Bring a lab to the screen."""
        self.lab(name)
        if self.currentIndex() != _place_of(name):
            self.value_pointed.emit("")
        self.setCurrentIndex(_place_of(name))

    @property
    def current(self) -> DockedLab:
        """The lab on the screen."""
        return self.lab(LABS[self.currentIndex()].name)

    @property
    def built(self) -> tuple[DockedLab, ...]:
        """The labs that are there by now, in the order of their tabs."""
        return tuple(self._built[spec.name] for spec in LABS if spec.name in self._built)

    def preload(self) -> None:
        """Begin to make the labs that are not there yet, unless that was begun before."""
        self._preloader.start()

    def read_file(self, lab: Lab, path: str) -> None:
        """Let a lab read a file; it comes to the screen when that has gone well."""
        self.lab(lab).read_file(path)

    def read_named(self, named: References) -> None:
        """Let the labs read what a project names and may open."""
        for lab in dict.fromkeys(file.lab for file in named.files):
            self.lab(lab).read_named(named.of(lab))

    def keep_layouts(self) -> None:
        """Store how each lab is left."""
        for lab in self._built.values():
            left = lab.layout_left()
            if left is not None:
                self._settings.set_state(_layout_key(lab), left)

    def stop(self) -> None:
        """End what runs beside the window."""
        for lab in self._built.values():
            lab.stop()
        self._preloader.stop()

    def _place(self, spec: LabSpec) -> None:
        """Put a new lab in its place, as it was left."""
        lab = self._built[spec.name] = spec.make(self._services)
        index = LABS.index(spec)
        is_shown = self.currentIndex() == index
        empty = self.widget(index)
        assert empty is not None
        self.removeWidget(empty)
        empty.deleteLater()
        self.insertWidget(index, _scrolled(lab))
        if is_shown:
            self.setCurrentIndex(index)
        layout = self._settings.state(_layout_key(lab))
        if layout is not None:
            lab.restore_layout(layout)
        # Queued: a view that is asked to paint while it paints forgets that it was asked.
        lab.painted.connect(self._pump.painted, Qt.ConnectionType.QueuedConnection)
        lab.progressed.connect(self.progressed)
        lab.lab_wanted.connect(self.lab_wanted)
        lab.file_answered.connect(self._on_file_answered)
        lab.value_pointed.connect(self._on_value_pointed)

    def _on_pages_changed(self) -> None:
        """Show what was made beside the picture in the lab whose it is."""
        pages, name = self._pump.pages, self._pump.pages_lab
        if name is None:
            return
        lab = self.lab(name)
        lab.message.report(self._pump.pages_error or "", "pages")
        if pages is not None:
            lab.show_pages(pages)

    def _on_file_answered(self, path: str, is_read: bool) -> None:
        sender = self.sender()
        if is_read and isinstance(sender, DockedLab):
            self.lab_wanted.emit(sender.name)
        self.file_answered.emit(path, is_read)

    def _on_value_pointed(self, text: str) -> None:
        """Pass on what the lab on the screen says; another has nothing under the mouse."""
        if self.sender() is self.current:
            self.value_pointed.emit(text)

    def _on_preloaded(self) -> None:
        """Make one more lab, and the next when nothing else is to be done."""
        if self._preloader.is_stopped:
            return
        missing = next((spec.name for spec in LABS if spec.name not in self._built), None)
        if missing is None:
            self.completed.emit()
        else:
            self.lab(missing)
            QTimer.singleShot(0, self._on_preloaded)


def _place_of(name: Lab) -> int:
    return [spec.name for spec in LABS].index(name)


def _scrolled(lab: DockedLab) -> QScrollArea:
    """Let a lab be scrolled where it has less room than it needs: the window fits any screen."""
    area = QScrollArea()
    area.setAccessibleName(f"{lab.name.value.capitalize()} lab")
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(lab)
    area.setMinimumSize(1, 1)
    return area


def _layout_key(lab: DockedLab) -> str:
    return f"{lab.objectName()}_layout"
