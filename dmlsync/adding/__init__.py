"""Adding a paper to a list: looked up, written as a line in the list's own style, and linked to its work.

`lookup` finds the paper that a DOI, an address, a title or a citation key names; `duplicates` the lines that name it
already; `wording` says what the list would print; `writing` puts the line in and links it.
"""
