"""Convolution on NumPy and OpenCV: pure functions of arrays. No Qt, files, threads or state."""
