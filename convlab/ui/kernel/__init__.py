"""The kernel lab: input, kernel, output, and the sum behind a pixel.

The lab, its edits, its texts and the widgets that no other lab uses; no other wing is imported.
"""
