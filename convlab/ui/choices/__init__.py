"""Lists of more than ten: groups, a search field, a picture and one line for each entry.

What lives here: the entries and their search, the list that opens, the box and the button that
open it; the lists that several share, of presets and of sources. What the entries of a wing mean is
known there.
"""
