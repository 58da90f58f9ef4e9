"""The kernel's panel: preset, size, the grid, turns, and what the kernel is in figures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from convlab.document.kernel.model import MAX_KERNEL_SIZE, KernelState, Weights
from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.kernel.channel_kernels import ChannelKernels, KernelChips
from convlab.ui.kernel.copy_button import CopyButton
from convlab.ui.kernel.folding import FoldingArea
from convlab.ui.kernel.preset_line import PresetLine
from convlab.ui.kernel.rooms import COLUMN
from convlab.ui.kernel.scaling_form import OWNER as SCALING
from convlab.ui.kernel.scaling_form import ScalingForm, figures_texts, zero_sum_text
from convlab.ui.numbers import show_weight
from convlab.ui.theme import px
from convlab.ui.widgets.forms import (
    STRETCH,
    describe,
    filled,
    quiet_label,
    spin_box,
    tool_button,
    wrapped_label,
)
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.message_bar import MessageBar

SPACING = 4  # [px]
SPIN_WIDTH = 47  # [px]
MORE_HEIGHT = 18  # [px]
FRAME = 7  # [px]
TOOL_WIDTH = 24  # of a button: all of them stand in a row [px]
GRID_SHARE = 0.235  # height of the grid, by that of the lab
LOWEST_GRID, HIGHEST_GRID = 116, 222  # [px]
TURNS = (
    (
        "rotate",
        "Turn 90°",
        "Turn the kernel by 90 degrees counter-clockwise: a vertical edge becomes horizontal.",
    ),
    ("rotate_back", "Turn back 90°", "Turn the kernel by 90 degrees clockwise."),
    ("mirror", "Mirror", "Swap left and right: the sign of a vertical edge changes."),
    ("flip", "Flip", "Swap top and bottom: the sign of a horizontal edge changes."),
    ("transpose", "Transpose", "Swap rows and columns."),
    ("negate", "Negate", "Change every sign: bright to dark becomes dark to bright."),
)


class _Settings(QWidget):
    """What stands below the grid.

    Signals:
        needs_changed: It may need another height: a line has come or gone.
    """

    needs_changed = Signal()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.needs_changed.emit()
        return done


class KernelPanel(QWidget):
    """Shows a kernel and reports what a person wants of it.

    Args:
        below: What stands in the same column, below the rest.

    Signals:
        size_chosen: (rows, columns).
        turn_chosen: rotate, rotate_back, mirror, flip, transpose or negate.
        height_changed: There is another height at which nothing is folded, or it has been unfolded.
    """

    size_chosen = Signal(int, int)
    turn_chosen = Signal(str)
    height_changed = Signal()

    def __init__(self, *below: QWidget) -> None:
        super().__init__()
        self.setObjectName("kernel_panel")
        self.grid = KernelGrid()
        self.message = MessageBar("kernel_message")
        self.scaling = ScalingForm()
        self.chips = KernelChips()
        self.channels = ChannelKernels()
        self._weights: Weights = ()
        self._copy = CopyButton()
        self.presets = PresetLine()
        tip = "1 to 31 cells; the cells around the anchor keep their values."
        self._rows = spin_box("rows_spin", "Rows", tip, 1, MAX_KERNEL_SIZE)
        self._columns = spin_box("columns_spin", "Columns", tip, 1, MAX_KERNEL_SIZE)
        self._figures = describe(
            FittingLabel(""),
            "kernel_figures",
            "Figures of the kernel",
            "<i>sum</i>: what a flat area of value 1 becomes; 0 means flat areas vanish.<br>"
            "<i>gain</i>: sum of the magnitudes, the largest possible answer to values in −1…1."
            "<br><i>rank</i>: 1 means a column times a row, so two short passes do the same.",
        )
        self._selected = describe(
            quiet_label(),
            "selected_weight",
            "Selected weight",
            "Row, column and value of the cell that the keyboard changes; large kernels have no "
            "room for their numbers.",
        )
        self._says = wrapped_label("preset_description")
        self._says.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._says.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # nothing moves for it
        self._below = below
        self._arrange()
        self._rows.valueChanged.connect(self._on_size_changed)
        self._columns.valueChanged.connect(self._on_size_changed)
        self.grid.rejected.connect(self.message.show_message)
        self.grid.selection_changed.connect(self._on_selection_changed)
        self.grid.hovered.connect(self._on_selection_changed)

    def _arrange(self) -> None:
        for spin in (self._rows, self._columns):
            spin.setFixedWidth(SPIN_WIDTH)
        title, self._order = quiet_label("Kernel", "title"), quiet_label("rows × columns")
        parts = title, self.chips, STRETCH, self._order, self._rows, self._columns
        size = filled(QHBoxLayout(), *parts, spacing=4)
        tools, turns = filled(QHBoxLayout(), spacing=1), []
        for name, label, tip in TURNS:
            button = tool_button(f"{name}_button", label, tip, name)
            button.setProperty("turn", name)
            button.clicked.connect(self._on_turn_clicked)
            turns.append(button)
        others = self._copy, *self.presets.tools
        filled(tools, *turns, STRETCH, *others)
        for tool in (*turns, *others):
            tool.setProperty("role", "tight")
            tool.setFixedWidth(TOOL_WIDTH)
        # What follows the grid may be more than there is room for: it folds, the grid does not.
        lower = _Settings()
        lower.setObjectName("kernel_settings")
        lower.needs_changed.connect(self._on_needs_changed)
        column = filled(QVBoxLayout(lower), margins=(0, 0, 0, 0), spacing=SPACING)
        self._below_grid = column
        figures = filled(
            QHBoxLayout(), (self._figures, 1), self._selected, self._make_more_button(), spacing=4
        )
        filled(column, figures, self._says, tools, self.channels, self.scaling, *self._below)
        column.addStretch(1)
        self.area = FoldingArea(lower, "The kernel's settings")
        self.area.setObjectName("kernel_settings_area")
        self.area.fold_changed.connect(self._on_fold_changed)
        self.area.beyond.connect(self._unfold)
        self._column = filled(QVBoxLayout(self), margins=(0, 0, 0, 0), spacing=SPACING)
        filled(self._column, size, self.presets, self.grid, (self.area, 1))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._size = size
        self._asked = self.wanted_height
        self.message.lie_over(self._says, within=lower)

    def _make_more_button(self) -> QToolButton:
        self._more = describe(
            QToolButton(),
            "kernel_more_button",
            "All settings of the kernel",
            "Padding, border, stride and what else has no room: they lie over what is below until "
            "you click here again (Esc).",
        )
        self._more.setText("…")
        self._more.setCheckable(True)
        self._more.setProperty("role", "tight")
        self._more.setFixedHeight(MORE_HEIGHT)
        self._more.toggled.connect(self._on_unfolded)
        self._more.hide()
        return self._more

    @property
    def is_unfolded(self) -> bool:
        """All settings are to be seen, whatever they lie over."""
        return self.area.is_unfolded

    @property
    def around(self) -> int:
        """Width of the frame that tells what is unfolded from what it lies over [px]."""
        return px(FRAME) if self.is_unfolded else 0

    def fold(self) -> None:
        """Show as many settings as there is room for."""
        self._more.setChecked(False)

    def _unfold(self) -> None:
        self._more.setChecked(True)

    def _on_unfolded(self, is_unfolded: bool) -> None:
        self.area.set_unfolded(is_unfolded)
        self.setProperty("unfolded", is_unfolded)
        self.style().polish(self)
        around = self.around
        filled(self._column, margins=(around, 0, around, around))
        self.height_changed.emit()

    def _on_fold_changed(self) -> None:
        self._more.setVisible(self.area.hides or self.is_unfolded)

    def set_room(self, height: int) -> None:
        """Take the height that is left for this: if it is enough, nothing stays unfolded [px]."""
        if height >= self.wanted_height - self.around:
            self.fold()
            self._more.hide()

    @property
    def wanted_height(self) -> int:
        """Height at which nothing is folded [px]."""
        upper = self._size.sizeHint().height() + self.presets.sizeHint().height()
        lower = self._below_grid.totalHeightForWidth(px(COLUMN))
        return upper + self.grid.height() + lower + 3 * px(SPACING) + self.around

    def _on_needs_changed(self) -> None:
        if self._asked != self.wanted_height:
            self._asked = self.wanted_height
            self.height_changed.emit()

    def set_window_height(self, height: int) -> None:
        """Take the height of the grid from that of the lab: nothing else moves it [px]."""
        lowest, highest = px(LOWEST_GRID), px(HIGHEST_GRID)
        self.grid.setFixedHeight(min(max(round(GRID_SHARE * height), lowest), highest))

    def show_size(self, rows: int, columns: int) -> None:
        """Show how many cells there are."""
        self._rows.show_number(rows)
        self._columns.show_number(columns)

    def show_kernel(self, kernel: KernelState) -> None:
        """Show what stands in the cells, what they are called and what they come to."""
        self._weights = kernel.weights
        self._copy.show_kernel(kernel)
        self.chips.show_state(kernel)
        self._order.setVisible(not kernel.has_several)  # there is no room for both
        self.grid.set_weights(kernel.weights)
        says = self.presets.show_weights(kernel.array())
        if not says and kernel.is_generated:
            says = f"{kernel.generator.title}, made by the kernel generator"
        self._says.setText(says)
        self.scaling.show_scaling(kernel)
        self._figures.show_texts(*figures_texts(kernel))
        self.message.report(zero_sum_text(kernel), SCALING)

    def _on_selection_changed(self) -> None:
        row, column = self.grid.looked_at or self.grid.anchor
        if not self._weights or row >= len(self._weights) or column >= len(self._weights[0]):
            return
        weight = show_weight(self._weights[row][column])
        at = f"[{row}, {column}]"
        self._selected.setText(f"w{at} = {weight}" if self.grid.looked_at else f"anchor {at}")

    def _on_size_changed(self) -> None:
        self.size_chosen.emit(self._rows.value(), self._columns.value())

    def _on_turn_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.turn_chosen.emit(str(sender.property("turn")))
