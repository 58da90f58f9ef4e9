"""From the bytes of a picture file to pixels: one file a family of formats or a library.

Each is given bytes whose header was surveyed. What they raise is a DamagedError or, where a
healthy file cannot be read, an UnreadableError that says what it holds.
"""
