"""Boxes, workers and the session; the only place with threads. QtCore and QUndoStack only."""
