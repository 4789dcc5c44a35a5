"""What can go wrong between dmlsync and a Zotero server, said so that a person knows what to do.

The API key appears in no sentence: it travels in a header only, and where a server repeats it, it is blanked out.
"""

from __future__ import annotations

import re

import httpx2

from dmlsync.errors import LibraryError, LibraryRefusedError, LibraryUnavailableError
from dmlsync.transport import AnswerTooLargeError, ServiceBusyError

_AGAIN = "try again in a while; what was written already is recognised"
_MARKUP = re.compile(r"<[^<>]*>")
_LONGEST = 300


class RefusalError(Exception):
    """The server answered a request with something that is no success, or no JSON (`status` 200)."""

    def __init__(self, status: int, words: str, request: httpx2.Request) -> None:
        super().__init__(f"{status} {words}")
        self.status = status
        self.words = words
        self.method = request.method
        self.path = request.url.path


class Problems:
    """Turns failures into the errors of a library."""

    def __init__(self, library: str, host: str, api_key: str) -> None:
        self._library = library
        self._host = host
        self._key = api_key

    def refused(self, refusal: RefusalError, missing: str = "") -> LibraryError:
        """A refused request; `missing` says what a 404 means, unless it means the library."""
        words = self.clean(refusal.words)
        match refusal.status:
            case 200:
                return self.garbled(f"it answers {refusal.method} {refusal.path} with `{words}`")
            case 401 | 403:
                return self._denied(words)
            case 404:
                problem = missing or f"there is no such library on {self._host}, or the key may not see it"
                return LibraryRefusedError(self._library, problem, "check the number, and the key's permissions")
            case 409:
                return LibraryUnavailableError(self._library, f"the library is locked ({words})", _AGAIN)
        problem = f"{self._host} answers {refusal.status} to {refusal.method} {refusal.path}: {words}"
        if refusal.status >= 500:
            return LibraryUnavailableError(self._library, problem, _AGAIN)
        return LibraryRefusedError(self._library, problem, "check the endpoint")

    def garbled(self, what: str) -> LibraryUnavailableError:
        """An answer that no Zotero server gives."""
        problem = f"{self._host} does not answer as a Zotero server does: {what}"
        return LibraryUnavailableError(
            self._library, problem, "check the endpoint and what lies between, then try again"
        )

    def unanswered(
        self, error: httpx2.HTTPError | httpx2.InvalidURL | ServiceBusyError | AnswerTooLargeError
    ) -> LibraryUnavailableError:
        """No answer, or none worth reading, after all the tries of the transport."""
        match error:
            case ServiceBusyError():
                return LibraryUnavailableError(self._library, str(error), _AGAIN)
            case AnswerTooLargeError():
                return LibraryUnavailableError(self._library, str(error), "check the endpoint")
            case httpx2.TimeoutException():
                return LibraryUnavailableError(self._library, f"{self._host} did not answer in time", _AGAIN)
        problem = self.clean(f"{self._host} cannot be reached ({error})")
        return LibraryUnavailableError(self._library, problem, f"check the network and the endpoint, then {_AGAIN}")

    def clean(self, words: str) -> str:
        """The server's words fit for one line: no markup, no control characters, no API key, not too long."""
        if self._key:
            words = words.replace(self._key, "***")
        text = " ".join(_MARKUP.sub(" ", words[: 4 * _LONGEST]).split())
        return "".join(char for char in text if char.isprintable())[:_LONGEST]

    def _denied(self, words: str) -> LibraryRefusedError:
        said = words.casefold()
        if not self._key:
            problem = f"{self._host} wants an API key ({words})"
            remedy = "set ZOTERO_API_KEY to a key that may use this library"
        elif "invalid key" in said:
            problem = f"{self._host} does not know the API key"
            remedy = "make a new key and set ZOTERO_API_KEY to it"
        elif "write" in said:
            problem = "the API key has no write permission for this library"
            remedy = "allow writing in the key's settings, or use another key"
        else:
            problem = f"the API key has no read permission for this library ({words})"
            remedy = "allow reading in the key's settings, or use another key"
        return LibraryRefusedError(self._library, problem, remedy)
