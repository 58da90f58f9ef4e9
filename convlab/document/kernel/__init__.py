"""One kernel on a picture: its state, its edits, what is computed of it."""
