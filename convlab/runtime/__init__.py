"""Boxes, workers and the session; the only place with threads. QtCore only."""
