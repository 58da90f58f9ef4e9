"""The immutable state of the program, the edits of it, the work it asks for. No Qt, no files."""
