"""Zotero libraries: records as item JSON, the Web API through pyzotero, a remembered copy of each library."""
