"""How the sites of proceedings and publishers name a paper's page and its PDF. Pure.

One function a site turns the address of a link, whatever its form, into both places. The schemes are those that the
sites' own pages link today or that old links are known to be redirected from. Where a scheme does not say the other
address (an AAAI page does not tell the number of its PDF), it stays blank: nothing is guessed.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dmlsync.text import proceedings_sites, publisher_sites
from dmlsync.text.site_places import Places, Rule, host_of

RULES: dict[str, Rule] = {**proceedings_sites.RULES, **publisher_sites.RULES}

_CODE_INDEXES_AND_TALK = """
    github.com gist.github.com raw.githubusercontent.com gitlab.com bitbucket.org codeberg.org huggingface.co kaggle.com
    colab.research.google.com drive.google.com docs.google.com dropbox.com youtube.com youtu.be vimeo.com twitter.com
    x.com linkedin.com facebook.com medium.com reddit.com paperswithcode.com scholar.google.com semanticscholar.org
    api.semanticscholar.org dblp.org dblp.uni-trier.de researchgate.net academia.edu wikipedia.org en.wikipedia.org
    doi.org dx.doi.org doi.acm.org doi.ieeecomputersociety.org crossref.org openalex.org web.archive.org arxiv.org
    export.arxiv.org
"""
_NO_PAGES = frozenset(_CODE_INDEXES_AND_TALK.split())
_FILE = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$|cfm$|xhtml$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)


def places(url: str) -> Places | None:
    """Both places of the work behind a link, None if the site is not known or the link is not one to a paper."""
    try:
        parts = urlsplit(url)
        rule = RULES.get(host_of(parts))
    except ValueError:
        return None
    return rule(parts) if rule else None


def plain_page(url: str) -> str:
    """The link itself, less its fragment, if it can be the page of a work on a site without a rule here, else `""`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = host_of(parts)
    if not host or host in _NO_PAGES or host.endswith(".github.io") or parts.path in ("", "/") or parts.username:
        return ""
    return "" if _FILE.search(parts.path) else parts._replace(fragment="").geturl()


SERVE_HTTPS = frozenset(form for host in RULES for form in (host, f"www.{host}")) - {"bmva.org", "www.bmva.org"}
"""Hosts whose http addresses may be written with https."""
