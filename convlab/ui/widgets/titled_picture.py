"""A picture with a line above it that says what it is, and its colour bar below."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.document.learning.neuron_view import Painted
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import ElidedLabel
from convlab.ui.widgets.image_view import ImageView


class TitledPicture(QWidget):
    """Shows one plane.

    Args:
        name: The object names begin with it.
        title: What the picture is.
        tip: What can be done in it.
    """

    def __init__(self, name: str, title: str, tip: str) -> None:
        super().__init__()
        self.view = ImageView(f"{name}_view", title)
        self.view.setToolTip(f"<b>{title}</b><br>{tip}")
        self.view.setMinimumHeight(110)
        self.color_bar = ColorBar(name)
        self.color_bar.setAccessibleName(f"Colours of: {title}")
        label = ElidedLabel(title)
        label.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.color_bar)

    def show_painted(self, painted: Painted) -> None:
        """Show a plane."""
        self.view.set_picture(painted.bgra, (0, 0), painted.planes)
        self.color_bar.set_scale(painted.mode, painted.scale, several=False)
