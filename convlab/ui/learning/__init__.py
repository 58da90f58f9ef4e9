"""The learning lab: one kernel, a network and a neuron that learn.

The lab, its edits, its texts and the widgets that no other lab uses; no other wing is imported.
"""
