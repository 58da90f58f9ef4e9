"""The stack lab: layers, all their maps, and what is behind a unit.

The lab, its edits, its texts and the widgets that no other lab uses; no other wing is imported.
"""
