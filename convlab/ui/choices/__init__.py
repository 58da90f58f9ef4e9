"""Lists of more than ten: groups, a search field, a picture and one line for each entry.

What lives here: the entries and their search, the list that opens, the box and the button that
open it. What an entry means, and what its picture is made of, is known to those who fill them.
"""
