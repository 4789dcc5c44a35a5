"""dmlsync keeps Markdown reading lists, a shared Zotero collection and library.bib saying the same."""

__version__ = "0.1.0"
