"""One plane of values with its title above it and its colour bar below."""

from __future__ import annotations

from convlab.document.learning.neuron_view import Painted
from convlab.ui.learning.titled_picture import TitledPicture
from convlab.ui.widgets.color_bar import ColorBar


class PlanePicture(TitledPicture):
    """Shows one plane.

    Args:
        name: The object names begin with it.
        title: What the picture is.
        tip: What can be done in it.
    """

    def __init__(self, name: str, title: str, tip: str) -> None:
        super().__init__(f"{name}_view", title, title)
        self.view.setToolTip(f"<b>{title}</b><br>{tip}")
        self.view.setMinimumHeight(110)
        self.color_bar = ColorBar(name)
        self.color_bar.setAccessibleName(f"Colours of: {title}")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.color_bar)

    def show_painted(self, painted: Painted) -> None:
        """Show a plane."""
        self.show_picture(painted.bgra, painted.planes)
        self.color_bar.set_scale(painted.mode, painted.scale, several=False)
