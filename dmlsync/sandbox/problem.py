"""The one way in which the embedded library says no."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal with the status and the words of the Zotero Web API.

    It is the whole answer of a request, or one member of `failed` in the answer to a batch. `data` is the extra member
    that some refusals carry; `version` goes out as `Last-Modified-Version` (the object's version, when it is stale),
    `headers` as they are.
    """

    def __init__(
        self,
        code: int,
        message: str,
        data: dict[str, Any] | None = None,
        *,
        version: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.version = version
        self.headers = headers or {}

    def as_failure(self) -> dict[str, Any]:
        """The form that it has in a batch's `failed`."""
        failure: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            failure["data"] = self.data
        return failure


def cut(text: str) -> str:
    """A value as messages quote it: its first 50 characters."""
    return text if len(text) <= 50 else text[:50] + "…"
