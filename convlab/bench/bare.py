"""The bare script that the live window is held against: one loop, one picture, no threads."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pyqtgraph
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from convlab.document.source import PatternOptions
from convlab.engine.cv import cv2
from convlab.engine.kernels import preset
from convlab.sources.pattern import PatternSource


def frames_per_second(app: QApplication, seconds: float) -> float:
    """Filter, colour and paint a moving 720p picture at its own size, as fast as it goes."""
    source = PatternSource("drift", PatternOptions(), fps=None)
    kernel, scale = preset("Sobel vertical"), np.float32(1 / 255)
    colors = np.linspace(0, 255, 256).astype(np.uint8).reshape(256, 1, 1).repeat(3, axis=2)
    view, image = _view()
    frames, started = 0, perf_counter()
    while perf_counter() - started < seconds:
        frame = source.read()
        assert frame is not None
        grey = np.multiply(cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2GRAY), scale, dtype=np.float32)
        edges = cv2.filter2D(grey, -1, kernel, borderType=cv2.BORDER_CONSTANT)
        steps = cv2.addWeighted(edges, 32.0, edges, 0.0, 127.5, dtype=cv2.CV_8U)
        image.setImage(cv2.applyColorMap(steps, colors), autoLevels=False, levels=None)
        view.viewport().repaint()
        app.processEvents()
        frames += 1
    rate = frames / (perf_counter() - started)
    view.close()
    view.deleteLater()
    return rate


def _view() -> tuple[pyqtgraph.GraphicsView, pyqtgraph.ImageItem]:
    view = pyqtgraph.GraphicsView()
    box = pyqtgraph.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
    image = pyqtgraph.ImageItem(np.zeros((720, 1280, 3), np.uint8), levels=None)
    view.setCentralItem(box)
    box.addItem(image)
    view.resize(1280, 720)
    view.show()
    box.setRange(QRectF(0, 0, 1280, 720), padding=0)
    return view, image
