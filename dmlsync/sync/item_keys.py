"""Zotero keys that the tool draws itself, so that nobody can create the same thing twice.

A key follows from what it is for and from the library. Two people who push the same new paper at the same moment, or a
push that is repeated after a crash or a lost answer, then meet the same key, and the server's 412 turns the second
attempt into a join (https://www.zotero.org/support/dev/web_api/v3/write_requests#object_keys).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from dmlsync.model import Identifiers
from dmlsync.text.titles import fold

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
LENGTH = 8


def keys_for(library: str, identity: str) -> Iterator[str]:
    """The keys for one object in one library, best first: a later one serves where an earlier is someone else's."""
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{library}\n{identity}\n{attempt}".encode()).digest()
        number = int.from_bytes(digest, "big")
        letters = []
        for _ in range(LENGTH):
            number, index = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[index])
        yield "".join(letters)
        attempt += 1


def identity_of_work(identifiers: Identifiers, citation_key: str, title: str) -> str:
    """What a work is called for the purpose of drawing its item key: the DOI, else the arXiv id, else key and title.

    The citation key alone is not enough: two people may propose one key for two papers that have no identifier.
    """
    if identifiers.doi:
        return f"doi:{identifiers.doi.casefold()}"
    if identifiers.arxiv:
        return f"arxiv:{identifiers.arxiv.casefold()}"
    return f"key:{citation_key.casefold()}\n{fold(title)}"


def identity_of_collection(path: tuple[str, ...]) -> str:
    """A collection is what its path of names says."""
    return "collection:" + "\n".join(path)


def identity_of_link(item_key: str, url: str) -> str:
    """An attachment is its item and its address."""
    return f"link:{item_key}\n{url}"
