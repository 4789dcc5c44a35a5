"""The direct PDF link of a work, from any link to it. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dmlsync.text import sites
from dmlsync.text.identifiers import LONGEST, arxiv_in

_SUPPLEMENT = re.compile(r"supplement|[-_]suppl?\.pdf$", re.IGNORECASE)


def pdf_url(url: str) -> str:
    """The address of the PDF itself, `""` where the site's scheme does not tell it.

    A link that is a PDF already comes back in its canonical form: without its fragment, and by https where the site is
    known to serve it. Links to supplements come back as they are.
    """
    text = url.strip()[:LONGEST]
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if parts.scheme.lower() not in ("http", "https") or not host or any(char.isspace() for char in text):
        return ""
    if arxiv := arxiv_in(text):
        return f"https://arxiv.org/pdf/{arxiv}"
    is_file = parts.path.lower().endswith(".pdf")
    if not (is_file and _SUPPLEMENT.search(parts.path)):
        places = sites.places(text)
        if places is not None and places.pdf:
            return places.pdf
    if not is_file or (host in ("github.com", "gitlab.com") and "/blob/" in parts.path):
        return ""  # a file shown inside a web page is not a PDF
    https = host in sites.SERVE_HTTPS
    return parts._replace(scheme="https" if https else parts.scheme, fragment="").geturl()
