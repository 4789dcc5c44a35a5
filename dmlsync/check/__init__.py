"""Rules that find problems in lists, in library.bib and behind links, one function each."""
