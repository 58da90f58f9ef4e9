"""A picture with its role and its size above it."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from convlab.engine.arrays import ByteArray, FloatArray
from convlab.ui.widgets.forms import as_panel, quiet_label
from convlab.ui.widgets.image_view import ImageView


class TitledPicture(QWidget):
    """Shows one picture; the same one again costs nothing.

    Args:
        name: Object name of the view.
        title: Its role.
        description: What a screen reader says, and the head of its tooltip.
    """

    def __init__(self, name: str, title: str, description: str) -> None:
        super().__init__()
        as_panel(self)
        self.view = ImageView(name, description)
        self.view.setMinimumSize(120, 80)
        self._title = quiet_label(title, "title")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._role = title
        self._bgra: ByteArray | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self.view, 1)

    def show_picture(self, bgra: ByteArray, planes: FloatArray) -> None:
        """Paint ``(H, W, 4)`` colours of values ``(1, H, W)``."""
        if bgra is self._bgra:
            return
        self._bgra = bgra
        self.view.set_picture(bgra, (0, 0), planes)
        height, width = bgra.shape[:2]
        self._title.setText(f"{self._role}   {width} × {height}")
