"""Which section of the guide speaks of what a person is at."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

TOPICS = {
    "kernel_drawing_": "Sources",
    "stack_drawing_": "Draw a digit",
    "source_combo": "Sources",
    "freeze_button": "Sources",
    "step_button": "Sources",
    "film_": "Films, animations, pages",
    "camera_": "Sources",
    "channel_": "Channels",
    "kernel_channel_": "Channels",
    "several_kernels_check": "Channels",
    "only_channel_button": "Channels",
    "color_space_combo": "Channels",
    "combine_combo": "Channels",
    "flip_switch": "Correlation or convolution",
    "padding_": "Padding, border, stride, dilation",
    "border_": "Padding, border, stride, dilation",
    "transposed_check": "Padding, border, stride, dilation",
    "stride_spin": "Padding, border, stride, dilation",
    "dilation_spin": "Padding, border, stride, dilation",
    "size_formula": "Padding, border, stride, dilation",
    "pixel_": "Read the sum",
    "profile_": "Read the sum",
    "count_": "Read the sum",
    "usage_": "Padding, border, stride, dilation",
    "scaling_form": "What a kernel does",
    "sum_panel": "Read the sum",
    "preset_combo": "What a kernel does",
    "generator_": "What a kernel does",
    "own_kernel_": "What a kernel does",
    "kernel_panel": "What a kernel does",
    "kernel_grid": "What a kernel does",
    "input_": "Colours and range",
    "output_": "Colours and range",
    "display_combo": "Colours and range",
    "curve_combo": "Colours and range",
    "range_spin": "Colours and range",
    "layers_dock": "Build a stack",
    "layer_": "Build a stack",
    "stack_combo": "Build a stack",
    "filter_": "Change a filter",
    "shift_panel": "Shift the picture",
    "weight_matrix_view": "Weights as a matrix",
    "matrix_grid": "Weights as a matrix",
    "stack_table": "Count",
    "parameter_card": "Count",
    "incoming_view": "Change a filter",
    "stack_detail": "Where does this number come from?",
    "detail_": "Where does this number come from?",
    "unit_": "Where does this number come from?",
    "play_bar": "Scenes",
    "scene_": "Scenes",
    "signal_tabs": "The same sum, seen from other sides",
    "one_kernel_page": "One kernel",
    "network_page": "A network",
    "neuron_page": "A neuron",
    "draw_digit_button": "Draw a digit",
    "message_bar": "When something is wrong",
    "tool_bar": "The window",
}
"""Headings by the beginnings of object names; of a widget, or else of what it stands in."""


def topic_of(widget: QWidget | None, otherwise: str) -> str:
    """Return the heading of what a widget is for.

    Args:
        widget: What has the focus; None for nothing.
        otherwise: The heading where nothing is known of it.
    """
    while widget is not None:
        name = widget.objectName()
        for beginning, heading in TOPICS.items():
            if name.startswith(beginning):
                return heading
        widget = widget.parentWidget()
    return otherwise
