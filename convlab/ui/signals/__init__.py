"""The signal lab: two signals, one sliding over the other.

The lab, its edits, its texts and the widgets that no other lab uses; no other wing is imported.
"""
