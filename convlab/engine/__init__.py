"""Convolution on NumPy and OpenCV: pure functions of arrays. No Qt and no files.

Only ``parallel`` has threads, and only ``planner`` remembers something: the costs of the machine.
"""
