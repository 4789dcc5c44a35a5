"""One fresh embedded library a test, spoken to in-process."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dmlsync.sandbox import Sandbox, open_sandbox
from dmlsync.zotero.served import converters


class Library:
    """The group of a sandbox through its WSGI application; paths are below `/groups/<id>`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.path = f"/groups/{sandbox.group}"
        self.http = httpx2.Client(
            transport=httpx2.WSGITransport(app=sandbox.app),
            base_url="http://sandbox",
            headers={"Zotero-API-Key": sandbox.key, "Zotero-API-Version": "3"},
        )

    def ask(self, method: str, path: str, since: int | None = None, **options: Any) -> httpx2.Response:
        """A request; `since` becomes If-Unmodified-Since-Version."""
        if since is not None:
            options["headers"] = {**options.get("headers", {}), "If-Unmodified-Since-Version": str(since)}
        return self.http.request(method, self.path + path, **options)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.ask("GET", path, **options)

    def read(self, path: str) -> Any:
        """The JSON of a GET that succeeds."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, *objects: Any, to: str = "/items", **options: Any) -> Any:
        """The outcome of a batch."""
        answer = self.ask("POST", to, json=list(objects), **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def add(self, *objects: Any, to: str = "/items") -> list[Any]:
        """The envelopes of objects that are all written."""
        outcome = self.post(*objects, to=to)
        assert not outcome["failed"], outcome["failed"]
        return [outcome["successful"][str(position)] for position in range(len(objects))]

    def failure(self, item: Any, to: str = "/items") -> tuple[int, str]:
        """Code and message of an object that is refused."""
        outcome = self.post(item, to=to)
        assert list(outcome["failed"]) == ["0"], outcome
        return outcome["failed"]["0"]["code"], outcome["failed"]["0"]["message"]

    def data(self, key: str) -> Any:
        return self.read(f"/items/{key}")["data"]

    def versions(self, path: str = "/items") -> Any:
        return self.read(f"{path}{'&' if '?' in path else '?'}format=versions")

    def keys(self, path: str) -> list[str]:
        answer = self.get(f"{path}{'&' if '?' in path else '?'}format=keys")
        assert answer.status_code == 200, answer.text
        return answer.text.split()

    @property
    def version(self) -> int:
        return int(self.get("/items?format=keys&limit=1").headers["Last-Modified-Version"])


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed file that nobody has written to; copying it is quicker than making one."""
    path = tmp_path_factory.mktemp("pristine") / "sandbox.sqlite"
    open_sandbox(path).close()
    return path


@pytest.fixture
def sandbox(pristine: Path, tmp_path: Path) -> Iterator[Sandbox]:
    path = tmp_path / "sandbox.sqlite"
    shutil.copyfile(pristine, path)
    with open_sandbox(path, converters()) as opened:
        yield opened


@pytest.fixture
def library(sandbox: Sandbox) -> Iterator[Library]:
    library = Library(sandbox)
    with library.http:
        yield library


@pytest.fixture
def paper() -> dict[str, Any]:
    """The JSON of a small conference paper with a key of its own."""
    return {"itemType": "conferencePaper", "key": "PAPER222", "version": 0, "title": "A Paper"}


@pytest.fixture
def link() -> dict[str, Any]:
    """The JSON of a linked PDF below that paper."""
    return {
        "itemType": "attachment",
        "linkMode": "linked_url",
        "key": "FILE2222",
        "version": 0,
        "parentItem": "PAPER222",
        "title": "PDF",
        "url": "https://example.org/a.pdf",
        "contentType": "application/pdf",
    }
