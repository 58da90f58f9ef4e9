"""A stack of layers as a person builds it: its state, its edits, what is computed of it."""
