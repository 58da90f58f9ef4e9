"""A picture with its role and its size above it, and where it is wanted its colour bar below."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from convlab.document.painted import Painted
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label
from convlab.ui.widgets.image_view import ImageView


class TitledPicture(QWidget):
    """Shows one picture; the same one again costs nothing.

    Args:
        name: The view's object name is this and ``_view``.
        title: Its role.
        description: What a screen reader says.
        tip: What can be done in it, where that is more than in every picture; it has a bar then.
        wraps: What stands above it may take two lines: for a narrow panel that scrolls.
    """

    def __init__(
        self, name: str, title: str, description: str, tip: str = "", wraps: bool = False
    ) -> None:
        super().__init__()
        as_panel(self)
        self.view = ImageView(f"{name}_view", description)
        self.view.setMinimumSize(110, 80)
        self._title = quiet_label(title, "title")
        high = QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, high)
        self._title.setWordWrap(wraps)
        self._role = title
        self._painted: Painted | None = None
        self._bar: ColorBar | None = None
        layout = filled(QVBoxLayout(self), margins=(0, 0, 0, 0), spacing=2)
        filled(layout, self._title, (self.view, 1))
        if tip:
            describe(self.view, self.view.objectName(), title, tip)
            self.view.setMinimumHeight(110)
            self._bar = ColorBar(name)
            self._bar.setAccessibleName(f"Colours of: {title}")
            layout.addWidget(self._bar)

    def show_titled(self, role: str, painted: Painted) -> None:
        """Paint a picture that has another role now."""
        if role != self._role:
            self._role, self._painted = role, None
        self.show_painted(painted)

    def show_painted(self, painted: Painted) -> None:
        """Paint a picture, and write its size."""
        if self._painted is not None and painted.bgra is self._painted.bgra:
            return
        self._painted = painted
        self.view.show_painted(painted)
        height, width = painted.bgra.shape[:2]
        self._title.setText(f"{self._role}  {width}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{height}")
        if self._bar is not None:
            self._bar.set_scale(painted.mode, painted.scale, several=False)
