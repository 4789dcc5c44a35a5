"""library.bib: read, understood, and changed without touching what nobody asked to change."""
